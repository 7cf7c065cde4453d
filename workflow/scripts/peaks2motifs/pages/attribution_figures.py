"""Attributions of one window, and inputs made for units of a network, as heat maps and logos."""

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
from peaks2motifs.pages.plots import STYLE, save

SHOWN = 200  # positions; more letters in a row cannot be read
MIN_SHARE = 0.01  # of the highest_sites letter; lower ones are not drawn: no eye sees them
LETTER_WIDTH = 0.92  # of a position
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
    """The heights (length, 4) of the letters of a window, codes (length,), each at its own base.

    A base's height is its share of gradient x input; of integrated gradients that of its whole
    position, whose baseline is spread over the bases; of mutagenesis the mean loss by its edits.
    """
    x = one_hot(codes[None])[0]
    if method == "integrated_gradients":
        return x * values.sum(axis=1, keepdims=True)
    if method == "mutagenesis":
        return x * -values.sum(axis=1, keepdims=True) / 3
    return x * values


def strongest_stretch(values: np.ndarray, shown: int = SHOWN) -> slice:
    """The stretch of up to `shown` positions with the largest sum of |values| (length, 4)."""
    total = np.r_[0, np.cumsum(np.abs(values).sum(axis=1))]
    if len(values) <= shown:
        return slice(0, len(values))
    first = int((total[shown:] - total[:-shown]).argmax())
    return slice(first, first + shown)


@matplotlib.rc_context(STYLE)
def plot_attributions(
    title: str, codes: np.ndarray, found: dict[str, np.ndarray], mixed: bool, path: str
) -> None:
    """Draw the attributions (length, 4) of one window (length,) by each method found."""
    part = strongest_stretch(next(reversed(found.values())))
    panels = [panel for panel in PANELS if panel[0] in found]
    figure, axes = new_strips([HEAT if p[1] == "heat" else LETTERS for p in panels], part)
    for strip, (method, form, words) in zip(axes, panels, strict=True):
        values = found[method][part]
        if form == "heat":
            draw_heat(strip, values, part.start)
        else:
            draw_letters(strip, letter_scores(method, values, codes[part]), part.start)
        strip.set_title(words, fontsize=8, pad=3)
    if len(codes) > SHOWN:
        title += f"; positions {part.start + 1} to {part.stop} of {len(codes)}"
    annotate(figure, title, MIXED_NOTE if mixed else NOTE)
    save(figure, path)


@matplotlib.rc_context(STYLE)
def plot_inputs(names: list[str], ppms: np.ndarray, path: str) -> None:
    """Draw one optimised input (units, length, 4) in a row, as logos in bits."""
    heights = [letter_heights(ppm) for ppm in ppms]
    parts = [strongest_stretch(height) for height in heights]
    figure, axes = new_strips([LETTERS] * len(names), parts[0])
    for strip, name, height, part in zip(axes, names, heights, parts, strict=True):
        draw_letters(strip, height[part], part.start)
        strip.set(ylim=(0, MAX_BITS), ylabel="bits")
        strip.set_title(name, fontsize=8, pad=3)
    annotate(figure, "Inputs that excite units of the network", WARNING)
    save(figure, path)


def new_strips(heights: list[float], part: slice) -> tuple[Figure, list[Axes]]:
    """A figure with axes of these heights, in inches, one below another, for a stretch of bases."""
    width = max(1.3 + 0.075 * (part.stop - part.start), 7)
    tall = 0.95 + sum(heights) + 0.38 * len(heights)
    figure, axes, y = Figure(figsize=(width, tall)), [], tall - 0.3
    for height in heights:
        y -= height + 0.38
        place = (0.75 / width, (y + 0.1) / tall, 1 - 1.05 / width, height / tall)
        axes.append(figure.add_axes(place))
    return figure, axes


def annotate(figure: Figure, title: str, note: str) -> None:
    """Write a title at the top and a note at the bottom."""
    inch = 1 / figure.get_figheight()
    left = 0.75 / figure.get_figwidth()
    figure.text(left, 1 - 0.24 * inch, title, fontsize=10, fontweight="bold")
    figure.text(left, 0.1 * inch, note, fontsize=8, color="#555555")


def draw_heat(axes: Axes, values: np.ndarray, first: int) -> None:
    """Draw values (length, 4) as colours, red above 0 and blue below, white at 0."""
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
    """Draw a logo of heights (length, 4), upside down below 0; position 1 is the window's first.

    Of several letters in a column, all above 0, the largest is on top.
    """
    order = np.argsort(heights, axis=1, kind="stable")
    stacked = np.take_along_axis(heights, order, axis=1)
    bottoms = np.empty(heights.shape)
    np.put_along_axis(bottoms, order, np.cumsum(stacked, axis=1) - stacked, axis=1)
    for number, (letter, colour) in enumerate(COLOURS.items()):
        outline = letter_outline(letter)
        tall = heights[:, number]
        shown = np.flatnonzero(np.abs(tall) > MIN_SHARE * np.abs(heights).max())
        places = np.stack([first + shown + 1, bottoms[shown, number]], axis=1)
        paths = [
            Path(outline.vertices * (LETTER_WIDTH, height) + place, outline.codes)
            for height, place in zip(tall[shown], places, strict=True)
        ]
        axes.add_collection(PathCollection(paths, facecolors=colour, linewidths=0))
    axes.axhline(0, color="#555555", linewidth=0.4)
    low, high = heights.clip(max=0).sum(axis=1).min(), heights.clip(min=0).sum(axis=1).max()
    axes.set(xlim=(first + 0.5, first + len(heights) + 0.5), ylim=(low, high if high > low else 1))
    axes.tick_params(labelsize=7)


@cache
def letter_outline(letter: str) -> Path:
    """The outline of a letter, one wide round 0 and one tall from 0."""
    path = TextPath((0, 0), letter, prop=FontProperties(family="DejaVu Sans", weight="bold"))
    low, high = path.vertices.min(axis=0), path.vertices.max(axis=0)
    return Path((path.vertices - low) / (high - low) - (0.5, 0), path.codes)
