"""The published rules that make matrices from kernels, each as in its source.

A rule decides which windows count, which positions in them are sites of a kernel, and how the bases
at the sites become a matrix:

- danq (uci-cbcl/DanQ#9): the best position of each window, if above 0; counts over their sum.
- factornet (FactorNet visualize.py): the same on each strand, so up to two sites in a window.
- pysster (Model.py, Motif.py): the best position of the best windows of a kernel's top class, see
  `pysster`; 0.999 p + 0.001 / 4.
- basset (basset_motifs.py): all positions above the middle between mean and maximum;
  (1 + counts) / (4 + n); at least ten sites.
- koo (exponential_activations explain.py, utils.py): 20 bp round all positions above half the
  maximum; the mean, clipped.
- eugene (_filters.py, with seqexplainer): the 100 best positions of all windows, or all positions
  above a fraction of the maximum; counts over their sum.
- raw: the weights of the kernels, without sequences, see `model_maps.best_words`. Its sites and
  thresholds are those of scan; they do not affect the matrix.

Only factornet reads the minus strand. Overlapping windows count separately. The default rule,
`scan`, is in `rule_results`.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from peaks2motifs.core.limits import BEST_POSITIONS, KOO_WIDTH
from peaks2motifs.motifs.activation_maps import (
    Maps,
    all_sites_above,
    best_sites_above,
    best_sites_of,
    measure_heights,
)
from peaks2motifs.motifs.kernel_sites import (
    Sites,
    concatenate_sites,
    count_sites,
    highest_sites,
    select_sites,
)
from peaks2motifs.motifs.motif import Limits

PEAK_RULES = ("scan", "danq", "factornet", "raw")
TEST_RULES = ("pysster", "basset", "koo")
PYSSTER_MAX_WINDOWS = 750
KOO_BITS, KOO_PAD = 0.5, 3
BASSET_BITS = 0.2
MAX_SITES = 20_000  # of a kernel that are listed; all sites are counted
_SITES_HELD = 1 << 20  # in memory, before they are reduced to the highest


class Options(NamedTuple):
    """The options of the published rules."""

    basset_trim: bool = False  # remove outer columns below `BASSET_BITS`
    eugene_above: float | None = None  # a fraction of the maximum, instead of the best positions
    seed: int = 0  # of pysster
    max_background: float = 0.1  # of the sites of raw, see `rule_results.best_sites`


def published_limits(rule: str) -> Limits:
    """Return what a matrix needs to be a motif under a published rule, as in its source."""
    sites = {"basset": 10, "koo": 2}.get(rule, 1)
    width = 2 if rule == "basset" else 1
    return Limits(sites, min_information=0, min_width=width, trim_information=0, pseudocount=0)


def name_kernel_motifs(rule: str, kernels: np.ndarray) -> np.ndarray:
    """Name the motifs of kernels; matrices of raw weights have names of their own."""
    return np.array([f"{name}_raw" for name in kernels], str) if rule == "raw" else kernels


def counted_windows(rule: str, splits: str, split: np.ndarray, is_peak: np.ndarray) -> np.ndarray:
    """Select the windows (n,) whose sites a rule counts, by their split (n,) and is_peak (n,).

    `splits` is a split, "all", or "source", for the windows that the source of the rule uses.
    """
    if splits == "source":
        splits = "test" if rule in TEST_RULES else "all"
    chosen = np.full(len(split), True) if splits == "all" else split == splits
    return chosen & is_peak if rule in PEAK_RULES else chosen


def apply_rule(
    rule: str, maps: Maps, codes: np.ndarray, label: np.ndarray, width: np.ndarray, options: Options
) -> dict[str, np.ndarray | Sites]:
    """Apply a rule other than scan and raw to all K kernels.

    codes (n, L) are the windows that count, label (n,) or (n, T) their classes, width (K,) the
    widths of the kernels in bases. `maps` makes the activation maps, of both strands for factornet.
    Returns the fields of `RuleResult` that the rule decides: width, counts, matrix, nsites,
    threshold and sites.
    """
    threshold, parts = RULES[rule](maps, (len(codes), len(width)), label, options)
    site_width = width
    if rule == "basset":
        parts = (select_inside(sites, width, codes.shape[1]) for sites in parts)
    elif rule == "koo":
        parts = (centre_sites(sites, width, codes.shape[1]) for sites in parts)
        site_width = np.full_like(width, KOO_WIDTH)
    counts, nsites, sites = count_all_sites(parts, codes, site_width)
    matrix = make_matrix(rule, counts, nsites, site_width, options.basset_trim)
    fields = {"width": site_width, "counts": counts, "matrix": matrix}
    return fields | {"nsites": nsites, "threshold": threshold, "sites": sites}


Choice = tuple[np.ndarray, Iterable[Sites]]  # thresholds (K,), and sites, some at a time
Shape = tuple[int, int]  # numbers of windows and kernels


def danq(maps: Maps, shape: Shape, label: np.ndarray, options: Options) -> Choice:
    """Take the best position of each window, on each strand of the maps, if it is above 0."""
    threshold = np.zeros(shape[1], np.float32)
    return threshold, (best_sites_above(layer_map, threshold) for layer_map in maps())


def pysster(maps: Maps, shape: Shape, label: np.ndarray, options: Options) -> Choice:
    """Take the best position of the best windows of each kernel's top class.

    The top class has the highest mean of the windows' maxima. This mean is the threshold; windows
    that differ from it only by rounding reach it too. Of the windows of the top class that reach
    it, the best are taken: at most 750, and at most a third of all windows that reach it, but at
    least one. Windows equal to the last one are added. Of equal positions, a random one is taken.
    """
    windows, kernels = shape
    rng, best = np.random.default_rng([options.seed, 0]), measure_heights(maps(), shape).best
    classes = label.T == 1 if label.ndim == 2 else np.stack([label != 1, label == 1])
    classes = classes[classes.any(axis=1)]
    if not len(classes):
        return np.full(kernels, np.inf, np.float32), iter(())
    means = np.stack([best[is_member].mean(axis=0, dtype=float) for is_member in classes])
    threshold = means.max(axis=0).astype(np.float32)
    reaches = (best > threshold) | np.isclose(best, threshold)
    chosen = reaches & classes[means.argmax(axis=0)].T
    number = np.maximum(np.minimum(PYSSTER_MAX_WINDOWS, reaches.sum(axis=0) // 3), 1)
    descending = -np.sort(-np.where(chosen, best, -np.inf), axis=0)
    last = descending[np.minimum(number, windows) - 1, np.arange(kernels)]
    chosen &= best >= last
    return threshold, (best_sites_of(layer_map, chosen, rng) for layer_map in maps())


def basset(maps: Maps, shape: Shape, label: np.ndarray, options: Options) -> Choice:
    """Take all positions above mean + 0.5 (maximum - mean), over all windows and positions."""
    heights = measure_heights(maps(), shape)
    highest = heights.best.max(axis=0, initial=-np.inf)
    threshold = (0.5 * (highest - heights.mean) + heights.mean).astype(np.float32)
    return threshold, (all_sites_above(layer_map, threshold) for layer_map in maps())


def koo(maps: Maps, shape: Shape, label: np.ndarray, options: Options) -> Choice:
    """Take all positions above half the maximum."""
    threshold = 0.5 * measure_heights(maps(), shape).best.max(axis=0, initial=-np.inf)
    return threshold, (all_sites_above(layer_map, threshold) for layer_map in maps())


def eugene(maps: Maps, shape: Shape, label: np.ndarray, options: Options) -> Choice:
    """Take the `BEST_POSITIONS` best positions, or all above a fraction of the maximum.

    Of equal ones, the first are taken. Positions with the kernel's lowest activation are never
    taken, although the source uses them if there are too few others.
    """
    heights = measure_heights(maps(), shape)
    if options.eugene_above is not None:
        threshold = options.eugene_above * heights.best.max(axis=0, initial=-np.inf)
        return threshold, (all_sites_above(layer_map, threshold) for layer_map in maps())
    # To save memory: the best positions are not below the last of as many maxima of windows.
    bound = heights.lowest
    if shape[0] >= BEST_POSITIONS:
        bound = np.maximum(bound, _next_lower(-np.sort(-heights.best, axis=0)[BEST_POSITIONS - 1]))
    sites = keep_highest(
        (all_sites_above(layer_map, bound) for layer_map in maps()), BEST_POSITIONS, shape[1]
    )
    threshold = heights.best.max(axis=0, initial=-np.inf)
    np.minimum.at(threshold, sites.kernel, _next_lower(sites.activation))
    return threshold, [sites]


RULES = {"danq": danq, "factornet": danq, "pysster": pysster, "basset": basset, "koo": koo}
RULES |= {"eugene": eugene}


def _next_lower(values: np.ndarray) -> np.ndarray:
    """Return the next lower float32, so that equal values are above it."""
    return np.nextafter(values, np.float32(-np.inf))


def select_inside(sites: Sites, width: np.ndarray, length: int) -> Sites:
    """Select the sites that lie completely in their window."""
    end = sites.position + width[sites.kernel]
    return select_sites(sites, (sites.position >= 0) & (end <= length))


def centre_sites(sites: Sites, width: np.ndarray, length: int) -> Sites:
    """Replace each site by the `KOO_WIDTH` bp round its middle.

    As in the source, the middle is the base on which a 'same' layer centres its output. Sites that
    then touch or cross an end of the window are left out.
    """
    start = sites.position + (width[sites.kernel] - 1) // 2 - KOO_WIDTH // 2
    is_inside = (start > 0) & (start + KOO_WIDTH < length)
    return select_sites(sites._replace(position=start), is_inside)


def count_all_sites(
    parts: Iterable[Sites], codes: np.ndarray, width: np.ndarray
) -> tuple[np.ndarray, np.ndarray, Sites]:
    """Count the bases at all sites: counts (K, W, 4), nsites (K,), and the sites to list."""
    counts = np.zeros((len(width), int(width.max(initial=1)), 4), np.int64)
    nsites = np.zeros(len(width), np.int64)

    def count_parts() -> Iterator[Sites]:
        """Count the bases at each part of the sites, and pass the part on."""
        nonlocal counts, nsites
        for part in filter(lambda part: len(part.window), parts):
            first, last = part.window.min(), part.window.max()
            shifted = part._replace(window=part.window - first)
            counts += count_sites(codes[first : last + 1], shifted, width, flank=0)
            nsites += np.bincount(part.kernel, minlength=len(width))
            yield part

    sites = keep_highest(count_parts(), MAX_SITES, len(width))
    return counts, nsites, sites


def keep_highest(parts: Iterable[Sites], number: int, kernels: int) -> Sites:
    """Join sites and keep the highest `number` of each kernel; this bounds the memory in use."""
    held = [Sites(*(np.empty(0, kind) for kind in (int, int, np.int64, bool, np.float32)))]
    for part in parts:
        held.append(part)
        if sum(len(sites.kernel) for sites in held) > max(2 * number * kernels, _SITES_HELD):
            held = [highest_sites(concatenate_sites(held), number)]
    return highest_sites(concatenate_sites(held), number)


def make_matrix(
    rule: str, counts: np.ndarray, nsites: np.ndarray, width: np.ndarray, basset_trim: bool
) -> np.ndarray:
    """Make the rule's matrix (K, W, 4) from the counts (K, W, 4) of nsites (K,) sites.

    width (K,) is the width of the sites. For koo, a kernel with fewer than two sites gets equal
    probabilities.
    """
    matrix = counts.astype(float)
    is_column = np.arange(counts.shape[1]) < width[:, None]
    known = matrix.sum(axis=2, keepdims=True)  # sites with a known base
    if rule == "pysster":
        return 0.999 * matrix + 0.001 / 4 * known
    if rule == "basset":  # an unknown base counts as a quarter of each
        unknown = nsites[:, None, None] - known
        matrix = np.where(is_column[..., None], 1 + matrix + unknown / 4, 0)
        return clip_matrix(matrix, BASSET_BITS, 0) if basset_trim else matrix
    if rule == "koo":
        matrix = np.where((nsites < 2)[:, None, None], 0.25, matrix)
        clipped = clip_matrix(matrix, KOO_BITS, KOO_PAD)
        return np.where(clipped.any(axis=(1, 2), keepdims=True), clipped, matrix)
    return matrix


def clip_matrix(matrix: np.ndarray, bits: float, pad: int) -> np.ndarray:
    """Set the outer columns of matrices (K, W, 4) to 0; only strong columns and `pad` more remain.

    A strong column has at least `bits` of information over equal base frequencies. Weak columns
    between strong ones remain too. A matrix without a strong column becomes 0.
    """
    ppm = matrix / np.maximum(matrix.sum(axis=2, keepdims=True), 1e-12)
    is_strong = (2 + (ppm * np.log2(ppm + 1e-9)).sum(axis=2) >= bits) & matrix.any(axis=2)
    column = np.arange(matrix.shape[1])
    first = is_strong.argmax(axis=1) - pad
    last = column[-1] - is_strong[:, ::-1].argmax(axis=1) + pad
    kept = (column >= first[:, None]) & (column <= last[:, None]) & is_strong.any(axis=1)[:, None]
    return np.where(kept[..., None], matrix, 0)
