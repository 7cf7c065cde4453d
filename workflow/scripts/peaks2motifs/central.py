"""Whether sites lie near the middle of their windows, where summits are.

As CentriMo does (Bailey and Machanick 2012, Nucleic Acids Res. 40:e128): of all regions in the
middle of the windows the one that holds more sites than any other, by the binomial test against
sites that lie anywhere, corrected for the number of regions tried.
"""

import numpy as np
from scipy.stats import binom

from peaks2motifs.evidence import MIN_P


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
