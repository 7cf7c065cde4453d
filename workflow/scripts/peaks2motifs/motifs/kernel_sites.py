"""From kernel activations to sites and count matrices (PFMs), for all kernels at once.

The model gives the best position of each kernel in each window (`activations`). A rule decides
which of these are sites of the kernel's motif. Then the bases at the sites are counted.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from peaks2motifs.core.sequences import N_CODE, reverse_complement
from peaks2motifs.model.activations import Activations

_KERNELS_AT_ONCE = 64
_SITES_AT_ONCE = 1 << 17


class Sites(NamedTuple):
    """Sites of kernels: arrays (m,) with one element for each site.

    kernel and window are the numbers of its kernel and of its window. position is the 0-based
    offset in the window of the leftmost base under the kernel. reverse says whether the site is on
    the minus strand; activation is that of the kernel.
    """

    kernel: np.ndarray
    window: np.ndarray
    position: np.ndarray
    reverse: np.ndarray
    activation: np.ndarray


def select_sites(sites: Sites, rows: np.ndarray) -> Sites:
    """Select sites by a mask (m,) or by indices."""
    return Sites(*(array[rows] for array in sites))


def concatenate_sites(lists: Sequence[Sites]) -> Sites:
    """Join several lists of sites, one after another."""
    return Sites(*map(np.concatenate, zip(*lists, strict=True)))


def highest_sites(sites: Sites, number: int) -> Sites:
    """Select the `number` sites with the highest activation of each kernel, the first of equals."""
    order = np.lexsort((sites.position, sites.window, -sites.activation, sites.kernel))
    kernel = sites.kernel[order]
    rank = np.arange(len(kernel)) - np.searchsorted(kernel, kernel)
    return select_sites(sites, np.sort(order[rank < number]))


def choose_thresholds(best: np.ndarray, label: np.ndarray, max_background: float) -> np.ndarray:
    """Choose the threshold (K,) of each kernel that best separates peaks from background.

    best (n, K) activations and label (n,) are those of training windows. A site is the best
    position of a window, if its activation is ABOVE the threshold. At most the fraction
    `max_background` of background windows may exceed it. Of these thresholds, the one with the
    highest enrichment of peaks is taken, in standard deviations of the hypergeometric distribution.

    So a strong motif gets a strict threshold and a weak motif a lenient one. Only the order of
    activations matters, so the activation function and its scale make no difference. If too much
    background exceeds every threshold, the strictest is taken. A kernel with one constant value
    gets this value, which nothing exceeds.
    """
    chunks = range(0, max(best.shape[1], 1), _KERNELS_AT_ONCE)
    parts = [
        _best_cuts(best[:, k : k + _KERNELS_AT_ONCE].T, label == 1, max_background) for k in chunks
    ]
    return np.concatenate(parts)


def _best_cuts(best: np.ndarray, is_peak: np.ndarray, max_background: float) -> np.ndarray:
    """Choose thresholds for activations (kernels, n), see `choose_thresholds`."""
    n, peaks = len(is_peak), is_peak.sum()
    order = np.argsort(-best, axis=1)
    value = np.take_along_axis(best, order, axis=1)
    passed = np.arange(1, n)
    peaks_passed = is_peak[order].cumsum(axis=1)[:, :-1]
    expected = passed * peaks / n
    spread = np.sqrt(expected * (1 - peaks / n) * (n - passed) / max(n - 1, 1))
    enrichment = (peaks_passed - expected) / np.maximum(spread, 1e-9)
    # Thresholds with too much background are the last choice, the strictest of them first.
    background_passed = passed - peaks_passed
    is_lenient = background_passed > max_background * (n - peaks)
    preference = np.where(is_lenient, -1e9 - passed, enrichment)
    # No threshold lies between equal activations.
    preference[value[:, 1:] == value[:, :-1]] = -np.inf
    cut = preference.argmax(axis=1)
    return np.take_along_axis(value, cut[:, None] + 1, axis=1)[:, 0]


def list_sites(activations: Activations, passes: np.ndarray) -> Sites:
    """List the best sites of kernels in the windows that passes (n, K) selects."""
    window, kernel = np.nonzero(passes)
    arrays = (activations.position, activations.reverse, activations.best)
    return Sites(kernel, window, *(array[window, kernel] for array in arrays))


def drop_repeats(sites: Sites, chrom: np.ndarray, coordinate: np.ndarray) -> Sites:
    """Keep each site of a kernel once, the first time, if overlapping windows contain it.

    chrom (n,) is that of the windows; coordinate (m,) is that of the leftmost base of each site.
    """
    chromosome = np.unique(chrom, return_inverse=True)[1][sites.window]
    columns = {"kernel": sites.kernel, "chromosome": chromosome, "coordinate": coordinate}
    return select_sites(sites, ~pd.DataFrame(columns).duplicated().to_numpy())


def count_sites(codes: np.ndarray, sites: Sites, width: np.ndarray, flank: int) -> np.ndarray:
    """Count the bases at the sites of each kernel, with `flank` more bases on either side.

    codes (n, L) are the base codes of the windows, width (K,) the widths of the kernels. Returns
    counts int64 (K, max(width) + 2 flank, 4), in the orientation of the kernel: column `flank` is
    the first base under it. Narrow kernels have columns of zeros at the end. Positions outside the
    window and unknown bases are not counted.
    """
    columns = int(width.max(initial=1)) + 2 * flank
    # With 'same' padding, all bases of a kernel but one may lie outside the window.
    margin = flank + int(width.max(initial=1))
    padded = np.pad(codes, ((0, 0), (margin, margin)), constant_values=N_CODE)
    counts = np.zeros((len(width), columns, N_CODE), np.int64)
    for w in np.unique(width):
        selected = select_sites(sites, width[sites.kernel] == w)
        spans = np.lib.stride_tricks.sliding_window_view(padded, w + 2 * flank, axis=1)
        start = selected.position.astype(np.int64) + (margin - flank)
        counts[:, : w + 2 * flank] += _count_spans(
            spans, selected.window, start, selected.reverse, selected.kernel, len(width)
        )
    return counts


def _count_spans(
    spans: np.ndarray,
    window: np.ndarray,
    start: np.ndarray,
    reverse: np.ndarray,
    kernel: np.ndarray,
    kernels: int,
) -> np.ndarray:
    """Count the bases (kernels, w, 4) of spans that begin at start (m,) in window (m,)."""
    w = spans.shape[-1]
    size = kernels * w * (N_CODE + 1)
    total = np.zeros(size, np.int64)
    for first in range(0, len(window), _SITES_AT_ONCE):
        part = slice(first, first + _SITES_AT_ONCE)
        bases = spans[window[part], start[part]]
        is_reverse = reverse[part]
        bases[is_reverse] = reverse_complement(bases[is_reverse])
        cell = (kernel[part, None] * w + np.arange(w)) * (N_CODE + 1) + bases
        total += np.bincount(cell.ravel(), minlength=size)
    return total.reshape(kernels, w, N_CODE + 1)[..., :N_CODE]
