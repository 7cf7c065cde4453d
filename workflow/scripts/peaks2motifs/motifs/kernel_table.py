"""Tables of kernels or of families: what their sites show, and how well they predict peaks.

A table has one row for each. Nothing here depends on whether kernels or families are described:
both have Activations and sites.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from peaks2motifs.core.statistics import (
    association,
    auroc_and_error,
    central_regions,
    count_hits,
    enrichment_p,
    importance,
)
from peaks2motifs.model.activations import Activations
from peaks2motifs.motifs.motif import Limits, describe, probabilities
from peaks2motifs.motifs.similarity import Motifs

KERNEL_COLUMNS = [
    *("kernel", "layer", "width", "status", "reason", "threshold", "nsites", "sites_fraction"),
    *("information", "consensus", "family", "importance", "test_auroc", "enrichment_p"),
    *("replicate", "pooled", "test_auroc_se", "central_width", "central_p"),
    *("number", "lacks", "peaks_hit", "background_hit", "test_peaks", "test_background"),
]


class MotifSettings(NamedTuple):
    """How counts become motifs.

    background (4,) are base frequencies; counts have `flank` columns on either side of what a
    kernel reads; `summit_window` is the length of windows centred on summits, 0 where there are
    none.
    """

    background: np.ndarray
    limits: Limits
    flank: int
    summit_window: int


def evidence_table(
    activations: Activations,
    nsites: np.ndarray,
    counts: np.ndarray,
    threshold: np.ndarray,
    settings: MotifSettings,
) -> pd.DataFrame:
    """Describe motifs of nsites (K,) and counts (K, W, 4); windows above threshold (K,) have sites.

    Columns: those of `motif.describe`; width, threshold; sites_fraction, of peaks; evident, the
    association with peaks on training and validation windows; importance, on validation windows;
    those of `held_out_evidence` and the central region, on test windows alone.
    """
    passes, is_peak = activations.best > threshold, activations.label == 1
    varies = np.ptp(activations.best, axis=0) > 0
    table = describe(counts, nsites, varies, settings.background, settings.limits)
    table = table.assign(width=activations.width, threshold=threshold)
    table["sites_fraction"] = nsites / max(is_peak.sum(), 1)
    test, valid = activations.split == "test", activations.split == "valid"
    table["evident"] = association(
        *count_hits(passes[~test], is_peak[~test]),
        (~test & is_peak).sum(),
        (~test & ~is_peak).sum(),
    )
    table["importance"] = importance(activations.best[valid], activations.label[valid])
    evidence = held_out_evidence(activations.best[test], passes[test], activations.label[test])
    width, p = central_enrichment(table, activations, passes, settings)
    return pd.concat([table, evidence], axis=1).assign(central_width=width, central_p=p)


def held_out_evidence(best: np.ndarray, passes: np.ndarray, label: np.ndarray) -> pd.DataFrame:
    """Judge K motifs on windows that the model never saw: one row each.

    best and passes (is the activation above its threshold?) are (n, K), label (n,). Columns:
    test_auroc and its standard error; enrichment_p; and the counts behind it: peaks_hit and
    background_hit of test_peaks and test_background windows.
    """
    peaks = int((label == 1).sum())
    background = len(label) - peaks
    peaks_hit, background_hit = count_hits(passes, label)
    auroc, error = auroc_and_error(best, label)
    columns = {
        "test_auroc": auroc,
        "test_auroc_se": error,
        "enrichment_p": enrichment_p(peaks_hit, background_hit, peaks, background),
        "peaks_hit": peaks_hit,
        "background_hit": background_hit,
        "test_peaks": peaks,
        "test_background": background,
    }
    return pd.DataFrame(columns)


def central_enrichment(
    table: pd.DataFrame, activations: Activations, passes: np.ndarray, settings: MotifSettings
) -> tuple[np.ndarray, np.ndarray]:
    """Width and p-value (K,) of the best central region of the trimmed motifs' sites in test peaks.

    NaN where windows are not centred on summits.
    """
    if not settings.summit_window:
        return np.nan, np.nan
    rows = np.flatnonzero((activations.split == "test") & (activations.label == 1))
    first, end = table["first"].to_numpy(), table["end"].to_numpy()
    untrimmed_width = activations.width.astype(int) + 2 * settings.flank
    trimmed = np.where(activations.reverse[rows], untrimmed_width - end, first)
    start = activations.position[rows] + trimmed - settings.flank
    return central_regions(start, passes[rows], end - first, settings.summit_window)


def rank_motifs(table: pd.DataFrame) -> pd.Series:
    """Rank the kernels that are motifs, 1 for the most evident; missing for all others."""
    evident = table["evident"].where(table["status"] == "motif")
    return evident.rank(ascending=False, method="first").astype("Int64")


def by_evidence(table: pd.DataFrame) -> list[int]:
    """The rows of kernels that are motifs, most evident first."""
    ranked = table["evidence_rank"].dropna().sort_values()
    return ranked.index.tolist()


def to_motifs(
    counts: np.ndarray, width: np.ndarray, table: pd.DataFrame, settings: MotifSettings
) -> Motifs:
    """Turn counts (K, W, 4), of which width (K,) columns are in use, into probabilities."""
    ppms = probabilities(counts, settings.background, settings.limits.pseudocount)
    in_use = [ppm[:columns] for ppm, columns in zip(ppms, width, strict=True)]
    return Motifs(in_use, table["first"].to_numpy(), table["end"].to_numpy())
