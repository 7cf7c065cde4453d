"""A picture of each kernel: logo, where it fires, and how strongly in each class; as small SVG.

Drawn by hand, as in `logos`: hundreds of kernels in a second, the same bytes each time.
"""

from html import escape

import numpy as np

from peaks2motifs.pages.logos import glyph_definitions, logo_svg, position_histogram

# Okabe and Ito's: the class in question is blue, background orange, other classes follow.
CLASS_COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442"]
BACKGROUND_COLOUR, OTHER_COLOUR = "#e69f00", "#9a9a9a"
BACKGROUND, SEVERAL, OTHER = "background", "several classes", "other classes"
MAX_CLASSES = 6
WIDTH, HEIGHT, TOP = 170, 84, 40
LEVELS = 60  # at which a violin's width is worked out
POINTS = 200  # of a line; more are averaged
STYLE = (
    "text{font:9px 'DejaVu Sans',sans-serif;fill:#333}.t{font-size:10px;font-weight:bold}"
    ".a{stroke:#777;fill:none}.m{text-anchor:middle}.e{text-anchor:end}"
)


def group_windows(label: np.ndarray, classes: list[str], of: str) -> tuple[np.ndarray, list[str]]:
    """Number the groups (n,) of windows by their labels (n,) or (n, T), and name the groups.

    Peaks and background; or of a model with classes: those, windows of several and of none, where
    there are any. Of more than `MAX_CLASSES`, the class `of` is told apart from all others.
    """
    if label.ndim == 1:
        return np.where(label == 1, 0, 1), ["peaks", BACKGROUND]
    own, number = classes.index(of), label.sum(axis=1)
    order = [own, *(k for k in range(len(classes)) if k != own)]
    group, names = label[:, order].argmax(axis=1), [classes[k] for k in order] + [SEVERAL]
    group[number > 1] = len(classes)
    if len(classes) > MAX_CLASSES:
        group, names = np.where(label[:, own] == 1, 0, 1), [of, OTHER]
    group, names = np.where(number == 0, len(names), group), [*names, BACKGROUND]
    found = np.unique(group)
    return np.searchsorted(found, group), [names[k] for k in found]


def group_colours(names: list[str]) -> list[str]:
    """A colour for each group, the same for background and mixtures wherever they are."""
    fixed = {BACKGROUND: BACKGROUND_COLOUR, SEVERAL: OTHER_COLOUR, OTHER: OTHER_COLOUR}
    free = iter(colour for colour in CLASS_COLOURS if colour != BACKGROUND_COLOUR)
    return [fixed.get(name) or next(free) for name in names]


def kernel_svg(
    title: str,
    ppm: np.ndarray,
    offsets: np.ndarray,
    maps: tuple[np.ndarray, np.ndarray, float],
    best: list[np.ndarray],
    names: list[str],
    window: int,
) -> str:
    """Draw one kernel.

    ppm (width, 4) are probabilities; offsets (sites,) the places of its sites from the middle of
    the window, in bp; `maps` mean and standard deviation (2, positions) of its activation, of other
    windows and of peaks, and where the first position lies; `best` the strongest activations in the
    windows of each group named.
    """
    logo = logo_svg(ppm, title).replace("<svg ", '<svg y="-20" preserveAspectRatio="xMinYMid" ', 1)
    logo = logo.replace(f'width="{len(ppm) * 16}"', f'width="{min(len(ppm) * 16, 250)}"', 1)
    panels = [
        (title, logo, 270),
        (f"best sites in peaks: {len(offsets):,}", position_panel(offsets, window), 210),
        ("activation in test, mean ± sd", map_panel(*maps, window), 210),
        ("strongest activation, held out", violin_panel(best, names), 60 + 52 * len(names)),
    ]
    parts, x = [], 12
    for heading, body, width in panels:
        parts.append(
            f'<g transform="translate({x} {TOP})"><text class="t" y="-22">{heading}</text>'
            f"{body}</g>"
        )
        x += width
    height = TOP + HEIGHT + 34
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {x} {height}" width="{x}" '
        f'height="{height}"><style>{STYLE}</style><rect width="100%" height="100%" fill="#fff"/>'
        f"{glyph_definitions()}{''.join(parts)}</svg>\n"
    )


def window_axis(window: int) -> str:
    """The axis of places in a window, from its middle."""
    half = f"{window / 2:g}"
    return (
        f'<path class="a" d="M0 {HEIGHT}H{WIDTH}M{WIDTH / 2:g} {HEIGHT}v4"/>'
        f'<text y="{HEIGHT + 14}">−{half}</text><text class="m" x="{WIDTH / 2:g}" '
        f'y="{HEIGHT + 14}">0</text><text class="e" x="{WIDTH}" y="{HEIGHT + 14}">+{half} bp</text>'
    )


def position_panel(offsets: np.ndarray, window: int) -> str:
    """A histogram of the sites' places."""
    counts = position_histogram(offsets, window)
    step, tall = WIDTH / len(counts), counts / max(counts.max(), 1) * HEIGHT
    bars = "".join(
        f"M{i * step + 0.3:.1f} {HEIGHT}v-{tall[i]:.1f}h{step - 0.6:.1f}v{tall[i]:.1f}z"
        for i in np.flatnonzero(counts)
    )
    return f'<path fill="{CLASS_COLOURS[0]}" d="{bars}"/>{window_axis(window)}'


def map_panel(mean: np.ndarray, spread: np.ndarray, first: float, window: int) -> str:
    """Mean activation of both classes by position, with the standard deviation of peaks."""
    known = ~np.isnan(mean[1])
    mean, spread = (thin(values[:, known]) for values in (mean, spread))
    place = thin(first + np.arange(known.sum())[None])[0]
    x = (place / window + 0.5) * WIDTH
    low, high = np.maximum(mean[1] - spread[1], 0), mean[1] + spread[1]
    top = max(high.max(initial=0), mean.max(initial=0)) or 1
    low, high, background, peaks = (HEIGHT * (1 - y / top) for y in (low, high, *mean))
    band = line(np.r_[x, x[::-1]], np.r_[low, high[::-1]])
    return (
        f'<path fill="{CLASS_COLOURS[0]}" fill-opacity=".2" d="{band}z"/>'
        f'<path fill="none" stroke="{BACKGROUND_COLOUR}" d="{line(x, background)}"/>'
        f'<path fill="none" stroke="{CLASS_COLOURS[0]}" d="{line(x, peaks)}"/>'
        f'<text y="-4">{top:.2g}</text>{window_axis(window)}'
    )


def thin(values: np.ndarray) -> np.ndarray:
    """Average values (m, n) over neighbours, so that at most `POINTS` columns are left."""
    edges = np.unique(np.linspace(0, values.shape[1], POINTS + 1).astype(int))[:-1]
    counts = np.diff(np.r_[edges, values.shape[1]])
    return np.add.reduceat(values, edges, axis=1) / counts if len(edges) else values


def line(x: np.ndarray, y: np.ndarray) -> str:
    """The path through points."""
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x.tolist(), y.tolist(), strict=True))


def violin_panel(best: list[np.ndarray], names: list[str]) -> str:
    """How the strongest activations of each group are spread, with their medians."""
    top = max((values.max(initial=0) for values in best), default=0) or 1
    low = min((values.min(initial=0) for values in best), default=0)
    levels = np.linspace(low, top, LEVELS)
    y = HEIGHT * (1 - (levels - low) / (top - low))
    parts = [f'<text x="-4" y="-4">{top:.2g}</text>']
    for number, (values, name) in enumerate(zip(best, names, strict=True)):
        x, colour = 26 + 52 * number, group_colours(names)[number]
        wide = 22 * density(values, levels)
        shape = line(np.r_[x - wide, (x + wide)[::-1]], np.r_[y, y[::-1]])
        median = HEIGHT * (1 - (np.median(values) - low) / (top - low)) if len(values) else HEIGHT
        label = escape(name if len(name) <= 10 else f"{name[:9]}…")
        parts.append(
            f'<path fill="{colour}" fill-opacity=".35" stroke="{colour}" d="{shape}z"/>'
            f'<path stroke="#222" stroke-width="2" d="M{x - 8} {median:.1f}h16"/>'
            f'<text class="m" x="{x}" y="{HEIGHT + 14}">{label}<title>{escape(name)}</title></text>'
            f'<text class="m" x="{x}" y="{HEIGHT + 25}">{len(values):,}</text>'
        )
    return "".join(parts) + f'<path class="a" d="M0 {HEIGHT}H{52 * len(names)}"/>'


def density(values: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Estimated density of values at levels, evenly spaced, the highest 1.

    Normal kernels on a histogram, with Scott's bandwidth of at least two levels.
    """
    step = levels[1] - levels[0]
    edges = np.append(levels - step / 2, levels[-1] + step / 2)
    counts = np.histogram(values, edges)[0]
    width = max(values.std() * max(len(values), 1) ** -0.2 if len(values) else 0, 2 * step)
    weights = np.exp(-(((levels[:, None] - levels) / width) ** 2) / 2)
    found = weights @ counts
    return found / max(found.max(), 1e-12)
