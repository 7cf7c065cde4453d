"""Find motifs in attributions by TF-MoDISco, and compare them with families and known motifs.

TF-MoDISco (Shrikumar et al. 2018, arXiv:1811.00416; version 2, the package modisco) extracts
seqlets, short sequences with strong attributions, and clusters them into patterns.
"""

import numba
import numpy as np
import pandas as pd

from peaks2motifs.core.sequences import one_hot
from peaks2motifs.motifs.motif import Motif, consensus, information, probabilities, trim
from peaks2motifs.motifs.similarity import nearest_families
from peaks2motifs.motifs.tomtom import compare, q_values

LEIDEN_RUNS = 10  # instead of modisco's default of 50, with fixed seeds
MIN_SEQLETS = 20  # of a pattern and of all together, for which modisco's default is 100


def find_patterns(codes: np.ndarray, hypothetical: np.ndarray, threads: int) -> list[tuple]:
    """Find patterns in windows: sign, number of seqlets and base counts (w, 4) of each pattern.

    codes (n, length) are base codes. hypothetical (n, length, 4) is the contribution that each base
    would have. Patterns with positive contributions (sign 1) come before negative ones (-1), and
    each list begins with the most frequent pattern. Both may be empty.
    """
    if len(codes) < MIN_SEQLETS or not hypothetical.any():
        return []
    # Imported here, because the import compiles code, which takes 20 s.
    from modiscolite.tfmodisco import TFMoDISco

    numba.set_num_threads(threads)
    patterns_by_sign = TFMoDISco(
        one_hot(codes).astype(float),
        hypothetical.astype(float),
        min_metacluster_size=MIN_SEQLETS,
        final_min_cluster_size=MIN_SEQLETS,
        n_leiden_runs=LEIDEN_RUNS,
    )
    return [
        (sign, len(pattern.seqlets), np.rint(pattern.sequence * len(pattern.seqlets)))
        for sign, patterns in zip((1, -1), patterns_by_sign, strict=True)
        for pattern in patterns or []
    ]


def pattern_motifs(
    patterns: list[tuple], background: np.ndarray, trim_information: float, pseudocount: float
) -> tuple[list[Motif], pd.DataFrame]:
    """Make trimmed motifs from patterns, and a table `pattern sign seqlets width consensus`.

    Patterns without a column of at least `trim_information` bits are left out.
    """
    motifs, rows = [], []
    for sign, seqlets, counts in patterns:
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
    """Add the most similar family and the best known motif to the rows of patterns, by Tomtom.

    The columns `family family_p` are empty if no family is similar. `target_id target_name target_p
    target_q` describe the best known motif; the q-value is that of `tomtom.q_values`. `alike` holds
    the arguments of `similarity.compare_motifs`. The names of `families` are those in families.tsv.
    """
    family, log_p = nearest_families(motifs, families, alike, threads)
    ppms = [motif.ppm for motif in motifs]
    alignments = compare(ppms, [target.ppm for target in targets], threads)
    best = [targets[k] for k in alignments.p.argmin(axis=1)]
    return table.assign(
        family=[families[k - 1].name if k else "" for k in family],
        family_p=np.where(family > 0, 10.0**-log_p, np.nan),
        target_id=[target.name for target in best],
        target_name=[target.alternate or target.name for target in best],
        target_p=alignments.p.min(axis=1),
        target_q=q_values(alignments).min(axis=1),
    )
