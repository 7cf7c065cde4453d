"""Which kernel motifs are the same: families round leaders, their members aligned.

Motifs are taken by their evidence, the most evident first; each that belongs to no family yet leads
one. Another motif may belong to it where Tomtom finds the two alike, or where their sites lie at
the same places, one beside the other at one distance and on one strand. The matrices then say how
the two are related, column by column: does the member show the leader's columns (`whole`), and
does the leader show the member's (`inside`)? Of the bits of the one, those count that the other's
columns predict. Where a good part of the sites of either are not the other's, it is these sites
that must show the columns, since half-sites that are part of a dimer now and then show the dimer.

- whole and inside: one motif, and the member's sites are pooled with the leader's. So two spacings
  of one dimer, which share only one half at a time, and a motif beside its half, stay apart.
- whole only, as of a dimer beside the half that leads: pooled where most sites of either are also
  the other's, since then there is but one motif; else the dimer leads a family of its own.
- not whole, as of a half beside the dimer that leads: where most of its sites are the dimer's it is
  listed with that family, but its sites are not pooled, as they would blur the other half; else,
  as when it also binds alone, it leads a family of its own.

Members are compared with the leader alone, so that no chain of resemblances joins two motifs.
"""

from typing import NamedTuple

import numpy as np

from peaks2motifs.core.subsample import pick_evenly
from peaks2motifs.model.activations import Activations
from peaks2motifs.motifs.kernel_sites import Sites, count_sites
from peaks2motifs.motifs.motif import probabilities
from peaks2motifs.motifs.similarity import Motifs, Place, medoid, seen_from_other, shown, similar

TOUCHING = 0.2  # the share of common places from which on two motifs are compared at all
MIN_COMMON = 5  # and at least so many
MOST = 2 / 3  # the share from which on they are views of one thing
_MOST_WINDOWS = 5000  # in which common places are looked for


class Members(NamedTuple):
    """The family of each of K kernels, from 1, or 0; and how the kernel lies to the leader.

    offset is where the leftmost base under the kernel lies, counted from the leader's first in the
    leader's orientation; reverse whether the kernel reads the other strand. pooled says whether its
    sites are sites of the family's motif. leader and medoid (families,) are kernels.
    """

    family: np.ndarray
    offset: np.ndarray
    reverse: np.ndarray
    pooled: np.ndarray
    leader: np.ndarray
    medoid: np.ndarray


class Peaks(NamedTuple):
    """What K kernels see in m peaks: base codes (m, L), and their best sites there (m, K).

    passes (m, K) says which sites count, real (K,) about how many of them are no chance hits,
    chance (K,) what share of windows has one by chance. width (K,) is that of the kernels, `flank`
    the columns that their matrices have on either side of it.
    """

    codes: np.ndarray
    position: np.ndarray
    reverse: np.ndarray
    passes: np.ndarray
    width: np.ndarray
    real: np.ndarray
    chance: np.ndarray
    flank: int


def look_at_peaks(seen: Activations, passes: np.ndarray, codes: np.ndarray, flank: int) -> Peaks:
    """Pick peaks, at most `_MOST_WINDOWS`, that are no test windows, and what is seen there.

    passes (n, K) says which best sites count. Of the sites those that background windows would have
    as well are not real, but at most half.
    """
    known = seen.split != "test"
    rows = np.flatnonzero(known & (seen.label == 1))
    rows = pick_evenly(rows, _MOST_WINDOWS)
    background = known & (seen.label != 1)
    chance = passes[background].sum(axis=0) / max(background.sum(), 1)
    sites = passes[rows].sum(axis=0)
    real = np.maximum(np.maximum(sites - chance * len(rows), sites / 2), 1)
    at = seen.position[rows].astype(int), seen.reverse[rows], passes[rows]
    return Peaks(codes[rows], *at, seen.width.astype(int), real, chance, flank)


def lies(peaks: Peaks, one: int, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How the sites of all kernels lie to those of `one` (rows, K): offset and reverse."""
    place, turned, width = peaks.position[rows], peaks.reverse[rows], peaks.width
    own, minus = place[:, [one]], turned[:, [one]]
    offset = np.where(minus, own + width[one] - place - width, place - own)
    return offset, turned != minus


def common_places(peaks: Peaks, one: int, reach: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count, for each of K kernels, how often its site lies at one place relative to that of `one`.

    Returns the number (K,) and where they lie, offset and reverse (K,), as in `Members`, at most
    `reach` away. A kernel that reads a palindrome takes either strand; the best place on either
    counts.
    """
    rows = np.flatnonzero(peaks.passes[:, one])
    offset, turned = lies(peaks, one, rows)
    near = peaks.passes[rows] & (np.abs(offset) <= reach)
    kernels, size = len(peaks.width), 2 * reach + 1
    cell = np.arange(kernels) * size + offset + reach
    found = [np.bincount(cell[near & (turned == t)], minlength=kernels * size) for t in (0, 1)]
    found = np.stack(found).reshape(2, kernels, size)
    strand = found.max(axis=2).argmax(axis=0)
    best = found[strand, np.arange(kernels)].argmax(axis=1)
    return found.max(axis=2).sum(axis=0), best - reach, strand == 1


def alone(
    peaks: Peaks, motifs: Motifs, one: int, other: int, place: Place, background: np.ndarray
) -> np.ndarray:
    """The matrix (W, 4) of `one` at those of its sites that are not sites of `other`.

    `place` is how the other lies to it. Where these are few, that of all its sites.
    """
    rows = np.flatnonzero(peaks.passes[:, one])
    offset, turned = (part[:, other] for part in lies(peaks, one, rows))
    common = peaks.passes[rows, other] & (offset == place[0]) & (turned == place[1])
    rows = rows[~common]
    if len(rows) - peaks.chance[one] * len(peaks.codes) < (1 - MOST) * peaks.real[one]:
        return motifs.wide[one]
    at = peaks.position[rows, one], peaks.reverse[rows, one], np.ones(len(rows))
    sites = Sites(np.zeros(len(rows), int), np.arange(len(rows)), *at)
    counts = count_sites(peaks.codes[rows], sites, peaks.width[[one]], peaks.flank)
    return probabilities(counts[0], background, 1)


def relate(
    peaks: Peaks, motifs: Motifs, one: int, other: int, place: Place, background: np.ndarray
) -> tuple[bool, bool]:
    """Whether `other`, which lies at `place`, shows the whole of `one`, and is inside of it."""
    sizes = len(motifs.wide[one]), len(motifs.wide[other])
    back = int(seen_from_other(*place, *sizes)), place[1]
    theirs = alone(peaks, motifs, other, one, back, background)
    ours = alone(peaks, motifs, one, other, place, background)
    return (
        shown(motifs, one, theirs, place, background),
        shown(motifs, other, ours, back, background),
    )


def group(
    motifs: Motifs,
    ranked: list[int],
    peaks: Peaks,
    background: np.ndarray,
    max_p: float,
    min_overlap: float,
    threads: int = 1,
) -> Members:
    """Group the kernels `ranked`, the most evident first; see the module.

    1 is the family of the first leader.
    """
    kernels = len(peaks.width)
    members = Members(*np.zeros((2, kernels), int), *np.zeros((2, kernels), bool), [], [])
    some = Motifs([motifs.wide[k] for k in ranked], motifs.first[ranked], motifs.end[ranked])
    alike = similar(some, max_p, min_overlap, threads)
    reach = max(map(len, motifs.wide), default=0)
    for a, leader in enumerate(ranked):
        if members.family[leader]:
            continue
        members.leader.append(leader)
        join(members, leader, (0, False), pooled=True)
        common, *places = common_places(peaks, leader, reach)
        touching = common >= np.maximum(TOUCHING * peaks.real, MIN_COMMON)
        for b, other in enumerate(ranked):
            if members.family[other] or not (touching[other] or alike.close[a, b]):
                continue
            known = (
                [part[other] for part in places]
                if touching[other]
                else [alike.offset[a, b], alike.reverse[a, b]]
            )
            place = int(known[0]), bool(known[1])
            whole, inside = relate(peaks, motifs, leader, other, place, background)
            most = common[other] >= MOST * peaks.real[other]
            both = most and common[other] >= MOST * peaks.real[leader]
            if (whole and (inside or both)) or (most and not whole):
                join(members, other, place, pooled=whole)
    rank = {kernel: a for a, kernel in enumerate(ranked)}
    for family in range(1, len(members.leader) + 1):
        pooled = np.array([rank[kernel] for kernel in which(members, family)])
        members.medoid.append(ranked[medoid(np.sort(pooled), alike.sureness)])
    return members._replace(
        leader=np.array(members.leader, int), medoid=np.array(members.medoid, int)
    )


def join(members: Members, kernel: int, place: Place, pooled: bool) -> None:
    """Enter a kernel into the last family, in place."""
    row = len(members.leader), *place, pooled
    for array, value in zip(members[:4], row, strict=True):
        array[kernel] = value


def kin(
    motifs: Motifs,
    peaks: Peaks,
    background: np.ndarray,
    max_p: float,
    min_overlap: float,
    threads: int = 1,
) -> list[list[tuple[int, str]]]:
    """Say of each family, the most important first, which earlier ones it resembles, and how.

    Motifs and peaks are families'. Lists of (number, relation); the relation is "part of", "whole
    of" or "variant of" it, or "beside" it, at one distance.
    """
    alike = similar(motifs, max_p, min_overlap, threads)
    reach, count = max(map(len, motifs.wide), default=0), len(peaks.width)
    found, commons = [], [common_places(peaks, one, reach) for one in range(count)]
    for other in range(count):
        relations = []
        for one in range(other):
            common, *place = (part[other] for part in commons[one])
            touching = common >= max(TOUCHING * peaks.real[other], MIN_COMMON)
            if touching or alike.close[one, other]:
                if not touching:
                    place = alike.offset[one, other], alike.reverse[one, other]
                place = int(place[0]), bool(place[1])
                kind = relate(peaks, motifs, one, other, place, background)
                words = {(True, False): "whole of", (False, True): "part of"}
                other_word = "variant of" if alike.close[one, other] else "beside"
                relations.append((one, words.get(kind, other_word)))
        found.append(relations)
    return found


def which(members: Members, family: int) -> np.ndarray:
    """The kernels whose sites are pooled in a family."""
    return np.flatnonzero((members.family == family) & members.pooled)
