"""How well a kernel's best activation tells peaks from background, for all kernels at once.

Activations are (n, K), labels (n,) with 1 for peaks. Only the order of activations matters, except
for `importance`, which is scaled.
"""

import numpy as np
from scipy.special import xlogy
from scipy.stats import binom, hypergeom, rankdata

from peaks2motifs.core.limits import MIN_P

_KERNELS_AT_ONCE = 128


def auroc(best: np.ndarray, label: np.ndarray) -> np.ndarray:
    """AUROC (K,) of the best activation as a score, from ranks; NaN unless both classes occur."""
    return auroc_and_error(best, label)[0]


def auroc_and_error(best: np.ndarray, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """AUROC (K,) of the best activation as a score, and its standard error (K,), by DeLong.

    NaN unless both classes occur; the error also unless each has two windows.
    """
    chunks = range(0, max(best.shape[1], 1), _KERNELS_AT_ONCE)
    parts = [mean_and_error(*placements(best[:, k : k + _KERNELS_AT_ONCE], label)) for k in chunks]
    return tuple(np.concatenate(part) for part in zip(*parts, strict=True))


def placements(score: np.ndarray, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The share of the other class that each window is on the right side of (peaks, K), (b, K).

    Ties count half. Their means are the AUROC (DeLong et al. 1988, Biometrics 44:837).
    """
    peak, other = score[label == 1], score[label != 1]
    rank = rankdata(score, axis=0)
    above = rank[label == 1] - (rankdata(peak, axis=0) if len(peak) else 0)
    below = rank[label != 1] - (rankdata(other, axis=0) if len(other) else 0)
    return above / max(len(other), 1), 1 - below / max(len(peak), 1)


def mean_and_error(peaks: np.ndarray, background: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean of placements, or of their paired differences, and its standard error (K,)."""
    if not len(peaks) or not len(background):
        return tuple(np.full((2, peaks.shape[1]), np.nan))
    if min(len(peaks), len(background)) < 2:
        return peaks.mean(axis=0), np.full(peaks.shape[1], np.nan)
    spread = [part.var(axis=0, ddof=1) / len(part) for part in (peaks, background)]
    return peaks.mean(axis=0), np.sqrt(sum(spread))


def hits(passes: np.ndarray, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many peaks and how many background windows (K,) each kernel passes (n, K)."""
    return passes[label == 1].sum(axis=0), passes[label != 1].sum(axis=0)


def enrichment_p(
    peaks_hit: np.ndarray, background_hit: np.ndarray, peaks: int, background: int
) -> np.ndarray:
    """One-sided Fisher p (K,): as many peaks or more among the windows hit, by chance.

    Never below 1e-300, which reads "that or less".
    """
    p = hypergeom.sf(peaks_hit - 1, peaks + background, peaks, peaks_hit + background_hit)
    return np.clip(np.nan_to_num(p, nan=1.0), MIN_P, 1.0)


def benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """q-values along the last axis of p-values (..., m), by Benjamini and Hochberg."""
    m = p.shape[-1]
    order = np.argsort(p, axis=-1, kind="stable")
    scaled = np.take_along_axis(p, order, axis=-1) * m / np.arange(1, m + 1)
    q = np.minimum.accumulate(scaled[..., ::-1], axis=-1)[..., ::-1]
    result = np.empty_like(q)
    np.put_along_axis(result, order, np.minimum(q, 1.0), axis=-1)
    return result


def importance(best: np.ndarray, label: np.ndarray) -> np.ndarray:
    """pysster's importance (K,): the range over classes of the mean maximum activation.

    It is divided by the standard deviation of the maximum activation over all windows, so that
    kernels of different layers and replicates, whose activations differ in scale, can be compared.
    0 for a kernel that never varies.
    """
    if not len(label) or label.min() == label.max():
        return np.zeros(best.shape[1])
    difference = best[label == 1].mean(axis=0) - best[label != 1].mean(axis=0)
    spread = best.std(axis=0)
    return np.abs(difference) / np.where(spread > 0, spread, np.inf)


def association(
    peaks_hit: np.ndarray, background_hit: np.ndarray, peaks: int, background: int
) -> np.ndarray:
    """Signed log-likelihood ratio G (K,) of "hit" against "is a peak"; above 0 where peaks lead.

    About -2 ln p of Fisher's test, but without the floor that p has: it still orders kernels when
    tens of thousands of peaks make every p vanish.
    """
    table = np.array(
        [peaks_hit, peaks - peaks_hit, background_hit, background - background_hit], float
    ).reshape(2, 2, -1)
    expected = table.sum(axis=0) * table.sum(axis=1, keepdims=True) / (peaks + background)
    g = 2 * (xlogy(table, table) - xlogy(table, np.maximum(expected, 1e-300))).sum(axis=(0, 1))
    return np.where(peaks_hit * background >= background_hit * peaks, g, -g)


def central_regions(
    start: np.ndarray, counts: np.ndarray, width: np.ndarray, length: int
) -> tuple[np.ndarray, np.ndarray]:
    """Find the best central region of each of K motifs: its width in bp, and its p-value, (K,).

    start (n, K) is where sites begin in windows of `length`, of which those that `counts` (n, K)
    marks are used; width (K,) is that of the motifs. The region holds the sites' centres. NaN
    where there is no site, or where windows are no wider than the motif.
    """
    found = [
        central_region(start[use, k], int(width[k]), length) if use.any() else (np.nan, np.nan)
        for k, use in enumerate(counts.T)
    ]
    return tuple(np.array(found, float).reshape(-1, 2).T)


def central_region(start: np.ndarray, width: int, length: int) -> tuple[float, float]:
    """The best central region, in bp, of sites (m,) of one motif, and its p-value."""
    places = length - width + 1
    # Twice the distance of centres: 0, 2, ... or 1, 3, ..., up to places - 1; each but 0 has two.
    apart = np.abs(2 * start[(start >= 0) & (start < places)] - (places - 1))
    tried = np.arange((places - 1) % 2, places - 1, 2)
    if not len(tried) or not len(apart):
        return np.nan, np.nan
    inside = np.bincount(apart, minlength=places).cumsum()[tried]
    p = binom.sf(inside - 1, len(apart), (tried + 1) / places)
    best = p.argmin()
    corrected = -np.expm1(len(tried) * np.log1p(-min(p[best], 1 - 1e-16)))
    return float(tried[best] + 1), float(max(corrected, MIN_P))
