"""How alike motifs are: Tomtom's comparison, and columns that one motif predicts of another."""

from typing import NamedTuple

import numpy as np

from peaks2motifs.motifs.tomtom import compare

# Tomtom's p-values refer to the columns of all targets. With kernels alone, of which dozens may
# show one motif, that motif's columns would look common and its p-values weak; so the targets are
# joined by random motifs whose columns are spread like JASPAR's.
_REFERENCE_MOTIFS = 1000


_REFERENCE_WIDTH = 10


_DIRICHLET = 0.25


SHOWN = 0.4  # the share of either half of a motif's bits that another must predict to show it


Place = tuple[int, bool]  # offset and reverse of one to another, as in `Members`


class Motifs(NamedTuple):
    """The matrices of K kernels: `wide` (W, 4) each, of which columns [first, end) are kept."""

    wide: list[np.ndarray]
    first: np.ndarray
    end: np.ndarray


class Likeness(NamedTuple):
    """How m motifs resemble one another (m, m), by Tomtom.

    close: p-value and overlap are good enough; sureness: -log10 p; offset and reverse: how the
    second, its flanks included, lies to the first, as in `Members`.
    """

    close: np.ndarray
    sureness: np.ndarray
    offset: np.ndarray
    reverse: np.ndarray


def trimmed(motifs: Motifs) -> list[np.ndarray]:
    """The columns (w, 4) that each motif keeps."""
    rows = zip(motifs.wide, motifs.first, motifs.end, strict=True)
    return [ppm[first:end] for ppm, first, end in rows]


def reference_motifs() -> list[np.ndarray]:
    """Random motifs (w, 4), always the same, with columns from a U-shaped Dirichlet."""
    rng = np.random.default_rng(0)
    shape = (_REFERENCE_MOTIFS, _REFERENCE_WIDTH)
    return list(rng.dirichlet(np.full(4, _DIRICHLET), size=shape))


def similar(motifs: Motifs, max_p: float, min_overlap: float, threads: int = 1) -> Likeness:
    """Compare motifs with one another.

    Two are close when Tomtom's p-value, either taken as the query, is at most `max_p` and the
    alignment covers at least the fraction `min_overlap` of the shorter one. Either direction will
    do because a half motif matches the whole one well, while the whole one is penalised for its
    columns without a partner.
    """
    ppms = trimmed(motifs)
    compared = compare(ppms, ppms + reference_motifs(), threads)
    p, under, overlap, reverse = (part[:, : len(ppms)] for part in compared)
    kept, size = motifs.end - motifs.first, np.array([len(ppm) for ppm in motifs.wide], int)
    begin = np.where(reverse, size - motifs.end, motifs.first)
    offset = motifs.first[:, None] - under - begin
    turned = seen_from_other(offset, reverse, size[:, None], size).T
    forward = p <= p.T
    close = (p <= max_p) & (overlap >= min_overlap * np.minimum(kept[:, None], kept))
    return Likeness(
        close | close.T,
        -np.log10(np.minimum(p, p.T)),
        np.where(forward, offset, turned),
        np.where(forward, reverse, reverse.T),
    )


def seen_from_other(offset: int, reverse: bool, size: int, other: int) -> int:
    """Turn the offset of one matrix, `other` columns, to a second into that of the second to it."""
    return np.where(reverse, offset + other - size, -offset)


def under(ppm: np.ndarray, first: int, end: int, background: np.ndarray) -> np.ndarray:
    """Columns [first, end) of a matrix (w, 4); those beyond its ends are the background's."""
    column = np.arange(first, end)
    inside = (column >= 0) & (column < len(ppm))
    return np.where(inside[:, None], ppm[np.clip(column, 0, len(ppm) - 1)], background)


def predicted(ppm: np.ndarray, other: np.ndarray, background: np.ndarray) -> float:
    """The share of a motif's bits (w, 4) that the columns of another, aligned, predict.

    It is taken for the left and for the right half of the bits, and the lower counts, since a motif
    may show one half of another well. A column's bits are its divergence from the background; what
    is lost is its divergence from the other's column, up to all of them.
    """
    log = np.log2(np.maximum(ppm, 1e-12))
    bits = (ppm * (log - np.log2(background))).sum(axis=1)
    lost = (ppm * (log - np.log2(np.maximum(other, 1e-12)))).sum(axis=1)
    left = bits.cumsum() - bits / 2 <= bits.sum() / 2
    kept = np.clip(bits - lost, 0, None)
    return min(kept[half].sum() / max(bits[half].sum(), 1e-9) for half in (left, ~left))


def shown(motifs: Motifs, one: int, ppm: np.ndarray, place: Place, background: np.ndarray) -> bool:
    """Whether a matrix (W, 4) that lies at `place` to motif `one` shows its columns."""
    first, end = motifs.first[one], motifs.end[one]
    ppm = ppm[::-1, ::-1] if place[1] else ppm
    aligned = under(ppm, first - place[0], end - place[0], background)
    return predicted(motifs.wide[one][first:end], aligned, background) >= SHOWN


def medoid(members: np.ndarray, sureness: np.ndarray) -> int:
    """The member (an index) that is most surely like all the others; the first of equals."""
    among = sureness[np.ix_(members, members)]
    return int(members[(among.sum(axis=1) - among.diagonal()).argmax()])
