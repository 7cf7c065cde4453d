"""How much each option of a search matters: the share of the differences that goes with it.

One-way, option by option: the share of the variance of the outcome that lies between groups of
trials with the same or nearby values. It is the main effect of a functional analysis of variance
(Hutter, Hoos and Leyton-Brown 2014, ICML), estimated from the trials themselves and not from a
forest fitted to them, which ten to fifty trials are too few for. The plain share, eta squared, is
above 0 for options that do nothing; epsilon squared (Kelley 1935, PNAS 21:554) takes that off.
Options are drawn independently of one another, so that the shares of all add up to at most about 1;
what is left over goes with their combinations, or with chance.
"""

import json

import numpy as np
import pandas as pd

MIN_TRIALS = 8
MAX_BINS, MIN_PER_BIN = 5, 4
PERMUTATIONS = 9999
COLUMNS = ["parameter", "trials", "groups", "share", "p", "note"]


def importance(values: dict[str, list], outcome: np.ndarray, seed: int) -> pd.DataFrame:
    """One row for each option, the most important first: columns `COLUMNS`.

    `values` lists what each trial had for an option, `outcome` (n,) how it did. `share` is epsilon
    squared, at least 0; `p` is the fraction of random orders of the outcomes whose share is as
    large, not corrected for the number of options. Where neither can be had, `note` says why.
    """
    rng = np.random.default_rng(seed)
    shuffled = rng.permuted(np.tile(outcome, (PERMUTATIONS, 1)), axis=1)
    rows = []
    for parameter, each in values.items():
        groups, note = group_values(each)
        if np.ptp(outcome) == 0:
            note = "all trials did the same"
        row = {"parameter": parameter, "trials": len(each), "note": note}
        if not note:
            found = between(outcome[None], groups)[0]
            k, n = groups.max() + 1, len(groups)
            share = 1 - (1 - found) * (n - 1) / (n - k)
            # Rounding must not make the same split of the same numbers look smaller than itself.
            as_large = (between(shuffled, groups) >= found - 1e-9).sum()
            p = (as_large + 1) / (PERMUTATIONS + 1)
            row |= {"groups": k, "share": max(share, 0.0), "p": p}
        rows.append(row)
    numbers = dict.fromkeys(["groups", "share", "p"], float)
    table = pd.DataFrame(rows, columns=COLUMNS).astype(numbers)
    return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def between(outcomes: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """The share (r,) of the variance of outcomes (r, n) that lies between groups 0.. (n,)."""
    member = (groups[:, None] == np.arange(groups.max() + 1)).astype(float)
    centred = outcomes - outcomes.mean(axis=1, keepdims=True)
    sums = centred @ member
    return (sums**2 / member.sum(axis=0)).sum(axis=1) / (centred**2).sum(axis=1)


def group_values(values: list) -> tuple[np.ndarray, str]:
    """Number the groups (n,) of trials by their values; or say why there are none.

    Trials with the same value are a group. Where those are too many, numbers are put into up to
    `MAX_BINS` bins with the same number of trials, at least `MIN_PER_BIN`.
    """
    keys = [json.dumps(value) for value in values]
    names = sorted(set(keys))
    groups = np.array([names.index(key) for key in keys])
    n, different = len(values), len(names)
    if n < MIN_TRIALS:
        return groups, f"{n} trials, at least {MIN_TRIALS} are needed"
    if different == 1:
        return groups, "has one value in all trials"
    if different <= min(n // 2, 2 * MAX_BINS):
        return groups, ""
    if not all(is_number(value) for value in values):
        return groups, f"{different} values in {n} trials, too few trials of each"
    ranks = pd.Series(values, dtype=float).rank(method="min").to_numpy() - 1
    bins = min(MAX_BINS, n // MIN_PER_BIN)
    return np.unique((ranks * bins / n).astype(int), return_inverse=True)[1], ""


def is_number(value: object) -> bool:
    """Whether a value has its place on a line."""
    return isinstance(value, int | float) and not isinstance(value, bool)
