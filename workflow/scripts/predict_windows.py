"""Score new sequences, regions or a whole genome with a trained model."""

from collections import Counter

import numpy as np
import pandas as pd
from peaks2motifs.core.joblog import InputError, joblog
from peaks2motifs.core.tables import open_gz, write_tsv
from peaks2motifs.data.chromosomes import warn_of_other_assembly
from peaks2motifs.model.backend import start_keras
from peaks2motifs.model.prediction import (
    UNSCORED,
    Score,
    average_strands,
    count_windows,
    cut_source,
    merge_summaries,
    score_blocks,
    summarise_records,
)

BATCH_BASES = 1 << 16  # total length of the windows of a batch, which fits CPU caches well


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
    """Write one row per window, and one per record with its highest score.

    A record is a sequence, a region or a chromosome. The score is output `column` of the model.
    `source` holds the path `sequences`; or `fasta`, with optional `regions` and `aliases`. `keras`
    holds the arguments of `backend.start_keras` except the seed.
    """
    score, length = load_model(model_file, column, keras)
    if stride > length:
        print(f"WARNING: stride {stride} exceeds the window length {length}; bases are skipped")
    notes, summaries = Counter(), []
    with open_gz(predictions) as file:
        for windows in cut_source(source, length, stride):
            block_summaries = []
            for block in score_blocks(windows, score, length, max_n_fraction):
                header = not (block_summaries or summaries)
                block.to_csv(file, sep="\t", index=False, header=header, float_format="%.6f")
                block_summaries.append(summarise_records(windows.records, block))
                notes.update(block["note"])
            summaries.append(merge_summaries(block_summaries))
            print(describe_progress(summaries[-1]))
    records = merge_summaries(summaries)
    write_tsv(records, best, float_format="%.6f")
    qc = count_windows(notes, len(records))
    print(qc.to_string(index=False))
    check_counts(source, qc)


def load_model(path: str, column: int, keras_options: dict) -> tuple[Score, int]:
    """Load a model: its output `column`, averaged over strands, and the length of its windows."""
    start_keras(seed=0, **keras_options)
    # Keras must be imported after the backend is chosen; what it prints then goes to the log.
    import keras
    from peaks2motifs.model import scanning

    model = keras.saving.load_model(path)
    length = model.input_shape[1]

    def score(codes: np.ndarray) -> np.ndarray:
        batch_size = max(1, BATCH_BASES // length)
        return scanning.score_windows(model, codes, batch_size)[:, column]

    if scanning.reads_both_strands(model):
        return score, length
    return average_strands(score), length


def describe_progress(records: pd.DataFrame) -> str:
    """Describe in a line which chromosome, or which sequences of a file, were scored last."""
    chroms = records["chrom"].unique()
    subject = f"sequences {records.index[0] + 1} to {records.index[-1] + 1}"
    if len(chroms) == 1:
        subject = chroms[0]
    return f"{subject}: {records['windows'].sum()} windows, {records['scored'].sum()} scored"


def check_counts(source: dict[str, str], qc: pd.DataFrame) -> None:
    """Raise InputError if no window was scored; print a warning if many regions do not fit."""
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
