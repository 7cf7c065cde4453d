"""Place motif sites on the genome, or on sequences that came without a genome."""

import numpy as np
import pandas as pd

from peaks2motifs.core.tables import SITE_COLUMNS
from peaks2motifs.motifs.family_table import Families
from peaks2motifs.motifs.kernel_sites import select_sites


def place_sites(
    windows: pd.DataFrame,
    coordinate: np.ndarray,
    reverse: np.ndarray,
    width: int,
    first: int,
    end: int,
) -> pd.DataFrame:
    """Place the trimmed motif of one kernel on the genome: chrom, start, end and strand.

    windows (n rows; chrom, start, end) contain one site each. The untrimmed sites start at
    `coordinate` (n,) and are `width` bases wide; reverse (n,) says which are on the minus strand.
    Columns [first, end) remain, counted in the motif's orientation. Sites are cut at the border of
    their window, so no site lies outside its chromosome or sequence.
    """
    left = coordinate + np.where(reverse, width - end, first)
    window_start, window_end = windows["start"].to_numpy(), windows["end"].to_numpy()
    columns = {
        "chrom": windows["chrom"].to_numpy(),
        "start": np.clip(left, window_start, window_end - 1),
        "end": np.clip(left + (end - first), window_start + 1, window_end),
        "strand": np.where(reverse, "-", "+"),
    }
    return pd.DataFrame(columns)


def score_sites(activation: np.ndarray, threshold: float) -> np.ndarray:
    """Scale activations (n,) to BED scores: 0 at the threshold, 1000 at the highest activation."""
    highest = activation.max(initial=threshold)
    if highest <= threshold:
        return np.zeros(len(activation), int)
    return np.rint(1000 * np.maximum(activation - threshold, 0) / (highest - threshold)).astype(int)


def family_sites(
    families: Families, windows: pd.DataFrame, first: np.ndarray, chroms: list[str]
) -> pd.DataFrame:
    """List the sites of families with `SITE_COLUMNS`.

    first (n,) is the coordinate of each window's first base. kernel is the member with the highest
    activation at the site; activation is scaled as in `pooling`. Sites are sorted by the order of
    `chroms`, then by start, end, name and strand.
    """
    parts = [pd.DataFrame(columns=SITE_COLUMNS)]
    for number, row in enumerate(families.table.to_dict("records")):
        rows = np.flatnonzero(families.sites.kernel == number)
        sites, width = select_sites(families.sites, rows), int(families.width[number])
        table = place_sites(
            windows.iloc[sites.window],
            first[sites.window] + sites.position - families.flank,
            sites.reverse,
            width + 2 * families.flank,
            row["first"],
            row["end"],
        )
        table = table.assign(
            name=row["family"],
            score=score_sites(sites.activation, row["threshold"]),
            kernel=families.kernel[rows],
            activation=sites.activation,
        )
        parts.append(table[SITE_COLUMNS])
    # The empty table, whose columns have no types, is used only if there are no families.
    table = pd.concat(parts[1:] or parts)
    rank = table["chrom"].map({chrom: i for i, chrom in enumerate(chroms)})
    by = ["rank", "start", "end", "name", "strand"]
    return table.assign(rank=rank).sort_values(by, kind="stable")[SITE_COLUMNS]
