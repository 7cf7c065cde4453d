"""Background windows: the stretches of DNA that a model learns to tell from peaks.

Three strategies. `genomic_gc`: windows of the genome that share no base with a peak, the blacklist,
a gap or each other, matched to the peaks by GC count. `dinucleotide_shuffle`: the peaks' own
windows, shuffled when they are read. `bed`: the user's own intervals.

`peaks` below is peaks.bed with a column `split`: windows of one length, sorted by genome order.
Each strategy returns background in the same columns and order, and a tally of what it passed over.
"""

from collections.abc import Callable
from itertools import count

import numpy as np
import pandas as pd
from pybedtools import BedTool

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.tables import BED6, read_bed
from peaks2motifs.data.chromosomes import count_chromosomes, read_aliases
from peaks2motifs.data.gc_matching import (
    ROWS,
    count_gc_and_n,
    gc_distance,
    match_gc,
    number_scopes,
    scope,
)
from peaks2motifs.data.genome import chrom_sizes, described_chromosomes
from peaks2motifs.data.intervals import BED3, merge, overlaps, read_peaks
from peaks2motifs.data.shuffle import count_log_shuffles, dinucleotide_shuffle
from peaks2motifs.data.split_membership import split_of
from peaks2motifs.data.splits import SPLITS
from peaks2motifs.data.windows import (
    centred_windows,
    fetch_windows,
    n_fraction,
    near_identical,
    past_end,
    sort_by_genome,
)

POOL = 12  # candidates for each window asked for: enough for most of a GC histogram's tails
FEWEST = 20_000  # candidates for a split at least: few peaks have tails too, and these cost little
STEPS = 5  # from an exact match to the full tolerance
FEW = 0.01  # of the windows asked for: not worth a round of their own
COLUMNS = [*BED6, "split"]
ADVICE = {
    "genomic_gc": "lower background.ratio or windows.length, raise background.gc_tolerance, "
    "shorten the blacklist, or take background.strategy dinucleotide_shuffle",
    "dinucleotide_shuffle": "peaks of one repeated base have no shuffle: use genomic_gc",
    "bed": "give more intervals or lower background.ratio",
}

Tally = dict[str, tuple[float, str]]  # what: value, note


def genomic_gc(
    peaks: pd.DataFrame,
    splits: str,
    regions: str,
    blacklist: str,
    fasta: str,
    ratio: int,
    gc_tolerance: float,
    seed: int,
) -> tuple[pd.DataFrame, Tally]:
    """Find `ratio` windows for each peak with its GC count, within its split of splits.bed.

    Every round draws new candidates from what is left of the genome and accepts a wider difference
    in GC, from none to `gc_tolerance` (a fraction), and all of it once 1 % is missing. Rounds end
    when all is found, or when one at full tolerance finds less than 1 % of what is missing.
    """
    rng = np.random.default_rng([seed, 5])
    length = window_length(peaks)
    taken = [read_bed(path, BED3) for path in (regions, blacklist)]
    missing = wanted = list_wanted(peaks, fasta, ratio, rng)
    steps = np.unique(np.linspace(0, gc_tolerance * length + 1e-9, STEPS).astype(int))
    pools, found = [], []
    for turn in count():
        many = turn < len(steps) and len(missing) > FEW * len(wanted)
        tolerance = steps[turn if many else -1]
        unmet = wanted[wanted["split"].isin(missing["split"])]
        pool = draw_candidates(splits, pd.concat([*taken, *found]), unmet, length, fasta, rng)
        pools.append(pool[["gc", "n"]])
        pool = pool[pool["n"] == 0]
        row, candidate = match_gc(missing, pool, tolerance, length, rng)
        found.append(pool[BED3].iloc[candidate].set_index(missing.index[row]))
        stuck = tolerance == steps[-1] and len(row) <= FEW * len(missing)
        missing = missing.drop(missing.index[row])
        if missing.empty or stuck:
            break
    windows = pd.concat(found).join(wanted[["peak", "copy", "split"]]).astype({"chrom": str})
    return name_windows(windows, peaks, fasta), tally_pools(pools, wanted, length)


def draw_candidates(
    splits: str,
    taken: pd.DataFrame,
    wanted: pd.DataFrame,
    length: int,
    fasta: str,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Draw disjoint windows clear of the intervals `taken`: `chrom start end split gc n`."""
    free = free_stretches(splits, taken, fasta)
    pool = draw_windows(free, candidate_rate(free, wanted, length), length, rng)
    pool["gc"], pool["n"] = count_gc_and_n(pool, lambda rows: fetch_windows(rows, fasta))
    return pool


def tally_pools(pools: list[pd.DataFrame], wanted: pd.DataFrame, length: int) -> Tally:
    """Count candidates, and measure how far the GC of the first ones is from the peaks'."""
    every, first = pd.concat(pools), pools[0][pools[0]["n"] == 0]
    before = gc_distance(first["gc"] / length, wanted["gc"] / length)
    return {
        "candidates_drawn": (len(every), f"in {len(pools)} rounds"),
        "candidates_with_n": (int((every["n"] > 0).sum()), "not used"),
        "gc_distance_before": (before, "earth mover's, random candidates to peaks"),
    }


def list_wanted(
    peaks: pd.DataFrame, fasta: str, ratio: int, rng: np.random.Generator
) -> pd.DataFrame:
    """List the windows to find, `peak copy chrom split gc`: first copies first, else in any order.

    gc is the peak's fraction over its bases other than N, times the window's length.
    """
    length = window_length(peaks)
    gc, n = count_gc_and_n(peaks, lambda rows: fetch_windows(rows, fasta))
    target = np.rint(gc / np.maximum(length - n, 1) * length).astype(np.int64)
    peak = np.concatenate([rng.permutation(len(peaks)) for _ in range(ratio)])
    wanted = peaks[["chrom", "split"]].iloc[peak].assign(gc=target[peak], peak=peak)
    wanted["copy"] = np.repeat(np.arange(ratio), len(peaks)) + 1
    return number_scopes(wanted.reset_index(drop=True), fasta)


def free_stretches(splits: str, taken: pd.DataFrame, fasta: str) -> pd.DataFrame:
    """Cut the intervals `taken` out of the blocks of splits.bed: `chrom start end split`."""
    index = f"{fasta}.fai"
    blocks = BedTool(splits)
    if len(taken):
        # complement is linear in the intervals; subtract is quadratic for whole chromosomes.
        holes = BedTool.from_dataframe(merge(taken[BED3].astype({"chrom": str}), index))
        blocks = blocks.intersect(holes.complement(g=index))
    return number_scopes(read_bed(blocks.fn, [*BED3, "split"]), fasta)


def candidate_rate(free: pd.DataFrame, wanted: pd.DataFrame, length: int) -> np.ndarray:
    """Fraction of each stretch to fill with candidates, so that there are `POOL` for each wanted.

    Half of the pool is spread like the peaks over chromosomes, half evenly over each split; there
    the number is raised to `FEWEST`.
    """
    room = ((free["end"] - free["start"]) // length).to_numpy()
    rate = np.zeros(len(free))
    for whole_split in (False, True):
        here, there = scope(free, whole_split), scope(wanted, whole_split)
        size = max(here.max(initial=0), there.max(initial=0)) + 1
        number = POOL / 2 * np.bincount(there, minlength=size)
        if whole_split:
            number[number > 0] = np.maximum(number[number > 0], FEWEST)
        total = np.bincount(here, weights=room, minlength=size)
        rate += number[here] / np.maximum(total[here], 1)
    return np.minimum(rate, 1)


def draw_windows(
    free: pd.DataFrame, rate: np.ndarray, length: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Place disjoint windows in each stretch, `rate` of as many as it holds, with random gaps."""
    size = (free["end"] - free["start"]).to_numpy()
    number = np.floor(size // length * rate + rng.random(len(free))).astype(np.int64)
    row = np.repeat(np.arange(len(free)), number)
    # Sorted draws from the bases that no window covers: each placement is as likely as any other.
    gap = np.floor(rng.random(len(row)) * ((size - number * length)[row] + 1)).astype(np.int64)
    gap = gap[np.lexsort((gap, row))]
    before = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)
    start = free["start"].to_numpy()[row] + gap + before * length
    return free.iloc[row].assign(start=start, end=start + length).reset_index(drop=True)


def shuffled_peaks(peaks: pd.DataFrame, fasta: str, ratio: int) -> tuple[pd.DataFrame, Tally]:
    """List each peak's window `ratio` times, to be shuffled when it is read.

    Windows whose dinucleotides allow no other sequence are left out.
    """
    several = np.concatenate(
        [
            count_log_shuffles(fetch_windows(peaks.iloc[first : first + ROWS], fasta)) > np.log(1.5)
            for first in range(0, len(peaks), ROWS)
        ]
    )
    peak = np.repeat(np.flatnonzero(several), ratio)
    windows = peaks[[*BED3, "split"]].iloc[peak].assign(peak=peak)
    windows["copy"] = np.tile(np.arange(ratio), several.sum()) + 1
    dropped = ratio * int((~several).sum())
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
    """Centre windows on the user's own intervals and keep those that may serve as background.

    At most `ratio` windows for each peak of a split are kept, drawn at random.
    """
    given, _ = read_peaks(source)
    sizes, index = chrom_sizes(fasta), f"{fasta}.fai"
    pairs = read_aliases(aliases) if aliases else None
    described = described_chromosomes(fasta)
    names = count_chromosomes(given["chrom"], sizes.index, pairs, described, source)
    given["chrom"] = given["chrom"].map(names.set_index("peaks_name")["genome_name"])
    windows = sort_by_genome(centred_windows(given, window_length(peaks)), sizes)
    limit = ratio * peaks["split"].value_counts()
    rng = np.random.default_rng([seed, 6])
    tests: dict[str, Callable[[pd.DataFrame], np.ndarray]] = {
        "dropped_unknown_chromosome": lambda left: left["chrom"].isna(),
        "dropped_past_chromosome_end": lambda left: past_end(left, sizes),
        "dropped_with_n": lambda left: n_fraction(left, fasta) > 0,
        "dropped_overlapping_peak": lambda left: overlaps(left, regions, index),
        "dropped_blacklisted": lambda left: overlaps(left, blacklist, index),
        "dropped_across_splits": lambda left: pd.isna(split_of(left, splits)),
        "dropped_overlapping_background": lambda left: near_identical(left, 0),
        "dropped_beyond_ratio": lambda left: beyond_limit(split_of(left, splits), limit, rng),
    }
    tally = {"intervals_read": (len(windows), "")}
    for reason, is_bad in tests.items():
        bad = np.asarray(is_bad(windows), bool)
        windows, tally[reason] = windows[~bad], (int(bad.sum()), "")
    name = [f"background_{line}" for line in windows.index]
    windows = windows.assign(name=name, score=0, strand=".", split=split_of(windows, splits))
    return windows[COLUMNS], tally


def beyond_limit(group: np.ndarray, limit: pd.Series, rng: np.random.Generator) -> np.ndarray:
    """Say of each row (n,) whether it is one too many; those to keep are drawn at random."""
    order = rng.permutation(len(group))
    turn = pd.Series(group[order]).groupby(group[order]).cumcount()
    beyond = np.zeros(len(group), bool)
    beyond[order] = turn.to_numpy() >= limit.reindex(group[order], fill_value=0).to_numpy()
    return beyond


def refuse_too_few(
    background: pd.DataFrame,
    peaks: pd.DataFrame,
    ratio: int,
    min_found: float,
    strategy: str,
    source: str,
    tally: Tally,
) -> None:
    """Raise InputError if a split has fewer than `min_found` (a fraction) of the windows asked.

    Its one line names `source` and what the tally says was dropped.
    """
    drops = [f"{what} {count}" for what, (count, _) in tally.items() if "dropped" in what and count]
    for split in SPLITS:
        asked = ratio * int((peaks["split"] == split).sum())
        found = int((background["split"] == split).sum())
        if found < min_found * asked:
            raise InputError(
                f"{source}: background {strategy} found {found} of the {asked} windows asked for "
                f"split {split} ({ratio} a peak), expected at least {min_found:.0%}; "
                + "".join(f"{drop}; " for drop in drops)
                + ADVICE[strategy]
            )


def window_length(windows: pd.DataFrame) -> int:
    """The one length of all windows."""
    return int(windows["end"].iloc[0] - windows["start"].iloc[0])


def name_windows(windows: pd.DataFrame, peaks: pd.DataFrame, fasta: str) -> pd.DataFrame:
    """Name windows `<peak>_bg<copy>` and sort them by genome order."""
    name = peaks["name"].to_numpy()[windows["peak"]] + "_bg" + windows["copy"].astype(str)
    windows = windows.assign(name=name, score=0, strand=".")
    return sort_by_genome(windows[COLUMNS], chrom_sizes(fasta))


def fetch_labelled(
    windows: pd.DataFrame, fasta: str, strategy: str, rng: np.random.Generator
) -> np.ndarray:
    """Read peaks and background as they are learned from: codes (n, L).

    With strategy dinucleotide_shuffle, windows of label 0 are shuffled; ValueError where one has
    no shuffle.
    """
    codes = fetch_windows(windows, fasta)
    background = np.flatnonzero(windows["label"] == 0)
    if strategy == "dinucleotide_shuffle" and len(background):
        codes[background], ok = dinucleotide_shuffle(codes[background], rng)
        if not ok.all():
            name = windows["name"].iloc[background[ok.argmin()]]
            raise ValueError(f"{name} has no other sequence of the same dinucleotides")
    return codes
