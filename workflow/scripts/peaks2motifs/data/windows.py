"""Windows of one length round the summits of peaks, and reasons to drop them."""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from peaks2motifs.core.sequences import N_CODE
from peaks2motifs.core.subsample import pick_evenly
from peaks2motifs.core.tables import BED6
from peaks2motifs.data.genome import chrom_sizes, fetch_codes
from peaks2motifs.data.intervals import overlaps

DROP_REASONS = {
    "dropped_unknown_chromosome": "the genome has no such chromosome",
    "dropped_past_chromosome_end": "the window runs past its chromosome's end",
    "dropped_too_many_n": "more N than windows.max_n_fraction",
    "dropped_blacklisted": "the window shares a base with the blacklist",
    "dropped_near_identical": "shares more than windows.max_overlap with a stronger window",
    "dropped_beyond_max_peaks": "weaker than the first windows.max_peaks",
}


def centred_windows(peaks: pd.DataFrame, length: int) -> pd.DataFrame:
    """Turn peaks (as `read_peaks` gives them) into BED6 windows centred on their summits.

    A window starts at `summit - length // 2` and may extend past the chromosome's ends. Its score
    is the signal. Its name is the peak's if all names are unique, else `peak_<line number>`.
    """
    start = peaks["summit"] - length // 2
    named = peaks["name"].is_unique and not peaks["name"].isin([".", ""]).any()
    name = peaks["name"] if named else [f"peak_{line}" for line in peaks.index]
    windows = peaks.assign(start=start, end=start + length, name=name, score=peaks["signal"])
    return windows[BED6]


def fetch_windows(windows: pd.DataFrame, fasta: str) -> np.ndarray:
    """Read windows of one length from the genome: codes (n, L)."""
    chroms, starts = windows["chrom"].to_numpy(), windows["start"].to_numpy()
    return fetch_codes(fasta, chroms, starts, window_length(windows))


def window_length(windows: pd.DataFrame) -> int:
    """Return the common length of all windows."""
    return int(windows["end"].iloc[0] - windows["start"].iloc[0])


def sort_by_genome(table: pd.DataFrame, sizes: pd.Series) -> pd.DataFrame:
    """Sort by the genome's order of chromosomes, start and end; unknown chromosomes come last."""
    rank = table["chrom"].map({name: position for position, name in enumerate(sizes.index)})
    order = np.lexsort([table["end"], table["start"], rank.fillna(len(sizes))])
    return table.iloc[order]


def judge_windows(
    windows: pd.DataFrame,
    fasta: str,
    blacklist: str,
    max_n_fraction: float,
    max_overlap: float,
    max_peaks: int | None,
) -> pd.Series:
    """Return for each window `kept` or the first reason of `DROP_REASONS` that applies.

    The windows have one length and are sorted by genome order; an unknown chrom is NaN. fasta is
    indexed, `blacklist` a sorted BED file. The result has the windows' index.
    """
    sizes = chrom_sizes(fasta)
    tests: dict[str, Callable[[pd.DataFrame], np.ndarray]] = {
        "dropped_unknown_chromosome": lambda left: left["chrom"].isna(),
        "dropped_past_chromosome_end": lambda left: past_end(left, sizes),
        "dropped_too_many_n": lambda left: n_fraction(left, fasta) > max_n_fraction,
        "dropped_blacklisted": lambda left: overlaps(left, blacklist, f"{fasta}.fai"),
        "dropped_near_identical": lambda left: near_identical(left, max_overlap),
        "dropped_beyond_max_peaks": lambda left: beyond_strongest(left["score"], max_peaks),
    }
    status = np.full(len(windows), "kept", dtype=object)
    for reason, is_bad in tests.items():
        remaining = np.flatnonzero(status == "kept")
        status[remaining[np.asarray(is_bad(windows.iloc[remaining]), bool)]] = reason
    return pd.Series(status, index=windows.index)


def past_end(windows: pd.DataFrame, sizes: pd.Series) -> np.ndarray:
    """Return which windows (n,) extend past either end of their chromosome."""
    size = sizes[windows["chrom"]].to_numpy()
    return ((windows["start"] < 0) | (windows["end"] > size)).to_numpy()


def n_fraction(windows: pd.DataFrame, fasta: str, rows: int = 1 << 15) -> np.ndarray:
    """Return the fraction of N in each window (n,), reading `rows` windows at a time."""
    fraction = np.zeros(len(windows))
    for first in range(0, len(windows), rows):
        codes = fetch_windows(windows.iloc[first : first + rows], fasta)
        fraction[first : first + rows] = (codes == N_CODE).mean(axis=1)
    return fraction


def near_identical(windows: pd.DataFrame, max_overlap: float) -> np.ndarray:
    """Return which windows (n,) overlap too much with a stronger window that is kept.

    In order of score, highest first, each kept window drops all that share more than
    `max_overlap * length` bases with it. Among equal scores the first in genome order is kept. The
    windows have one length and are sorted by genome order.
    """
    if windows.empty:
        return np.zeros(0, bool)
    position, distance = positions_on_one_axis(windows, max_overlap)
    first = np.searchsorted(position, position - distance)
    last = np.searchsorted(position, position + distance + 1)
    strongest_first = np.argsort(-windows["score"].to_numpy(), kind="stable")
    kept, covered = np.zeros(len(windows), bool), np.zeros(len(windows), bool)
    for row in strongest_first:
        if not covered[row]:
            kept[row] = True
            covered[first[row] : last[row]] = True
    return ~kept


def positions_on_one_axis(windows: pd.DataFrame, max_overlap: float) -> tuple[np.ndarray, int]:
    """Return start positions (n,) on one axis of all chromosomes, and the overlap distance.

    Windows within that distance share more than `max_overlap * length` bases. The windows have one
    length and are sorted by chromosome.
    """
    length = window_length(windows)
    # 1e-9 corrects for rounding: 0.7 * 200 is 139.99...
    distance = math.ceil(length - max_overlap * length - 1e-9) - 1
    start = windows["start"].to_numpy(np.int64)
    chrom_number = np.cumsum(windows["chrom"].ne(windows["chrom"].shift()).to_numpy())
    return start + chrom_number * (start.max() + length + 1), distance


def beyond_strongest(score: pd.Series, max_peaks: int | None) -> np.ndarray:
    """Return which rows (n,) are not among the `max_peaks` with the highest score.

    Rows whose score equals the cutoff are picked evenly along the table, so that peaks without
    scores do not all come from the first chromosome. None means no limit.
    """
    if max_peaks is None or len(score) <= max_peaks:
        return np.zeros(len(score), bool)
    score = score.to_numpy()
    cutoff = np.sort(score)[-max_peaks]
    kept, tied = score > cutoff, np.flatnonzero(score == cutoff)
    kept[pick_evenly(tied, max_peaks - kept.sum())] = True
    return ~kept
