"""Join peaks and background, split them, check that splits share no base; write dataset.h5."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import read_bed
from peaks2motifs.data.background import fetch_shuffled
from peaks2motifs.data.dataset import write_dataset
from peaks2motifs.data.split_membership import check_leaks
from peaks2motifs.data.split_windows import (
    check_both_kinds,
    class_labels,
    join_others,
    split_others,
    split_windows,
)


def build_dataset(
    peaks: str,
    background: str,
    splits: str,
    fasta: str,
    sha256: str,
    output: str,
    strategy: str,
    compression: str,
    seed: int,
    config_digest: str,
    experiment: str,
    labels: str | None = None,
    task: str = "binary",
    classes: Sequence[str] = (),
    others: str | None = None,
) -> None:
    """Write dataset.h5; `sha256` is the file with the genome's checksum.

    A joint model has the labels.h5 of its peaks, a task and a name for each column. `others` are
    windows at the peaks of other experiments; they are left out if a split has too few. Raises
    InputError if splits share bases, or a split lacks peaks, background or a class.
    """
    shuffled = strategy == "dinucleotide_shuffle"
    windows = split_windows(read_bed(peaks), read_bed(background), shuffled, splits, fasta)
    check_both_kinds(windows, experiment)
    if others:
        windows |= split_others(read_bed(others), windows, splits)
    check_leaks(join_others(windows))
    attributes = {
        "genome_sha256": Path(sha256).read_text().split()[0],
        "config_digest": config_digest,
        "background": strategy,
        "experiment": experiment,
    }
    rng = np.random.default_rng([seed, 7])
    read_codes = partial(fetch_shuffled, fasta=fasta, rng=rng)
    y = None
    if labels:
        y = class_labels(windows, labels, task, classes, experiment)
        classes = [*classes, "background"] if task == "multiclass" else classes
    write_dataset(
        output,
        windows,
        read_codes,
        attributes,
        compression,
        labels=y,
        task=task,
        classes=classes,
    )


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        build_dataset(
            peaks=snakemake.input.peaks,
            background=snakemake.input.background,
            splits=snakemake.input.splits,
            fasta=snakemake.input.fasta,
            sha256=snakemake.input.sha256,
            output=snakemake.output[0],
            strategy=snakemake.params.strategy,
            compression=snakemake.params.compression,
            seed=snakemake.params.seed,
            config_digest=snakemake.params.config_digest,
            experiment=snakemake.params.experiment,
            labels=snakemake.input.get("labels"),
            others=snakemake.input.get("others"),
            task=snakemake.params.task,
            classes=snakemake.params.classes,
        )
