"""What is to be thought of a motif family, in a word, and why."""

import numpy as np
import pandas as pd

from peaks2motifs.core.limits import MAX_NAME_FDR, MAX_NAME_Q, MAX_Q, MIN_ERRORS, MIN_NETWORKS
from peaks2motifs.core.tables import is_missing

FOUND = ("supported",)  # the verdicts of families that pages and catalogue count as found


def found(families: pd.DataFrame) -> pd.Series:
    """Which families of a families.tsv are found, by their verdicts."""
    return families["verdict"].isin(FOUND)


def judge(families: pd.DataFrame) -> pd.DataFrame:
    """Add enrichment_q, own_q and the verdict, and to the reason what the verdict rests on.

    q-values are Benjamini and Hochberg's over the families. own_p is the enrichment that is a
    family's own: where it resembles a more important one, that among windows alike in whether they
    hold a site of the other.

    - supported: nothing is `missing`.
    - redundant: enriched, but not beside the more important family that it resembles.
    - tentative: own_p is below `MAX_Q`, but something of the above is missing.
    - unsupported: all others.
    """
    # Here, as pages need `found` where there is no SciPy: see list_failures.py.
    from peaks2motifs.core.statistics import benjamini_hochberg

    q = {
        name: benjamini_hochberg(families[f"{name}_p"].to_numpy(float))
        for name in ("enrichment", "own")
    }
    table = families.assign(enrichment_q=q["enrichment"], own_q=q["own"])
    rows = table.to_dict("records")
    supported = np.array([not missing(row) for row in rows], bool)
    related = table["relation"].notna()
    redundant = related & (table["enrichment_q"] < MAX_Q) & (table["own_q"] >= MAX_Q)
    verdict = np.select(
        [supported, redundant, table["own_p"] < MAX_Q],
        ["supported", "redundant", "tentative"],
        "unsupported",
    )
    reasons = [explain(row, word) for row, word in zip(rows, verdict.tolist(), strict=True)]
    return table.assign(verdict=verdict, reason=reasons)


def missing(row: dict) -> list[str]:
    """What a family lacks to be supported, in words.

    That is an own_q below `MAX_Q`, an AUROC above 0.5 by more than 1.645 standard errors, and at
    least two networks that learnt it: all of them where it resembles a more important family, and
    one where one was trained.
    """
    related = isinstance(row["relation"], str)
    needed = row["networks"] if related else min(row["networks"], MIN_NETWORKS)
    everyone = f"all {needed} networks, as it resembles {str(row['relation']).split()[-1]}"
    conditions = {
        f"q < {MAX_Q:g} of its own": row["own_q"] < MAX_Q,
        f"AUROC above 0.5 by {MIN_ERRORS:g} errors": row["test_auroc"]
        - MIN_ERRORS * row["test_auroc_se"]
        > 0.5,
        everyone if related else "a second network": row["replicates"] >= needed,
    }
    return [words for words, holds in conditions.items() if not holds]


def explain(row: dict, verdict: str) -> str:
    """The evidence of one family in words, and what a tentative one lacks."""
    parts = [f"{row['reason']} (q = {row['enrichment_q']:.2g})"]
    if isinstance(row["relation"], str):
        other = row["relation"].split()[-1]
        parts.append(row["relation"])
        if row["own_p"] != row["enrichment_p"]:  # the same where the other is not enriched itself
            parts.append(f"given {other}'s sites: q = {row['own_q']:.2g}")
    if row["networks"] > 1:
        parts.append(f"in {row['replicates']} of {row['networks']} networks")
    parts.append(f"AUROC {row['test_auroc']:.2f} ± {row['test_auroc_se']:.2f}")
    if np.isfinite(row["ablation"]):
        loss = f"{row['ablation']:.3f} ± {row['ablation_se']:.3f} less"
        clear = row["ablation"] > row["ablation_se"]
        parts.append(f"{loss if clear else 'no loss'} without it")
    if row["central_p"] < MAX_Q:
        parts.append(
            f"most often in the middle {row['central_width']:.0f} bp (p = {row['central_p']:.2g})"
        )
    if verdict == "tentative":
        parts.append(f"needs {' and '.join(missing(row))}")
    return "; ".join(parts)


# A worse match is shown as the nearest known motif, not as the motif's name. The empirical FDR is a
# rough number for one family, so its limit is wide: it only keeps out names that chance explains.


def is_named(family: dict) -> bool:
    """Whether a family's best database match is good enough to be its name."""
    if is_missing(family["target_q"]):
        return False
    return family["target_q"] <= MAX_NAME_Q and family["empirical_fdr"] <= MAX_NAME_FDR
