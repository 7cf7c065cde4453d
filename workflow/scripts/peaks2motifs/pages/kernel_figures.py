"""A small SVG of each kernel: logo, positions of its sites, and activation in each class.

The SVG is written directly, as in `logos`: it takes milliseconds per kernel and is reproducible.
"""

from html import escape

import numpy as np

from peaks2motifs.pages.logos import (
    COLUMN_WIDTH,
    glyph_definitions,
    logo_svg,
    position_histogram,
)

# Colours of Okabe and Ito: the first class is blue, background orange, other classes follow.
CLASS_COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442"]
BACKGROUND_COLOUR, OTHER_COLOUR = "#e69f00", "#9a9a9a"
BACKGROUND, SEVERAL, OTHER = "background", "several classes", "other classes"
MAX_CLASSES = 6
WIDTH, HEIGHT, TOP = 170, 84, 40
LEVELS = 60  # of a violin, at which its width is computed
POINTS = 200  # of a line; longer profiles are averaged
VIOLIN_STEP = 52  # width of a violin and its margins
STYLE = (
    "text{font:9px 'DejaVu Sans',sans-serif;fill:#333}.t{font-size:10px;font-weight:bold}"
    ".a{stroke:#777;fill:none}.m{text-anchor:middle}.e{text-anchor:end}"
)


def group_windows(
    label: np.ndarray, classes: list[str], class_name: str | None
) -> tuple[np.ndarray, list[str]]:
    """Group windows by their labels (n,) or (n, T): the number of each group (n,), and the names.

    Groups are peaks and background. In a model with classes they are the classes, `class_name`
    first, then windows of several classes and of none; empty groups are left out. With more than
    `MAX_CLASSES`, all classes but `class_name` are one group.
    """
    if label.ndim == 1:
        return np.where(label == 1, 0, 1), ["peaks", BACKGROUND]
    first, class_count = classes.index(class_name), label.sum(axis=1)
    order = [first, *(number for number in range(len(classes)) if number != first)]
    group, names = label[:, order].argmax(axis=1), [classes[k] for k in order] + [SEVERAL]
    group[class_count > 1] = len(classes)
    if len(classes) > MAX_CLASSES:
        group, names = np.where(label[:, first] == 1, 0, 1), [class_name, OTHER]
    group, names = np.where(class_count == 0, len(names), group), [*names, BACKGROUND]
    groups = np.unique(group)
    return np.searchsorted(groups, group), [names[number] for number in groups]


def group_colours(names: list[str]) -> list[str]:
    """Choose a colour for each group, always the same for background and mixed groups."""
    fixed = {BACKGROUND: BACKGROUND_COLOUR, SEVERAL: OTHER_COLOUR, OTHER: OTHER_COLOUR}
    class_colours = iter(colour for colour in CLASS_COLOURS if colour != BACKGROUND_COLOUR)
    return [fixed.get(name) or next(class_colours) for name in names]


def kernel_svg(
    title: str,
    ppm: np.ndarray,
    offsets: np.ndarray,
    profile: tuple[np.ndarray, np.ndarray, float],
    best: list[np.ndarray],
    group_names: list[str],
    window: int,
) -> str:
    """Draw one kernel in four panels.

    ppm (width, 4) holds probabilities, offsets (sites,) the centres of its sites in bp from the
    centre of the window. `profile` holds mean and standard deviation (2, positions) of its
    activation, in other windows and in peaks, and the offset of the first position. `best` lists
    the highest activations in the windows of each group.
    """
    violin_width = 60 + VIOLIN_STEP * len(group_names)
    panels = [
        (title, logo_panel(ppm, title), 270),
        (f"best sites in peaks: {len(offsets):,}", position_panel(offsets, window), 210),
        ("activation in test, mean ± sd", profile_panel(*profile, window), 210),
        ("strongest activation, held out", violin_panel(best, group_names), violin_width),
    ]
    elements, x = [], 12
    for heading, body, width in panels:
        elements.append(
            f'<g transform="translate({x} {TOP})"><text class="t" y="-22">{heading}</text>'
            f"{body}</g>"
        )
        x += width
    height = TOP + HEIGHT + 34
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {x} {height}" width="{x}" '
        f'height="{height}"><style>{STYLE}</style><rect width="100%" height="100%" fill="#fff"/>'
        f"{glyph_definitions()}{''.join(elements)}</svg>\n"
    )


def logo_panel(ppm: np.ndarray, title: str) -> str:
    """Draw the logo, at most 250 px wide."""
    logo = logo_svg(ppm, title).replace("<svg ", '<svg y="-20" preserveAspectRatio="xMinYMid" ', 1)
    width = len(ppm) * COLUMN_WIDTH
    return logo.replace(f'width="{width}"', f'width="{min(width, 250)}"', 1)


def window_axis(window: int) -> str:
    """Draw the axis of positions in a window, relative to its centre."""
    half = f"{window / 2:g}"
    return (
        f'<path class="a" d="M0 {HEIGHT}H{WIDTH}M{WIDTH / 2:g} {HEIGHT}v4"/>'
        f'<text y="{HEIGHT + 14}">−{half}</text><text class="m" x="{WIDTH / 2:g}" '
        f'y="{HEIGHT + 14}">0</text><text class="e" x="{WIDTH}" y="{HEIGHT + 14}">+{half} bp</text>'
    )


def position_panel(offsets: np.ndarray, window: int) -> str:
    """Draw a histogram of the positions of sites."""
    counts = position_histogram(offsets, window)
    step, heights = WIDTH / len(counts), counts / max(counts.max(), 1) * HEIGHT
    bars = "".join(
        f"M{i * step + 0.3:.1f} {HEIGHT}v-{heights[i]:.1f}h{step - 0.6:.1f}v{heights[i]:.1f}z"
        for i in np.flatnonzero(counts)
    )
    return f'<path fill="{CLASS_COLOURS[0]}" d="{bars}"/>{window_axis(window)}'


def profile_panel(mean: np.ndarray, deviation: np.ndarray, first: float, window: int) -> str:
    """Draw the mean activation of both classes by position, with the deviation of peaks."""
    is_known = ~np.isnan(mean[1])
    mean, deviation = (average_bins(values[:, is_known]) for values in (mean, deviation))
    offsets = average_bins(first + np.arange(is_known.sum())[None])[0]
    x = (offsets / window + 0.5) * WIDTH
    low, high = np.maximum(mean[1] - deviation[1], 0), mean[1] + deviation[1]
    top = max(high.max(initial=0), mean.max(initial=0)) or 1
    low, high, background, peaks = (HEIGHT * (1 - y / top) for y in (low, high, *mean))
    band = path_data(np.r_[x, x[::-1]], np.r_[low, high[::-1]])
    return (
        f'<path fill="{CLASS_COLOURS[0]}" fill-opacity=".2" d="{band}z"/>'
        f'<path fill="none" stroke="{BACKGROUND_COLOUR}" d="{path_data(x, background)}"/>'
        f'<path fill="none" stroke="{CLASS_COLOURS[0]}" d="{path_data(x, peaks)}"/>'
        f'<text y="-4">{top:.2g}</text>{window_axis(window)}'
    )


def average_bins(values: np.ndarray) -> np.ndarray:
    """Average neighbouring columns of values (m, n), so that at most `POINTS` remain."""
    edges = np.unique(np.linspace(0, values.shape[1], POINTS + 1).astype(int))[:-1]
    counts = np.diff(np.r_[edges, values.shape[1]])
    return np.add.reduceat(values, edges, axis=1) / counts if len(edges) else values


def path_data(x: np.ndarray, y: np.ndarray) -> str:
    """Return the data of an SVG path through points."""
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x.tolist(), y.tolist(), strict=True))


def violin_panel(best: list[np.ndarray], names: list[str]) -> str:
    """Draw the distribution of the highest activations in each group, with the median."""
    top = max((values.max(initial=0) for values in best), default=0) or 1
    low = min((values.min(initial=0) for values in best), default=0)
    levels = np.linspace(low, top, LEVELS)
    violins = "".join(
        violin(values, levels, 26 + VIOLIN_STEP * number, colour, name)
        for number, (values, colour, name) in enumerate(
            zip(best, group_colours(names), names, strict=True)
        )
    )
    axis = f'<path class="a" d="M0 {HEIGHT}H{VIOLIN_STEP * len(names)}"/>'
    return f'<text x="-4" y="-4">{top:.2g}</text>{violins}{axis}'


def violin(values: np.ndarray, levels: np.ndarray, x: int, colour: str, name: str) -> str:
    """Draw one violin centred at x, with its median, name and number of values below it."""
    low, top = levels[0], levels[-1]
    y = HEIGHT * (1 - (levels - low) / (top - low))
    half_width = 22 * density(values, levels)
    shape = path_data(np.r_[x - half_width, (x + half_width)[::-1]], np.r_[y, y[::-1]])
    median = HEIGHT * (1 - (np.median(values) - low) / (top - low)) if len(values) else HEIGHT
    label = escape(name if len(name) <= 10 else f"{name[:9]}…")
    return (
        f'<path fill="{colour}" fill-opacity=".35" stroke="{colour}" d="{shape}z"/>'
        f'<path stroke="#222" stroke-width="2" d="M{x - 8} {median:.1f}h16"/>'
        f'<text class="m" x="{x}" y="{HEIGHT + 14}">{label}<title>{escape(name)}</title></text>'
        f'<text class="m" x="{x}" y="{HEIGHT + 25}">{len(values):,}</text>'
    )


def density(values: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Estimate the density of values at evenly spaced levels, scaled to a maximum of 1.

    Normal kernels on a histogram, with Scott's bandwidth of at least two levels.
    """
    step = levels[1] - levels[0]
    edges = np.append(levels - step / 2, levels[-1] + step / 2)
    counts = np.histogram(values, edges)[0]
    bandwidth = max(values.std() * max(len(values), 1) ** -0.2 if len(values) else 0, 2 * step)
    weights = np.exp(-(((levels[:, None] - levels) / bandwidth) ** 2) / 2)
    densities = weights @ counts
    return densities / max(densities.max(), 1e-12)
