"""What a motif rule makes of the kernels: matrices, sites, and all that later steps must know.

Every rule, the default `scan` and the published ones alike, writes one file of this form,
rules/<rule>.h5. So nothing downstream asks which rule it was.
"""

from typing import NamedTuple

import h5py
import numpy as np

from peaks2motifs.core.arrays import write_arrays
from peaks2motifs.model.activations import Activations
from peaks2motifs.motifs.kernel_sites import (
    Sites,
    choose_thresholds,
    count_sites,
    drop_repeats,
    list_sites,
)
from peaks2motifs.motifs.motif import Limits


class RuleResult(NamedTuple):
    """The result of a motif rule for K kernels.

    kernel (K,) names their motifs and width (K,) is that of their sites, in bp. counts int64
    (K, W, 4) are of the bases at nsites (K,) sites, with `flank` columns more on either side.
    matrix (K, W, 4) is made of them; its rows are proportional to probabilities, or zeros where the
    rule cuts columns off. Activations above threshold (K,) are sites; `sites` lists them, at most
    `published_rules.MAX_SITES` of a kernel. background (4,) are base frequencies of the training
    background. `limits` say what a matrix needs to be a motif under this rule. `counted` is False
    where matrices were not counted from sites. `summit_window` is the length of windows centred on
    summits, 0 where windows have none.
    """

    kernel: np.ndarray
    width: np.ndarray
    counts: np.ndarray
    matrix: np.ndarray
    nsites: np.ndarray
    threshold: np.ndarray
    background: np.ndarray
    sites: Sites
    flank: int
    limits: Limits
    counted: bool
    summit_window: int


_ATTRIBUTES = ("flank", "counted", "summit_window")


def write_result(path: str, result: RuleResult) -> None:
    """Write rules/<rule>.h5, the sites as `sites_<field>`; the same bytes each time."""
    arrays, sites = result._asdict(), result.sites
    attributes = {name: arrays.pop(name) for name in _ATTRIBUTES}
    attributes |= arrays.pop("limits")._asdict()
    del arrays["sites"]
    as_int32 = {
        name: getattr(sites, name).astype(np.int32) for name in ("kernel", "window", "position")
    }
    arrays |= {f"sites_{name}": x for name, x in sites._replace(**as_int32)._asdict().items()}
    write_arrays(path, arrays, **attributes)


def read_result(path: str) -> RuleResult:
    """Read rules/<rule>.h5."""
    with h5py.File(path) as file:
        arrays = {name: file[name][:] for name in RuleResult._fields if name in file}
        attributes = {name: file.attrs[name].item() for name in _ATTRIBUTES}
        sites = Sites(*(file[f"sites_{name}"][:] for name in Sites._fields))
    arrays["kernel"] = arrays["kernel"].astype(str)
    return RuleResult(**arrays, **attributes, sites=sites, limits=read_limits(path))


def read_limits(path: str) -> Limits:
    """Read the limits of a rule from rules/<rule>.h5."""
    with h5py.File(path) as file:
        return Limits(*(file.attrs[name].item() for name in Limits._fields))


def view_of_rule(activations: Activations, result: RuleResult) -> Activations:
    """Activations of kernels under the names of a rule's motifs, and as wide as its sites.

    A rule whose sites are wider or narrower than the kernel centres them on the base on which a
    'same' layer centres its output.
    """
    width = activations.width
    bases_before = np.where(width == result.width, 0, (width - 1) // 2 - result.width // 2)
    shift = np.where(activations.reverse, width - result.width - bases_before, bases_before)
    position = activations.position + shift
    return activations._replace(kernel=result.kernel, width=result.width, position=position)


def best_sites(
    activations: Activations, gives_sites: np.ndarray, max_background: float
) -> tuple[np.ndarray, Sites]:
    """Thresholds (K,) of the rule `scan`, from training windows, and its sites in some windows.

    A site is a window's best position on either strand where it is above `choose_thresholds`.
    gives_sites (n,) says in which windows sites are listed.
    """
    train = activations.split == "train"
    threshold = choose_thresholds(activations.best[train], activations.label[train], max_background)
    return threshold, list_sites(activations, (activations.best > threshold) & gives_sites[:, None])


def apply_scan_rule(
    activations: Activations,
    gives_sites: np.ndarray,
    codes: np.ndarray,
    chrom: np.ndarray,
    first: np.ndarray,
    flank: int,
    max_background: float,
) -> tuple[np.ndarray, np.ndarray, Sites]:
    """Apply the rule `scan`: thresholds (K,), counts (K, W, 4) and sites.

    codes (n, L) are the windows, gives_sites (n,) says which of them do. Each place on the
    genome counts once: first (n,) is the coordinate of a window's first position on chrom (n,).
    `flank` bases on either side of a kernel's sites are counted as well.
    """
    threshold, sites = best_sites(activations, gives_sites, max_background)
    sites = drop_repeats(sites, chrom, first[sites.window] + sites.position)
    return threshold, count_sites(codes, sites, activations.width, flank), sites


def sites_per_kernel(sites: Sites, kernel_count: int) -> np.ndarray:
    """How many sites each of K kernels has (K,)."""
    return np.bincount(sites.kernel, minlength=kernel_count)
