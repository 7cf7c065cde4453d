"""A family of kernels as if it were one kernel: its best site in each window, and all its sites.

A family reads windows as its leader does, from the same first base and with the same width; every
member's site is moved there. Activations of different kernels are made comparable by the mean and
the standard deviation that each has in training background windows.
"""

import numpy as np

from peaks2motifs.model.activations import Activations
from peaks2motifs.motifs.grouping import Members, pooled_kernels
from peaks2motifs.motifs.kernel_sites import Sites, select_sites


def scales(activations: Activations) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation (K,) of each kernel's best activation in training background.

    Kernels that are all but silent there are given a hundredth of their spread in all training
    windows, 1 where they are silent there as well.
    """
    train = activations.split == "train"
    background = train & (activations.label != 1)
    best = activations.best[background if background.any() else train].astype(float)
    least = activations.best[train].std(axis=0, dtype=float) / 100
    spread = np.maximum(best.std(axis=0), least)
    return best.mean(axis=0), np.where(spread > 0, spread, 1)


def move_to_leader(
    members: Members,
    width: np.ndarray,
    kernel: np.ndarray,
    position: np.ndarray,
    reverse: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Move sites of kernels, at position (m,) and strand (m,), to the bases of their leaders."""
    offset, size = members.offset[kernel], width.astype(int)
    minus = reverse ^ members.reverse[kernel]
    leader = members.leader[members.family[kernel] - 1]
    moved = np.where(minus, position + size[kernel] + offset - size[leader], position - offset)
    return moved, minus


def family_activations(
    activations: Activations, members: Members, others: Activations | None = None
) -> Activations:
    """The best site of each of F families in each window: Activations as of F kernels.

    best (n, F) is the highest activation of the members that are pooled, scaled as the module says.
    With `others`, windows of the same kernels, these are described; the scale is unchanged.
    """
    mean, spread = scales(activations)
    activations = others or activations
    shape = len(activations.label), len(members.leader)
    best = np.zeros(shape, np.float32)
    position, reverse = np.zeros(shape, np.int32), np.zeros(shape, bool)
    rows = np.arange(shape[0])
    for family in range(shape[1]):
        kernels = pooled_kernels(members, family + 1)
        scaled = (activations.best[:, kernels] - mean[kernels]) / spread[kernels]
        kernel = kernels[scaled.argmax(axis=1)]
        best[:, family] = scaled.max(axis=1)
        position[:, family], reverse[:, family] = move_to_leader(
            members,
            activations.width,
            kernel,
            activations.position[rows, kernel].astype(int),
            activations.reverse[rows, kernel],
        )
    of_leaders = {
        name: getattr(activations, name)[members.leader]
        for name in ("kernel", "width", "layer", "replicate")
    }
    return activations._replace(best=best, position=position, reverse=reverse, **of_leaders)


def pool_sites(
    sites: Sites,
    members: Members,
    activations: Activations,
    threshold: np.ndarray,
    chrom: np.ndarray,
    first: np.ndarray,
    reach: np.ndarray,
) -> tuple[Sites, np.ndarray]:
    """Gather the sites of all pooled members as sites of families, and the kernel (m,) of each.

    Of sites of a family that lie at most `reach` (F,) apart, in windows that overlap too, only the
    strongest is kept, by the scaled activation, and only if that is above `threshold` (F,).
    chrom (n,) and first (n,) say where on the genome windows begin.
    """
    mean, spread = scales(activations)
    sites = select_sites(sites, np.flatnonzero(members.pooled[sites.kernel]))
    kernel = sites.kernel
    family = members.family[kernel] - 1
    position, reverse = move_to_leader(
        members, activations.width, kernel, sites.position.astype(int), sites.reverse
    )
    scaled = (sites.activation - mean[kernel]) / spread[kernel]
    sites = Sites(family, sites.window, position, reverse, scaled)
    above = np.flatnonzero(scaled > threshold[family])
    sites, kernel = select_sites(sites, above), kernel[above]
    chromosome = np.unique(chrom, return_inverse=True)[1][sites.window]
    strongest = keep_strongest(
        sites.kernel * (chromosome.max(initial=0) + 1) + chromosome,
        first[sites.window] + sites.position,
        sites.activation,
        reach[sites.kernel],
    )
    return select_sites(sites, strongest), kernel[strongest]


def keep_strongest(
    group: np.ndarray, position: np.ndarray, activation: np.ndarray, reach: np.ndarray
) -> np.ndarray:
    """Keep, strongest first, the sites (m,) that lie more than `reach` (m,) from all kept before.

    Returns their indices. Only sites of one group compete; of equals the first is the stronger.
    """
    order = np.lexsort((-activation, position, group))
    repeated = (np.diff(group[order]) == 0) & (np.diff(position[order]) == 0)
    left = order[np.append(True, ~repeated)[: len(order)]]
    kept = left[:0]
    while len(left):
        best = left[~is_beaten(group[left], position[left], activation[left], reach[left])]
        kept = np.concatenate([kept, best])
        in_reach = is_near(group[left], position[left], reach[left], group[best], position[best])
        left = left[~in_reach]
    return np.sort(kept)


def is_beaten(
    group: np.ndarray, position: np.ndarray, activation: np.ndarray, reach: np.ndarray
) -> np.ndarray:
    """Say of sites (m,), sorted by group and position, which have a stronger one in reach."""
    beaten = np.zeros(len(group), bool)
    for step in range(1, int(reach.max(initial=0)) + 1):
        same_group = group[step:] == group[:-step]
        close = same_group & (position[step:] - position[:-step] <= reach[step:])
        if not close.any():
            break
        first_wins = activation[:-step] >= activation[step:]
        beaten[step:] |= close & first_wins
        beaten[:-step] |= close & ~first_wins
    return beaten


def is_near(
    group: np.ndarray,
    position: np.ndarray,
    reach: np.ndarray,
    other_group: np.ndarray,
    other_position: np.ndarray,
) -> np.ndarray:
    """Say of sites (m,) which lie in reach of another list's, sorted by group and position."""
    apart = np.ptp(position) + reach.max() + 1  # groups end to end, none in reach of the next
    line, others = group * apart + position, other_group * apart + other_position
    after = np.searchsorted(others, line)
    before = np.maximum(after - 1, 0)
    after = np.minimum(after, len(others) - 1)
    return np.minimum(np.abs(line - others[before]), np.abs(others[after] - line)) <= reach
