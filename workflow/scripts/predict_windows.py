"""Score new sequences, regions or a whole genome with a trained network."""

from collections import Counter

import pandas as pd
from peaks2motifs.core.joblog import InputError, joblog, live
from peaks2motifs.core.tables import open_gz, write_tsv
from peaks2motifs.data.chromosomes import warn_of_other_assembly
from peaks2motifs.model.backend import start_keras
from peaks2motifs.model.prediction import (
    UNSCORED,
    Score,
    best_scores,
    count_windows,
    cut_source,
    join_best,
    score_part,
    strand_mean,
)

BATCH = 1 << 16  # bases of all windows in a batch, which memory and caches of CPUs hold well


def predict_windows(
    source: dict[str, str],
    model_file: str,
    predictions: str,
    best: str,
    column: int,
    stride: int,
    max_n_fraction: float,
    keras: dict,
) -> None:
    """Write a row for each window, and one with the highest score for each sequence or region.

    The score is the model's output number `column`. `source` holds the path `sequences`, or `fasta`
    and if there are any `regions` and `aliases`.
    """
    score, length = load_model(model_file, column, keras)
    if stride > length:
        print(f"WARNING: stride {stride}, windows are only {length} bp: bases between are not seen")
    notes, tables = Counter(), []
    with open_gz(predictions) as file:
        for part in cut_source(source, length, stride):
            blocks = []
            for block in score_part(part, score, length, max_n_fraction):
                header = not (blocks or tables)
                block.to_csv(file, sep="\t", index=False, header=header, float_format="%.6f")
                blocks.append(best_scores(part.records, block))
                notes.update(block["note"])
            tables.append(join_best(blocks))
            live(describe(tables[-1]))
    write_tsv(table := join_best(tables), best, float_format="%.6f")
    print((qc := count_windows(notes, len(table))).to_string(index=False))
    warn(source, qc)


def load_model(path: str, column: int, options: dict) -> tuple[Score, int]:
    """Load a model: its output `column`, averaged over strands, and the length of its windows."""
    start_keras(seed=0, **options)
    # Imported here, after the backend is chosen and what TensorFlow prints goes to the log.
    import keras
    from peaks2motifs.model import scanning

    model = keras.saving.load_model(path)
    length = model.input_shape[1]

    def score(codes):
        batch_size = max(1, BATCH // length)
        return scanning.score_windows(model, codes, batch_size)[:, column]

    both = scanning.reads_both_strands(model)
    return score if both else strand_mean(score), length


def describe(best: pd.DataFrame) -> str:
    """Say in a line how far we are: which chromosome, or which sequences of a file."""
    chroms = best["chrom"].unique()
    what = f"sequences {best.index[0] + 1} to {best.index[-1] + 1}"
    what = chroms[0] if len(chroms) == 1 else what
    return f"{what}: {best['windows'].sum()} windows, {best['scored'].sum()} scored"


def warn(source: dict[str, str], qc: pd.DataFrame) -> None:
    """Raise InputError when no window is scored; print a line when many regions do not fit."""
    count = qc.set_index("what")["count"]
    name = source.get("sequences") or source.get("regions") or source["fasta"]
    if count["scored"] == 0:
        reasons = ", ".join(f"{what} {count[what]}" for what in UNSCORED if count[what])
        raise InputError(f"{name}: none of {count['windows']} windows has a score: {reasons}")
    if "regions" in source:
        warn_of_other_assembly(count.to_dict(), count["records"], f"regions of {name}")


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        predict_windows(
            source=dict(snakemake.input.items()),
            model_file=snakemake.input.model,
            predictions=snakemake.output.predictions,
            best=snakemake.output.best,
            column=snakemake.params.column,
            stride=snakemake.params.stride,
            max_n_fraction=snakemake.params.max_n_fraction,
            keras=snakemake.params.keras,
        )
