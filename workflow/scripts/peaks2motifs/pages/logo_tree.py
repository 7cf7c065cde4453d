"""A dendrogram of motifs with a logo at each leaf, as small SVG."""

import numpy as np
from markupsafe import escape
from scipy.cluster.hierarchy import dendrogram

from peaks2motifs.motifs.motif import Motif, consensus
from peaks2motifs.pages.logos import COLUMN_WIDTH, LOGO_HEIGHT, glyph_definitions, logo_svg

ROW = 34  # height of a leaf, in px
TREE = 220  # width of the tree, in px
NAMES = 150  # width of the names, in px
SCALE = 0.4  # of the logos
EMPTY = '<text x="8" y="22">No motif was found.</text>'


def draw_tree(motifs: list[Motif], joined: np.ndarray, is_reversed: np.ndarray) -> str:
    """Draw the dendrogram of m motifs, from scipy's linkage (m - 1, 4), as an SVG file.

    Branches meet at the distance from `catalogue.build_tree`, 0 at the right and 1 at the left.
    Motifs with is_reversed (m,) are drawn as their reverse complement and marked "rc". Each leaf
    links to its motif on the page that shows the tree.
    """
    order, branches = [*range(len(motifs))], ""
    if len(joined):
        tree = dendrogram(joined, no_plot=True)
        order = tree["leaves"]
        corners = zip(tree["dcoord"], tree["icoord"], strict=True)
        branches = "".join(_branch(np.array(x), np.array(y)) for x, y in corners)
    leaves = "".join(_leaf(motifs[i], bool(is_reversed[i]), row) for row, i in enumerate(order))
    widest = max((len(motif.ppm) for motif in motifs), default=0)
    width, height = TREE + NAMES + widest * COLUMN_WIDTH * SCALE + 20, max(len(motifs), 1) * ROW
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tree" role="group" '
        f'aria-label="Tree of {len(motifs)} motifs by likeness" viewBox="0 0 {width:g} {height}" '
        f'width="{width:g}" height="{height}" font-family="system-ui, sans-serif" font-size="12">'
        f'{glyph_definitions()}<path d="{branches}" fill="none" stroke="#5b6673"/>'
        f"{leaves or EMPTY}</svg>\n"
    )


def _branch(distance: np.ndarray, leaf: np.ndarray) -> str:
    """Draw one fork; scipy places leaves at 5, 15, 25, ..."""
    x, y = 10 + (1 - distance) * (TREE - 20), leaf / 10 * ROW
    return f"M{x[0]:.1f} {y[0]:.1f}H{x[1]:.1f}V{y[2]:.1f}H{x[3]:.1f}"


def _leaf(motif: Motif, is_reversed: bool, row: int) -> str:
    """Draw the name and the logo of one motif."""
    ppm = motif.ppm[::-1, ::-1] if is_reversed else motif.ppm
    middle, left = (row + 0.5) * ROW, TREE + NAMES
    name = escape(f"{motif.name} {motif.alternate}".strip()) + (" (rc)" if is_reversed else "")
    top = middle - LOGO_HEIGHT * SCALE / 2
    logo = logo_svg(ppm, consensus(ppm))
    return (
        f'<a href="#{motif.name}"><text x="{TREE - 4}" y="{middle + 4:g}">{name}</text></a>'
        f'<g transform="translate({left} {top:g}) scale({SCALE})">{logo}</g>\n'
    )
