"""The figure of a search: what came of each option's values, and how soon."""

import json

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from peaks2motifs.core.effect_sizes import is_number
from peaks2motifs.pages.plots import BLUE, GREY, ORANGE, STYLE, save


@matplotlib.rc_context(STYLE)
def plot_search(values: dict[str, list], auroc: np.ndarray, path: str) -> None:
    """Validation AUROC (n,) of trials, the best so far and against each option's values.

    Trials are in the order of the search; those that diverged, NaN, are left out. Numbers whose
    median is nearer to the middle by ratio get a logarithmic axis, values that are none a place
    each.
    """
    rows = -(-(len(values) + 1) // 3)
    figure = Figure(figsize=(9.6, 2.7 * rows), layout="constrained")
    grid = figure.subplots(rows, 3, sharey=True, squeeze=False).ravel()
    best = np.nanargmax(auroc)
    number = np.arange(1, len(auroc) + 1)
    grid[0].step(number, np.fmax.accumulate(auroc), where="post", color=BLUE, linewidth=1.4)
    grid[0].set(title="best so far", xlabel="trial")
    grid[0].xaxis.set_major_locator(MaxNLocator(integer=True))
    for axes, (parameter, each) in zip(grid[1:], values.items(), strict=False):
        axes.set(title=parameter)
        place_values(axes, each)
    for axes, places in zip(grid, [number, *map(value_places, values.values())], strict=False):
        axes.scatter(places, auroc, s=16, color=GREY, linewidth=0)
        axes.scatter(places[best], auroc[best], s=30, color=ORANGE, zorder=3)
    for axes in grid[::3]:
        axes.set_ylabel("validation AUROC")
    for axes in grid[len(values) + 1 :]:
        axes.remove()
    save(figure, path)


def value_places(values: list) -> np.ndarray:
    """Where values lie on an axis: numbers at themselves, others at their rank."""
    if all(map(is_number, values)):
        return np.array(values, float)
    return pd.factorize(pd.Series(map(json.dumps, values)), sort=True)[0].astype(float)


def place_values(axes: Axes, values: list) -> None:
    """Make the x axis one for these values."""
    if not all(map(is_number, values)):
        names = sorted(set(map(json.dumps, values)))
        axes.set_xticks(range(len(names)), names, rotation=15, ha="right")
        axes.set_xlim(-0.5, len(names) - 0.5)
    elif min(values) > 0 and max(values) > 4 * min(values):
        middle, low, high = np.median(values), min(values), max(values)
        if abs(middle - np.sqrt(low * high)) < abs(middle - (low + high) / 2):
            axes.set_xscale("log")
