"""Clustered heat maps: experiments by motifs, and windows by kernels."""

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Patch
from scipy.cluster.hierarchy import dendrogram, linkage

from peaks2motifs.pages.kernel_figures import group_colours
from peaks2motifs.pages.plots import BLUE, ORANGE, STYLE, save_figure

COLOURS = LinearSegmentedColormap.from_list("auroc", [ORANGE, "#ffffff", BLUE])
CELL_SIZE = 0.17  # inches, unless the map would be too large
MAX_MAP_SIZE = 14.0  # inches, of the whole map
MAX_NAMES = 160  # along a side; more could not be read

MAX_WINDOWS, MAX_KERNELS = 1000, 300
MAX_DEVIATIONS = 3  # standard deviations; the colour scale ends there
MAX_NAMED_KERNELS = 60  # the names of more could not be read
MAP_BOX = (0.19, 0.1, 0.74, 0.68)  # left, bottom, width and height in the figure


def cluster(values: np.ndarray) -> np.ndarray:
    """Cluster rows (n, k) by average linkage of Euclidean distances; returns linkage (n - 1, 4).

    Missing values count as 0.5, an uninformative AUROC. Fewer than two rows give no linkage.
    """
    if len(values) < 2 or not values.shape[1]:
        return np.empty((0, 4))
    return linkage(np.nan_to_num(values, nan=0.5), "average", optimal_ordering=True)


def leaf_order(tree: np.ndarray, rows: int) -> np.ndarray:
    """Return the rows in the order of their dendrogram, or unchanged without a linkage."""
    return np.array(dendrogram(tree, no_plot=True)["leaves"] if len(tree) else range(rows), int)


@matplotlib.rc_context(STYLE)
def draw_heatmap(aurocs: pd.DataFrame, has_motif: np.ndarray, paths: list[str]) -> list[np.ndarray]:
    """Draw AUROCs, experiments (index) by motifs (columns), into each path; return both orders.

    Dots mark the experiments in which a motif was found, `has_motif` (experiments, motifs). White
    is an AUROC of 0.5.
    """
    if not aurocs.size:
        return draw_empty(aurocs, paths)
    trees = [cluster(aurocs.to_numpy()), cluster(aurocs.to_numpy().T)]
    orders = [leaf_order(tree, size) for tree, size in zip(trees, aurocs.shape, strict=True)]
    height, width = (min(max(size, 4) * CELL_SIZE, MAX_MAP_SIZE) for size in aurocs.shape)
    right, bottom = (0.3 + 0.075 * max(map(len, shown_names(side))) for side in aurocs.axes)
    figure = Figure(figsize=(0.6 + width + max(right, 1.9), bottom + height + 0.9))
    axes = add_axes(figure, 0.6, bottom, width, height)
    draw_cells(axes, aurocs.iloc[orders[0], orders[1]], has_motif[np.ix_(*orders)])
    draw_branches(add_axes(figure, 0.05, bottom, 0.5, height), trees[0], "left")
    draw_branches(add_axes(figure, 0.6, bottom + height + 0.05, width, 0.5), trees[1], "top")
    scale = add_axes(figure, 0.6 + width + 0.25, bottom + height + 0.35, 1.4, 0.12)
    figure.colorbar(axes.images[0], scale, orientation="horizontal", ticks=[0, 0.5, 1])
    scale.set_title("test AUROC", fontsize=8, loc="center")
    for path in paths:
        save_figure(figure, path)
    return orders


def draw_empty(aurocs: pd.DataFrame, paths: list[str]) -> list[np.ndarray]:
    """Draw a figure that says that there are no motifs; return both orders."""
    figure = Figure(figsize=(3, 0.6))
    figure.text(0.05, 0.4, "No motif was found.")
    for path in paths:
        save_figure(figure, path)
    return [np.arange(size) for size in aurocs.shape]


def add_axes(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Add axes to a figure, in inches."""
    full_width, full_height = figure.get_size_inches()
    return figure.add_axes(
        (left / full_width, bottom / full_height, width / full_width, height / full_height)
    )


def draw_cells(axes: Axes, aurocs: pd.DataFrame, has_motif: np.ndarray) -> None:
    """Draw the cells, with names along the right and lower side if they can be read."""
    axes.spines[:].set_visible(False)
    axes.imshow(
        aurocs.to_numpy(float), COLOURS, vmin=0, vmax=1, aspect="auto", interpolation="none"
    )
    y, x = np.nonzero(has_motif)
    axes.scatter(x, y, s=min(9, 2000 / max(aurocs.shape) ** 1.3), color="#1b2430", linewidth=0)
    axes.yaxis.tick_right()
    sides = (axes.xaxis, aurocs.columns, 90), (axes.yaxis, aurocs.index, 0)
    for axis, names, rotation in sides:
        shown = shown_names(names)
        size = min(8, 72 * MAX_MAP_SIZE / len(shown) * 0.8)
        axis.set_ticks(range(len(shown)), shown)
        axis.set_tick_params(length=0, labelsize=size, labelrotation=rotation)


def shown_names(names: pd.Index) -> list[str]:
    """Return the names along a side, or one empty name if there are too many to read."""
    return list(names) if len(names) <= MAX_NAMES else [""]


def draw_branches(axes: Axes, tree: np.ndarray, side: str) -> None:
    """Draw a dendrogram to the left of the rows ("left") or above the columns ("top")."""
    axes.axis("off")
    if not len(tree):
        return
    branches = dendrogram(tree, no_plot=True)
    leaf, height = np.array(branches["icoord"]).T / 10 - 0.5, np.array(branches["dcoord"]).T
    line, limits = {"color": "#5b6673", "linewidth": 0.7}, (-0.5, len(tree) + 0.5)
    if side == "top":
        axes.plot(leaf, height, **line)
        axes.set(xlim=limits, ylim=(0, None))
    else:
        axes.plot(height, leaf, **line)
        axes.set(ylim=limits[::-1], xlim=(height.max() * 1.02, 0))


def standardise(best: np.ndarray) -> np.ndarray:
    """Scale activations (n, K) to mean 0 and standard deviation 1 of each kernel, 0 if constant."""
    deviation = best.std(axis=0)
    centred = best - best.mean(axis=0)
    return np.divide(centred, deviation, out=np.zeros(best.shape), where=deviation > 0)


def cluster_ward(points: np.ndarray) -> dict:
    """Cluster points (n, d) by Ward's method on Euclidean distances; returns scipy's dendrogram."""
    if len(points) < 2:
        return {"leaves": list(range(len(points))), "icoord": [], "dcoord": []}
    return dendrogram(linkage(points, method="ward"), no_plot=True)


@matplotlib.rc_context(STYLE)
def plot_clustering(
    best: np.ndarray,
    group: np.ndarray,
    group_names: list[str],
    kernels: list[str],
    paths: list[str],
) -> None:
    """Draw the highest activations (n, K) in windows (rows) of kernels (columns), both clustered.

    group (n,) numbers the groups of windows; a colour bar beside the rows shows them.
    """
    values = standardise(best)
    rows, columns = cluster_ward(values), cluster_ward(values.T)
    figure = Figure(figsize=(8.5, 7))
    image = draw_activations(figure, values[np.ix_(rows["leaves"], columns["leaves"])])
    name_kernels(image.axes, [kernels[k] for k in columns["leaves"]], best.shape[1])
    colours = [matplotlib.colors.to_rgb(colour) for colour in group_colours(group_names)]
    draw_groups(figure, np.array(colours)[group[rows["leaves"]]])
    draw_dendrogram(figure, (0.02, 0.1, 0.14, 0.68), rows, "left")
    draw_dendrogram(figure, (0.19, 0.785, 0.74, 0.13), columns, "top")
    bar = figure.colorbar(image, cax=figure.add_axes((0.945, 0.1, 0.015, 0.2)))
    bar.set_label("standard deviations", fontsize=7)
    patches = [Patch(color=c, label=name) for c, name in zip(colours, group_names, strict=True)]
    figure.legend(handles=patches, loc="upper left", ncols=min(len(group_names), 7))
    figure.text(0.19, 0.93, f"strongest activations in {len(best)} test windows", va="bottom")
    for path in paths:
        save_figure(figure, path)


def draw_activations(figure: Figure, values: np.ndarray) -> AxesImage:
    """Draw standardised activations (n, K), ordered, as an image without ticks."""
    axes = figure.add_axes(MAP_BOX)
    image = axes.imshow(
        values,
        aspect="auto",
        cmap="RdBu_r",
        vmin=-MAX_DEVIATIONS,
        vmax=MAX_DEVIATIONS,
        interpolation="none",
    )
    axes.set(xticks=[], yticks=[])
    return image


def name_kernels(axes: Axes, kernels: list[str], number: int) -> None:
    """Label the columns with their number and, if they can be read, the names of kernels."""
    axes.set_xlabel(f"{number} kernels", labelpad=4 if len(kernels) > MAX_NAMED_KERNELS else 24)
    if 0 < len(kernels) <= MAX_NAMED_KERNELS:
        axes.set_xticks(range(len(kernels)), kernels, rotation=90, fontsize=5)


def draw_groups(figure: Figure, colours: np.ndarray) -> None:
    """Draw a bar to the left of the map with the colour (n, 3) of each row's group."""
    axes = figure.add_axes((0.165, 0.1, 0.02, 0.68))
    axes.imshow(colours[:, None], aspect="auto", interpolation="none")
    axes.set(xticks=[], yticks=[])


def draw_dendrogram(figure: Figure, box: tuple, branches: dict, side: str) -> None:
    """Draw a dendrogram into a box, with its root to the left or at the top (`side`)."""
    axes = figure.add_axes(box)
    axes.axis("off")
    leaf, height = (np.array(branches[key]).reshape(-1, 4) for key in ("icoord", "dcoord"))
    is_left = side == "left"
    points = np.stack([height, leaf] if is_left else [leaf, height], axis=-1)
    axes.add_collection(LineCollection(points, colors="#555555", linewidths=0.4))
    limits, top = (0, 10 * len(branches["leaves"]) or 1), height.max(initial=1)
    axes.set(xlim=(top, 0), ylim=limits[::-1]) if is_left else axes.set(xlim=limits, ylim=(0, top))
