"""Importance of each option of a search: the share of outcome variance that it explains.

One-way analysis of variance, option by option: the share of the variance of the outcome that lies
between groups of trials with equal or similar values. This estimates the main effect of a
functional analysis of variance (Hutter, Hoos and Leyton-Brown 2014, ICML). It uses the trials
directly: ten to fifty trials are too few to fit a random forest. The raw share, eta squared, is
above 0 even for options without effect; epsilon squared (Kelley 1935, PNAS 21:554) corrects this
bias. Options are drawn independently, so that all shares add up to at most about 1. The remainder
is due to interactions between options, or to chance.
"""

import json

import numpy as np
import pandas as pd

MIN_TRIALS = 8
MAX_BINS, MIN_PER_BIN = 5, 4
PERMUTATIONS = 9999
COLUMNS = ["parameter", "trials", "groups", "share", "p", "note"]


def option_importance(values: dict[str, list], outcome: np.ndarray, seed: int) -> pd.DataFrame:
    """Tabulate the importance of each option, highest first: columns `COLUMNS`.

    `values` lists the value of each option in each trial; `outcome` (n,) holds the trials' results.
    `share` is epsilon squared, at least 0. `p` is the fraction of random permutations of the
    outcomes with a share at least as large, not corrected for the number of options. If they cannot
    be computed, `note` gives the reason.
    """
    rng = np.random.default_rng(seed)
    permuted = rng.permuted(np.tile(outcome, (PERMUTATIONS, 1)), axis=1)
    rows = []
    for parameter, trial_values in values.items():
        groups, note = group_trials(trial_values)
        if np.ptp(outcome) == 0:
            note = "all trials did the same"
        row = {"parameter": parameter, "trials": len(trial_values), "note": note}
        rows.append(row if note else row | epsilon_squared(outcome, permuted, groups))
    numbers = dict.fromkeys(["groups", "share", "p"], float)
    table = pd.DataFrame(rows, columns=COLUMNS).astype(numbers)
    return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def epsilon_squared(outcome: np.ndarray, permuted: np.ndarray, groups: np.ndarray) -> dict:
    """Return the number of `groups`, epsilon squared as `share`, and its permutation `p`.

    outcome and groups are (n,); permuted (r, n) holds random permutations of the outcome.
    """
    observed = eta_squared(outcome[None], groups)[0]
    k, n = groups.max() + 1, len(groups)
    share = 1 - (1 - observed) * (n - 1) / (n - k)
    # The tolerance lets permutations that only reorder members of a group count as ties.
    as_large = (eta_squared(permuted, groups) >= observed - 1e-9).sum()
    p = (as_large + 1) / (PERMUTATIONS + 1)
    return {"groups": k, "share": max(share, 0.0), "p": p}


def eta_squared(outcomes: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return the share (r,) of the variance of outcomes (r, n) that lies between groups (n,)."""
    member = (groups[:, None] == np.arange(groups.max() + 1)).astype(float)
    centred = outcomes - outcomes.mean(axis=1, keepdims=True)
    sums = centred @ member
    return (sums**2 / member.sum(axis=0)).sum(axis=1) / (centred**2).sum(axis=1)


def group_trials(values: list) -> tuple[np.ndarray, str]:
    """Group trials by their values: group numbers (n,) and "", or why they cannot be grouped.

    Trials with the same value form a group. If there are too many groups, numbers are binned into
    up to `MAX_BINS` quantiles of at least `MIN_PER_BIN` trials.
    """
    keys = [json.dumps(value) for value in values]
    distinct = sorted(set(keys))
    groups = np.array([distinct.index(key) for key in keys])
    n, n_distinct = len(values), len(distinct)
    if n < MIN_TRIALS:
        return groups, f"{n} trials, at least {MIN_TRIALS} are needed"
    if n_distinct == 1:
        return groups, "has one value in all trials"
    if n_distinct <= min(n // 2, 2 * MAX_BINS):
        return groups, ""
    if not all(is_number(value) for value in values):
        return groups, f"{n_distinct} values in {n} trials, too few trials of each"
    ranks = pd.Series(values, dtype=float).rank(method="min").to_numpy() - 1
    bins = min(MAX_BINS, n // MIN_PER_BIN)
    return np.unique((ranks * bins / n).astype(int), return_inverse=True)[1], ""


def is_number(value: object) -> bool:
    """Return whether a value is a number, and not true or false."""
    return isinstance(value, int | float) and not isinstance(value, bool)
