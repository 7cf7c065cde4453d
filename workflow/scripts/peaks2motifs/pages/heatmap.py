"""The heat map of experiments and motifs, both clustered."""

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from scipy.cluster.hierarchy import dendrogram, linkage

from peaks2motifs.pages.kernel_figures import group_colours
from peaks2motifs.pages.plots import BLUE, ORANGE, STYLE, save

COLOURS = LinearSegmentedColormap.from_list("auroc", [ORANGE, "#ffffff", BLUE])
CELL = 0.17  # inches, where the map is small enough
LONGEST = 14.0  # inches, of the map
MOST_NAMES = 160  # along a side; more could not be read


def cluster(values: np.ndarray) -> np.ndarray:
    """Join rows (n, k) by average linkage of their Euclidean distances: scipy's (n - 1, 4).

    Missing values count as 0.5, an AUROC that tells nothing. Fewer than two rows give none.
    """
    if len(values) < 2 or not values.shape[1]:
        return np.empty((0, 4))
    return linkage(np.nan_to_num(values, nan=0.5), "average", optimal_ordering=True)


def leaf_order(joined: np.ndarray, rows: int) -> np.ndarray:
    """The rows in the order of their tree, or as they are where there is none."""
    return np.array(dendrogram(joined, no_plot=True)["leaves"] if len(joined) else range(rows), int)


@matplotlib.rc_context(STYLE)
def draw_heatmap(areas: pd.DataFrame, found: np.ndarray, paths: list[str]) -> list[np.ndarray]:
    """Draw AUROCs, experiments (index) by motifs (columns), into each path; return both orders.

    Dots are where `found` (experiments, motifs) says that the experiment's own motif is of that
    group. White is 0.5.
    """
    if not areas.size:
        return draw_nothing(areas, paths)
    joined = [cluster(areas.to_numpy()), cluster(areas.to_numpy().T)]
    orders = [leaf_order(tree, size) for tree, size in zip(joined, areas.shape, strict=True)]
    height, width = (min(max(size, 4) * CELL, LONGEST) for size in areas.shape)
    right, below = (0.3 + 0.075 * max(map(len, shown_names(side))) for side in areas.axes)
    total = [0.6 + width + max(right, 1.9), below + height + 0.9] * 2
    figure = Figure(figsize=total[:2])

    def place(left: float, bottom: float, wide: float, high: float) -> Axes:
        box = [
            value / whole for value, whole in zip((left, bottom, wide, high), total, strict=True)
        ]
        return figure.add_axes(box)

    axes = place(0.6, below, width, height)
    draw_cells(axes, areas.iloc[orders[0], orders[1]], found[np.ix_(*orders)])
    draw_branches(place(0.05, below, 0.5, height), joined[0], "left")
    draw_branches(place(0.6, below + height + 0.05, width, 0.5), joined[1], "top")
    scale = place(0.6 + width + 0.25, below + height + 0.35, 1.4, 0.12)
    figure.colorbar(axes.images[0], scale, orientation="horizontal", ticks=[0, 0.5, 1])
    scale.set_title("test AUROC", fontsize=8, loc="center")
    for path in paths:
        save(figure, path)
    return orders


def draw_nothing(areas: pd.DataFrame, paths: list[str]) -> list[np.ndarray]:
    """Say that there is nothing to draw."""
    figure = Figure(figsize=(3, 0.6))
    figure.text(0.05, 0.4, "No motif was found.")
    for path in paths:
        save(figure, path)
    return [np.arange(size) for size in areas.shape]


def draw_cells(axes: Axes, areas: pd.DataFrame, found: np.ndarray) -> None:
    """The map itself, names at its right and lower side where they can be read."""
    axes.spines[:].set_visible(False)
    axes.imshow(areas.to_numpy(float), COLOURS, vmin=0, vmax=1, aspect="auto", interpolation="none")
    y, x = np.nonzero(found)
    axes.scatter(x, y, s=min(9, 2000 / max(areas.shape) ** 1.3), color="#1b2430", linewidth=0)
    axes.yaxis.tick_right()
    sides = (axes.xaxis, areas.columns, 90), (axes.yaxis, areas.index, 0)
    for axis, names, rotation in sides:
        shown = shown_names(names)
        size = min(8, 72 * LONGEST / len(shown) * 0.8)
        axis.set_ticks(range(len(shown)), shown)
        axis.set_tick_params(length=0, labelsize=size, labelrotation=rotation)


def shown_names(names: pd.Index) -> list[str]:
    """The names along a side, where there are not too many to be read."""
    return list(names) if len(names) <= MOST_NAMES else [""]


def draw_branches(axes: Axes, joined: np.ndarray, side: str) -> None:
    """A tree without names, its leaves beside the map's rows ("left") or columns ("top")."""
    axes.axis("off")
    if not len(joined):
        return
    drawn = dendrogram(joined, no_plot=True)
    leaf, height = np.array(drawn["icoord"]).T / 10 - 0.5, np.array(drawn["dcoord"]).T
    line, limits = {"color": "#5b6673", "linewidth": 0.7}, (-0.5, len(joined) + 0.5)
    if side == "top":
        axes.plot(leaf, height, **line)
        axes.set(xlim=limits, ylim=(0, None))
    else:
        axes.plot(height, leaf, **line)
        axes.set(ylim=limits[::-1], xlim=(height.max() * 1.02, 0))


MAX_WINDOWS, MAX_KERNELS = 1000, 300


LIMIT = 3  # standard deviations at which colours end


LABELLED = 60  # kernels, whose names still can be read


def standardise(best: np.ndarray) -> np.ndarray:
    """Scale activations (n, K) to mean 0 and standard deviation 1 of each kernel, 0 if constant."""
    spread = best.std(axis=0)
    centred = best - best.mean(axis=0)
    return np.divide(centred, spread, out=np.zeros(best.shape), where=spread > 0)


def tree(points: np.ndarray) -> dict:
    """Cluster points (n, d) by Ward's method on Euclidean distances, as scipy's `dendrogram`."""
    if len(points) < 2:
        return {"leaves": list(range(len(points))), "icoord": [], "dcoord": []}
    return dendrogram(linkage(points, method="ward"), no_plot=True)


@matplotlib.rc_context(STYLE)
def plot_clustering(
    best: np.ndarray, group: np.ndarray, names: list[str], kernels: list[str], paths: list[str]
) -> None:
    """Draw the strongest activations (n, K) in windows (rows) of kernels (columns), both clustered.

    group (n,) numbers the names, whose colours stand beside the rows.
    """
    figure = Figure(figsize=(8.5, 7))
    values = standardise(best)
    rows, columns = tree(values), tree(values.T)
    ordered = values[np.ix_(rows["leaves"], columns["leaves"])]
    heat = figure.add_axes((0.19, 0.1, 0.74, 0.68))
    image = heat.imshow(
        ordered, aspect="auto", cmap="RdBu_r", vmin=-LIMIT, vmax=LIMIT, interpolation="none"
    )
    heat.set(xticks=[], yticks=[])
    heat.set_xlabel(f"{best.shape[1]} kernels", labelpad=4 if len(kernels) > LABELLED else 24)
    if 0 < len(kernels) <= LABELLED:
        names_shown = [kernels[k] for k in columns["leaves"]]
        heat.set_xticks(range(len(kernels)), names_shown, rotation=90, fontsize=5)
    colours = [matplotlib.colors.to_rgb(colour) for colour in group_colours(names)]
    beside = figure.add_axes((0.165, 0.1, 0.02, 0.68))
    beside.imshow(
        np.array(colours)[group[rows["leaves"]]][:, None], aspect="auto", interpolation="none"
    )
    beside.set(xticks=[], yticks=[])
    draw_tree(figure, (0.02, 0.1, 0.14, 0.68), rows, True)
    draw_tree(figure, (0.19, 0.785, 0.74, 0.13), columns, False)
    bar = figure.colorbar(image, cax=figure.add_axes((0.945, 0.1, 0.015, 0.2)))
    bar.set_label("standard deviations", fontsize=7)
    patches = [Patch(color=c, label=name) for c, name in zip(colours, names, strict=True)]
    figure.legend(handles=patches, loc="upper left", ncols=min(len(names), 7))
    figure.text(0.19, 0.93, f"strongest activations in {len(best)} test windows", va="bottom")
    for path in paths:
        save(figure, path)


def draw_tree(figure: Figure, place: tuple, found: dict, upright: bool) -> None:
    """Draw a tree of n leaves, its root to the left where it stands upright, else at the top."""
    axes = figure.add_axes(place)
    axes.axis("off")
    along, height = (np.array(found[key]).reshape(-1, 4) for key in ("icoord", "dcoord"))
    points = np.stack([height, along] if upright else [along, height], axis=-1)
    axes.add_collection(LineCollection(points, colors="#555555", linewidths=0.4))
    ends, top = (0, 10 * len(found["leaves"]) or 1), height.max(initial=1)
    axes.set(xlim=(top, 0), ylim=ends[::-1]) if upright else axes.set(xlim=ends, ylim=(0, top))
