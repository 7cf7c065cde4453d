"""One row for each kernel: what it is, what its sites show, and how well it tells peaks apart."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from peaks2motifs.activations import Activations
from peaks2motifs.evidence import association, held_out, hits, importance
from peaks2motifs.families import group
from peaks2motifs.motifs import Limits, describe, probabilities

KERNEL_COLUMNS = [
    "kernel",
    "layer",
    "width",
    "status",
    "reason",
    "threshold",
    "nsites",
    "sites_fraction",
    "information",
    "consensus",
    "family",
    "importance",
    "test_auroc",
    "enrichment_p",
]


def kernel_table(
    seen: Activations,
    nsites: np.ndarray,
    counts: np.ndarray,
    threshold: np.ndarray,
    background: np.ndarray,
    limits: Limits,
) -> pd.DataFrame:
    """Describe each kernel by its nsites (K,) and counts (K, W, 4); judge it at its threshold (K,).

    Columns: those of kernels.tsv but family; first and end, the columns of counts that the motif
    keeps; and evident, its association with peaks on training and validation windows. Test windows
    alone give test_auroc and enrichment_p; importance is taken on validation and test windows. The
    reason of a kernel that is a motif is its evidence.
    """
    passes, is_peak = seen.best > threshold, seen.label == 1
    table = describe(counts, nsites, np.ptp(seen.best, axis=0) > 0, background, limits)
    table = table.assign(kernel=seen.kernel, layer=seen.layer, width=seen.width)
    table = table.assign(threshold=threshold, sites_fraction=nsites / max(is_peak.sum(), 1))
    known, held, test = seen.split != "test", seen.split != "train", seen.split == "test"
    found = hits(passes[known], is_peak[known])
    table["evident"] = association(*found, (known & is_peak).sum(), (known & ~is_peak).sum())
    table["importance"] = importance(seen.best[held], seen.label[held])
    judged = held_out(seen.best[test], passes[test], seen.label[test])
    table["reason"] = table["reason"].where(table["status"] != "motif", judged.pop("evidence"))
    return pd.concat([table, judged], axis=1)


def rank_motifs(
    table: pd.DataFrame, counts: np.ndarray, background: np.ndarray, pseudocount: float
) -> dict[int, np.ndarray]:
    """The trimmed probabilities of the kernels (rows) that are motifs, most evident first."""
    live = np.flatnonzero(table["status"] == "motif")
    ranked = live[np.argsort(-table["evident"].to_numpy()[live], kind="stable")]
    kept = table[["first", "end"]].to_numpy()
    return {k: probabilities(counts[k, slice(*kept[k])], background, pseudocount) for k in ranked}


def name_families(
    table: pd.DataFrame, ppms: Mapping[int, np.ndarray], **limits: float
) -> tuple[pd.Series, list[int]]:
    """Name each kernel's family, and list the representatives (rows of the table) in their order.

    `ppms` are those of `rank_motifs`; `limits` go to `families.group`. Families and representatives
    are chosen without a look at test windows, so these can judge them; only then are the families
    put in the order of their representatives' importance, which is taken on windows that did not
    train the network since wide kernels learn those by heart: F1 is the most important. The name is
    empty where a kernel belongs to none of the families listed.
    """
    number, representatives = group(list(ppms.values()), **limits)
    rows = np.array(list(ppms), int)
    chosen = rows[representatives]
    order = np.argsort(-table["importance"].to_numpy()[chosen], kind="stable")
    rank = {0: "", **{number[rows == k][0]: f"F{i}" for i, k in enumerate(chosen[order], 1)}}
    names = pd.Series("", index=table.index)
    names[rows] = [rank[n] for n in number]
    return names, chosen[order].tolist()
