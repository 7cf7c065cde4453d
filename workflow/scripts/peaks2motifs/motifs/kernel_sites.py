"""From kernel activations to sites to count matrices (PFMs), for all kernels at once.

The best site of each kernel in each window comes from the model (`activations`). A rule says which
of these are sites of the kernel's motif; the bases under the sites are then counted.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from peaks2motifs.core.sequences import N_CODE, reverse_complement
from peaks2motifs.model.activations import Activations

_KERNELS_AT_ONCE = 64
_SITES_AT_ONCE = 1 << 17


class Sites(NamedTuple):
    """Sites of kernels, one element of each array (m,) for each, window by window.

    kernel counts the K kernels, window the n windows. position is the offset in the window of the
    leftmost base under the kernel, 0-based; reverse says whether it read the minus strand there,
    activation what it said.
    """

    kernel: np.ndarray
    window: np.ndarray
    position: np.ndarray
    reverse: np.ndarray
    activation: np.ndarray


def select_sites(sites: Sites, rows: np.ndarray) -> Sites:
    """The sites that a mask or indices (m,) select."""
    return Sites(*(array[rows] for array in sites))


def concatenate_sites(lists: Sequence[Sites]) -> Sites:
    """All sites of several lists, one list after another."""
    return Sites(*map(np.concatenate, zip(*lists, strict=True)))


def highest_sites(sites: Sites, number: int) -> Sites:
    """The `number` highest sites of each kernel, of equal ones the first in the first window."""
    order = np.lexsort((sites.position, sites.window, -sites.activation, sites.kernel))
    kernel = sites.kernel[order]
    rank = np.arange(len(kernel)) - np.searchsorted(kernel, kernel)
    return select_sites(sites, np.sort(order[rank < number]))


def choose_thresholds(best: np.ndarray, label: np.ndarray, max_background: float) -> np.ndarray:
    """Choose for each kernel the threshold that best tells train peaks from train background.

    best (n, K) activations and label (n,) of training windows give thresholds (K,); a site is a
    window's best position with an activation ABOVE it. Of all cuts that at most the fraction
    `max_background` of background windows pass, the one with the highest enrichment of peaks is
    taken, measured in standard deviations of the hypergeometric distribution. So a strong motif
    gets a strict cut and a weak one a lenient cut, each as its own data support; only the order of
    activations matters, so any activation function and any scale will do. Where all cuts pass too
    much background the strictest is taken; a kernel that never varies gets its only value, which
    nothing exceeds.
    """
    chunks = range(0, max(best.shape[1], 1), _KERNELS_AT_ONCE)
    parts = [
        _best_cuts(best[:, k : k + _KERNELS_AT_ONCE].T, label == 1, max_background) for k in chunks
    ]
    return np.concatenate(parts)


def _best_cuts(best: np.ndarray, is_peak: np.ndarray, max_background: float) -> np.ndarray:
    """Thresholds of `choose_thresholds` for activations (kernels, n)."""
    n, peaks = len(is_peak), is_peak.sum()
    order = np.argsort(-best, axis=1)
    value = np.take_along_axis(best, order, axis=1)
    passed = np.arange(1, n)
    peaks_passed = is_peak[order].cumsum(axis=1)[:, :-1]
    expected = passed * peaks / n
    spread = np.sqrt(expected * (1 - peaks / n) * (n - passed) / max(n - 1, 1))
    enrichment = (peaks_passed - expected) / np.maximum(spread, 1e-9)
    # A cut between equal activations is none; cuts that pass too much background come last.
    background_passed = passed - peaks_passed
    enrichment[background_passed > max_background * (n - peaks)] = -np.inf
    strictest = np.where(enrichment == -np.inf, -1e9 - passed, enrichment)
    strictest[value[:, 1:] == value[:, :-1]] = -np.inf
    cut = strictest.argmax(axis=1)
    return np.take_along_axis(value, cut[:, None] + 1, axis=1)[:, 0]


def list_sites(activations: Activations, passes: np.ndarray) -> Sites:
    """List the best sites of the kernels in the windows where `passes` (n, K) holds."""
    window, kernel = np.nonzero(passes)
    arrays = (activations.position, activations.reverse, activations.best)
    return Sites(kernel, window, *(array[window, kernel] for array in arrays))


def drop_repeats(sites: Sites, chrom: np.ndarray, place: np.ndarray) -> Sites:
    """Keep one of the sites of a kernel that lie at one place, as in windows that overlap.

    chrom (n,) are the windows', place (m,) is where on the genome a site's first base lies. Of
    several at one place the first is kept.
    """
    number = np.unique(chrom, return_inverse=True)[1][sites.window]
    by_place = np.lexsort((place, number, sites.kernel))
    key = np.stack([sites.kernel, number, place])[:, by_place]
    new = np.ones(len(place), bool)
    new[1:] = (key[:, 1:] != key[:, :-1]).any(axis=0)
    return select_sites(sites, np.sort(by_place[new]))


def count_sites(codes: np.ndarray, sites: Sites, width: np.ndarray, flank: int) -> np.ndarray:
    """Count the bases under each kernel's sites, `flank` bases more on either side.

    codes (n, L), the sites and the kernels' width (K,) give counts int64 (K, max(width) + 2 flank,
    4), on the strand the kernel read: column `flank` is the first base that it saw. Kernels
    narrower than the widest end in columns of zeros. Where a site runs past the window's end, what
    is there is counted; bases that are not A, C, G or T are not.
    """
    columns = int(width.max(initial=1)) + 2 * flank
    # With 'same' padding a kernel may look past the window's end by all but one base.
    margin = flank + int(width.max(initial=1))
    padded = np.pad(codes, ((0, 0), (margin, margin)), constant_values=N_CODE)
    counts = np.zeros((len(width), columns, N_CODE), np.int64)
    for w in np.unique(width):
        own = select_sites(sites, width[sites.kernel] == w)
        spans = np.lib.stride_tricks.sliding_window_view(padded, w + 2 * flank, axis=1)
        start = own.position.astype(np.int64) + (margin - flank)
        counts[:, : w + 2 * flank] += _count_spans(
            spans, own.window, start, own.reverse, own.kernel, len(width)
        )
    return counts


def _count_spans(
    spans: np.ndarray,
    window: np.ndarray,
    start: np.ndarray,
    minus: np.ndarray,
    which: np.ndarray,
    kernels: int,
) -> np.ndarray:
    """Count bases (kernels, w, 4) of the spans that begin at start (m,) of window (m,)."""
    w = spans.shape[-1]
    size = kernels * w * (N_CODE + 1)
    total = np.zeros(size, np.int64)
    for first in range(0, len(window), _SITES_AT_ONCE):
        part = slice(first, first + _SITES_AT_ONCE)
        bases = spans[window[part], start[part]]
        turned = minus[part]
        bases[turned] = reverse_complement(bases[turned])
        cell = (which[part, None] * w + np.arange(w)) * (N_CODE + 1) + bases
        total += np.bincount(cell.ravel(), minlength=size)
    return total.reshape(kernels, w, N_CODE + 1)[..., :N_CODE]
