"""What is to be thought of a motif family, in a word, and why."""

import numpy as np
import pandas as pd

FOUND = ("supported",)  # the verdicts of families that pages and catalogue count as found
MAX_Q = 0.05
_Z = 1.645  # one-sided 95 %


def found(families: pd.DataFrame) -> pd.Series:
    """Which families of a families.tsv are found, by their verdicts."""
    return families["verdict"].isin(FOUND)


def judge(families: pd.DataFrame) -> pd.DataFrame:
    """Add enrichment_q, own_q and the verdict, and to the reason what the verdict rests on.

    q-values are Benjamini and Hochberg's over the families. own_p is the enrichment that is a
    family's own: where it resembles a more important one, that among windows alike in whether they
    hold a site of the other.

    - supported: own_q is below `MAX_Q`, the AUROC above 0.5 by more than 1.645 standard errors, and
      the family returns in at least two networks, or in all where it resembles another; with a
      single network there is nothing to return in.
    - redundant: enriched, but not beside the more important family that it resembles.
    - tentative: own_p is below `MAX_Q`, but something of the above is missing.
    - unsupported: all others.
    """
    # Here, as pages need `found` where there is no SciPy: see list_failures.py.
    from peaks2motifs.evidence import benjamini_hochberg

    q = {
        name: benjamini_hochberg(families[f"{name}_p"].to_numpy(float))
        for name in ("enrichment", "own")
    }
    table = families.assign(enrichment_q=q["enrichment"], own_q=q["own"])
    related = table["relation"].notna().to_numpy()
    needed = np.where(related, table["networks"], np.minimum(table["networks"], 2))
    clear = table["test_auroc"] - _Z * table["test_auroc_se"].fillna(np.inf) > 0.5
    returns = table["replicates"] >= needed
    supported = (table["own_q"] < MAX_Q) & clear & returns
    redundant = related & (table["enrichment_q"] < MAX_Q) & (table["own_q"] >= MAX_Q)
    verdict = np.select(
        [supported, redundant, table["own_p"] < MAX_Q],
        ["supported", "redundant", "tentative"],
        "unsupported",
    )
    reasons = [explain(row) for row in table.to_dict("records")]
    return table.assign(verdict=verdict, reason=reasons)


def explain(row: dict) -> str:
    """The evidence of one family in words."""
    parts = [f"{row['reason']} (q = {row['enrichment_q']:.2g})"]
    if isinstance(row["relation"], str):
        parts.append(f"{row['relation']}, beside which q = {row['own_q']:.2g}")
    if row["networks"] > 1:
        parts.append(f"in {row['replicates']} of {row['networks']} networks")
    parts.append(f"AUROC {row['test_auroc']:.2f} ± {row['test_auroc_se']:.2f}")
    if np.isfinite(row["ablation"]):
        parts.append(f"{row['ablation']:.2f} ± {row['ablation_se']:.2f} less without it")
    if row["central_p"] < MAX_Q:
        parts.append(
            f"most often in the middle {row['central_width']:.0f} bp (p = {row['central_p']:.2g})"
        )
    return "; ".join(parts)
