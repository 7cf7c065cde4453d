"""Windows and kernels in the order of their likeness: a heat map of standardised activations."""

import matplotlib
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from scipy.cluster.hierarchy import dendrogram, linkage

from peaks2motifs.kernel_figures import group_colours
from peaks2motifs.plots import STYLE, save

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
