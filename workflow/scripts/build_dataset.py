"""Join peaks and background, split them, check that splits share no base; write dataset.h5."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
from peaks2motifs.core.joblog import InputError, joblog
from peaks2motifs.core.limits import MIN_OTHERS, MIN_OTHERS_SHARE, MIN_WINDOWS
from peaks2motifs.core.tables import read_bed
from peaks2motifs.data.background import fetch_shuffled
from peaks2motifs.data.dataset import write_dataset
from peaks2motifs.data.genome import chrom_sizes
from peaks2motifs.data.joint_windows import add_background
from peaks2motifs.data.split_membership import check_leaks, require_split
from peaks2motifs.data.splits import OTHERS, SPLITS
from peaks2motifs.data.windows import sort_by_genome


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


def split_windows(
    peaks: pd.DataFrame, background: pd.DataFrame, shuffled: bool, splits: str, fasta: str
) -> dict[str, pd.DataFrame]:
    """Sort all windows by genome order, which is independent of labels, and split them.

    `shuffled` says whether the sequences of the background are to be shuffled.
    """
    peaks = peaks.assign(label=1, peak=np.arange(len(peaks)), shuffled=False)
    background = background.assign(label=0, peak=-1, shuffled=shuffled)
    windows = pd.concat([background, peaks], ignore_index=True)
    windows = sort_by_genome(windows, chrom_sizes(fasta))
    split = require_split(windows, splits)
    return {name: windows[split == name].reset_index(drop=True) for name in SPLITS}


def split_others(
    others: pd.DataFrame, windows: dict[str, pd.DataFrame], splits: str
) -> dict[str, pd.DataFrame]:
    """Split windows at the peaks of other experiments; nothing if a split has too few.

    A few windows would weigh as much as all peaks, and the network would learn them by heart.
    """
    split = require_split(others, splits)
    others = others.assign(label=0, shuffled=False)
    tables = {}
    for name, other in zip(SPLITS, OTHERS, strict=True):
        tables[other] = others[split == name].reset_index(drop=True)
        least = max(MIN_OTHERS, MIN_OTHERS_SHARE * windows[name]["label"].sum())
        if len(tables[other]) < least:
            print(f"{other} left out: {len(tables[other])} windows, expected at least {least:.0f}")
            return {}
    return tables


def join_others(windows: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """All windows of each part of the genome."""
    return {
        split: pd.concat([windows[name] for name in (split, other) if name in windows])
        for split, other in zip(SPLITS, OTHERS, strict=True)
    }


def check_both_kinds(windows: dict[str, pd.DataFrame], experiment: str) -> None:
    """Raise InputError if a split has no peaks or no background."""
    for split, table in windows.items():
        if table["label"].nunique() < 2:
            missing = "background" if table["label"].any() else "peaks"
            raise InputError(f"{experiment}: split {split} has no {missing}, expected some of both")


def class_labels(
    windows: dict[str, pd.DataFrame], labels: str, task: str, classes: Sequence[str], model: str
) -> dict[str, np.ndarray]:
    """Read the labels (n, T) of each split; raise InputError if a class has too few peaks."""
    with h5py.File(labels) as file:
        peak_labels = file["labels"][:]
    y = {s: add_background(peak_labels, table["peak"], task) for s, table in windows.items()}
    for split, split_labels in y.items():
        count = split_labels.sum(axis=0, dtype=int)[: len(classes)]
        if count.min() < MIN_WINDOWS:
            raise InputError(
                f"{model}: split {split} has {count.min()} peaks of {classes[count.argmin()]}, "
                f"expected at least {MIN_WINDOWS}: give it larger chromosomes"
            )
    return y


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
