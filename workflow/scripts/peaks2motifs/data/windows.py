"""Windows of one length round the peaks' summits, and which of them a model should not see."""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from peaks2motifs.core.sequences import N_CODE
from peaks2motifs.core.subsample import pick_evenly
from peaks2motifs.core.tables import BED6
from peaks2motifs.data.genome import chrom_sizes, fetch_codes
from peaks2motifs.data.intervals import overlaps

DROPS = {
    "dropped_unknown_chromosome": "the genome has no such chromosome",
    "dropped_past_chromosome_end": "the window runs past its chromosome's end",
    "dropped_too_many_n": "more N than windows.max_n_fraction",
    "dropped_blacklisted": "the window shares a base with the blacklist",
    "dropped_near_identical": "shares more than windows.max_overlap with a stronger window",
    "dropped_beyond_max_peaks": "weaker than the first windows.max_peaks",
}


def centred_windows(peaks: pd.DataFrame, length: int) -> pd.DataFrame:
    """Turn peaks (as `read_peaks` gives them) into BED6 windows centred on their summits.

    A window starts at `summit - length // 2`, off the chromosome's end if need be. Its score is
    the signal; its name the peak's if all have one of their own, else `peak_<line number>`.
    """
    start = peaks["summit"] - length // 2
    named = peaks["name"].is_unique and not peaks["name"].isin([".", ""]).any()
    name = peaks["name"] if named else [f"peak_{line}" for line in peaks.index]
    windows = peaks.assign(start=start, end=start + length, name=name, score=peaks["signal"])
    return windows[BED6]


def fetch_windows(windows: pd.DataFrame, fasta: str) -> np.ndarray:
    """Read windows of one length from the genome: codes (n, L)."""
    length = int(windows["end"].iloc[0] - windows["start"].iloc[0])
    return fetch_codes(fasta, windows["chrom"].to_numpy(), windows["start"].to_numpy(), length)


def sort_by_genome(table: pd.DataFrame, sizes: pd.Series) -> pd.DataFrame:
    """Sort by the genome's order of chromosomes, then start, then end; unknown names come last."""
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
    """Say of each window `kept` or the reason why it is dropped, the first of these that applies.

    The reasons are those of `DROPS`. The windows have one length, are sorted by genome order, and
    lack a chrom where the genome has none; fasta is indexed, `blacklist` a sorted BED file. Returns
    text, indexed as the windows are.
    """
    sizes = chrom_sizes(fasta)
    tests: list[Callable[[pd.DataFrame], np.ndarray]] = [
        lambda left: left["chrom"].isna(),
        lambda left: past_end(left, sizes),
        lambda left: n_fraction(left, fasta) > max_n_fraction,
        lambda left: overlaps(left, blacklist, f"{fasta}.fai"),
        lambda left: near_identical(left, max_overlap),
        lambda left: beyond_strongest(left["score"], max_peaks),
    ]
    verdict = np.full(len(windows), "kept", dtype=object)
    for reason, is_bad in zip(DROPS, tests, strict=True):
        left = np.flatnonzero(verdict == "kept")
        verdict[left[np.asarray(is_bad(windows.iloc[left]), bool)]] = reason
    return pd.Series(verdict, index=windows.index)


def past_end(windows: pd.DataFrame, sizes: pd.Series) -> np.ndarray:
    """Say of each window whether it leaves its chromosome at either end."""
    size = sizes[windows["chrom"]].to_numpy()
    return ((windows["start"] < 0) | (windows["end"] > size)).to_numpy()


def n_fraction(windows: pd.DataFrame, fasta: str, rows: int = 1 << 15) -> np.ndarray:
    """Fraction of each window's bases (n,) that are not A, C, G or T; `rows` windows at a time."""
    fraction = np.zeros(len(windows))
    for first in range(0, len(windows), rows):
        part = windows.iloc[first : first + rows]
        length = int(part["end"].iloc[0] - part["start"].iloc[0])
        codes = fetch_codes(fasta, part["chrom"].to_numpy(), part["start"].to_numpy(), length)
        fraction[first : first + rows] = (codes == N_CODE).mean(axis=1)
    return fraction


def near_identical(windows: pd.DataFrame, max_overlap: float) -> np.ndarray:
    """Say of each window whether it shares too many bases with a stronger one that is kept.

    From the highest score down, a window is kept and drops all that share more than
    `max_overlap * length` bases with it. Equal scores: the first in genome order is kept. The
    windows are of one length and sorted by genome order.
    """
    if windows.empty:
        return np.zeros(0, bool)
    place, reach = lay_out(windows, max_overlap)
    first, last = np.searchsorted(place, place - reach), np.searchsorted(place, place + reach + 1)
    strongest_first = np.argsort(-windows["score"].to_numpy(), kind="stable")
    kept, covered = np.zeros(len(windows), bool), np.zeros(len(windows), bool)
    for row in strongest_first:
        if not covered[row]:
            kept[row] = True
            covered[first[row] : last[row]] = True
    return ~kept


def lay_out(windows: pd.DataFrame, max_overlap: float) -> tuple[np.ndarray, int]:
    """Place windows of one length, sorted by chromosome, on one line: chromosomes end to end.

    Returns their places (n,) and a distance: two windows that are no farther from one another share
    more than `max_overlap * length` bases.
    """
    length = int(windows["end"].iloc[0] - windows["start"].iloc[0])
    # 1e-9 keeps 0.7 * 200 from being 139.99...
    reach = math.ceil(length - max_overlap * length - 1e-9) - 1
    start = windows["start"].to_numpy(np.int64)
    chrom = np.cumsum(windows["chrom"].ne(windows["chrom"].shift()).to_numpy())
    return start + chrom * (start.max() + length + 1), reach


def beyond_strongest(score: pd.Series, max_peaks: int | None) -> np.ndarray:
    """Say of each row whether it is not one of the `max_peaks` with the highest score.

    Rows that tie for the last places are taken evenly along the table, so that peaks without
    scores are not all taken from the first chromosome. None sets no limit.
    """
    if max_peaks is None or len(score) <= max_peaks:
        return np.zeros(len(score), bool)
    score = score.to_numpy()
    last = np.sort(score)[-max_peaks]
    kept, tied = score > last, np.flatnonzero(score == last)
    kept[pick_evenly(tied, max_peaks - kept.sum())] = True
    return ~kept
