"""Attributions of one window, and optimised inputs of network units, as heat maps and logos."""

from functools import cache

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from peaks2motifs.core.sequences import ALPHABET, one_hot
from peaks2motifs.motifs.motif import MAX_BITS, letter_heights
from peaks2motifs.pages.logos import COLOURS
from peaks2motifs.pages.plots import STYLE, save_figure

MAX_POSITIONS = 200  # drawn; more letters in a row could not be read
MIN_HEIGHT = 0.01  # relative to the tallest letter; smaller ones are invisible and not drawn
LETTER_WIDTH = 0.92  # relative to a position
HEAT, LETTERS = 0.75, 1.1  # heights in inches
PANELS = [  # method, form, and what it shows
    ("saliency", "heat", "saliency: gradient of the logit"),
    ("gradient_x_input", "letters", "gradient × input"),
    ("integrated_gradients", "letters", "integrated gradients"),
    ("mutagenesis", "heat", "mutagenesis: change of the logit by each edit"),
    ("mutagenesis", "letters", "mutagenesis: mean loss of the logit when the base goes"),
]
NOTE = "All explain the logit, before the sigmoid."
MIXED_NOTE = (
    "The logit mixes networks with gapped k-mers, which have no gradient: saliency, gradient × "
    "input and integrated gradients explain the networks' part, mutagenesis the whole."
)
WARNING = (
    "What excites a unit most is no motif: such inputs look like no window, differ from start to "
    "start, and are not for biological interpretation. Motifs are those of motifs.meme."
)


def letter_scores(method: str, values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Compute letter heights (length, 4) of a window, codes (length,), 0 except at its bases.

    For gradient x input the height is the value at the base. For integrated gradients it is the sum
    over the position, because the baseline is spread over all bases. For mutagenesis it is the mean
    loss over the three substitutions.
    """
    x = one_hot(codes[None])[0]
    if method == "integrated_gradients":
        return x * values.sum(axis=1, keepdims=True)
    if method == "mutagenesis":
        return x * -values.sum(axis=1, keepdims=True) / 3
    return x * values


def strongest_region(values: np.ndarray, size: int = MAX_POSITIONS) -> slice:
    """Find the region of up to `size` positions with the largest sum of |values| (length, 4)."""
    if len(values) <= size:
        return slice(0, len(values))
    total = np.r_[0, np.cumsum(np.abs(values).sum(axis=1))]
    first = int((total[size:] - total[:-size]).argmax())
    return slice(first, first + size)


@matplotlib.rc_context(STYLE)
def plot_attributions(
    title: str, codes: np.ndarray, attributions: dict[str, np.ndarray], mixed: bool, path: str
) -> None:
    """Draw the attributions (length, 4) of one window (length,) by each method given.

    `mixed` says whether the logit includes gapped k-mers.
    """
    region = strongest_region(next(reversed(attributions.values())))
    panels = [panel for panel in PANELS if panel[0] in attributions]
    heights = [HEAT if form == "heat" else LETTERS for _, form, _ in panels]
    figure, strips = new_strips(heights, region)
    for axes, (method, form, heading) in zip(strips, panels, strict=True):
        values = attributions[method][region]
        if form == "heat":
            draw_heat(axes, values, region.start)
        else:
            draw_letters(axes, letter_scores(method, values, codes[region]), region.start)
        axes.set_title(heading, fontsize=8, pad=3)
    if len(codes) > MAX_POSITIONS:
        title += f"; positions {region.start + 1} to {region.stop} of {len(codes)}"
    annotate(figure, title, MIXED_NOTE if mixed else NOTE)
    save_figure(figure, path)


@matplotlib.rc_context(STYLE)
def plot_inputs(names: list[str], ppms: np.ndarray, path: str) -> None:
    """Draw optimised inputs (units, length, 4) as logos in bits, one below another."""
    logos = [letter_heights(ppm) for ppm in ppms]
    regions = [strongest_region(logo) for logo in logos]
    figure, strips = new_strips([LETTERS] * len(names), regions[0])
    for axes, name, logo, region in zip(strips, names, logos, regions, strict=True):
        draw_letters(axes, logo[region], region.start)
        axes.set(ylim=(0, MAX_BITS), ylabel="bits")
        axes.set_title(name, fontsize=8, pad=3)
    annotate(figure, "Inputs that excite units of the network", WARNING)
    save_figure(figure, path)


def new_strips(heights: list[float], region: slice) -> tuple[Figure, list[Axes]]:
    """Create a figure with axes of these heights, in inches, one below another, for a region."""
    width = max(1.3 + 0.075 * (region.stop - region.start), 7)
    full_height = 0.95 + sum(heights) + 0.38 * len(heights)
    figure, strips, y = Figure(figsize=(width, full_height)), [], full_height - 0.3
    for height in heights:
        y -= height + 0.38
        box = (0.75 / width, (y + 0.1) / full_height, 1 - 1.05 / width, height / full_height)
        strips.append(figure.add_axes(box))
    return figure, strips


def annotate(figure: Figure, title: str, note: str) -> None:
    """Write a title at the top and a note at the bottom."""
    inch = 1 / figure.get_figheight()
    left = 0.75 / figure.get_figwidth()
    figure.text(left, 1 - 0.24 * inch, title, fontsize=10, fontweight="bold")
    figure.text(left, 0.1 * inch, note, fontsize=8, color="#555555")


def draw_heat(axes: Axes, values: np.ndarray, first: int) -> None:
    """Draw values (length, 4) as colours: red above 0, white at 0, blue below."""
    limit = np.abs(values).max() or 1
    extent = (first + 0.5, first + len(values) + 0.5, len(ALPHABET) - 0.5, -0.5)
    image = axes.imshow(
        values.T,
        aspect="auto",
        cmap="RdBu_r",
        vmin=-limit,
        vmax=limit,
        interpolation="none",
        extent=extent,
    )
    axes.set_yticks(range(len(ALPHABET)), list(ALPHABET), fontsize=7)
    axes.tick_params(length=0, labelsize=7)
    bar = axes.figure.colorbar(image, cax=axes.inset_axes((1.005, 0, 0.004, 1)))
    bar.ax.tick_params(labelsize=5, length=1)


def draw_letters(axes: Axes, heights: np.ndarray, first: int) -> None:
    """Draw a logo of heights (length, 4) whose first position is `first`, from 0, in the window.

    Negative letters are upside down below 0. If a column has several positive letters, the largest
    is on top.
    """
    order = np.argsort(heights, axis=1, kind="stable")
    stacked = np.take_along_axis(heights, order, axis=1)
    bottoms = np.empty(heights.shape)
    np.put_along_axis(bottoms, order, np.cumsum(stacked, axis=1) - stacked, axis=1)
    for number, (letter, colour) in enumerate(COLOURS.items()):
        outline = letter_outline(letter)
        scores = heights[:, number]
        shown = np.flatnonzero(np.abs(scores) > MIN_HEIGHT * np.abs(heights).max())
        origins = np.stack([first + shown + 1, bottoms[shown, number]], axis=1)
        paths = [
            Path(outline.vertices * (LETTER_WIDTH, score) + origin, outline.codes)
            for score, origin in zip(scores[shown], origins, strict=True)
        ]
        axes.add_collection(PathCollection(paths, facecolors=colour, linewidths=0))
    axes.axhline(0, color="#555555", linewidth=0.4)
    low, high = heights.clip(max=0).sum(axis=1).min(), heights.clip(min=0).sum(axis=1).max()
    axes.set(xlim=(first + 0.5, first + len(heights) + 0.5), ylim=(low, high if high > low else 1))
    axes.tick_params(labelsize=7)


@cache
def letter_outline(letter: str) -> Path:
    """Return the outline of a letter, 1 wide and centred at 0, 1 tall and starting at 0."""
    path = TextPath((0, 0), letter, prop=FontProperties(family="DejaVu Sans", weight="bold"))
    low, high = path.vertices.min(axis=0), path.vertices.max(axis=0)
    return Path((path.vertices - low) / (high - low) - (0.5, 0), path.codes)
