"""How well each kernel's best activation separates peaks from background, for K kernels at once.

Activations are (n, K); labels are (n,), 1 for peaks. Only the ranks of activations matter, except
in `importance`.
"""

import numpy as np
from scipy.special import xlogy
from scipy.stats import binom, false_discovery_control, hypergeom, rankdata

from peaks2motifs.core.limits import MIN_P

_KERNELS_AT_ONCE = 128


def auroc(best: np.ndarray, label: np.ndarray) -> np.ndarray:
    """Return the AUROC (K,) of the best activation as a score; NaN unless both classes occur."""
    return auroc_and_error(best, label)[0]


def auroc_and_error(best: np.ndarray, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the AUROC (K,) of the best activation and its standard error (K,), by DeLong.

    Both are NaN unless both classes occur; the error also needs two windows of each.
    """
    chunks = range(0, max(best.shape[1], 1), _KERNELS_AT_ONCE)
    pairs = [mean_and_error(*placements(best[:, k : k + _KERNELS_AT_ONCE], label)) for k in chunks]
    return tuple(np.concatenate(values) for values in zip(*pairs, strict=True))


def placements(score: np.ndarray, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return DeLong's placements of peaks (peaks, K) and background windows (background, K).

    A placement is the share of the other class that a window is ranked correctly against; ties
    count half. The mean of either is the AUROC (DeLong et al. 1988, Biometrics 44:837).
    """
    peaks, background = score[label == 1], score[label != 1]
    rank = rankdata(score, axis=0)
    above = rank[label == 1] - (rankdata(peaks, axis=0) if len(peaks) else 0)
    below = rank[label != 1] - (rankdata(background, axis=0) if len(background) else 0)
    return above / max(len(background), 1), 1 - below / max(len(peaks), 1)


def mean_and_error(peaks: np.ndarray, background: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean (K,) of placements, or of paired differences, and its standard error."""
    if not len(peaks) or not len(background):
        return tuple(np.full((2, peaks.shape[1]), np.nan))
    if min(len(peaks), len(background)) < 2:
        return peaks.mean(axis=0), np.full(peaks.shape[1], np.nan)
    variances = [values.var(axis=0, ddof=1) / len(values) for values in (peaks, background)]
    return peaks.mean(axis=0), np.sqrt(sum(variances))


def count_hits(passes: np.ndarray, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Count the peaks and the background windows (K,) above threshold, from `passes` (n, K)."""
    return passes[label == 1].sum(axis=0), passes[label != 1].sum(axis=0)


def enrichment_p(
    peaks_hit: np.ndarray, background_hit: np.ndarray, peaks: int, background: int
) -> np.ndarray:
    """Return the one-sided p-value (K,) of Fisher's exact test for enrichment of hits in peaks.

    `peaks_hit` of `peaks` and `background_hit` of `background` windows have a hit. Values are at
    least `MIN_P`, and 1 without windows.
    """
    p = hypergeom.sf(peaks_hit - 1, peaks + background, peaks, peaks_hit + background_hit)
    return np.clip(np.nan_to_num(p, nan=1.0), MIN_P, 1.0)


def benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """Return Benjamini and Hochberg's q-values along the last axis of p-values (..., m).

    p-values that exceed 1 by rounding count as 1; SciPy would refuse them.
    """
    return false_discovery_control(np.minimum(p, 1.0), axis=-1)


def importance(best: np.ndarray, label: np.ndarray) -> np.ndarray:
    """Return pysster's importance (K,): the range over classes of the mean maximum activation.

    It is divided by the standard deviation of the maximum activation over all windows. This makes
    kernels of different layers and replicates comparable. It is 0 for a constant activation.
    """
    if not len(label) or label.min() == label.max():
        return np.zeros(best.shape[1])
    difference = best[label == 1].mean(axis=0) - best[label != 1].mean(axis=0)
    spread = best.std(axis=0)
    return np.abs(difference) / np.where(spread > 0, spread, np.inf)


def association(
    peaks_hit: np.ndarray, background_hit: np.ndarray, peaks: int, background: int
) -> np.ndarray:
    """Return the signed G statistic (K,) of hits in peaks; positive for enrichment in peaks.

    It is close to -2 ln p of Fisher's test. Unlike p it has no lower limit, so that it still ranks
    kernels if tens of thousands of peaks make every p-value vanish.
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
    """Find the best central region of each of K motifs: its width in bp and its p-value, (K,).

    start (n, K) are the first positions of sites in windows of `length`; counts (n, K) marks the
    sites to use; width (K,) are the motifs' widths. NaN without sites, or if windows are no wider
    than the motif.
    """
    regions = [
        central_region(start[is_used, k], int(width[k]), length)
        if is_used.any()
        else (np.nan, np.nan)
        for k, is_used in enumerate(counts.T)
    ]
    return tuple(np.array(regions, float).reshape(-1, 2).T)


def central_region(start: np.ndarray, width: int, length: int) -> tuple[float, float]:
    """Find the central region most enriched in the centres of one motif's sites, start (m,).

    Returns its width in bp and its binomial p-value, corrected for the number of regions tested.
    """
    positions = length - width + 1
    # Doubled, distances from the middle are whole numbers; two positions share each but 0.
    distances = np.abs(2 * start[(start >= 0) & (start < positions)] - (positions - 1))
    tested = np.arange((positions - 1) % 2, positions - 1, 2)
    if not len(tested) or not len(distances):
        return np.nan, np.nan
    inside = np.bincount(distances, minlength=positions).cumsum()[tested]
    p = binom.sf(inside - 1, len(distances), (tested + 1) / positions)
    best = p.argmin()
    corrected = -np.expm1(len(tested) * np.log1p(-min(p[best], 1 - 1e-16)))
    return float(tested[best] + 1), float(max(corrected, MIN_P))
