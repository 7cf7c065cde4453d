"""Motifs from attributions by TF-MoDISco, and which families and known motifs they resemble.

TF-MoDISco (Shrikumar et al. 2018, arXiv:1811.00416; version 2, the package modisco) cuts out what
stands out of the attributions, seqlets, and clusters these into patterns.
"""

import numba
import numpy as np
import pandas as pd

from peaks2motifs.evidence import benjamini_hochberg
from peaks2motifs.formats import Motif
from peaks2motifs.motifs import consensus, information, probabilities, trim
from peaks2motifs.names import compare
from peaks2motifs.sequences import one_hot

LEIDEN_RUNS = 10  # of the 50 that modisco makes if not told; its seeds are fixed
MIN_SEQLETS = 20  # of a pattern, and so of all, for which modisco asks 100


def find_patterns(codes: np.ndarray, hypothetical: np.ndarray, threads: int) -> list[tuple]:
    """Find the patterns of windows: the sign, the number of seqlets and base counts (w, 4) of each.

    codes (n, length) are base codes, hypothetical (n, length, 4) what each base would contribute.
    Patterns for peaks (sign 1) come before those against them (-1), the most frequent first; there
    may be none.
    """
    if len(codes) < MIN_SEQLETS or not hypothetical.any():
        return []
    # Imported here, where it compiles what it needs, which takes 20 s.
    from modiscolite.tfmodisco import TFMoDISco

    numba.set_num_threads(threads)
    found = TFMoDISco(
        one_hot(codes).astype(float),
        hypothetical.astype(float),
        min_metacluster_size=MIN_SEQLETS,
        final_min_cluster_size=MIN_SEQLETS,
        n_leiden_runs=LEIDEN_RUNS,
    )
    return [
        (sign, len(pattern.seqlets), np.rint(pattern.sequence * len(pattern.seqlets)))
        for sign, patterns in zip((1, -1), found, strict=True)
        for pattern in patterns or []
    ]


def pattern_motifs(
    found: list[tuple], background: np.ndarray, trim_information: float, pseudocount: float
) -> tuple[list[Motif], pd.DataFrame]:
    """Make trimmed motifs of patterns, and a table `pattern sign seqlets width consensus`.

    Patterns without a column of `trim_information` bits are left out.
    """
    motifs, rows = [], []
    for sign, seqlets, counts in found:
        bits = information(counts, background, pseudocount)[None]
        first, end = (int(edge[0]) for edge in trim(bits, trim_information))
        if first < end:
            ppm = probabilities(counts[first:end], background, pseudocount)
            name = f"pattern{len(motifs) + 1}"
            motifs.append(Motif(name, "", ppm, seqlets))
            rows.append((name, sign, seqlets, end - first, consensus(ppm)))
    columns = ["pattern", "sign", "seqlets", "width", "consensus"]
    return motifs, pd.DataFrame(rows, columns=columns)


def name_patterns(
    table: pd.DataFrame,
    motifs: list[Motif],
    families: list[Motif],
    targets: list[Motif],
    threads: int,
) -> pd.DataFrame:
    """Add to patterns (rows, motifs) the most similar family and the best known motif, by Tomtom.

    Adds `family family_p target_id target_name target_p target_q`, empty where there is none to
    compare with; q-values are over the targets. Families are known by their second names.
    """
    # Together, since p-values refer to the columns of all that is compared with.
    known = [motif.ppm for motif in families + targets]
    p = compare([motif.ppm for motif in motifs], known, threads)[0]
    to_families, to_targets = p[:, : len(families)], p[:, len(families) :]
    if families:
        nearest = to_families.argmin(axis=1)
        names = [families[k].name for k in nearest]
        table = table.assign(family=names, family_p=to_families.min(axis=1))
    else:
        table = table.assign(family="", family_p=np.nan)
    best = [targets[k] for k in to_targets.argmin(axis=1)]
    return table.assign(
        target_id=[target.name for target in best],
        target_name=[target.alternate or target.name for target in best],
        target_p=to_targets.min(axis=1),
        target_q=benjamini_hochberg(to_targets).min(axis=1),
    )


def join_families(families: pd.DataFrame, patterns: pd.DataFrame, max_p: float) -> pd.DataFrame:
    """Add to families.tsv the column `patterns`: those whose nearest family it is, p at most max_p.

    `patterns` is modisco.tsv. Patterns that are like no family are not in it.
    """
    alike = patterns[patterns["family_p"] <= max_p]
    names = alike.groupby("family")["pattern"].agg(",".join)
    return families.assign(patterns=families["family"].map(names).fillna(""))
