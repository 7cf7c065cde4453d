"""Where motif sites lie in the genome, or in sequences that came without one."""

import numpy as np
import pandas as pd

from peaks2motifs.core.tables import SITE_COLUMNS
from peaks2motifs.motifs.family_table import Families
from peaks2motifs.motifs.kernel_sites import select_sites


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
    return np.rint(1000 * np.maximum(activation - threshold, 0) / (top - threshold)).astype(int)


def family_sites(
    found: Families, windows: pd.DataFrame, first: np.ndarray, chroms: list[str]
) -> pd.DataFrame:
    """List the sites of families with `SITE_COLUMNS`.

    first (n,) is the coordinate of each window's first base. kernel is the member
    that saw the site best, activation what it said, scaled as in `pooling`. Sites are sorted by the
    order of `chroms`, then start, end, name and strand.
    """
    parts = [pd.DataFrame(columns=SITE_COLUMNS)]
    for number, row in enumerate(found.table.to_dict("records")):
        own = np.flatnonzero(found.sites.kernel == number)
        some, width = select_sites(found.sites, own), int(found.width[number]) + 2 * found.flank
        left, at = first[some.window] + some.position - found.flank, windows.iloc[some.window]
        table = place_sites(at, left, some.reverse, width, row["first"], row["end"])
        table = table.assign(
            name=row["family"],
            score=score_sites(some.activation, row["threshold"]),
            kernel=found.kernel[own],
            activation=some.activation,
        )
        parts.append(table[SITE_COLUMNS])
    table = pd.concat(parts[1:] or parts)
    rank = table["chrom"].map({chrom: i for i, chrom in enumerate(chroms)})
    by = ["rank", "start", "end", "name", "strand"]
    return table.assign(rank=rank).sort_values(by, kind="stable")[SITE_COLUMNS]
