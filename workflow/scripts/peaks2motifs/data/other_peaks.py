"""Background windows at the peaks of other experiments.

Windows of the genome differ from peaks in everything that peaks have in common, such as the base
composition of promoters. The peaks of other experiments have that in common with them. What still
distinguishes peaks from these is specific to the experiment.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from peaks2motifs.core.tables import read_bed
from peaks2motifs.data.background import (
    Tally,
    exceeds_limit,
    list_targets,
    match_candidates,
    name_windows,
)
from peaks2motifs.data.gc_matching import as_categories, count_gc_and_n, gc_distance
from peaks2motifs.data.genome import chrom_sizes
from peaks2motifs.data.intervals import overlaps
from peaks2motifs.data.split_membership import find_splits
from peaks2motifs.data.windows import (
    fetch_windows,
    near_identical,
    sort_by_genome,
    window_length,
)

LARGEST_SHARE = 3  # an experiment supplies at most this many times its even share of candidates


def other_peaks(
    others: Mapping[str, str],
    peaks: pd.DataFrame,
    splits: str,
    regions: str,
    blacklist: str,
    fasta: str,
    ratio: int,
    gc_tolerance: float,
    distance: int,
    seed: int,
) -> tuple[pd.DataFrame, Tally]:
    """Find up to `ratio` windows for each peak among the peaks of `others`, peaks.bed by name.

    Windows lie at least `distance` bp from each of the experiment's own peaks (`regions`), in the
    peak's split, and differ in GC by at most `gc_tolerance` (a fraction). They share no base with
    each other or the blacklist. Where experiments share a place, one of them gives the window. They
    take turns, and none supplies more than `LARGEST_SHARE` times its even share. Returns the
    windows, with a column `origin`, and counts; near_<name> is how many peaks of an experiment are
    too close to own ones.
    """
    rng = np.random.default_rng([seed, 8])
    length, index = window_length(peaks), f"{fasta}.fai"
    targets = list_targets(peaks, fasta, ratio, rng)
    windows = read_peaks_of(others, fasta)
    is_near = overlaps(widen(windows, distance), regions, index)
    near = windows["origin"][is_near].value_counts()
    tests: dict[str, Callable[[pd.DataFrame], np.ndarray]] = {
        "dropped_blacklisted": lambda left: overlaps(left, blacklist, index),
        "dropped_across_splits": lambda left: pd.isna(find_splits(left, splits)),
        "dropped_same_place": lambda left: near_identical(take_turns(left, rng), 0),
        "dropped_beyond_share": lambda left: exceeds_share(left, splits, targets, rng),
    }
    tally: Tally = {"peaks_of_others": (len(windows), f"{len(others)} experiments")}
    tally["dropped_near_own_peaks"] = (int(is_near.sum()), f"less than {distance} bp away")
    windows = windows[~is_near]
    for reason, is_bad in tests.items():
        bad = np.asarray(is_bad(windows), bool)
        windows, tally[reason] = windows[~bad], (int(bad.sum()), "")
    candidates = as_categories(windows.assign(split=find_splits(windows, splits)), fasta)
    candidates["gc"], candidates["n"] = count_gc_and_n(
        candidates, lambda rows: fetch_windows(rows, fasta)
    )
    tally["gc_distance_before"] = (
        gc_distance(candidates["gc"] / length, targets["gc"] / length),
        "earth mover's, peaks of others to peaks",
    )
    tolerance = int(gc_tolerance * length + 1e-9)
    matches, _ = match_candidates(targets, candidates, tolerance, length, rng)
    found = matches.join(targets[["peak", "copy", "split"]]).astype({"chrom": str})
    origin = windows.set_index(["chrom", "start"])["origin"]
    found = name_windows(found, peaks, fasta)
    places = pd.MultiIndex.from_frame(found[["chrom", "start"]])
    found["origin"] = origin.reindex(places).to_numpy()
    used = found["origin"].value_counts()
    for name in others:
        note = f"of its peaks are near own ones, {used.get(name, 0)} windows taken"
        tally[f"near_{name}"] = (int(near.get(name, 0)), note)
    return found, tally


def read_peaks_of(others: Mapping[str, str], fasta: str) -> pd.DataFrame:
    """Read the windows of other experiments, BED6 and `origin`, in the genome's order."""
    tables = [read_bed(path).assign(origin=name) for name, path in others.items()]
    return sort_by_genome(pd.concat(tables, ignore_index=True), chrom_sizes(fasta))


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
    windows: pd.DataFrame, splits: str, targets: pd.DataFrame, rng: np.random.Generator
) -> np.ndarray:
    """Say which windows (n,) an experiment supplies beyond its share of a split's targets."""
    split = find_splits(windows, splits)
    even = targets["split"].value_counts() / max(windows["origin"].nunique(), 1)
    limit = np.ceil(LARGEST_SHARE * even).astype(int)
    group = pd.Series(split, windows.index) + "\t" + windows["origin"]
    limits = pd.Series({name: limit[name.partition("\t")[0]] for name in group.unique()})
    return exceeds_limit(group.to_numpy(), limits, rng)
