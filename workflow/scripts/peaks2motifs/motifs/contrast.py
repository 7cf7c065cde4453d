"""The second contrast: motif families in windows at the peaks of other experiments.

Motifs that distinguish peaks from background may be those of the factor, or of all regions that
factors bind. Windows at the peaks of other experiments tell them apart.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from peaks2motifs.core.limits import MAX_Q, MIN_ENRICHMENT
from peaks2motifs.core.statistics import benjamini_hochberg, enrichment_p
from peaks2motifs.model.activations import Activations, select_windows
from peaks2motifs.motifs.grouping import Members
from peaks2motifs.motifs.kernel_table import held_out_evidence
from peaks2motifs.motifs.pooling import family_activations

# Columns here, and what they are called in a contrast of peaks with background.
COLUMNS = {
    "others_auroc": "test_auroc",
    "others_auroc_se": "test_auroc_se",
    "others_p": "enrichment_p",
    "others_hit": "background_hit",
    "test_others": "test_background",
}


class Others(NamedTuple):
    """Kernels in n windows at the peaks of other experiments, and these experiments (n,)."""

    activations: Activations
    experiment: np.ndarray


def join_windows(peaks: Activations, others: Activations, split: str) -> Activations:
    """Put the windows of `others` that lie in one part of the genome after the peaks."""
    added = select_windows(others, np.flatnonzero(others.split == split))
    names = ("best", "position", "reverse", "label", "row", "split")
    return peaks._replace(
        **{name: np.concatenate([getattr(peaks, name), getattr(added, name)]) for name in names}
    )


def others_evidence(
    view: Activations,
    threshold: np.ndarray,
    members: Members,
    activations: Activations,
    others: Others | None,
) -> dict[str, object]:
    """Columns of F families: how well each distinguishes test peaks from those of others.

    `view` are the families in peaks and background, `activations` the kernels there. Columns: those
    of `COLUMNS`, and shared_with, see `find_shared`. All are empty without `others`.
    """
    if not others:
        return dict.fromkeys(COLUMNS, np.nan) | {"shared_with": ""}
    others_view = family_activations(activations, members, others.activations)
    peaks = select_windows(view, np.flatnonzero((view.split == "test") & (view.label == 1)))
    contrast = join_windows(peaks, others_view, "test")
    evidence = held_out_evidence(contrast.best, contrast.best > threshold, contrast.label)
    columns = {column: evidence[name].to_numpy() for column, name in COLUMNS.items()}
    background = view.best[(view.split != "train") & (view.label != 1)] > threshold
    hits = others_view.best > threshold
    return columns | {"shared_with": find_shared(hits, others.experiment, background)}


def find_shared(hits: np.ndarray, experiment: np.ndarray, background: np.ndarray) -> list[str]:
    """List, for each of F families, the experiments whose peaks have its motif, the richest first.

    hits (n, F) are those in windows at the peaks of each `experiment` (n,); background (m, F) those
    in background windows of the splits that thresholds do not come from. An experiment has the
    motif if it is enriched there (q < `MAX_Q` over experiments and families), and at least
    `MIN_ENRICHMENT` times as frequent as in background.
    """
    if not hits.shape[1]:
        return []
    found = pd.DataFrame(hits).groupby(experiment).agg(["sum", "size"]).stack(0, future_stack=True)
    in_background = background.sum(axis=0)
    rows = found.reset_index(names=["experiment", "family"])
    rows["p"] = [
        enrichment_p(hit, in_background[family], size, len(background))
        for hit, size, family in rows[["sum", "size", "family"]].itertuples(index=False)
    ]
    rows["share"] = rows["sum"] / rows["size"]
    frequent = rows["share"] >= MIN_ENRICHMENT * background.mean(axis=0)[rows["family"]]
    shared = rows[(benjamini_hochberg(rows["p"].to_numpy()) < MAX_Q) & frequent]
    shared = shared.sort_values("share", ascending=False, kind="stable")
    names = shared.groupby("family")["experiment"].agg(",".join)
    return names.reindex(range(hits.shape[1]), fill_value="").to_list()
