"""The published rules by which kernels become matrices, each as its source has it.

A rule says which windows count, which positions in them are sites of a kernel, and how the bases
under the sites become a matrix:

- danq (uci-cbcl/DanQ#9): a window's best position, if above 0; counts over their sum.
- factornet (FactorNet visualize.py): the same on either strand, so up to two sites a window.
- pysster (Model.py, Motif.py): the best position of the best windows of a kernel's top class, see
  `pysster`; 0.999 p + 0.001 / 4.
- basset (basset_motifs.py): all positions that are above the mean by half of what the maximum is;
  (1 + counts) / (4 + n); ten sites at least.
- koo (exponential_activations explain.py, utils.py): 20 bp round all positions above half of the
  maximum; the mean, clipped.
- eugene (_filters.py, and seqexplainer behind it): the 100 best positions of all, or all above a
  fraction of the maximum; counts over their sum.
- raw: no sequences but the kernels' weights, see `weights`; sites and thresholds are those of scan,
  and the matrix has nothing to do with them.

All but factornet read the forward strand alone. A window counts for itself even where another
overlaps it. `scan`, the default, is in `rule_results`.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from peaks2motifs.motifs.activation_maps import Maps, any_highest, everywhere, highest, measure
from peaks2motifs.motifs.kernel_sites import (
    Sites,
    concatenate_sites,
    count_sites,
    highest_sites,
    select_sites,
)
from peaks2motifs.motifs.motif import Limits

OF_PEAKS = ("scan", "danq", "factornet", "raw")
OF_TEST = ("pysster", "basset", "koo")
BEST_POSITIONS = 100
PYSSTER_MOST = 750
KOO_WIDTH, KOO_BITS, KOO_PAD = 20, 0.5, 3
BASSET_BITS = 0.2
MOST_SITES = 20_000  # of a kernel, that are listed; all are counted
_LEAST_HELD = 1 << 20


class Options(NamedTuple):
    """What may be chosen of the sources' rules."""

    basset_trim: bool = False  # cut columns below `BASSET_BITS`
    eugene_above: float | None = None  # a fraction of the maximum in place of the best positions
    seed: int = 0  # of pysster
    max_background: float = 0.1  # of the sites that go with raw, see `rule_results.best_sites`


def published_limits(rule: str) -> Limits:
    """What a matrix needs to be a motif, as the source of a published rule has it."""
    sites = {"basset": 10, "koo": 2}.get(rule, 1)
    width = 2 if rule == "basset" else 1
    return Limits(sites, min_information=0, min_width=width, trim_information=0, pseudocount=0)


def names_of(rule: str, kernels: np.ndarray) -> np.ndarray:
    """The names of kernels' motifs: matrices of raw weights are never taken for others."""
    return np.array([f"{name}_raw" for name in kernels], str) if rule == "raw" else kernels


def counted_windows(rule: str, splits: str, split: np.ndarray, is_peak: np.ndarray) -> np.ndarray:
    """Say which windows (n,) a rule takes sites from, by their split (n,) and label (n,).

    `splits` names a split, "all", or "source": what the source of the rule takes.
    """
    if splits == "source":
        splits = "test" if rule in OF_TEST else "all"
    chosen = np.full(len(split), True) if splits == "all" else split == splits
    return chosen & is_peak if rule in OF_PEAKS else chosen


def find(
    rule: str, maps: Maps, codes: np.ndarray, label: np.ndarray, width: np.ndarray, options: Options
) -> dict[str, np.ndarray | Sites]:
    """Apply a rule other than scan and raw to all K kernels.

    codes (n, L) are the windows that count, label (n,) or (n, T) their classes, width (K,) the
    bases that the kernels read; `maps` makes their activation maps, of both strands for factornet.
    Returns the fields of `RuleResult` that the rule decides: width, counts, matrix, nsites,
    threshold and sites.
    """
    threshold, parts = RULES[rule](maps, (len(codes), len(width)), label, options)
    span = width
    if rule == "basset":
        parts = (inside(sites, width, codes.shape[1]) for sites in parts)
    elif rule == "koo":
        parts = (centred(sites, width, codes.shape[1]) for sites in parts)
        span = np.full_like(width, KOO_WIDTH)
    counts, nsites, sites = collect(parts, codes, span)
    matrix = make_matrix(rule, counts, nsites, span, options.basset_trim)
    found = {"width": span, "counts": counts, "matrix": matrix}
    return found | {"nsites": nsites, "threshold": threshold, "sites": sites}


Choice = tuple[np.ndarray, Iterable[Sites]]  # thresholds (K,), and the sites, some at a time
Shape = tuple[int, int]  # numbers of windows and kernels


def danq(maps: Maps, shape: Shape, label: np.ndarray, options: Options) -> Choice:
    """The best position of each window, on each strand that the maps hold, if above 0."""
    threshold = np.zeros(shape[1], np.float32)
    return threshold, (highest(one, threshold) for one in maps())


def pysster(maps: Maps, shape: Shape, label: np.ndarray, options: Options) -> Choice:
    """The best position of the best windows of each kernel's top class.

    That is the class with the highest mean of the windows' maxima, and this mean the threshold,
    which may be met but for rounding. If more windows of the class reach it than 750, or than a
    third of the windows of all classes that do, but at least one, as many are taken, more where the
    last are equal. Of equal positions any is taken.
    """
    windows, kernels = shape
    rng, best = np.random.default_rng([options.seed, 0]), measure(maps(), shape).best
    classes = label.T == 1 if label.ndim == 2 else np.stack([label != 1, label == 1])
    classes = classes[classes.any(axis=1)]
    if not len(classes):
        return np.full(kernels, np.inf, np.float32), iter(())
    means = np.stack([best[of].mean(axis=0, dtype=float) for of in classes])
    threshold = means.max(axis=0).astype(np.float32)
    reach = (best > threshold) | np.isclose(best, threshold)
    chosen = reach & classes[means.argmax(axis=0)].T
    most = np.maximum(np.minimum(PYSSTER_MOST, reach.sum(axis=0) // 3), 1)
    descending = -np.sort(-np.where(chosen, best, -np.inf), axis=0)
    last = descending[np.minimum(most, windows) - 1, np.arange(kernels)]
    chosen &= best >= last
    return threshold, (any_highest(one, chosen, rng) for one in maps())


def basset(maps: Maps, shape: Shape, label: np.ndarray, options: Options) -> Choice:
    """All positions above mean + 0.5 (maximum - mean), both over all windows and positions."""
    heights = measure(maps(), shape)
    top = heights.best.max(axis=0, initial=-np.inf)
    threshold = (0.5 * (top - heights.mean) + heights.mean).astype(np.float32)
    return threshold, (everywhere(one, threshold) for one in maps())


def koo(maps: Maps, shape: Shape, label: np.ndarray, options: Options) -> Choice:
    """All positions above half of the maximum."""
    top = measure(maps(), shape).best.max(axis=0, initial=-np.inf)
    return 0.5 * top, (everywhere(one, 0.5 * top) for one in maps())


def eugene(maps: Maps, shape: Shape, label: np.ndarray, options: Options) -> Choice:
    """The best positions, or all above a fraction of the maximum.

    Of equal ones the first are taken; positions where a kernel says the least that it ever says are
    not, though the source fills up with any of them.
    """
    heights = measure(maps(), shape)
    if options.eugene_above is not None:
        threshold = options.eugene_above * heights.best.max(axis=0, initial=-np.inf)
        return threshold, (everywhere(one, threshold) for one in maps())
    # No position below the hundredth best of the windows' maxima is among the hundred best.
    bound = heights.lowest
    if shape[0] >= BEST_POSITIONS:
        bound = np.maximum(bound, _below(-np.sort(-heights.best, axis=0)[BEST_POSITIONS - 1]))
    sites = keep_highest((everywhere(one, bound) for one in maps()), BEST_POSITIONS, shape[1])
    threshold = heights.best.max(axis=0, initial=-np.inf)
    np.minimum.at(threshold, sites.kernel, _below(sites.activation))
    return threshold, [sites]


RULES = {"danq": danq, "factornet": danq, "pysster": pysster, "basset": basset, "koo": koo}
RULES |= {"eugene": eugene}


def _below(values: np.ndarray) -> np.ndarray:
    """The next lower float32, so that what equals a value is above this."""
    return np.nextafter(values, np.float32(-np.inf))


def inside(sites: Sites, width: np.ndarray, length: int) -> Sites:
    """Those sites whose bases all lie in the window."""
    end = sites.position + width[sites.kernel]
    return select_sites(sites, (sites.position >= 0) & (end <= length))


def centred(sites: Sites, width: np.ndarray, length: int) -> Sites:
    """The `KOO_WIDTH` bp round each site's middle, where they lie in the window.

    As in the source the middle is the base whose output a 'same' layer centres there, and what
    touches either end of the window is left out.
    """
    start = sites.position + (width[sites.kernel] - 1) // 2 - KOO_WIDTH // 2
    fits = (start > 0) & (start + KOO_WIDTH < length)
    return select_sites(sites._replace(position=start), fits)


def collect(
    parts: Iterable[Sites], codes: np.ndarray, width: np.ndarray
) -> tuple[np.ndarray, np.ndarray, Sites]:
    """Count the bases at all sites: counts (K, W, 4), nsites (K,), and the sites to be listed."""
    counts = np.zeros((len(width), int(width.max(initial=1)), 4), np.int64)
    nsites = np.zeros(len(width), np.int64)

    def count() -> Iterator[Sites]:
        nonlocal counts, nsites
        for part in filter(lambda part: len(part.window), parts):
            first, last = part.window.min(), part.window.max()
            near = part._replace(window=part.window - first)
            counts += count_sites(codes[first : last + 1], near, width, flank=0)
            nsites += np.bincount(part.kernel, minlength=len(width))
            yield part

    sites = keep_highest(count(), MOST_SITES, len(width))
    return counts, nsites, sites


def keep_highest(parts: Iterable[Sites], number: int, kernels: int) -> Sites:
    """Join sites, and keep the highest `number` of each kernel, never holding many more."""
    held = [Sites(*(np.empty(0, kind) for kind in (int, int, np.int64, bool, np.float32)))]
    for part in parts:
        held.append(part)
        if sum(len(each.kernel) for each in held) > max(2 * number * kernels, _LEAST_HELD):
            held = [highest_sites(concatenate_sites(held), number)]
    return highest_sites(concatenate_sites(held), number)


def make_matrix(
    rule: str, counts: np.ndarray, nsites: np.ndarray, width: np.ndarray, basset_trim: bool
) -> np.ndarray:
    """Make of counts (K, W, 4) at nsites (K,) sites, width (K,) wide, a matrix as the rule does.

    For koo, a kernel with less than two sites gets equal probabilities.
    """
    matrix = counts.astype(float)
    own = np.arange(counts.shape[1]) < width[:, None]
    seen = matrix.sum(axis=2, keepdims=True)
    if rule == "pysster":
        return 0.999 * matrix + 0.001 / 4 * seen
    if rule == "basset":  # a base that is not known is a quarter of each
        matrix = np.where(own[..., None], 1 + matrix + (nsites[:, None, None] - seen) / 4, 0)
        return cut(matrix, BASSET_BITS, 0) if basset_trim else matrix
    if rule == "koo":
        matrix = np.where((nsites < 2)[:, None, None], 0.25, matrix)
        clipped = cut(matrix, KOO_BITS, KOO_PAD)
        return np.where(clipped.any(axis=(1, 2), keepdims=True), clipped, matrix)
    return matrix


def cut(matrix: np.ndarray, bits: float, pad: int) -> np.ndarray:
    """Empty the outer columns with less information than `bits` over equal bases, but `pad`.

    A matrix without a column that has as much is emptied.
    """
    ppm = matrix / np.maximum(matrix.sum(axis=2, keepdims=True), 1e-12)
    strong = (2 + (ppm * np.log2(ppm + 1e-9)).sum(axis=2) >= bits) & matrix.any(axis=2)
    column = np.arange(matrix.shape[1])
    first = strong.argmax(axis=1) - pad
    last = column[-1] - strong[:, ::-1].argmax(axis=1) + pad
    kept = (column >= first[:, None]) & (column <= last[:, None]) & strong.any(axis=1)[:, None]
    return np.where(kept[..., None], matrix, 0)
