"""Which windows stand for all, where all would be too many."""

import numpy as np


def pick_evenly(rows: np.ndarray, most: int) -> np.ndarray:
    """At most so many of rows (n,), in order, evenly along them."""
    number = min(len(rows), most)
    return rows[np.arange(number) * len(rows) // max(number, 1)]


def pick_of_each(group: np.ndarray, most: int) -> np.ndarray:
    """The rows of at most so many windows of each group (n,), in order, evenly along each."""
    picked = [pick_evenly(np.flatnonzero(group == g), most) for g in np.unique(group)]
    return np.sort(np.concatenate([*picked, np.empty(0, int)]))
