"""Motifs from attributions by TF-MoDISco, and which families and known motifs they resemble.

TF-MoDISco (Shrikumar et al. 2018, arXiv:1811.00416; version 2, the package modisco) cuts out what
stands out of the attributions, seqlets, and clusters these into patterns.
"""

import numba
import numpy as np
import pandas as pd

from peaks2motifs.core.sequences import one_hot
from peaks2motifs.core.statistics import benjamini_hochberg
from peaks2motifs.motifs.motif import Motif, consensus, information, probabilities, trim
from peaks2motifs.motifs.similarity import Motifs, compare_motifs
from peaks2motifs.motifs.tomtom import compare

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
    alike: dict[str, float],
    threads: int,
) -> pd.DataFrame:
    """Add to patterns (rows, motifs) the family that each is like and the best known motif.

    Adds `family family_p`, empty where it is like none, and `target_id target_name target_p
    target_q`, by Tomtom; q-values are over the targets. `alike` holds the arguments
    of `similarity.compare_motifs`. Families are known by their first names, as in families.tsv.
    """
    family, sureness = nearest_families(motifs, families, alike, threads)
    p = compare([motif.ppm for motif in motifs], [target.ppm for target in targets], threads)[0]
    best = [targets[k] for k in p.argmin(axis=1)]
    return table.assign(
        family=[families[k - 1].name if k else "" for k in family],
        family_p=np.where(family > 0, 10.0**-sureness, np.nan),
        target_id=[target.name for target in best],
        target_name=[target.alternate or target.name for target in best],
        target_p=p.min(axis=1),
        target_q=benjamini_hochberg(p).min(axis=1),
    )


def nearest_families(
    motifs: list[Motif], families: list[Motif], alike: dict[str, float], threads: int
) -> tuple[np.ndarray, np.ndarray]:
    """The family, from 1, that each of n motifs is most surely like (n,), and -log10 p (n,).

    Like means what it does for kernels before their sites are looked at; 0 where it is like none.
    """
    ppms = [motif.ppm for motif in motifs + families]
    width = np.array([len(ppm) for ppm in ppms], int)
    similarity = compare_motifs(Motifs(ppms, np.zeros_like(width), width), **alike, threads=threads)
    sureness = np.where(similarity.close, similarity.log_p, 0)[: len(motifs), len(motifs) :]
    sureness = np.pad(sureness, ((0, 0), (1, 0)))
    return sureness.argmax(axis=1), sureness.max(axis=1)
