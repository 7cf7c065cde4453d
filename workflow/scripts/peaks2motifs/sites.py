"""Where motif sites lie in the genome, or in sequences that came without one."""

import numpy as np
import pandas as pd

from peaks2motifs.formats import SITE_COLUMNS
from peaks2motifs.kernels import Sites, pick


def place_sites(
    windows: pd.DataFrame,
    place: np.ndarray,
    reverse: np.ndarray,
    width: int,
    first: int,
    end: int,
) -> pd.DataFrame:
    """Place the trimmed motif of one kernel on the genome.

    windows (n rows; chrom, start, end) hold one site each, from coordinate place (n,) on, on the
    minus strand where reverse (n,), `width` bases wide in all; columns [first, end) of these, in
    the motif's orientation, are kept. Returns chrom, start, end and strand; what runs past its
    window is cut at the window's border, so no site lies outside its chromosome or sequence.
    """
    left = place + np.where(reverse, width - end, first)
    low, high = windows["start"].to_numpy(), windows["end"].to_numpy()
    columns = {
        "chrom": windows["chrom"].to_numpy(),
        "start": np.clip(left, low, high - 1),
        "end": np.clip(left + (end - first), low + 1, high),
        "strand": np.where(reverse, "-", "+"),
    }
    return pd.DataFrame(columns)


def score_sites(activation: np.ndarray, threshold: float) -> np.ndarray:
    """Scale activations (n,) to BED scores: 0 at the threshold, 1000 at the highest."""
    top = activation.max(initial=threshold)
    if top <= threshold:
        return np.zeros(len(activation), int)
    return np.rint(1000 * (activation - threshold) / (top - threshold)).astype(int)


def kernel_sites(
    row: pd.Series, sites: Sites, place: np.ndarray, windows: pd.DataFrame, flank: int
) -> pd.DataFrame:
    """List the sites (m,) of one kernel with `SITE_COLUMNS`.

    place (m,) is the coordinate of the leftmost base that the kernel saw. `row` says of it: kernel,
    width, threshold, family (which names its sites), and the motif's first column and end among its
    width and `flank` columns on either side.
    """
    width = int(row["width"]) + 2 * flank
    at = windows.iloc[sites.window]
    table = place_sites(at, place - flank, sites.reverse, width, row["first"], row["end"])
    activation = sites.activation.astype(float)
    score = score_sites(activation, row["threshold"])
    table = table.assign(name=row["family"], score=score)
    return table.assign(kernel=row["kernel"], activation=activation)[SITE_COLUMNS]


def family_sites(
    leaders: pd.DataFrame,
    sites: Sites,
    place: np.ndarray,
    windows: pd.DataFrame,
    flank: int,
    chroms: list[str],
) -> pd.DataFrame:
    """List the sites of the families' representatives.

    `leaders` has one row for each, indexed by the kernel's number; place (m,) and the rest are as
    `kernel_sites` takes them. Sites are sorted by the order of `chroms`, then start, end, name and
    strand.
    """
    parts = [pd.DataFrame(columns=SITE_COLUMNS)]
    for kernel, row in leaders.iterrows():
        own = sites.kernel == kernel
        parts.append(kernel_sites(row, pick(sites, own), place[own], windows, flank))
    table = pd.concat(parts[1:] or parts)
    rank = table["chrom"].map({chrom: i for i, chrom in enumerate(chroms)})
    by = ["rank", "start", "end", "name", "strand"]
    return table.assign(rank=rank).sort_values(by, kind="stable")[SITE_COLUMNS]
