"""Background windows: the sequences that a model learns to distinguish from peaks.

`genomic_gc` matches genomic windows to the peaks by GC count; they share no base with a peak, the
blacklist, a gap or each other. `pool` does the same within regions of the user. `other_peaks` (see
the module of this name) takes the peaks of other experiments. `dinucleotide_shuffle` shuffles the
peaks' own windows when they are read. `bed` takes the user's intervals as they are.

`peaks` below is peaks.bed with a column `split`: windows of one length in genome order. Each
strategy returns the background in the same columns and order, and counts for the QC table.
"""

from collections.abc import Callable
from itertools import count

import numpy as np
import pandas as pd
from pybedtools import BedTool

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.tables import BED6, read_bed
from peaks2motifs.data.gc_matching import (
    ROWS,
    as_categories,
    count_gc_and_n,
    gc_distance,
    match_gc,
    stratum_codes,
)
from peaks2motifs.data.genome import chrom_sizes, rename_chromosomes
from peaks2motifs.data.intervals import (
    BED3,
    clip,
    merge,
    overlaps,
    read_intervals,
    read_peaks,
)
from peaks2motifs.data.shuffle import dinucleotide_shuffle, has_shuffles
from peaks2motifs.data.split_membership import find_splits
from peaks2motifs.data.splits import SPLITS
from peaks2motifs.data.windows import (
    centred_windows,
    fetch_windows,
    n_fraction,
    near_identical,
    past_end,
    sort_by_genome,
    window_length,
)

POOL = 12  # candidates per target: enough for most of the tails of a GC histogram
MIN_CANDIDATES = 20_000  # per split: few peaks have GC tails too, and candidates cost little
STEPS = 5  # from an exact match to the full tolerance
FEW = 0.01  # a fraction of windows that is not worth a round of its own
COLUMNS = [*BED6, "split"]
ADVICE = {
    "genomic_gc": "lower background.ratio or windows.length, raise background.gc_tolerance, "
    "shorten the blacklist, or set background.strategy to dinucleotide_shuffle",
    "pool": "lower background.ratio, raise background.gc_tolerance, or give more regions",
    "other_peaks": "lower background.ratio or background.distance, raise background.gc_tolerance, "
    "add experiments, or mix strategies, such as {genomic_gc: 2, other_peaks: 3}",
    "dinucleotide_shuffle": "peaks of one repeated base cannot be shuffled: use genomic_gc",
    "bed": "give more intervals or lower background.ratio",
}

Tally = dict[str, tuple[float, str]]  # rows of the QC table by `what`: value, note


def genomic_gc(
    peaks: pd.DataFrame,
    splits: str,
    regions: str,
    blacklist: str,
    fasta: str,
    ratio: int,
    gc_tolerance: float,
    seed: int,
    pool: pd.DataFrame | None = None,
    taken: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, Tally]:
    """Find `ratio` windows for each peak with its GC count, within its split of splits.bed.

    With `pool`, windows lie within these regions; `taken` are windows that they must not overlap.

    Each round draws new candidates from the free part of the genome. The accepted difference in GC
    grows from round to round, from 0 to `gc_tolerance` (a fraction); once at most 1 % of windows
    are missing, all of it is accepted. Rounds end if no window is missing, or if a round at full
    tolerance finds at most 1 % of the missing ones.
    """
    rng = np.random.default_rng([seed, 5])
    length = window_length(peaks)
    avoid = [taken, *(read_bed(path, BED3) for path in (regions, blacklist))]
    missing = targets = list_targets(peaks, fasta, ratio, rng)
    steps = np.unique(np.linspace(0, gc_tolerance * length + 1e-9, STEPS).astype(int))
    candidates, matched = [], []
    for number in count():
        has_many = number < len(steps) and len(missing) > FEW * len(targets)
        tolerance = steps[number if has_many else -1]
        unmet = targets[targets["split"].isin(missing["split"])]
        free = free_regions(splits, pd.concat([*avoid, *matched]), fasta, pool)
        drawn = draw_candidates(free, unmet, length, fasta, rng)
        candidates.append(drawn[["gc", "n"]])
        matches, rows = match_candidates(missing, drawn, tolerance, length, rng)
        matched.append(matches)
        is_stuck = tolerance == steps[-1] and len(rows) <= FEW * len(missing)
        missing = missing.drop(rows)
        if missing.empty or is_stuck:
            break
    windows = pd.concat(matched).join(targets[["peak", "copy", "split"]]).astype({"chrom": str})
    return name_windows(windows, peaks, fasta), measure_candidates(candidates, targets, length)


def match_candidates(
    missing: pd.DataFrame,
    pool: pd.DataFrame,
    tolerance: int,
    length: int,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.Index]:
    """Match targets with candidates free of N: `chrom start end` by target, and those targets."""
    pool = pool[pool["n"] == 0]
    row, candidate = match_gc(missing, pool, tolerance, length, rng)
    matched = missing.index[row]
    return pool[BED3].iloc[candidate].set_index(matched), matched


def draw_candidates(
    free: pd.DataFrame,
    targets: pd.DataFrame,
    length: int,
    fasta: str,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Draw disjoint windows from the regions `free`: `chrom start end split gc n`."""
    pool = draw_windows(free, candidate_rate(free, targets, length), length, rng)
    pool["gc"], pool["n"] = count_gc_and_n(pool, lambda rows: fetch_windows(rows, fasta))
    return pool


def measure_candidates(pools: list[pd.DataFrame], targets: pd.DataFrame, length: int) -> Tally:
    """Count the candidates of all rounds; measure the first round's GC distance to the peaks."""
    candidates, first = pd.concat(pools), pools[0][pools[0]["n"] == 0]
    before = gc_distance(first["gc"] / length, targets["gc"] / length)
    return {
        "candidates_drawn": (len(candidates), f"in {len(pools)} rounds"),
        "candidates_with_n": (int((candidates["n"] > 0).sum()), "not used"),
        "gc_distance_before": (before, "earth mover's, random candidates to peaks"),
    }


def list_targets(
    peaks: pd.DataFrame, fasta: str, ratio: int, rng: np.random.Generator
) -> pd.DataFrame:
    """List the windows to find, `peak copy chrom split gc`, first copies before second ones.

    Peaks are in random order. gc is the GC fraction of a peak's bases other than N, times the
    window's length.
    """
    length = window_length(peaks)
    gc, n = count_gc_and_n(peaks, lambda rows: fetch_windows(rows, fasta))
    rounded_gc = np.rint(gc / np.maximum(length - n, 1) * length).astype(np.int64)
    peak = np.concatenate([rng.permutation(len(peaks)) for _ in range(ratio)])
    targets = peaks[["chrom", "split"]].iloc[peak].assign(gc=rounded_gc[peak], peak=peak)
    targets["copy"] = np.repeat(np.arange(ratio), len(peaks)) + 1
    return as_categories(targets.reset_index(drop=True), fasta)


def free_regions(
    splits: str, taken: pd.DataFrame, fasta: str, pool: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Cut the intervals `taken` out of the blocks of splits.bed: `chrom start end split`.

    With `pool`, only parts of blocks within these intervals are left.
    """
    index = f"{fasta}.fai"
    blocks = BedTool(splits)
    if pool is not None:
        blocks = blocks.intersect(BedTool.from_dataframe(pool))
    if len(taken):
        # complement takes linear time; subtract takes quadratic time for whole chromosomes.
        merged = BedTool.from_dataframe(merge(taken[BED3].astype({"chrom": str}), index))
        blocks = blocks.intersect(merged.complement(g=index))
    return as_categories(read_bed(blocks.fn, [*BED3, "split"]), fasta)


def candidate_rate(free: pd.DataFrame, targets: pd.DataFrame, length: int) -> np.ndarray:
    """Return the fraction of each free region (n,) to fill with candidates: `POOL` per target.

    Half of the pool follows the peaks' distribution over chromosomes. The other half is spread
    evenly over each split, with at least `MIN_CANDIDATES`.
    """
    capacity = ((free["end"] - free["start"]) // length).to_numpy()
    rate = np.zeros(len(free))
    for whole_split in (False, True):
        stratum = stratum_codes(free, whole_split)
        target_stratum = stratum_codes(targets, whole_split)
        size = max(stratum.max(initial=0), target_stratum.max(initial=0)) + 1
        number = POOL / 2 * np.bincount(target_stratum, minlength=size)
        if whole_split:
            number[number > 0] = np.maximum(number[number > 0], MIN_CANDIDATES)
        total = np.bincount(stratum, weights=capacity, minlength=size)
        rate += number[stratum] / np.maximum(total[stratum], 1)
    return np.minimum(rate, 1)


def draw_windows(
    free: pd.DataFrame, rate: np.ndarray, length: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Place disjoint windows with random gaps in each region, filling the fraction `rate` of it."""
    size = (free["end"] - free["start"]).to_numpy()
    number = np.floor(size // length * rate + rng.random(len(free))).astype(np.int64)
    row = np.repeat(np.arange(len(free)), number)
    # Gaps are sorted draws from the uncovered bases, so that all placements are equally likely.
    gap = np.floor(rng.random(len(row)) * ((size - number * length)[row] + 1)).astype(np.int64)
    gap = gap[np.lexsort((gap, row))]
    before = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)
    start = free["start"].to_numpy()[row] + gap + before * length
    return free.iloc[row].assign(start=start, end=start + length).reset_index(drop=True)


def read_pool(source: str, fasta: str, aliases: str | None, length: int) -> pd.DataFrame:
    """Read the user's regions in the genome's names and order, merged: `chrom start end`.

    A region shorter than a window is widened to the window round its middle, as windows must fit.
    """
    regions = read_intervals(source)
    if regions.empty:
        raise InputError(f"{source}: no regions in it, expected lines of chrom, start, end")
    rename_chromosomes(regions, fasta, aliases, source)
    regions = regions.dropna(subset="chrom")
    start, end = regions["start"], regions["end"]
    first = (start + end) // 2 - length // 2
    is_short = end - start < length
    regions = regions.assign(
        start=start.mask(is_short, first), end=end.mask(is_short, first + length)
    )
    return merge(clip(regions, chrom_sizes(fasta)), f"{fasta}.fai")


def shuffled_peaks(peaks: pd.DataFrame, fasta: str, ratio: int) -> tuple[pd.DataFrame, Tally]:
    """List each peak's window `ratio` times; the windows are shuffled when they are read.

    Windows without another sequence of the same dinucleotides are omitted.
    """
    can_shuffle = np.concatenate(
        [
            has_shuffles(fetch_windows(peaks.iloc[first : first + ROWS], fasta))
            for first in range(0, len(peaks), ROWS)
        ]
    )
    peak = np.repeat(np.flatnonzero(can_shuffle), ratio)
    windows = peaks[[*BED3, "split"]].iloc[peak].assign(peak=peak)
    windows["copy"] = np.tile(np.arange(ratio), can_shuffle.sum()) + 1
    dropped = ratio * int((~can_shuffle).sum())
    tally = {"dropped_without_shuffle": (dropped, "no other sequence has the same dinucleotides")}
    return name_windows(windows, peaks, fasta), tally


def user_windows(
    source: str,
    peaks: pd.DataFrame,
    splits: str,
    regions: str,
    blacklist: str,
    fasta: str,
    ratio: int,
    aliases: str | None,
    seed: int,
) -> tuple[pd.DataFrame, Tally]:
    """Centre windows on the user's intervals and keep those that may serve as background.

    At most `ratio` windows per peak of a split are kept, drawn at random.
    """
    windows = read_user_windows(source, fasta, aliases, window_length(peaks))
    sizes, index = chrom_sizes(fasta), f"{fasta}.fai"
    limit = ratio * peaks["split"].value_counts()
    rng = np.random.default_rng([seed, 6])
    tests: dict[str, Callable[[pd.DataFrame], np.ndarray]] = {
        "dropped_unknown_chromosome": lambda left: left["chrom"].isna(),
        "dropped_past_chromosome_end": lambda left: past_end(left, sizes),
        "dropped_with_n": lambda left: n_fraction(left, fasta) > 0,
        "dropped_overlapping_peak": lambda left: overlaps(left, regions, index),
        "dropped_blacklisted": lambda left: overlaps(left, blacklist, index),
        "dropped_across_splits": lambda left: pd.isna(find_splits(left, splits)),
        "dropped_overlapping_background": lambda left: near_identical(left, 0),
        "dropped_beyond_ratio": lambda left: exceeds_limit(find_splits(left, splits), limit, rng),
    }
    tally = {"intervals_read": (len(windows), "")}
    for reason, is_bad in tests.items():
        bad = np.asarray(is_bad(windows), bool)
        windows, tally[reason] = windows[~bad], (int(bad.sum()), "")
    name = [f"background_{line}" for line in windows.index]
    windows = windows.assign(name=name, score=0, strand=".", split=find_splits(windows, splits))
    return windows[COLUMNS], tally


def read_user_windows(source: str, fasta: str, aliases: str | None, length: int) -> pd.DataFrame:
    """Read intervals as windows of one length, in the genome's names and order."""
    intervals, _ = read_peaks(source)
    rename_chromosomes(intervals, fasta, aliases, source)
    return sort_by_genome(centred_windows(intervals, length), chrom_sizes(fasta))


def exceeds_limit(group: np.ndarray, limit: pd.Series, rng: np.random.Generator) -> np.ndarray:
    """Return which rows (n,) exceed the `limit` of their group; the rows to keep are random."""
    order = rng.permutation(len(group))
    rank = pd.Series(group[order]).groupby(group[order]).cumcount()
    exceeds = np.zeros(len(group), bool)
    exceeds[order] = rank.to_numpy() >= limit.reindex(group[order], fill_value=0).to_numpy()
    return exceeds


def check_counts(
    background: pd.DataFrame,
    peaks: pd.DataFrame,
    ratio: int,
    min_found: float,
    strategy: str,
    source: str,
    tally: Tally,
) -> None:
    """Raise InputError if a split has less than the fraction `min_found` of requested windows.

    The message names `source`, the counts of dropped windows, and options to change.
    """
    drops = [f"{what} {count}" for what, (count, _) in tally.items() if "dropped" in what and count]
    for split in SPLITS:
        requested = ratio * int((peaks["split"] == split).sum())
        found = int((background["split"] == split).sum())
        if found < min_found * requested:
            raise InputError(
                f"{source}: background {strategy} found {found} of the {requested} windows "
                f"requested for split {split} ({ratio} per peak), expected at least "
                f"{min_found:.0%}; " + "".join(f"{drop}; " for drop in drops) + ADVICE[strategy]
            )


def name_windows(windows: pd.DataFrame, peaks: pd.DataFrame, fasta: str) -> pd.DataFrame:
    """Name windows `<peak>_bg<copy>` and sort them by genome order."""
    name = peaks["name"].to_numpy()[windows["peak"]] + "_bg" + windows["copy"].astype(str)
    windows = windows.assign(name=name, score=0, strand=".")
    return sort_by_genome(windows[COLUMNS], chrom_sizes(fasta))


def fetch_shuffled(windows: pd.DataFrame, fasta: str, rng: np.random.Generator) -> np.ndarray:
    """Read sequences for training, those with `shuffled` with shuffled dinucleotides: codes (n, L).

    Raises ValueError for such a window without another sequence of the same dinucleotides.
    """
    codes = fetch_windows(windows, fasta)
    shuffled = np.flatnonzero(windows["shuffled"])
    if len(shuffled):
        codes[shuffled], ok = dinucleotide_shuffle(codes[shuffled], rng)
        if not ok.all():
            name = windows["name"].iloc[shuffled[ok.argmin()]]
            raise ValueError(f"{name} has no other sequence of the same dinucleotides")
    return codes
