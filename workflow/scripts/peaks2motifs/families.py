"""Which kernel motifs are the same: families round a representative."""

import numpy as np

from peaks2motifs.names import compare

# Tomtom's p-values refer to the columns of all targets. With kernels alone, of which dozens may
# show one motif, that motif's columns would look common and its p-values weak; so the targets are
# joined by random motifs whose columns are spread like JASPAR's.
_REFERENCE_MOTIFS = 1000
_REFERENCE_WIDTH = 10
_DIRICHLET = 0.25


def reference_motifs() -> list[np.ndarray]:
    """Random motifs (w, 4), always the same, with columns from a U-shaped Dirichlet."""
    rng = np.random.default_rng(0)
    shape = (_REFERENCE_MOTIFS, _REFERENCE_WIDTH)
    return list(rng.dirichlet(np.full(4, _DIRICHLET), size=shape))


def similar(
    ppms: list[np.ndarray], max_p: float, min_overlap: float, threads: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Say which motifs (w, 4) show the same thing, and how surely: symmetric arrays (m, m).

    The first is boolean, the second -log10 of the p-value. Two are similar when Tomtom's p-value,
    either taken as the query, is at most `max_p` and the alignment covers at least the fraction
    `min_overlap` of the shorter one. Either direction will do because a half motif matches the
    whole one well, while the whole one is penalised for its columns without a partner.
    """
    p, _, overlap, _ = compare(ppms, ppms + reference_motifs(), threads)
    m = len(ppms)
    width = np.array([len(ppm) for ppm in ppms])
    shorter = np.minimum(width[:, None], width)
    close = (p[:, :m] <= max_p) & (overlap[:, :m] >= min_overlap * shorter)
    return close | close.T | np.eye(m, dtype=bool), -np.log10(np.minimum(p[:, :m], p[:, :m].T))


def lead(alike: np.ndarray) -> np.ndarray:
    """Group motifs, most evident first, round leaders: the index (m,) of each motif's leader.

    The first motif not yet in a family leads a new one, which all ungrouped motifs similar to the
    leader itself join; so, unlike with single linkage, no chain of resemblances can join two
    different motifs.
    """
    leader = np.full(len(alike), -1)
    for i in range(len(alike)):
        if leader[i] < 0:
            leader[(leader < 0) & alike[i]] = i
    return leader


def medoid(members: np.ndarray, sureness: np.ndarray) -> int:
    """The member (an index) that is most surely like all the others; the first of equals.

    A leader is the most evident of its family, but may by chance lack a column that most others
    show. The whole motif is like its halves, which are not like each other.
    """
    among = sureness[np.ix_(members, members)]
    return int(members[(among.sum(axis=1) - among.diagonal()).argmax()])


def group(
    ppms: list[np.ndarray],
    max_p: float,
    min_overlap: float,
    max_families: int,
    threads: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """Number the family (m,) of each motif, most evident first, and pick their representatives.

    1 is the family of the first leader. Motifs that are like none of the first `max_families`
    leaders get 0. The representatives (families,) are indices of motifs, each family's medoid.
    """
    alike, sureness = similar(ppms, max_p, min_overlap, threads)
    leader = lead(alike)
    number = np.searchsorted(np.unique(leader), leader) + 1
    number[number > max_families] = 0
    families = [np.flatnonzero(number == family) for family in range(1, number.max(initial=0) + 1)]
    return number, np.array([medoid(members, sureness) for members in families], int)
