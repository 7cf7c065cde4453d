"""How similar motifs are: by Tomtom, and by how well one predicts the columns of another."""

from typing import NamedTuple

import numpy as np

from peaks2motifs.motifs.motif import Motif
from peaks2motifs.motifs.tomtom import compare

# Tomtom's p-values refer to the columns of all targets. With kernels alone, of which dozens may
# show one motif, that motif's columns would look common and its p-values weak; so the targets are
# joined by random motifs whose columns are spread like JASPAR's.
_REFERENCE_MOTIFS = 1000
_REFERENCE_WIDTH = 10
_DIRICHLET = 0.25

MIN_PREDICTED = 0.4  # the share of either half of a motif's bits that another motif must predict

Placement = tuple[int, bool]  # offset and reverse of one motif to another, as in `Members`


class Motifs(NamedTuple):
    """The matrices of K kernels: `wide` (W, 4) each, of which columns [first, end) are kept."""

    wide: list[np.ndarray]
    first: np.ndarray
    end: np.ndarray


class Similarity(NamedTuple):
    """How m motifs resemble one another (m, m), by Tomtom.

    close: p-value and overlap are good enough; log_p: -log10 p; offset and reverse: how the second,
    its flanks included, lies to the first, as in `Members`.
    """

    close: np.ndarray
    log_p: np.ndarray
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


def compare_motifs(
    motifs: Motifs, max_p: float, min_overlap: float, threads: int = 1
) -> Similarity:
    """Compare motifs with one another.

    Two are close when Tomtom's p-value, either taken as the query, is at most `max_p` and the
    alignment covers at least the fraction `min_overlap` of the shorter one. Either direction will
    do because a half motif matches the whole one well, while the whole one is penalised for its
    columns without a partner.
    """
    ppms = trimmed(motifs)
    alignments = compare(ppms, ppms + reference_motifs(), threads)
    p, shift, overlap, reverse, _ = (array[:, : len(ppms)] for array in alignments)
    kept, size = motifs.end - motifs.first, np.array([len(ppm) for ppm in motifs.wide], int)
    begin = np.where(reverse, size - motifs.end, motifs.first)
    offset = motifs.first[:, None] - shift - begin
    inverse = inverse_offset(offset, reverse, size[:, None], size).T
    forward = p <= p.T
    close = (p <= max_p) & (overlap >= min_overlap * np.minimum(kept[:, None], kept))
    return Similarity(
        close | close.T,
        -np.log10(np.minimum(p, p.T)),
        np.where(forward, offset, inverse),
        np.where(forward, reverse, reverse.T),
    )


def inverse_offset(offset: int, reverse: bool, size: int, other_size: int) -> int:
    """Turn the offset of one matrix to a second into the offset of the second to the first.

    `size` and `other_size` are the columns of the second and of the first.
    """
    return np.where(reverse, offset + other_size - size, -offset)


def columns_between(ppm: np.ndarray, first: int, end: int, background: np.ndarray) -> np.ndarray:
    """Columns [first, end) of a matrix (w, 4); those beyond its ends are the background's."""
    column = np.arange(first, end)
    inside = (column >= 0) & (column < len(ppm))
    return np.where(inside[:, None], ppm[np.clip(column, 0, len(ppm) - 1)], background)


def predicted_share(ppm: np.ndarray, other: np.ndarray, background: np.ndarray) -> float:
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


def is_predicted(
    motifs: Motifs, motif: int, ppm: np.ndarray, placement: Placement, background: np.ndarray
) -> bool:
    """Whether a matrix (W, 4) that lies at `placement` to a motif predicts its columns."""
    first, end = motifs.first[motif], motifs.end[motif]
    ppm = ppm[::-1, ::-1] if placement[1] else ppm
    aligned = columns_between(ppm, first - placement[0], end - placement[0], background)
    return predicted_share(motifs.wide[motif][first:end], aligned, background) >= MIN_PREDICTED


def medoid(members: np.ndarray, log_p: np.ndarray) -> int:
    """The member (an index) that is most similar to all the others; the first of equals."""
    among = log_p[np.ix_(members, members)]
    return int(members[(among.sum(axis=1) - among.diagonal()).argmax()])


def nearest_families(
    motifs: list[Motif], families: list[Motif], alike: dict[str, float], threads: int
) -> tuple[np.ndarray, np.ndarray]:
    """Find the most similar family of each motif, counted from 1, and its -log10 p, both (n,).

    Similarity is that of `similarity.compare_motifs`. If no family is similar, both are 0.
    """
    ppms = [motif.ppm for motif in motifs + families]
    width = np.array([len(ppm) for ppm in ppms], int)
    similarity = compare_motifs(Motifs(ppms, np.zeros_like(width), width), **alike, threads=threads)
    log_p = np.where(similarity.close, similarity.log_p, 0)[: len(motifs), len(motifs) :]
    log_p = np.pad(log_p, ((0, 0), (1, 0)))  # a column 0 for no family
    return log_p.argmax(axis=1), log_p.max(axis=1)
