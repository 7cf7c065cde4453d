"""Publication figures of one model, and publication logos.

The same numbers give the same bytes. SVG files contain text as text. The palette is safe for colour
blindness (Okabe and Ito 2008, https://jfly.uni-koeln.de/color/). Matplotlib is used without pyplot,
so there is no global state and no window system.
"""

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from peaks2motifs.model.metrics import CURVE_GRID
from peaks2motifs.motifs.motif import MAX_BITS, letter_heights
from peaks2motifs.pages.logos import COLOURS, MIN_LETTER
from peaks2motifs.pages.score_summary import PARTS

BLUE, ORANGE, GREY, DARK = "#0072b2", "#e69f00", "#9a9a9a", "#444444"
SPLIT_STYLE = {
    "train": {"color": GREY, "linewidth": 1.1},
    "valid": {"color": ORANGE, "linewidth": 1.1},
    "test": {"color": BLUE, "linewidth": 1.8},
}
CLASS_STYLE = {1: ("peaks", BLUE), 0: ("background", ORANGE)}
PART_COLOURS = [ORANGE] * 3 + [BLUE] * 4 + [DARK] * 3  # words, motifs, and the model
SCORE_BINS = 40
SPACING_BP = 150
STYLE = {
    "svg.hashsalt": "peaks2motifs",
    "svg.fonttype": "none",
    # This font comes with Matplotlib, so the layout does not depend on installed fonts.
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#555555",
    "axes.labelcolor": "#222222",
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "axes.linewidth": 0.8,
    "xtick.color": "#555555",
    "ytick.color": "#555555",
    "legend.frameon": False,
    "legend.fontsize": 8,
    "figure.dpi": 100,
}


def new_axes(title: str, xlabel: str, ylabel: str) -> Axes:
    """Create a 4.2 x 3.4 inch figure with a single pair of axes."""
    axes = Figure(figsize=(4.2, 3.4), layout="constrained").add_subplot()
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    return axes


def set_unit_limits(axes: Axes) -> None:
    """Set the limits of both axes to 0 and 1."""
    axes.set(xlim=(-0.015, 1.015), ylim=(-0.015, 1.025))


def save_figure(figure: Figure, path: str) -> None:
    """Write a figure as SVG or PNG, by the suffix of the path, without date or program version."""
    is_svg = str(path).endswith(".svg")
    metadata = {"Date": None, "Creator": None} if is_svg else {"Software": None}
    figure.savefig(path, metadata=metadata, dpi=300)


def format_interval(metrics: dict, key: str) -> str:
    """Format a metric with its 95 % interval, such as "0.931 (0.915–0.946)"."""
    low, high = metrics["interval"][key]
    return f"{metrics[key]:.3f} ({low:.3f}–{high:.3f})"


def plot_curves(axes: Axes, metrics: dict, curves: dict, curve: str, key: str) -> None:
    """Draw one curve for each split over CURVE_GRID, with the 95 % band of the test split."""
    for split, style in SPLIT_STYLE.items():
        line, low, high = curves[split][curve]
        label = f"{split} {format_interval(metrics[split], key)}"
        axes.plot(CURVE_GRID, line, label=label, **style)
    axes.fill_between(CURVE_GRID, low, high, color=style["color"], alpha=0.2, linewidth=0)
    set_unit_limits(axes)


@matplotlib.rc_context(STYLE)
def plot_roc(metrics: dict, curves: dict, path: str) -> None:
    """Draw the ROC curves of the three splits; `metrics` and `curves` are by split."""
    axes = new_axes("ROC", "false positive rate", "true positive rate")
    axes.plot([0, 1], [0, 1], color="#cccccc", linewidth=0.8, linestyle="--")
    plot_curves(axes, metrics, curves, "roc", "auroc")
    axes.legend(title="AUROC (95 % interval)", loc="lower right", title_fontsize=8)
    save_figure(axes.figure, path)


@matplotlib.rc_context(STYLE)
def plot_pr(metrics: dict, curves: dict, path: str) -> None:
    """Draw the precision-recall curves of the three splits, and the fraction of test peaks."""
    axes = new_axes("Precision and recall", "recall", "precision")
    chance = metrics["test"]["peaks"] / metrics["test"]["n"]
    axes.axhline(chance, color="#cccccc", linewidth=0.8, linestyle="--")
    plot_curves(axes, metrics, curves, "pr", "auprc")
    axes.legend(title="AUPRC (95 % interval)", loc="lower left", title_fontsize=8)
    save_figure(axes.figure, path)


@matplotlib.rc_context(STYLE)
def plot_calibration(metrics: dict, path: str) -> None:
    """Draw the fraction of peaks against the mean score in bins, with Wilson intervals."""
    title = f"Calibration, test: expected error {metrics['calibration_error']:.3f}"
    axes = new_axes(title, "mean score in bin", "fraction of peaks in bin")
    bins = pd.DataFrame(metrics["calibration"])
    low, high = np.array(bins["interval"].tolist()).T
    axes.plot([0, 1], [0, 1], color="#cccccc", linewidth=0.8, linestyle="--")
    axes.vlines(bins["score"], low, high, color=BLUE, linewidth=1)
    size = 12 + 110 * bins["n"] / bins["n"].sum()
    axes.scatter(bins["score"], bins["peaks"], s=size, color=BLUE, zorder=3)
    set_unit_limits(axes)
    save_figure(axes.figure, path)


@matplotlib.rc_context(STYLE)
def plot_scores(scores: np.ndarray, labels: np.ndarray, threshold: float, path: str) -> None:
    """Draw a histogram of the scores (n,) of each class, with the threshold."""
    axes = new_axes("Scores, test", "score (probability of a peak)", "windows")
    edges = np.linspace(0, 1, SCORE_BINS + 1)
    for label, (name, colour) in CLASS_STYLE.items():
        counts, _ = np.histogram(scores[labels == label], edges)
        axes.stairs(counts, edges, fill=True, color=colour, alpha=0.3)
        axes.stairs(counts, edges, color=colour, linewidth=1.2, label=f"{name} ({counts.sum():,})")
    axes.axvline(threshold, color="#444444", linewidth=0.9, linestyle=":")
    axes.plot([], [], color="#444444", linestyle=":", label=f"threshold {threshold:.3f}")
    axes.set_xlim(-0.01, 1.01)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(loc="upper center", frameon=True, edgecolor="none", framealpha=0.85)
    save_figure(axes.figure, path)


@matplotlib.rc_context(STYLE)
def plot_confusion(metrics: dict, path: str) -> None:
    """Draw the confusion table: counts, and fractions of the true class as shade and text."""
    axes = new_axes(
        f"Confusion, test, threshold {metrics['threshold']:.3f}", "called as", "in truth"
    )
    counts = np.array(
        [[metrics["confusion"][key] for key in row] for row in (("tp", "fn"), ("fp", "tn"))]
    )
    fractions = counts / counts.sum(axis=1, keepdims=True)
    axes.imshow(fractions, cmap="Blues", vmin=0, vmax=1.25, aspect="auto")
    for (row, column), count in np.ndenumerate(counts):
        text = f"{count:,}\n{fractions[row, column]:.1%}"
        colour = "white" if fractions[row, column] > 0.7 else "#222222"
        axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=11)
    names = ["peak", "background"]
    axes.set_xticks([0, 1], names)
    axes.set_yticks([0, 1], names, rotation=90, va="center")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    save_figure(axes.figure, path)


@matplotlib.rc_context(STYLE)
def plot_history(history: pd.DataFrame, path: str) -> None:
    """Draw training and validation loss by epoch, and mark the restored epoch."""
    axes = new_axes("Training", "epoch", "loss (cross-entropy)")
    axes.plot(history["epoch"], history["loss"], label="train", **SPLIT_STYLE["train"])
    axes.plot(history["epoch"], history["val_loss"], label="valid", **SPLIT_STYLE["valid"])
    best = history.loc[history["val_loss"].idxmin()]
    label = f"kept: epoch {best['epoch']:.0f}, {best['val_loss']:.3f}"
    axes.plot(best["epoch"], best["val_loss"], "o", color=BLUE, label=label)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend()
    save_figure(axes.figure, path)


@matplotlib.rc_context(STYLE)
def plot_spacing(spacing: pd.DataFrame, path: str) -> None:
    """Draw the number of windows at each distance between sites of two families.

    Sites on the same strand are drawn upwards, on opposite strands downwards. The table is that of
    `spacing.spacing_table`; its pair with the lowest p-value is drawn, up to `SPACING_BP`. With
    fewer than two families the table is empty, and so is the figure.
    """
    axes = new_axes("Spacing", "bp downstream of the first site", "windows")
    axes.axhline(0, color="#555555", linewidth=0.8)
    if len(spacing):
        best = spacing.loc[spacing["p_value"].idxmin()]
        is_pair = (spacing["first"] == best["first"]) & (spacing["second"] == best["second"])
        axes.set_title(f"{best['first']} and {best['second']}, {best['windows']:,} windows")
        draw_distances(axes, spacing[is_pair & (spacing["distance"].abs() <= SPACING_BP)])
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
    save_figure(axes.figure, path)


def draw_distances(axes: Axes, pair: pd.DataFrame) -> None:
    """Draw observed and expected windows of one pair of families by distance, with a legend."""
    for (orientation, _), side in pair.groupby(["orientation", pair["distance"] > 0]):
        sign, colour = {"same": (1, BLUE), "opposite": (-1, ORANGE)}[orientation]
        axes.plot(side["distance"], sign * side["expected"], color=GREY, linewidth=0.8)
        observed = side[side["observed"] > 0]
        axes.vlines(observed["distance"], 0, sign * observed["observed"], color=colour)
    for label, colour in (("same strand", BLUE), ("opposite", ORANGE), ("expected", GREY)):
        axes.plot([], [], color=colour, label=label)
    axes.legend(loc="upper right")


@matplotlib.rc_context(STYLE)
def plot_score(parts: pd.DataFrame, path: str) -> None:
    """Draw the AUROC of each part of a score.tsv, with its 95 % interval (1.96 standard errors)."""
    axes = new_axes("What the score rests on", "test AUROC", "")
    axes.axvline(0.5, color="#cccccc", linewidth=0.8, linestyle="--")
    colours = dict(zip(PARTS, PART_COLOURS, strict=True))
    for row, (part, auroc, error) in enumerate(parts.itertuples(index=False)):
        axes.errorbar(auroc, row, xerr=1.96 * error, fmt="o", markersize=5, color=colours[part])
        axes.text(1.02, row, f"{auroc:.2f}", va="center", transform=axes.get_yaxis_transform())
    axes.set_yticks(range(len(parts)), [PARTS[part][0] for part in parts["part"]])
    lowest = (parts["auroc"] - 1.96 * parts["auroc_se"]).min()
    axes.set(xlim=(min(0.45, lowest - 0.02), 1), ylim=(len(parts) - 0.5, -0.5))
    save_figure(axes.figure, path)


@matplotlib.rc_context(STYLE)
def draw_logo(ppm: np.ndarray, paths: list[str]) -> None:
    """Draw a motif's logo, in bits over a uniform background, into each path (.svg, .png).

    ppm (width, 4) holds probabilities in the order A, C, G, T. For speed, margins are fixed and
    letters too small to see are left out.
    """
    # Imported late because logomaker imports pyplot, which no other figure needs.
    import logomaker

    bits = pd.DataFrame(letter_heights(ppm), columns=list(COLOURS))
    width, height = 0.6 + 0.27 * len(ppm), 1.8  # inches
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0.5 / width, 0.42 / height, 1 - 0.6 / width, 1 - 0.52 / height))
    logomaker.Logo(
        bits.where(bits >= MIN_LETTER, 0),
        ax=axes,
        color_scheme=COLOURS,
        font_name="DejaVu Sans",
        font_weight="bold",
    )
    axes.set(ylim=(0, MAX_BITS), yticks=[0, 1, 2], ylabel="bits", xlabel="position")
    axes.set_xticks(range(len(ppm)), [str(i + 1) for i in range(len(ppm))], fontsize=7)
    axes.tick_params(axis="x", length=0)
    for path in paths:
        save_figure(figure, path)
