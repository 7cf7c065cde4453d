"""The windows of each split: peaks, background, and windows at the peaks of other experiments."""

from collections.abc import Sequence

import h5py
import numpy as np
import pandas as pd

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.limits import MIN_OTHERS, MIN_OTHERS_SHARE, MIN_WINDOWS
from peaks2motifs.data.genome import chrom_sizes
from peaks2motifs.data.joint_windows import add_background
from peaks2motifs.data.split_membership import require_split
from peaks2motifs.data.splits import OTHERS, SPLITS
from peaks2motifs.data.windows import sort_by_genome


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
