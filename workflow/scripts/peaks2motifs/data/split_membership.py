"""Assign windows to splits, and check that no two splits share a base."""

from itertools import combinations

import numpy as np
import pandas as pd
from pybedtools import BedTool

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.tables import read_bed
from peaks2motifs.data.intervals import BED3


def find_splits(windows: pd.DataFrame, splits: str) -> np.ndarray:
    """Return the split of each window (n,); None if no block of splits.bed contains it."""
    numbered = windows[BED3].assign(row=np.arange(len(windows)))
    # f=1.0: a block must contain all of the window; wb: its columns follow those of the window.
    contained = BedTool.from_dataframe(numbered).intersect(splits, f=1.0, wb=True)
    columns = [*BED3, "row", "block_chrom", "block_start", "block_end", "split"]
    contained = read_bed(contained.fn, columns)
    split = np.full(len(windows), None, dtype=object)
    split[contained["row"].astype(int)] = contained["split"]
    return split


def require_split(windows: pd.DataFrame, splits: str) -> np.ndarray:
    """Return the split of each window (n,); raise InputError if a window has none."""
    split = find_splits(windows, splits)
    outside = pd.isna(split)
    if outside.any():
        first = windows[outside].iloc[0]
        raise InputError(
            f"{splits}: {outside.sum()} windows lie in no split or across two, "
            f"such as {first['name']} ({first.chrom}:{first.start}-{first.end})"
        )
    return split


def check_leaks(windows_by_split: dict[str, pd.DataFrame]) -> None:
    """Raise InputError, with the number of bases and an example, if splits share a base."""
    for first, second in combinations(windows_by_split, 2):
        shared = _intersect(windows_by_split[first], windows_by_split[second])
        if len(shared):
            region = shared.iloc[0]
            raise InputError(
                f"splits {first} and {second} share {(shared['end'] - shared['start']).sum()} "
                f"bases, expected none: {region.chrom}:{region.start}-{region.end}"
            )


def _intersect(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return the regions in both tables, merged and sorted."""
    shared = BedTool.from_dataframe(first[BED3]).intersect(BedTool.from_dataframe(second[BED3]))
    # Where nothing is shared, there is nothing to merge.
    return read_bed(shared.sort().merge().fn if shared.count() else shared.fn, BED3)
