"""Evenly spaced subsets of windows, for analyses that are too slow on all of them."""

import numpy as np


def pick_evenly(rows: np.ndarray, limit: int) -> np.ndarray:
    """Pick at most `limit` of rows (n,), evenly spaced and in order."""
    number = min(len(rows), limit)
    return rows[np.arange(number) * len(rows) // max(number, 1)]


def pick_evenly_per_group(group: np.ndarray, limit: int) -> np.ndarray:
    """Pick at most `limit` row numbers per group (n,), evenly spaced within each, in order."""
    picked = [pick_evenly(np.flatnonzero(group == g), limit) for g in np.unique(group)]
    return np.sort(np.concatenate([*picked, np.empty(0, int)]))
