"""Matching by GC: windows paired with candidates of like GC count, and how alike two sets are.

Tables hold `split`, `chrom` and `gc`; `number_scopes` makes the first two fast to compare.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from peaks2motifs.core.sequences import N_CODE
from peaks2motifs.data.genome import chrom_sizes
from peaks2motifs.data.splits import SPLITS

ROWS = 4096  # windows whose bases are in memory at a time


def match_gc(
    wanted: pd.DataFrame, pool: pd.DataFrame, tolerance: int, length: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Pair wanted windows with candidates of like GC: their rows (k,) in `wanted` and in `pool`.

    The smallest difference in GC counts first, up to `tolerance`; for each difference the peak's
    chromosome first, then its split. No row is used twice; earlier wanted rows come first.
    """
    left, right = np.arange(len(wanted)), rng.permutation(len(pool))
    sign = rng.choice([-1, 1])
    base = length + 2 * tolerance + 1
    pairs = []
    for difference in sorted(range(-tolerance, tolerance + 1), key=lambda d: (abs(d), sign * d)):
        for whole_split in (False, True):
            asked = scope(wanted, whole_split) * base + wanted["gc"].to_numpy() + difference
            offered = scope(pool, whole_split) * base + pool["gc"].to_numpy()
            i, j = pair_equal(asked[left], offered[right])
            pairs.append((left[i], right[j]))
            left, right = np.delete(left, i), np.delete(right, j)
    rows, candidates = zip(*pairs, strict=True)
    return np.concatenate(rows), np.concatenate(candidates)


def pair_equal(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pair equal values of two integer arrays, each position used once, first come first served."""
    near = np.flatnonzero(np.isin(right, left))
    base = len(left) + len(near)
    ranked = [values * base + _ranks(values) for values in (left, right[near])]
    _, i, j = np.intersect1d(*ranked, assume_unique=True, return_indices=True)
    return i, near[j]


def _ranks(values: np.ndarray) -> np.ndarray:
    """How often each value has come before: [7, 7, 3, 7] gives [0, 1, 0, 2]."""
    order = np.argsort(values, kind="stable")
    ranks = np.empty(len(values), np.int64)
    ranks[order] = np.arange(len(values)) - np.searchsorted(values[order], values[order])
    return ranks


def number_scopes(table: pd.DataFrame, fasta: str) -> pd.DataFrame:
    """Number chromosomes and splits, so that tables of many rows compare them fast."""
    chrom = pd.Categorical(table["chrom"], chrom_sizes(fasta).index)
    return table.assign(chrom=chrom, split=pd.Categorical(table["split"], SPLITS))


def scope(table: pd.DataFrame, whole_split: bool) -> np.ndarray:
    """Number the split of each row, or its split and chromosome."""
    split = table["split"].cat.codes.to_numpy(np.int64)
    chrom = table["chrom"].cat
    return split if whole_split else split * len(chrom.categories) + chrom.codes.to_numpy()


def count_gc_and_n(
    windows: pd.DataFrame, read_codes: Callable[[pd.DataFrame], np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Count G and C, and N, in each window: two int64 arrays (n,); `ROWS` windows at a time."""
    gc, n = np.zeros((2, len(windows)), np.int64)
    for first in range(0, len(windows), ROWS):
        codes = read_codes(windows.iloc[first : first + ROWS])
        gc[first : first + ROWS] = ((codes == 1) | (codes == 2)).sum(axis=1)
        n[first : first + ROWS] = (codes == N_CODE).sum(axis=1)
    return gc, n


def gc_distance(one: np.ndarray, other: np.ndarray) -> float:
    """Earth mover's distance of two samples of GC fractions: the area between their CDFs.

    NaN when one of them is empty.
    """
    if not len(one) or not len(other):
        return float("nan")
    values = np.sort(np.concatenate([one, other]))
    below = [np.searchsorted(np.sort(x), values[:-1], "right") / len(x) for x in (one, other)]
    return float(np.abs(below[0] - below[1]) @ np.diff(values))
