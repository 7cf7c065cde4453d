"""What several rules make of the same kernels, side by side."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from peaks2motifs.core.limits import MAX_Q
from peaks2motifs.core.statistics import benjamini_hochberg
from peaks2motifs.motifs.motif import Motif, probabilities
from peaks2motifs.motifs.published_rules import names_of
from peaks2motifs.motifs.tomtom import compare

MOST_LOGOS = 12  # families shown


def make_motifs(
    rule: str,
    kernels: np.ndarray,
    about: pd.DataFrame,
    matrix: np.ndarray,
    background: np.ndarray,
    pseudocount: float,
) -> dict[int, Motif]:
    """The motif of each kernel (by number) that gives one, as `describe` says."""
    motifs = {}
    for k, (name, row) in enumerate(zip(names_of(rule, kernels), about.itertuples(), strict=True)):
        if row.status == "motif":
            ppm = probabilities(matrix[k, row.first : row.end], background, pseudocount)
            motifs[k] = Motif(name, rule, ppm, 0 if rule == "raw" else row.nsites)
    return motifs


def match(
    motifs: Mapping[int, Motif], targets: list[Motif], kernels: int, threads: int
) -> dict[str, np.ndarray]:
    """The number of each kernel's best target, -1 where its q-value is above `MAX_Q`."""
    p = compare([m.ppm for m in motifs.values()], [t.ppm for t in targets], threads)[0]
    target = np.full(kernels, -1)
    good = benjamini_hochberg(p).min(axis=1, initial=1) <= MAX_Q
    target[list(motifs)] = np.where(good, p.argmin(axis=1), -1)
    return {"target": target}


def summarise(parts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each rule: how many kernels give a motif, of what, and which names they get.

    The first rule is that to which `same_target` refers: of the kernels that match under both.
    """
    chosen = next(iter(parts.values()))["target"]
    rows = []
    for rule, about in parts.items():
        live = about[about["status"] == "motif"]
        matched = about["target"] >= 0
        rows.append(
            {
                "rule": rule,
                "kernels": len(about),
                "motifs": len(live),
                "median_nsites": None if rule == "raw" else live["nsites"].median(),
                "median_width": (live["end"] - live["first"]).median(),
                "median_information": live["information"].median(),
                "matched": matched.sum(),
                "targets": about["target"][matched].nunique(),
                "matched_by_both": (matched & (chosen >= 0)).sum(),
                "same_target": (matched & (about["target"] == chosen)).sum(),
            }
        )
    return pd.DataFrame(rows)


def first_kernels(kernels: pd.DataFrame) -> dict[str, int]:
    """The most important kernel (row) of each of the first families, by the family's name."""
    own = kernels[kernels["family"].notna()]
    best = own.sort_values("importance", ascending=False, kind="stable").drop_duplicates("family")
    rank = best["family"].str.removeprefix("F").astype(int)
    best = best.assign(rank=rank).sort_values("rank").head(MOST_LOGOS)
    return dict(zip(best["family"], best.index, strict=True))
