"""What a family of kernels sees: its best site in each window, and the sites of all its members.

A family reads windows as its leader does, from the same first base and with the same width; every
member's site is moved there. Activations of different kernels are made comparable by the mean and
the standard deviation that each has in training background windows.
"""

import numpy as np

from peaks2motifs.model.activations import Activations
from peaks2motifs.motifs.grouping import Members, which
from peaks2motifs.motifs.kernel_sites import Sites, pick


def scales(seen: Activations) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation (K,) of each kernel's best activation in training background.

    Kernels that are all but silent there are given a hundredth of their spread in all training
    windows, 1 where they are silent there as well.
    """
    train = seen.split == "train"
    background = train & (seen.label != 1)
    best = seen.best[background if background.any() else train].astype(float)
    least = seen.best[train].std(axis=0, dtype=float) / 100
    spread = np.maximum(best.std(axis=0), least)
    return best.mean(axis=0), np.where(spread > 0, spread, 1)


def lead_places(
    members: Members, width: np.ndarray, kernel: np.ndarray, place: np.ndarray, reverse: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Move sites of kernels, from place (m,) on and on the strand told, to their leader's bases."""
    offset, size = members.offset[kernel], width.astype(int)
    minus = reverse ^ members.reverse[kernel]
    leader = members.leader[members.family[kernel] - 1]
    moved = np.where(minus, place + size[kernel] + offset - size[leader], place - offset)
    return moved, minus


def look(seen: Activations, members: Members) -> Activations:
    """What each of F families sees in windows, as if it were a kernel: Activations of F kernels.

    best (n, F) is the highest activation of the members that are pooled, scaled as the module says.
    """
    mean, spread = scales(seen)
    shape = len(seen.label), len(members.leader)
    best = np.zeros(shape, np.float32)
    place, reverse = np.zeros(shape, np.int32), np.zeros(shape, bool)
    rows = np.arange(len(seen.label))
    for f in range(shape[1]):
        own = which(members, f + 1)
        scaled = (seen.best[:, own] - mean[own]) / spread[own]
        kernel = own[scaled.argmax(axis=1)]
        best[:, f] = scaled.max(axis=1)
        at = seen.position[rows, kernel].astype(int), seen.reverse[rows, kernel]
        place[:, f], reverse[:, f] = lead_places(members, seen.width, kernel, *at)
    leader = members.leader
    view = {name: getattr(seen, name)[leader] for name in ("kernel", "width", "layer", "replicate")}
    return seen._replace(best=best, position=place, reverse=reverse, **view)


def pool_sites(
    sites: Sites,
    members: Members,
    seen: Activations,
    threshold: np.ndarray,
    chrom: np.ndarray,
    first: np.ndarray,
    reach: np.ndarray,
) -> tuple[Sites, np.ndarray]:
    """Gather the sites of all pooled members, as sites of families; also the kernel (m,) of each.

    Of sites of a family that lie at most `reach` (F,) apart, in windows that overlap too, only the
    strongest is kept, by the scaled activation, and only if that is above `threshold` (F,).
    chrom (n,) and first (n,) say where on the genome windows begin.
    """
    mean, spread = scales(seen)
    sites = pick(sites, np.flatnonzero(members.pooled[sites.kernel]))
    by = sites.kernel
    family = members.family[by] - 1
    place, reverse = lead_places(members, seen.width, by, sites.position.astype(int), sites.reverse)
    scaled = (sites.activation - mean[by]) / spread[by]
    sites = Sites(family, sites.window, place, reverse, scaled)
    above = np.flatnonzero(scaled > threshold[family])
    sites, by = pick(sites, above), by[above]
    number = np.unique(chrom, return_inverse=True)[1][sites.window]
    kept = strongest(
        sites.kernel * (number.max(initial=0) + 1) + number,
        first[sites.window] + sites.position,
        sites.activation,
        reach[sites.kernel],
    )
    return pick(sites, kept), by[kept]


def strongest(
    group: np.ndarray, place: np.ndarray, activation: np.ndarray, reach: np.ndarray
) -> np.ndarray:
    """Keep, strongest first, the sites (m,) that lie more than `reach` (m,) from all kept before.

    Returns their indices. Only sites of one group compete; of equals the first is the stronger.
    """
    order = np.lexsort((-activation, place, group))
    again = (np.diff(group[order]) == 0) & (np.diff(place[order]) == 0)
    order = order[np.append(True, ~again)[: len(order)]]
    left, kept = order, order[:0]
    while len(left):
        best = left[~beaten(group[left], place[left], activation[left], reach[left])]
        kept = np.concatenate([kept, best])
        left = left[~near(group[left], place[left], reach[left], group[best], place[best])]
    return np.sort(kept)


def beaten(
    group: np.ndarray, place: np.ndarray, activation: np.ndarray, reach: np.ndarray
) -> np.ndarray:
    """Say of sites (m,), sorted by group and place, which a stronger one of their group reaches."""
    found = np.zeros(len(group), bool)
    for step in range(1, int(reach.max(initial=0)) + 1):
        close = (group[step:] == group[:-step]) & (place[step:] - place[:-step] <= reach[step:])
        if not close.any():
            break
        first = activation[:-step] >= activation[step:]
        found[step:] |= close & first
        found[:-step] |= close & ~first
    return found


def near(
    group: np.ndarray,
    place: np.ndarray,
    reach: np.ndarray,
    other_group: np.ndarray,
    other_place: np.ndarray,
) -> np.ndarray:
    """Say of sites (m,) which lie in reach of one of others, which go by group and place."""
    apart = np.ptp(place) + reach.max() + 1  # groups end to end, none in reach of the next
    at, others = group * apart + place, other_group * apart + other_place
    after = np.searchsorted(others, at)
    before = np.maximum(after - 1, 0)
    after = np.minimum(after, len(others) - 1)
    return np.minimum(np.abs(at - others[before]), np.abs(others[after] - at)) <= reach
