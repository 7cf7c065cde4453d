"""A tree of motifs with a logo at each leaf, as light SVG."""

import numpy as np
from markupsafe import escape
from scipy.cluster.hierarchy import dendrogram

from peaks2motifs.motifs.motif import Motif, consensus
from peaks2motifs.pages.logos import COLUMN_WIDTH, LOGO_HEIGHT, glyph_definitions, logo_svg

ROW = 34  # height of a leaf, in px
TREE = 220  # width of the tree
NAMES = 150  # of the names
SCALE = 0.4  # of the logos
EMPTY = '<text x="8" y="22">No motif was found.</text>'


def draw_tree(motifs: list[Motif], joined: np.ndarray, turn: np.ndarray) -> str:
    """Draw motifs (m), joined by scipy's linkage (m - 1, 4), as an SVG file.

    Branches meet at the distance that `catalogue.tree` gives, 0 at the right and 1 at the left.
    Motifs where turn (m,) says so are shown reverse complemented and marked "rc". A leaf links to
    its motif on the page that the tree is shown on.
    """
    order, branches = [*range(len(motifs))], ""
    if len(joined):
        drawn = dendrogram(joined, no_plot=True)
        order = drawn["leaves"]
        corners = zip(drawn["dcoord"], drawn["icoord"], strict=True)
        branches = "".join(_branch(np.array(x), np.array(y)) for x, y in corners)
    leaves = "".join(_leaf(motifs[i], bool(turn[i]), row) for row, i in enumerate(order))
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
    """One fork; scipy's leaves lie at 5, 15, 25, ..."""
    x, y = 10 + (1 - distance) * (TREE - 20), leaf / 10 * ROW
    return f"M{x[0]:.1f} {y[0]:.1f}H{x[1]:.1f}V{y[2]:.1f}H{x[3]:.1f}"


def _leaf(motif: Motif, turn: bool, row: int) -> str:
    """One row: the name and the logo."""
    ppm = motif.ppm[::-1, ::-1] if turn else motif.ppm
    middle, left = (row + 0.5) * ROW, TREE + NAMES
    name = escape(f"{motif.name} {motif.alternate}".strip()) + (" (rc)" if turn else "")
    top = middle - LOGO_HEIGHT * SCALE / 2
    logo = logo_svg(ppm, consensus(ppm))
    return (
        f'<a href="#{motif.name}"><text x="{TREE - 4}" y="{middle + 4:g}">{name}</text></a>'
        f'<g transform="translate({left} {top:g}) scale({SCALE})">{logo}</g>\n'
    )
