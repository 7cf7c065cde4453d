"""Compare motifs as Tomtom does, estimate false names, and write Tomtom's table."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from memelite import tomtom

from peaks2motifs.core.limits import MIN_P
from peaks2motifs.core.sequences import decode
from peaks2motifs.core.statistics import benjamini_hochberg
from peaks2motifs.core.tables import write_text
from peaks2motifs.motifs.motif import Motif

TOMTOM_COLUMNS = [
    "Query_ID",
    "Target_ID",
    "Optimal_offset",
    "p-value",
    "E-value",
    "q-value",
    "Overlap",
    "Query_consensus",
    "Target_consensus",
    "Orientation",
]
TOMTOM_COMMENTS = """
# Tomtom (Motif Comparison Tool): as memelite computes it
# The format of this file is described at https://meme-suite.org/meme/doc/tomtom-output-format.html.
# Euclidean distance, complete scores, both strands
"""


class Alignments(NamedTuple):
    """The best alignments of queries with targets, on either strand: arrays (queries, targets).

    p is the p-value. offset is the column of the target, in this orientation, under the first
    column of the query. overlap is the number of aligned columns. reverse says whether the target
    is reverse complemented. other_p is the p-value of the target in the other orientation.
    """

    p: np.ndarray
    offset: np.ndarray
    overlap: np.ndarray
    reverse: np.ndarray
    other_p: np.ndarray


def compare(queries: list[np.ndarray], targets: list[np.ndarray], threads: int = 1) -> Alignments:
    """Compare queries (w, 4) with targets (w, 4) as Tomtom does: Euclidean distance, both strands.

    The p-values refer to the columns of all targets, and to the better of two orientations. Without
    queries the arrays have no rows.
    """
    n = len(targets)
    if not queries:
        return Alignments(*(np.empty((0, n), kind) for kind in (float, int, int, bool, float)))
    p, score, offset, overlap, _ = tomtom(
        [query.T for query in queries],
        [target.T for target in targets] + [target[::-1, ::-1].T for target in targets],
        reverse_complement=False,
        n_jobs=threads,
    )
    reverse = score[:, n:] >= score[:, :n]
    return Alignments(
        p_of_two(np.minimum(p[:, :n], p[:, n:])),
        np.where(reverse, offset[:, n:], offset[:, :n]).astype(int),
        np.where(reverse, overlap[:, n:], overlap[:, :n]).astype(int),
        reverse,
        p_of_two(np.maximum(p[:, :n], p[:, n:])),
    )


def p_of_two(p: np.ndarray) -> np.ndarray:
    """The probability that the better of two orientations is as good as one with p-value p."""
    return np.maximum(p * (2 - p), MIN_P)


def q_values(alignments: Alignments) -> np.ndarray:
    """The q-values (queries, targets) of the best alignments, as the MEME Suite's Tomtom has them.

    They are Benjamini and Hochberg's over the p-values of one query: two for each target, one in
    each orientation. The MEME Suite (5.4.1, tomtom.c and qvalue.c) then multiplies them by an
    estimate of the share of true nulls (Storey 2002, doi:10.1111/1467-9868.00346), for which it
    draws p-values at random. For 390 families, of ten yeast factors and the demo, it was 0.94 to 1,
    and above 0.99 for three of four. Here it is 1, so q-values are at most a few percent higher.
    """
    p = np.concatenate([alignments.p, alignments.other_p], axis=1)
    return benjamini_hochberg(p)[:, : alignments.p.shape[1]]


def shuffle_columns(ppm: np.ndarray, copies: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Copy a motif (w, 4) several times, each time with its columns in a random order."""
    return [ppm[rng.permutation(len(ppm))] for _ in range(copies)]


def tomtom_consensus(ppm: np.ndarray) -> str:
    """Spell the most probable base of each column (w, 4) as Tomtom does, the first if equal."""
    return decode(ppm.argmax(axis=1)[None])[0]


def empirical_fdr(best_p: np.ndarray, control_p: np.ndarray, shuffles: int) -> np.ndarray:
    """Estimate the false discovery rate (m,) of each motif's name, from shuffled motifs.

    best_p (m,) are the best p-values of the motifs. control_p are those of their controls,
    `shuffles` column-shuffled copies of each motif. The FDR at p is
    ((controls with a p-value <= p, plus 1) / shuffles) / (motifs with a p-value <= p). It is made
    monotone in p, and is at most 1. The added 1 keeps it above 0, which so few controls cannot show
    (Phipson and Smyth 2010, doi:10.2202/1544-6115.1585).
    """
    order = np.argsort(best_p, kind="stable")
    p = best_p[order]
    discoveries = np.searchsorted(p, p, side="right")
    false = (np.searchsorted(np.sort(control_p), p, side="right") + 1) / shuffles
    monotone = np.minimum.accumulate((false / discoveries)[::-1])[::-1]
    fdr = np.empty(len(p))
    fdr[order] = np.minimum(monotone, 1.0)
    return fdr


def list_matches(
    queries: list[Motif], targets: list[Motif], alignments: Alignments, report_q: float
) -> pd.DataFrame:
    """List the best target of each query, and all targets with q up to `report_q`, as Tomtom does.

    `alignments` are those of these queries and targets. E is p times the number of targets; q is
    that of `q_values`. For a reverse complemented target, offset and consensus are those of the
    reverse complement. The table has the columns `TOMTOM_COLUMNS`; its rows are sorted by query,
    then by p.
    """
    p, q = alignments.p, q_values(alignments)
    is_reported = q <= report_q
    is_reported[np.arange(len(p)), p.argmin(axis=1)] = True
    query, target = np.nonzero(is_reported)
    order = np.lexsort((target, p[query, target], query))
    query, target = query[order], target[order]
    is_reverse = alignments.reverse[query, target]
    query_consensus = [tomtom_consensus(motif.ppm) for motif in queries]
    target_consensus = [
        (tomtom_consensus(motif.ppm), tomtom_consensus(motif.ppm[::-1, ::-1])) for motif in targets
    ]
    columns = [
        [queries[i].name for i in query],
        [targets[j].name for j in target],
        alignments.offset[query, target],
        p[query, target],
        p[query, target] * len(targets),
        q[query, target],
        alignments.overlap[query, target],
        [query_consensus[i] for i in query],
        [target_consensus[j][int(r)] for j, r in zip(target, is_reverse, strict=True)],
        np.where(is_reverse, "-", "+"),
    ]
    return pd.DataFrame(dict(zip(TOMTOM_COLUMNS, columns, strict=True)))


def write_tomtom(matches: pd.DataFrame, path: str) -> None:
    """Write matches in the format of the MEME Suite's tomtom.tsv, numbers as %g.

    A blank line and three comments end the file, as in the MEME Suite. Readers of the format skip
    these four lines; some of them simply cut off the last four.
    """
    text = matches[TOMTOM_COLUMNS].to_csv(sep="\t", index=False, float_format="%g")
    write_text(text + TOMTOM_COMMENTS, path)
