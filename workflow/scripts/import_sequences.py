"""Import labelled sequences, HDF5 or text, into dataset.h5; count every dropped sequence."""

import numpy as np
import pandas as pd
from peaks2motifs.checks.labelled_files import is_hdf5
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import write_tsv
from peaks2motifs.data.dataset import write_dataset
from peaks2motifs.data.labelled_hdf5 import read_hdf5_sequences
from peaks2motifs.data.labelled_splits import (
    KEPT,
    count_copies,
    count_rows,
    judge_rows,
    warn_of_lengths,
)
from peaks2motifs.data.labelled_text import LabelledSequences, read_text_sequences
from peaks2motifs.data.labels import check_classes, class_counts, resolve_task
from peaks2motifs.data.splits import SPLITS


def import_sequences(
    files: dict[str, list[str]],
    classes: list[str],
    output: str,
    qc_tsv: str,
    options: dict,
    task: str,
    compression: str,
    seed: int,
    config_digest: str,
    experiment: str,
) -> None:
    """Write dataset.h5 and the table of counts.

    `files` are those of `labelled_files.sequence_files`, `classes` of its `known_classes`,
    `options` the section `sequences` of the config. Raises InputError for data that
    cannot train a model.
    """
    rng = np.random.default_rng([seed, 16])
    first = files["sequences"][0]
    from_hdf5 = is_hdf5(first)
    if from_hdf5:
        sequences = read_hdf5_sequences(
            first, *(options[k] for k in ("length", "alphabet", "axes"))
        )
    else:
        sequences = read_text_sequences(files, classes, options["length"])
    task, y = resolve_task(sequences.y, classes, task, first)
    may_merge = task == "multilabel" and not from_hdf5
    y, split, status = judge_rows(sequences.table, y, options, may_merge, rng)
    kept = np.flatnonzero(status == KEPT)
    counts = class_counts(y, split, classes)
    write_tsv(summarise(sequences, y, status, counts), qc_tsv)
    check_classes(counts, first)
    if not from_hdf5:  # text files are sorted by class; arrays are fastest read in order
        kept = rng.permutation(kept)
    rows = {name: kept[split[kept] == name] for name in SPLITS}
    write_dataset(
        output,
        {name: make_windows(sequences, y, rows[name]) for name in SPLITS},
        lambda windows: sequences.read_codes(windows["row"].to_numpy()),
        {
            "source_alphabet": options["alphabet"] if from_hdf5 else "ACGT",
            "config_digest": config_digest,
            "background": "given",
            "experiment": experiment,
        },
        compression,
        length=sequences.length,
        labels={name: y[rows[name]] for name in SPLITS} if classes else None,
        task=task,
        classes=classes,
    )


def summarise(
    sequences: LabelledSequences, y: np.ndarray, status: np.ndarray, class_table: pd.DataFrame
) -> pd.DataFrame:
    """Tabulate and print the counts of sequences; warn of uneven lengths and conflicting labels."""
    kept = np.flatnonzero(status == KEPT)
    key, bases = (sequences.table[column].to_numpy() for column in ("key", "bases"))
    counts = sequences.counts | count_copies(key, y, kept)
    qc = count_rows(status, counts, int(bases[kept].sum()), sequences.length, class_table)
    print(qc.to_string(index=False))
    warn_of_lengths(bases, y, kept)
    if y.ndim == 1 and (conflicts := counts["copies_with_other_labels"]) > 0.01 * len(kept):
        print(f"WARNING: {conflicts} of {len(kept)} sequences have copies with the other label")
    return qc


def make_windows(sequences: LabelledSequences, y: np.ndarray, rows: np.ndarray) -> pd.DataFrame:
    """Make the windows of `rows` for `write_dataset`; the column `row` holds their row numbers.

    Each sequence is its own chromosome; one shorter than the window is complete in it.
    """
    windows = sequences.table.iloc[rows][["name", "start", "end"]].reset_index(drop=True)
    windows = windows.assign(chrom=windows["name"], strand="+", row=rows)
    return windows if y.ndim == 2 else windows.assign(label=y[rows])


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        import_sequences(
            files={
                name: list(snakemake.input.get(name, []))
                for name in ("sequences", "background", "labels", "test")
            },
            classes=snakemake.params.classes,
            output=snakemake.output.dataset,
            qc_tsv=snakemake.output.qc,
            options=snakemake.params.options,
            task=snakemake.params.task,
            compression=snakemake.params.compression,
            seed=snakemake.params.seed,
            config_digest=snakemake.params.config_digest,
            experiment=snakemake.params.experiment,
        )
