"""Motifs of the same kernels by several rules, side by side."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from peaks2motifs.core.limits import MAX_Q
from peaks2motifs.motifs.motif import Motif, probabilities
from peaks2motifs.motifs.rule_results import RuleResult
from peaks2motifs.motifs.tomtom import compare, q_values

MAX_FAMILIES = 12  # that the picture shows


def make_motifs(rule: str, table: pd.DataFrame, result: RuleResult) -> dict[int, Motif]:
    """The motif of each kernel, by number, that gives one; `table` is that of `motif.describe`."""
    motifs = {}
    for number, row in enumerate(table.itertuples()):
        if row.status == "motif":
            counts = result.matrix[number, row.first : row.end]
            ppm = probabilities(counts, result.background, result.limits.pseudocount)
            nsites = row.nsites if result.counted else 0
            motifs[number] = Motif(result.kernel[number], rule, ppm, nsites)
    return motifs


def best_targets(
    motifs: Mapping[int, Motif], targets: list[Motif], kernels: int, threads: int
) -> np.ndarray:
    """The number of each kernel's best target (kernels,), -1 where its q-value exceeds `MAX_Q`."""
    queries = [motif.ppm for motif in motifs.values()]
    alignments = compare(queries, [target.ppm for target in targets], threads)
    target = np.full(kernels, -1)
    is_match = q_values(alignments).min(axis=1, initial=1) <= MAX_Q
    target[list(motifs)] = np.where(is_match, alignments.p.argmin(axis=1), -1)
    return target


def summarise_rules(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each rule: how many kernels give a motif, of what, and which names they get.

    A table has the columns of `motif.describe`, nsites empty where motifs were not counted from
    sites, and target. `same_target` refers to the first rule, of kernels that match under both.
    """
    first_target = next(iter(tables.values()))["target"]
    rows = []
    for rule, table in tables.items():
        live = table[table["status"] == "motif"]
        matched = table["target"] >= 0
        rows.append(
            {
                "rule": rule,
                "kernels": len(table),
                "motifs": len(live),
                "median_nsites": live["nsites"].astype(float).median(),
                "median_width": (live["end"] - live["first"]).median(),
                "median_information": live["information"].median(),
                "matched": matched.sum(),
                "targets": table["target"][matched].nunique(),
                "matched_by_both": (matched & (first_target >= 0)).sum(),
                "same_target": (matched & (table["target"] == first_target)).sum(),
            }
        )
    return pd.DataFrame(rows)


def first_kernels(kernels: pd.DataFrame) -> dict[str, int]:
    """The most important kernel, by its number, of each of the first families, by its name."""
    in_family = kernels[kernels["family"].notna()]
    best = in_family.sort_values("importance", ascending=False, kind="stable")
    best = best.drop_duplicates("family")
    rank = best["family"].str.removeprefix("F").astype(int)
    best = best.assign(rank=rank).sort_values("rank").head(MAX_FAMILIES)
    return dict(zip(best["family"], best["number"], strict=True))
