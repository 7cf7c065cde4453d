"""Matching windows by GC content, and the distance between two GC distributions.

Tables hold `split`, `chrom` and `gc`; `as_categories` makes the first two fast to compare.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.stats import wasserstein_distance

from peaks2motifs.core.sequences import N_CODE
from peaks2motifs.data.genome import chrom_sizes
from peaks2motifs.data.splits import SPLITS

ROWS = 4096  # windows whose bases are in memory at a time


def match_gc(
    targets: pd.DataFrame, pool: pd.DataFrame, tolerance: int, length: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Pair targets with candidates of similar GC: their rows (k,) in `targets` and in `pool`.

    Smaller differences in GC counts come first, up to `tolerance`. For each difference, candidates
    on the target's chromosome come before those of its whole split. No row is used twice; earlier
    targets are served first.
    """
    free_targets, free_candidates = np.arange(len(targets)), rng.permutation(len(pool))
    sign = rng.choice([-1, 1])
    base = length + 2 * tolerance + 1
    pairs = []
    for difference in sorted(range(-tolerance, tolerance + 1), key=lambda d: (abs(d), sign * d)):
        for whole_split in (False, True):
            target_keys = stratum_codes(targets, whole_split) * base + targets["gc"].to_numpy()
            pool_keys = stratum_codes(pool, whole_split) * base + pool["gc"].to_numpy()
            i, j = pair_equal(target_keys[free_targets] + difference, pool_keys[free_candidates])
            pairs.append((free_targets[i], free_candidates[j]))
            free_targets, free_candidates = (
                np.delete(free_targets, i),
                np.delete(free_candidates, j),
            )
    rows, candidates = zip(*pairs, strict=True)
    return np.concatenate(rows), np.concatenate(candidates)


def pair_equal(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pair equal values of two integer arrays, in order; return positions in both arrays.

    Each position is used at most once.
    """
    shared = np.flatnonzero(np.isin(right, left))
    base = len(left) + len(shared)
    # The k-th copy of a value on the left pairs with the k-th copy on the right.
    unique = [values * base + _count_before(values) for values in (left, right[shared])]
    _, i, j = np.intersect1d(*unique, assume_unique=True, return_indices=True)
    return i, shared[j]


def _count_before(values: np.ndarray) -> np.ndarray:
    """Count earlier copies of each value: [7, 7, 3, 7] gives [0, 1, 0, 2]."""
    return pd.Series(values).groupby(values).cumcount().to_numpy()


def as_categories(table: pd.DataFrame, fasta: str) -> pd.DataFrame:
    """Turn chromosomes and splits into categories, which large tables compare fast."""
    chrom = pd.Categorical(table["chrom"], chrom_sizes(fasta).index)
    return table.assign(chrom=chrom, split=pd.Categorical(table["split"], SPLITS))


def stratum_codes(table: pd.DataFrame, whole_split: bool) -> np.ndarray:
    """Number the stratum of each row (n,): its split, or its split and chromosome."""
    split = table["split"].cat.codes.to_numpy(np.int64)
    chrom = table["chrom"].cat
    return split if whole_split else split * len(chrom.categories) + chrom.codes.to_numpy()


def count_gc_and_n(
    windows: pd.DataFrame, read_codes: Callable[[pd.DataFrame], np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Count G and C, and N, in each window: two int64 arrays (n,).

    `read_codes` gives the codes of `ROWS` windows at a time.
    """
    gc, n = np.zeros((2, len(windows)), np.int64)
    for first in range(0, len(windows), ROWS):
        codes = read_codes(windows.iloc[first : first + ROWS])
        gc[first : first + ROWS] = ((codes == 1) | (codes == 2)).sum(axis=1)
        n[first : first + ROWS] = (codes == N_CODE).sum(axis=1)
    return gc, n


def gc_distance(first: np.ndarray, second: np.ndarray) -> float:
    """Return the earth mover's distance of two samples of GC fractions; NaN if one is empty."""
    if not len(first) or not len(second):
        return float("nan")
    return float(wasserstein_distance(first, second))
