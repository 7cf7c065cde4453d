"""From kernel activations to sites to count matrices (PFMs), for all kernels at once.

The best site of each kernel in each window comes from the model (`activations`). A rule says which
of these are sites of the kernel's motif; the bases under the sites are then counted.
"""

import numpy as np

from peaks2motifs.sequences import N_CODE, reverse_complement

_KERNELS_AT_ONCE = 64
_SITES_AT_ONCE = 1 << 17


def thresholds(rule: str, best: np.ndarray, label: np.ndarray, max_background: float) -> np.ndarray:
    """Choose the threshold (K,) of each kernel by the rule `danq` or `scan`.

    best (n, K) and label (n,) are those of the training windows. A window's best position is a site
    where the activation is ABOVE the threshold. For `danq` it is 0 (uci-cbcl/DanQ#9), which is made
    for relu: an exponential first layer is above 0 everywhere. For `scan` see `scan_thresholds`.
    """
    if rule == "danq":
        return np.zeros(best.shape[1], np.float32)
    return scan_thresholds(best, label, max_background)


def scan_thresholds(best: np.ndarray, label: np.ndarray, max_background: float) -> np.ndarray:
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
    """Thresholds of `scan_thresholds` for activations (kernels, n)."""
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


def choose_sites(
    passes: np.ndarray,
    chrom: np.ndarray,
    place: np.ndarray,
    kernels_at_once: int = _KERNELS_AT_ONCE,
) -> np.ndarray:
    """Keep one of the sites of a kernel that lie at one place, as in windows that overlap.

    passes (n, K) says where there is a site, chrom (n,) and place (n, K) where its first base lies
    on the genome. Of several at one place the first window's is kept. Returns booleans (n, K).
    """
    kept = np.zeros_like(passes)
    number = np.unique(chrom, return_inverse=True)[1]
    for first in range(0, passes.shape[1], kernels_at_once):
        part = slice(first, first + kernels_at_once)
        window, kernel = np.nonzero(passes[:, part])
        at = place[:, part][window, kernel].astype(np.int64)
        # Chromosome and kernel as high bits: places are below 2^40, kernels at once below 2^8.
        key = (number[window].astype(np.int64) << 48) | (kernel << 40) | (at + (1 << 20))
        once = np.unique(key, return_index=True)[1]
        kept[window[once], first + kernel[once]] = True
    return kept


def count_sites(
    codes: np.ndarray,
    position: np.ndarray,
    reverse: np.ndarray,
    is_site: np.ndarray,
    width: np.ndarray,
    flank: int,
) -> np.ndarray:
    """Count the bases under each kernel's sites, `flank` bases more on either side.

    codes (n, L); position, reverse and is_site (n, K) as in `Activations`; width (K,) give counts
    int64 (K, max(width) + 2 flank, 4), on the strand the kernel read: column `flank` is the first
    base that it saw. Kernels narrower than the widest end in columns of zeros. Where a site runs
    past the window's end, what is there is counted; bases that are not A, C, G or T are not.
    """
    columns = int(width.max(initial=1)) + 2 * flank
    # With 'same' padding a kernel may look past the window's end by all but one base.
    margin = flank + int(width.max(initial=1))
    padded = np.pad(codes, ((0, 0), (margin, margin)), constant_values=N_CODE)
    counts = np.zeros((len(width), columns, N_CODE), np.int64)
    for w in np.unique(width):
        kernels = np.flatnonzero(width == w)
        spans = np.lib.stride_tricks.sliding_window_view(padded, w + 2 * flank, axis=1)
        which, window = np.nonzero(is_site[:, kernels].T)
        start = position[window, kernels[which]].astype(np.int64) + (margin - flank)
        minus = reverse[window, kernels[which]]
        counts[kernels, : w + 2 * flank] = _count_spans(
            spans, window, start, minus, which, len(kernels)
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
