"""Background windows at the peaks of other experiments.

Windows of the genome differ from peaks in everything that peaks have in common, such as the base
composition of promoters. The peaks of other experiments have that in common with them. What still
distinguishes peaks from these is specific to the experiment.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.tables import BED6
from peaks2motifs.data.background import (
    Tally,
    exceeds_limit,
    list_targets,
    match_candidates,
    name_windows,
)
from peaks2motifs.data.gc_matching import as_categories, count_gc_and_n, gc_distance
from peaks2motifs.data.genome import chrom_sizes, rename_chromosomes
from peaks2motifs.data.intervals import overlaps, read_peaks
from peaks2motifs.data.split_membership import find_splits
from peaks2motifs.data.windows import (
    centred_windows,
    fetch_windows,
    near_identical,
    past_end,
    sort_by_genome,
    window_length,
)

LARGEST_SHARE = 3  # an experiment gives at most this many times its even share of what is asked for


def other_peaks(
    others: Mapping[str, str],
    peaks: pd.DataFrame,
    splits: str,
    regions: str,
    blacklist: str,
    fasta: str,
    aliases: str | None,
    ratio: int,
    gc_tolerance: float,
    distance: int,
    seed: int,
) -> tuple[pd.DataFrame, Tally]:
    """Find up to `ratio` windows for each peak among the peaks of `others`, peak files by name.

    Windows are those of `filter_windows`, in the peak's split, and differ in GC by at most
    `gc_tolerance` (a fraction). Returns them with a column `origin`, the name of the experiment,
    and counts: near_<name> is how many peaks of an experiment lie too close to own ones.
    """
    rng = np.random.default_rng([seed, 8])
    length = window_length(peaks)
    targets = list_targets(peaks, fasta, ratio, rng)
    given = read_windows_of(others, fasta, aliases, length)
    is_near = overlaps(widen(given, distance), regions, f"{fasta}.fai")
    windows, dropped = filter_windows(given[~is_near], targets, splits, blacklist, fasta, rng)
    candidates = as_categories(windows, fasta)
    candidates["gc"], candidates["n"] = count_gc_and_n(
        candidates, lambda rows: fetch_windows(rows, fasta)
    )
    before = gc_distance(candidates["gc"] / length, targets["gc"] / length)
    tolerance = int(gc_tolerance * length + 1e-9)
    matches, _ = match_candidates(targets, candidates, tolerance, length, rng)
    found = matches.join(targets[["peak", "copy", "split"]]).astype({"chrom": str})
    found = name_windows(found, peaks, fasta)
    origin = windows.set_index(["chrom", "start"])["origin"]
    found["origin"] = origin.reindex(pd.MultiIndex.from_frame(found[["chrom", "start"]])).to_numpy()
    near, used = given["origin"][is_near].value_counts(), found["origin"].value_counts()
    tally: Tally = {
        "peaks_of_others": (len(given), f"{len(others)} experiments"),
        "dropped_near_own_peaks": (int(is_near.sum()), f"less than {distance} bp away"),
        **dropped,
        "gc_distance_before": (before, "earth mover's, peaks of others to peaks"),
    }
    for name in others:
        note = f"its peaks near own peaks; {used.get(name, 0)} windows taken"
        tally[f"near_{name}"] = (int(near.get(name, 0)), note)
    return found, tally


def read_windows_of(
    others: Mapping[str, str], fasta: str, aliases: str | None, length: int
) -> pd.DataFrame:
    """Read the peaks of other experiments as windows, BED6 and `origin`, in the genome's order.

    A file that cannot be read is left out with a warning: it must not stop other experiments.
    """
    tables = [pd.DataFrame(columns=[*BED6, "origin"]).astype({"start": int, "end": int})]
    for name, path in others.items():
        try:
            peaks, _ = read_peaks(path)
            rename_chromosomes(peaks, fasta, aliases, path)
        except InputError as error:
            print(f"WARNING: experiment {name} is left out: {error}")
            continue
        windows = centred_windows(peaks.dropna(subset="chrom"), length)
        tables.append(windows[~past_end(windows, chrom_sizes(fasta))].assign(origin=name))
    return sort_by_genome(pd.concat(tables, ignore_index=True), chrom_sizes(fasta))


def filter_windows(
    windows: pd.DataFrame,
    targets: pd.DataFrame,
    splits: str,
    blacklist: str,
    fasta: str,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, Tally]:
    """Keep windows that lie in one split, share no base with each other or the blacklist.

    Where experiments share a place, one of them gives the window. They take turns, and none gives
    more than `LARGEST_SHARE` times its even share of the `targets` of a split. Returns the windows,
    with their `split`, and the numbers dropped.
    """
    windows = windows.assign(split=find_splits(windows, splits))
    tests: dict[str, Callable[[pd.DataFrame], np.ndarray]] = {
        "dropped_across_splits": lambda left: pd.isna(left["split"]),
        "dropped_blacklisted": lambda left: overlaps(left, blacklist, f"{fasta}.fai"),
        "dropped_same_place": lambda left: near_identical(take_turns(left, rng), 0),
        "dropped_beyond_share": lambda left: exceeds_share(left, targets, rng),
    }
    dropped = {}
    for reason, is_bad in tests.items():
        bad = np.asarray(is_bad(windows), bool)
        windows, dropped[reason] = windows[~bad], (int(bad.sum()), "")
    return windows, dropped


def widen(windows: pd.DataFrame, distance: int) -> pd.DataFrame:
    """Extend windows on both sides, not beyond the first base of their chromosome."""
    start = (windows["start"] - distance).clip(lower=0)
    return windows.assign(start=start, end=windows["end"] + distance)


def take_turns(windows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Score windows so that the first of each experiment come first, in random order."""
    order = rng.permutation(len(windows))
    turn = windows["origin"].iloc[order].groupby(windows["origin"].iloc[order]).cumcount()
    score = np.empty(len(windows))
    score[order] = -turn.to_numpy()
    return windows.assign(score=score)


def exceeds_share(
    windows: pd.DataFrame, targets: pd.DataFrame, rng: np.random.Generator
) -> np.ndarray:
    """Say which windows (n,) an experiment gives beyond its share of a split's targets."""
    even = targets["split"].value_counts() / max(windows["origin"].nunique(), 1)
    limit = np.ceil(LARGEST_SHARE * even).astype(int)
    group = windows["split"] + "\t" + windows["origin"]
    limits = pd.Series({name: limit[name.partition("\t")[0]] for name in group.unique()})
    return exceeds_limit(group.to_numpy(), limits.astype(int), rng)
