"""Windows of several experiments, joined into one set with a label per experiment."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from peaks2motifs.data.windows import near_identical, positions_on_one_axis, sort_by_genome

MAX_OVERLAP = 0.5  # of windows that share more, one is kept and labelled as a peak of both


def join_windows(
    peaks: Mapping[str, pd.DataFrame], sizes: pd.Series
) -> tuple[pd.DataFrame, np.ndarray]:
    """Join the windows of experiments; return the windows kept and their labels uint8 (n, T).

    A label is 1 if the experiment, in the order of `peaks`, has a window that shares more than
    `MAX_OVERLAP` with this one. Of such windows the strongest is kept. Since signals have no common
    scale, windows are compared by their relative rank within the experiment; this rank becomes the
    score, 1 for the strongest. Names are prefixed with the experiment. `sizes` gives the order of
    chromosomes.
    """
    tables = [
        table.assign(
            name=f"{experiment}:" + table["name"],
            score=table["score"].rank(pct=True),
            experiment=number,
        )
        for number, (experiment, table) in enumerate(peaks.items())
    ]
    windows = sort_by_genome(pd.concat(tables, ignore_index=True), sizes)
    position, distance = positions_on_one_axis(windows, MAX_OVERLAP)
    kept = ~near_identical(windows, MAX_OVERLAP)
    experiment = windows.pop("experiment").to_numpy()
    labels = [
        has_neighbour(position[kept], position[experiment == number], distance)
        for number in range(len(tables))
    ]
    return windows[kept].reset_index(drop=True), np.stack(labels, axis=1)


def has_neighbour(positions: np.ndarray, others: np.ndarray, distance: int) -> np.ndarray:
    """Return 1 (uint8) for each position within `distance` of one of `others`, sorted; else 0."""
    first = np.searchsorted(others, positions - distance)
    return (np.searchsorted(others, positions + distance + 1) > first).astype(np.uint8)


def add_background(labels: np.ndarray, rows: np.ndarray, task: str) -> np.ndarray:
    """Return the labels (m, T) of `rows` (m,) of labels (n, T); row -1 is background.

    Background belongs to no class; for the task multiclass it is a class, the last column.
    """
    if task == "multiclass":
        labels = np.pad(labels, ((0, 0), (0, 1)))
    background = np.zeros((1, labels.shape[1]), np.uint8)
    background[:, -1] = task == "multiclass"
    return np.concatenate([labels, background])[rows]
