"""What a rule finds of the kernels: matrices and sites; rules/<rule>.h5."""

from typing import NamedTuple

import h5py
import numpy as np

from peaks2motifs.core.arrays import write_arrays
from peaks2motifs.model.activations import Activations
from peaks2motifs.motifs.kernel_sites import (
    Sites,
    count_sites,
    drop_repeats,
    list_sites,
    scan_thresholds,
)


class Found(NamedTuple):
    """What a rule finds of K kernels, in columns counted from the leftmost base seen.

    counts int64 (K, W, 4) of bases at nsites (K,) sites, the matrix (K, W, 4) made of them, whose
    rows are proportional to probabilities, zeros where the rule cuts columns off; the threshold
    (K,), the width (K,) of the sites, and the sites, at most `kernel_rules.MOST_SITES` of a kernel.
    """

    counts: np.ndarray
    matrix: np.ndarray
    nsites: np.ndarray
    threshold: np.ndarray
    width: np.ndarray
    sites: Sites


def write_found(path: str, found: Found) -> None:
    """Write rules/<rule>.h5, the sites as `sites_<field>`; the same bytes each time."""
    arrays, sites = found._asdict(), found.sites
    small = {
        name: getattr(sites, name).astype(np.int32) for name in ("kernel", "window", "position")
    }
    del arrays["sites"]
    arrays |= {f"sites_{name}": x for name, x in sites._replace(**small)._asdict().items()}
    write_arrays(path, arrays)


def read_found(path: str) -> Found:
    """Read rules/<rule>.h5."""
    with h5py.File(path) as file:
        sites = Sites(*(file[f"sites_{name}"][:] for name in Sites._fields))
        return Found(*(file[name][:] for name in Found._fields if name != "sites"), sites)


def best_sites(
    seen: Activations, counted: np.ndarray, max_background: float
) -> tuple[np.ndarray, Sites]:
    """The rule scan's thresholds (K,), from training windows, and its sites in those counted (n,).

    A site is a window's best position on either strand where it is above `scan_thresholds`.
    """
    train = seen.split == "train"
    threshold = scan_thresholds(seen.best[train], seen.label[train], max_background)
    return threshold, list_sites(seen, (seen.best > threshold) & counted[:, None])


def scan(
    seen: Activations,
    counted: np.ndarray,
    codes: np.ndarray,
    chrom: np.ndarray,
    first: np.ndarray,
    flank: int,
    max_background: float,
) -> Found:
    """Apply the rule scan to the windows, codes (n, L), that are counted (n,).

    Each place on the genome counts once, and `flank` bases on either side of a kernel's sites are
    counted as well; first (n,) is the coordinate of a window's first position on chrom (n,).
    """
    threshold, sites = best_sites(seen, counted, max_background)
    sites = drop_repeats(sites, chrom, first[sites.window] + sites.position)
    counts = count_sites(codes, sites, seen.width, flank)
    nsites = np.bincount(sites.kernel, minlength=len(seen.width))
    return Found(counts, counts, nsites, threshold, seen.width, sites)
