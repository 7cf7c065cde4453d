"""Small inline SVG for the pages: sequence logos, position histograms and intervals.

A page defines the four letters once (`glyph_definitions`) and each logo refers to them, at about
0.1 ms and 2 kB per logo. Publication logos are in `plots`.
"""

from collections.abc import Mapping

import numpy as np
from markupsafe import Markup

from peaks2motifs.core.limits import HISTOGRAM_BINS
from peaks2motifs.motifs.motif import MAX_BITS, letter_heights

# Letters in a box of 100 x 100, y downwards: outlines of DejaVu Sans Bold, scaled to fill the box
# (https://dejavu-fonts.github.io/License.html).
GLYPHS = {
    "A": "M69 82H31L25 100H0L35 0H65L100 100H75ZM37 63H63L50 23Z",
    "C": "M100 93Q92 96 83 98Q74 100 64 100Q34 100 17 87Q0 73 0 50Q0 27 17 13Q34 0 64 0Q74 0 83 2"
    "Q92 4 100 7V27Q92 22 83 20Q75 18 66 18Q50 18 41 27Q31 35 31 50Q31 65 41 73Q50 82 66 82"
    "Q75 82 83 80Q92 78 100 73Z",
    "G": "M100 91Q90 95 79 98Q68 100 57 100Q31 100 15 87Q0 73 0 50Q0 27 16 13Q31 0 58 0Q69 0 78 2"
    "Q88 4 96 7V27Q87 23 79 20Q70 18 61 18Q45 18 37 26Q28 35 28 50Q28 65 36 74Q45 82 60 82"
    "Q64 82 68 82Q72 81 74 80V61H58V45H100Z",
    "T": "M0 0H100V20H64V100H36V20H0Z",
}
# Colours of Okabe and Ito, safe for colour blindness: A green, C blue, G orange, T red.
COLOURS = {"A": "#009e73", "C": "#0072b2", "G": "#e69f00", "T": "#d55e00"}
COLUMN_WIDTH = 16
LOGO_HEIGHT = 64
MIN_LETTER = 0.0125  # bits; smaller letters are invisible and not drawn, here and in `plots`


def glyph_definitions() -> str:
    """Return the hidden SVG that defines the four letters, once per page before the first logo."""
    glyphs = "".join(
        f'<path id="g{letter}" fill="{COLOURS[letter]}" fill-rule="evenodd" d="{outline}"/>'
        for letter, outline in GLYPHS.items()
    )
    return (
        '<svg width="0" height="0" style="position:absolute" aria-hidden="true">'
        f"<defs>{glyphs}</defs></svg>"
    )


def logo_svg(ppm: np.ndarray, label: str, name: str = "") -> str:
    """Draw a logo from probabilities (width, 4); the full height is always 2 bits.

    `label`, the consensus, is read by screen readers. With a `name`, unique on the page, the logo
    can be repeated by `repeat_logo`. Needs `glyph_definitions` on the page.
    """
    heights = letter_heights(ppm) * (LOGO_HEIGHT / MAX_BITS)
    order = np.argsort(heights, axis=1, kind="stable")
    stacked = np.take_along_axis(heights, order, axis=1)
    tops = LOGO_HEIGHT - np.cumsum(stacked, axis=1)
    letters = "".join(
        f'<use href="#g{"ACGT"[order[i, j]]}" transform="matrix({COLUMN_WIDTH / 108:.3f} 0 0 '
        f'{stacked[i, j] / 100:.3f} {i * COLUMN_WIDTH + 0.6:.1f} {tops[i, j]:.1f})"/>'
        for i, j in np.argwhere(stacked >= MIN_LETTER * (LOGO_HEIGHT / MAX_BITS))
    )
    base = f'<path class="rule" d="M0 {LOGO_HEIGHT + 0.5}H{len(heights) * COLUMN_WIDTH}"/>'
    content = f'<g id="{name}">{base}{letters}</g>' if name else base + letters
    return _frame(content, len(heights), label)


def repeat_logo(name: str, columns: int, label: str) -> str:
    """Show again the logo, `columns` wide, that `logo_svg` drew under this name."""
    return _frame(f'<use href="#{name}"/>', columns, label)


def _frame(content: str, columns: int, label: str) -> str:
    width, height = columns * COLUMN_WIDTH, LOGO_HEIGHT + 2
    return (
        f'<svg class="logo" viewBox="0 -1 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="Logo {label}">{content}</svg>'
    )


def logo_table(columns: Mapping[str, Mapping[int, np.ndarray]], rows: Mapping[str, int]) -> str:
    """Draw a table of logos as an SVG file, one column for each name, at half size.

    A column maps numbers to probabilities (width, 4). A row, by its name, shows one number in all
    columns; a column without that number stays empty.
    """
    x, row_height = 50, LOGO_HEIGHT // 2 + 16
    elements = [
        f'<text x="4" y="{row * row_height + 24}">{name}</text>' for row, name in enumerate(rows, 1)
    ]
    for name, motifs in columns.items():
        elements.append(f'<text x="{x}" y="20">{name}</text>')
        ppms = {row: motifs[n] for row, n in enumerate(rows.values(), 1) if n in motifs}
        for row, ppm in ppms.items():
            transform = f"translate({x} {row * row_height}) scale(0.5)"
            elements.append(f'<g transform="{transform}">{logo_svg(ppm, name)}</g>')
        widest = max(map(len, ppms.values()), default=0)
        x += max(widest * COLUMN_WIDTH // 2, 60) + 20
    height = (len(rows) + 1) * row_height
    style = "text{font:12px sans-serif}.rule{stroke:#aeb7c0}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {x} {height}" width="{x}" '
        f'height="{height}"><style>{style}</style>{glyph_definitions()}{"".join(elements)}</svg>\n'
    )


def position_histogram(offsets: np.ndarray, window: int, bins: int = HISTOGRAM_BINS) -> np.ndarray:
    """Count offsets from the centre of the window in an odd number of equal bins.

    The middle bin is centred on 0. Offsets beyond the window, of sites that run past its edge,
    count in the outermost bins.
    """
    edges = np.linspace(-window / 2, window / 2, bins + 1)
    clipped = np.clip(offsets, -window / 2, window / 2)
    return np.histogram(clipped, edges)[0]


def histogram_svg(counts: np.ndarray, window: int, label: str) -> str:
    """Draw counts (bins,) over a window as bars, with ticks at its edges and its centre."""
    width, height, axis = 200, 44, 13
    step = width / len(counts)
    bar_heights = counts / max(counts.max(), 1) * height
    bars = "".join(
        f"M{i * step + 0.4:.1f} {height}v-{bar_heights[i]:.1f}"
        f"h{step - 0.8:.1f}v{bar_heights[i]:.1f}z"
        for i in np.flatnonzero(counts)
    )
    half = f"{window / 2:g}"
    ticks = f"M0 {height + 0.5}H{width}M{width / 2} {height}v4"
    texts = [("start", 0, f"−{half}"), ("middle", width / 2, "0"), ("end", width, f"+{half} bp")]
    marks = "".join(
        f'<text x="{x:g}" y="{height + axis}" text-anchor="{anchor}">{text}</text>'
        for anchor, x, text in texts
    )
    return (
        f'<svg class="histogram" viewBox="0 0 {width} {height + axis + 3}" role="img" '
        f'aria-label="{label}"><path class="bars" d="{bars}"/><path class="rule" d="{ticks}"/>'
        f"{marks}</svg>"
    )


def interval_svg(value: float, low: float, high: float) -> Markup:
    """Draw a value between 0.5 and 1 with its interval, as a dot on a line; clips at 0.5."""
    width, height = 120, 14
    x, left, right = (max(v - 0.5, 0) * 2 * (width - 8) + 4 for v in (value, low, high))
    return Markup(
        f'<svg class="interval" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'aria-hidden="true"><path class="rule" d="M4 7H{width - 4}M4 4v6M{width / 2:g} 4v6'
        f'M{width - 4} 4v6"/><path class="range" d="M{left:.1f} 7H{right:.1f}"/>'
        f'<circle cx="{x:.1f}" cy="7" r="3.5"/></svg>'
    )
