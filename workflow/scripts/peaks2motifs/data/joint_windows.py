"""Windows of several experiments as those of one, and the experiments that each is a peak of."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from peaks2motifs.data.windows import lay_out, near_identical, sort_by_genome

MAX_OVERLAP = 0.5  # of two windows that share more one is kept, and is a peak of both


def join_windows(
    peaks: Mapping[str, pd.DataFrame], sizes: pd.Series
) -> tuple[pd.DataFrame, np.ndarray]:
    """Join the windows of experiments; return those that are kept and their labels uint8 (n, T).

    A label says whether an experiment, in the order of `peaks`, has a window that shares more than
    `MAX_OVERLAP` with this one. Of windows that share as much the strongest is kept, by its rank
    within its experiment since signals have no common scale: that rank is the score, 1 for the
    strongest. A name gets its experiment before it. `sizes` gives the order of chromosomes.
    """
    parts = [
        table.assign(
            name=f"{experiment}:" + table["name"],
            score=table["score"].rank(pct=True),
            experiment=number,
        )
        for number, (experiment, table) in enumerate(peaks.items())
    ]
    windows = sort_by_genome(pd.concat(parts, ignore_index=True), sizes)
    place, reach = lay_out(windows, MAX_OVERLAP)
    kept = ~near_identical(windows, MAX_OVERLAP)
    owner = windows.pop("experiment").to_numpy()
    labels = np.stack(
        [near(place[kept], place[owner == number], reach) for number in range(len(parts))], axis=1
    )
    return windows[kept].reset_index(drop=True), labels


def near(place: np.ndarray, others: np.ndarray, reach: int) -> np.ndarray:
    """Say, as uint8 (n,), whether each place has one of the `others`, sorted, within reach."""
    first = np.searchsorted(others, place - reach)
    return (np.searchsorted(others, place + reach + 1) > first).astype(np.uint8)


def add_background(labels: np.ndarray, rows: np.ndarray, task: str) -> np.ndarray:
    """Return the labels (m, T) of `rows` (m,) of labels (n, T), where row -1 is background.

    Background is in no class, or, for the task multiclass, in one of its own, the last column.
    """
    none = np.zeros((1, labels.shape[1]), np.uint8)
    if task == "multiclass":
        labels, none = np.pad(labels, ((0, 0), (0, 1))), np.pad(none, ((0, 0), (0, 1)))
        none[:, -1] = 1
    return np.concatenate([labels, none])[rows]
