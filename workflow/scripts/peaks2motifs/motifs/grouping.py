"""Families of kernels that show the same motif: each has a leader, to which members are aligned.

Kernels are taken by their evidence, the most evident first. Each that belongs to no family yet
leads one. Two kernels are candidates for one family if Tomtom finds their motifs similar, or if
their sites lie at the same places, at one distance and on one strand. The matrices then decide, by
two questions. Does the member predict the leader's columns (`whole`)? Does the leader predict the
member's (`inside`)? Where many sites of a kernel are not also sites of the other one, only these
sites answer for it, because half-sites that are part of a dimer sometimes show the dimer.

- whole and inside: one motif; the member's sites are pooled with the leader's. Two spacings of one
  dimer share only one half at a time, so they stay apart, and so do a motif and its half.
- whole only, such as a dimer beside its half that leads: pooled if most sites of each are also
  sites of the other, because both then read one motif. Else the dimer leads its own family.
- not whole, such as a half beside the dimer that leads: if most of its sites are the dimer's, it is
  listed with that family, but its sites are not pooled, because they would blur the other half.
  Else, as when the half also binds alone, it leads its own family.

Members are compared with the leader alone, so no chain of resemblances joins two motifs.
"""

from typing import NamedTuple

import numpy as np

from peaks2motifs.core.subsample import pick_evenly
from peaks2motifs.model.activations import Activations
from peaks2motifs.motifs.kernel_sites import Sites, count_sites
from peaks2motifs.motifs.motif import probabilities
from peaks2motifs.motifs.similarity import (
    Motifs,
    Placement,
    compare_motifs,
    inverse_offset,
    is_predicted,
    medoid,
)

MIN_SHARED = 0.2  # the share of sites in common from which two motifs are compared at all
MIN_SHARED_SITES = 5  # and the smallest number of shared sites
SAME_SITES_SHARE = 2 / 3  # of sites in common: two kernels then read one motif
_MAX_PEAKS = 5000  # in which shared sites are counted


class Members(NamedTuple):
    """The family of each of K kernels, and its offset and strand relative to the leader.

    family counts from 1; 0 is none. offset is where the leftmost base under the kernel lies,
    counted from the leader's first in the leader's orientation; reverse whether the kernel reads
    the other strand. pooled says whether its sites are sites of the family's motif. leader and
    medoid (families,) are kernels.
    """

    family: np.ndarray
    offset: np.ndarray
    reverse: np.ndarray
    pooled: np.ndarray
    leader: np.ndarray
    medoid: np.ndarray


class PeakSites(NamedTuple):
    """The best sites of K kernels in m peaks (m, K), and the peaks' base codes (m, L).

    passes (m, K) says which sites count. expected_true_sites (K,) is about how many of them are not
    there by chance, background_rate (K,) the share of background windows that have a site. width
    (K,) is that of the kernels, `flank` the columns that their matrices have on either side of it.
    """

    codes: np.ndarray
    position: np.ndarray
    reverse: np.ndarray
    passes: np.ndarray
    width: np.ndarray
    expected_true_sites: np.ndarray
    background_rate: np.ndarray
    flank: int


def select_peaks(
    activations: Activations, passes: np.ndarray, codes: np.ndarray, flank: int
) -> PeakSites:
    """Select training and validation peaks, at most `_MAX_PEAKS`, and the kernels' sites in them.

    passes (n, K) says which best sites count. From their number those expected by chance are
    subtracted, but at most half of them.
    """
    in_use = activations.split != "test"
    peaks = pick_evenly(np.flatnonzero(in_use & (activations.label == 1)), _MAX_PEAKS)
    background = in_use & (activations.label != 1)
    background_rate = passes[background].sum(axis=0) / max(background.sum(), 1)
    sites = passes[peaks].sum(axis=0)
    expected_true_sites = np.maximum(np.maximum(sites - background_rate * len(peaks), sites / 2), 1)
    return PeakSites(
        codes[peaks],
        activations.position[peaks].astype(int),
        activations.reverse[peaks],
        passes[peaks],
        activations.width.astype(int),
        expected_true_sites,
        background_rate,
        flank,
    )


def relative_placements(
    peaks: PeakSites, kernel: int, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """How the sites of all kernels lie to those of one (rows, K): offset and reverse."""
    position, reverse, width = peaks.position[rows], peaks.reverse[rows], peaks.width
    origin, minus = position[:, [kernel]], reverse[:, [kernel]]
    offset = np.where(minus, origin + width[kernel] - position - width, position - origin)
    return offset, reverse != minus


def shared_sites(
    peaks: PeakSites, kernel: int, reach: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count, for each of K kernels, how often its site lies at one place relative to that of one.

    Returns the number (K,) and where the sites lie, offset and reverse (K,), as in `Members`, at
    most `reach` away. A kernel that reads a palindrome takes either strand; the best place on
    either counts.
    """
    rows = np.flatnonzero(peaks.passes[:, kernel])
    offset, reverse = relative_placements(peaks, kernel, rows)
    in_reach = peaks.passes[rows] & (np.abs(offset) <= reach)
    kernels, size = len(peaks.width), 2 * reach + 1
    cell = np.arange(kernels) * size + offset + reach
    counts = [
        np.bincount(cell[in_reach & (reverse == strand)], minlength=kernels * size)
        for strand in (0, 1)
    ]
    counts = np.stack(counts).reshape(2, kernels, size)
    strand = counts.max(axis=2).argmax(axis=0)
    best = counts[strand, np.arange(kernels)].argmax(axis=1)
    return counts.max(axis=2).sum(axis=0), best - reach, strand == 1


def matrix_without(
    peaks: PeakSites,
    motifs: Motifs,
    kernel: int,
    other: int,
    placement: Placement,
    background: np.ndarray,
) -> np.ndarray:
    """The matrix (W, 4) of a kernel at those of its sites that are not sites of another one.

    `placement` is how the other lies to it. Where these sites are few, the matrix of all its sites.
    """
    rows = np.flatnonzero(peaks.passes[:, kernel])
    offset, reverse = (array[:, other] for array in relative_placements(peaks, kernel, rows))
    at_placement = (offset == placement[0]) & (reverse == placement[1])
    rows = rows[~(peaks.passes[rows, other] & at_placement)]
    true_sites = len(rows) - peaks.background_rate[kernel] * len(peaks.codes)
    if true_sites < (1 - SAME_SITES_SHARE) * peaks.expected_true_sites[kernel]:
        return motifs.wide[kernel]
    sites = Sites(
        kernel=np.zeros(len(rows), int),
        window=np.arange(len(rows)),
        position=peaks.position[rows, kernel],
        reverse=peaks.reverse[rows, kernel],
        activation=np.ones(len(rows)),
    )
    counts = count_sites(peaks.codes[rows], sites, peaks.width[[kernel]], peaks.flank)
    return probabilities(counts[0], background, 1)


def relate(
    peaks: PeakSites,
    motifs: Motifs,
    kernel: int,
    other: int,
    placement: Placement,
    background: np.ndarray,
) -> tuple[bool, bool]:
    """Whether `other`, which lies at `placement`, shows the whole of a kernel; and is inside it."""
    sizes = len(motifs.wide[kernel]), len(motifs.wide[other])
    inverse_placement = int(inverse_offset(*placement, *sizes)), placement[1]
    other_matrix = matrix_without(peaks, motifs, other, kernel, inverse_placement, background)
    kernel_matrix = matrix_without(peaks, motifs, kernel, other, placement, background)
    return (
        is_predicted(motifs, kernel, other_matrix, placement, background),
        is_predicted(motifs, other, kernel_matrix, inverse_placement, background),
    )


def group(
    motifs: Motifs,
    ranked: list[int],
    peaks: PeakSites,
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
    ranked_motifs = Motifs(
        [motifs.wide[k] for k in ranked], motifs.first[ranked], motifs.end[ranked]
    )
    similarity = compare_motifs(ranked_motifs, max_p, min_overlap, threads)
    reach, true_sites = max(map(len, motifs.wide), default=0), peaks.expected_true_sites
    for leader_rank, leader in enumerate(ranked):
        if members.family[leader]:
            continue
        members.leader.append(leader)
        add_member(members, leader, (0, False), pooled=True)
        shared, *placements = shared_sites(peaks, leader, reach)
        shares_sites = shared >= np.maximum(MIN_SHARED * true_sites, MIN_SHARED_SITES)
        for other_rank, other in enumerate(ranked):
            pair = leader_rank, other_rank
            if members.family[other] or not (shares_sites[other] or similarity.close[pair]):
                continue
            offset, reverse = (
                [array[other] for array in placements]
                if shares_sites[other]
                else [similarity.offset[pair], similarity.reverse[pair]]
            )
            placement = int(offset), bool(reverse)
            whole, inside = relate(peaks, motifs, leader, other, placement, background)
            shares_most = shared[other] >= SAME_SITES_SHARE * true_sites[other]
            both_share_most = shares_most and shared[other] >= SAME_SITES_SHARE * true_sites[leader]
            if (whole and (inside or both_share_most)) or (shares_most and not whole):
                add_member(members, other, placement, pooled=whole)
    rank = {kernel: number for number, kernel in enumerate(ranked)}
    for family in range(1, len(members.leader) + 1):
        pooled = np.array([rank[kernel] for kernel in pooled_kernels(members, family)])
        members.medoid.append(ranked[medoid(np.sort(pooled), similarity.log_p)])
    return members._replace(
        leader=np.array(members.leader, int), medoid=np.array(members.medoid, int)
    )


def add_member(members: Members, kernel: int, placement: Placement, pooled: bool) -> None:
    """Enter a kernel into the last family, in place."""
    row = len(members.leader), *placement, pooled
    for array, value in zip(members[:4], row, strict=True):
        array[kernel] = value


def relate_families(
    motifs: Motifs,
    peaks: PeakSites,
    background: np.ndarray,
    max_p: float,
    min_overlap: float,
    threads: int = 1,
) -> list[list[tuple[int, str]]]:
    """Say of each family, the most important first, which earlier ones it resembles, and how.

    Motifs and peaks are those of families. Lists of (number, relation); the relation is "part of",
    "whole of" or "variant of" the other, or "beside" it, at one distance.
    """
    similarity = compare_motifs(motifs, max_p, min_overlap, threads)
    reach, count = max(map(len, motifs.wide), default=0), len(peaks.width)
    shared_with = [shared_sites(peaks, family, reach) for family in range(count)]
    relations = []
    for family in range(count):
        relations.append([])
        for other in range(family):
            shared, *placement = (array[family] for array in shared_with[other])
            shares_sites = shared >= max(
                MIN_SHARED * peaks.expected_true_sites[family], MIN_SHARED_SITES
            )
            if not (shares_sites or similarity.close[other, family]):
                continue
            if not shares_sites:
                placement = similarity.offset[other, family], similarity.reverse[other, family]
            placement = int(placement[0]), bool(placement[1])
            whole_and_inside = relate(peaks, motifs, other, family, placement, background)
            relation = {(True, False): "whole of", (False, True): "part of"}.get(
                whole_and_inside, "variant of" if similarity.close[other, family] else "beside"
            )
            relations[-1].append((other, relation))
    return relations


def pooled_kernels(members: Members, family: int) -> np.ndarray:
    """The kernels whose sites are pooled in a family."""
    return np.flatnonzero((members.family == family) & members.pooled)
