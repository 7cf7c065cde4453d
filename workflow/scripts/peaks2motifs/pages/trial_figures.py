"""The figure of a hyperparameter search: AUROC over time and by the values of each option."""

import json

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from peaks2motifs.core.effect_sizes import is_number
from peaks2motifs.pages.plots import BLUE, GREY, ORANGE, STYLE, save_figure


@matplotlib.rc_context(STYLE)
def plot_search(values: dict[str, list], auroc: np.ndarray, path: str) -> None:
    """Draw the validation AUROC (n,) of trials: the best so far, and against each option's values.

    Trials are in the order of the search; trials that diverged, NaN, are not drawn. An option has a
    logarithmic axis if the median of its values is closer to their geometric than to their
    arithmetic middle. Values that are not numbers are spaced evenly.
    """
    rows = -(-(len(values) + 1) // 3)
    figure = Figure(figsize=(9.6, 2.7 * rows), layout="constrained")
    grid = figure.subplots(rows, 3, sharey=True, squeeze=False).ravel()
    trials = np.arange(1, len(auroc) + 1)
    draw_best_so_far(grid[0], trials, auroc)
    for axes, (option, option_values) in zip(grid[1:], values.items(), strict=False):
        axes.set(title=option)
        set_value_axis(axes, option_values)
    positions = [trials, *map(axis_positions, values.values())]
    best = np.nanargmax(auroc)
    for axes, x in zip(grid, positions, strict=False):
        axes.scatter(x, auroc, s=16, color=GREY, linewidth=0)
        axes.scatter(x[best], auroc[best], s=30, color=ORANGE, zorder=3)
    for axes in grid[::3]:
        axes.set_ylabel("validation AUROC")
    for axes in grid[len(values) + 1 :]:
        axes.remove()
    save_figure(figure, path)


def draw_best_so_far(axes: Axes, trials: np.ndarray, auroc: np.ndarray) -> None:
    """Draw the highest AUROC (n,) up to each trial (n,)."""
    axes.step(trials, np.fmax.accumulate(auroc), where="post", color=BLUE, linewidth=1.4)
    axes.set(title="best so far", xlabel="trial")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def axis_positions(values: list) -> np.ndarray:
    """Return positions of values on an axis: the numbers, or the ranks of other values."""
    if all(map(is_number, values)):
        return np.array(values, float)
    return pd.factorize(pd.Series(map(json.dumps, values)), sort=True)[0].astype(float)


def set_value_axis(axes: Axes, values: list) -> None:
    """Set ticks and scale of the x axis for these values."""
    if not all(map(is_number, values)):
        names = sorted(set(map(json.dumps, values)))
        axes.set_xticks(range(len(names)), names, rotation=15, ha="right")
        axes.set_xlim(-0.5, len(names) - 0.5)
    elif min(values) > 0 and max(values) > 4 * min(values):
        median, low, high = np.median(values), min(values), max(values)
        if abs(median - np.sqrt(low * high)) < abs(median - (low + high) / 2):
            axes.set_xscale("log")
