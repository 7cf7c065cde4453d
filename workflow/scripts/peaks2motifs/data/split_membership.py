"""The division of windows among the splits: each lies in one, and no two splits share a base."""

import numpy as np
import pandas as pd
from pybedtools import BedTool

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.tables import read_bed
from peaks2motifs.data.intervals import BED3


def split_of(windows: pd.DataFrame, splits: str) -> np.ndarray:
    """Name the split of each window (n,), None where no block of splits.bed holds all of it."""
    numbered = windows[BED3].assign(row=np.arange(len(windows)))
    held = BedTool.from_dataframe(numbered).intersect(splits, f=1.0, wb=True)
    held = read_bed(held.fn, [*BED3, "row", "block_chrom", "block_start", "block_end", "split"])
    found = np.full(len(windows), None, dtype=object)
    found[held["row"].astype(int)] = held["split"]
    return found


def require_split(windows: pd.DataFrame, splits: str) -> np.ndarray:
    """Name the split of each window (n,); InputError where no block of splits.bed holds it."""
    found = split_of(windows, splits)
    outside = pd.isna(found)
    if outside.any():
        first = windows[outside].iloc[0]
        raise InputError(
            f"{splits}: {outside.sum()} windows lie in no split or across two; "
            f"the first: {first['name']} ({first.chrom}:{first.start}-{first.end})"
        )
    return found


def check_leaks(windows: dict[str, pd.DataFrame]) -> None:
    """Raise InputError, with the number of bases and an example, if two splits share a base."""
    splits = list(windows)
    for position, one in enumerate(splits):
        for other in splits[position + 1 :]:
            shared = _shared(windows[one], windows[other])
            if len(shared):
                first = shared.iloc[0]
                raise InputError(
                    f"splits {one} and {other} share {(shared['end'] - shared['start']).sum()} "
                    f"bases, expected none; the first: {first.chrom}:{first.start}-{first.end}"
                )


def _shared(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The stretches that lie in both tables, merged and sorted."""
    shared = BedTool.from_dataframe(one[BED3]).intersect(BedTool.from_dataframe(other[BED3]))
    return read_bed(shared.sort().merge().fn if shared.count() else shared.fn, BED3)
