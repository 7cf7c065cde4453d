"""What kernels and families of kernels are, what their sites show, how well they tell peaks apart.

A table has one row for each. Nothing here depends on whether kernels or families are described:
either have Activations and sites.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from peaks2motifs.core.statistics import (
    association,
    central_regions,
    count_hits,
    held_out,
    importance,
)
from peaks2motifs.model.activations import Activations
from peaks2motifs.motifs.motif import Limits, describe, probabilities
from peaks2motifs.motifs.similarity import Motifs

KERNEL_COLUMNS = [
    *("kernel", "layer", "width", "status", "reason", "threshold", "nsites", "sites_fraction"),
    *("information", "consensus", "family", "importance", "test_auroc", "enrichment_p"),
    *("replicate", "pooled", "test_auroc_se", "central_width", "central_p"),
]


class About(NamedTuple):
    """How motifs are made: background frequencies (4,), limits, and columns added on either side.

    `length` is that of windows round summits, 0 where there are none.
    """

    background: np.ndarray
    limits: Limits
    flank: int
    length: int


def summarise(
    seen: Activations, nsites: np.ndarray, counts: np.ndarray, threshold: np.ndarray, about: About
) -> pd.DataFrame:
    """Describe each by its nsites (K,) and counts (K, W, 4), judge it at its threshold (K,).

    Columns: those of `motifs.describe`; width, threshold; sites_fraction, of peaks; evident, the
    association with peaks on training and validation windows; importance, on validation windows.
    Test windows alone give test_auroc, its error, enrichment_p and the central region. The reason
    of what is a motif is its evidence.
    """
    passes, is_peak = seen.best > threshold, seen.label == 1
    table = describe(counts, nsites, np.ptp(seen.best, axis=0) > 0, about.background, about.limits)
    table = table.assign(width=seen.width, threshold=threshold)
    table["sites_fraction"] = nsites / max(is_peak.sum(), 1)
    known, valid, test = (seen.split != "test", seen.split == "valid", seen.split == "test")
    found = count_hits(passes[known], is_peak[known])
    table["evident"] = association(*found, (known & is_peak).sum(), (known & ~is_peak).sum())
    table["importance"] = importance(seen.best[valid], seen.label[valid])
    judged = held_out(seen.best[test], passes[test], seen.label[test])
    table["reason"] = table["reason"].where(table["status"] != "motif", judged.pop("evidence"))
    rows = np.flatnonzero(test & is_peak)
    width, p = central(table, seen, passes, rows, about) if about.length else (np.nan, np.nan)
    return pd.concat([table, judged], axis=1).assign(central_width=width, central_p=p)


def central(
    table: pd.DataFrame, seen: Activations, passes: np.ndarray, rows: np.ndarray, about: About
) -> tuple[np.ndarray, np.ndarray]:
    """The best central region of the trimmed motifs' sites in the windows `rows`."""
    first, end = table["first"].to_numpy(), table["end"].to_numpy()
    size = seen.width.astype(int) + 2 * about.flank
    before = np.where(seen.reverse[rows], size - end, first) - about.flank
    start = seen.position[rows] + before
    return central_regions(start, passes[rows], end - first, about.length)


def rank_motifs(table: pd.DataFrame) -> list[int]:
    """The rows of kernels that are motifs, most evident first."""
    live = np.flatnonzero(table["status"] == "motif")
    return live[np.argsort(-table["evident"].to_numpy()[live], kind="stable")].tolist()


def matrices(counts: np.ndarray, width: np.ndarray, table: pd.DataFrame, about: About) -> Motifs:
    """The probabilities of counts (K, W, 4), of which width (K,) columns are in use."""
    ppms = probabilities(counts, about.background, about.limits.pseudocount)
    wide = [ppm[:columns] for ppm, columns in zip(ppms, width, strict=True)]
    return Motifs(wide, table["first"].to_numpy(), table["end"].to_numpy())
