"""Names for motifs: Tomtom's comparison with a database, and how far a name can be believed."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
from memelite import tomtom

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.limits import MIN_P
from peaks2motifs.core.sequences import decode
from peaks2motifs.core.statistics import benjamini_hochberg
from peaks2motifs.core.tables import write_text
from peaks2motifs.motifs.motif import Motif


def compare(queries: list[np.ndarray], targets: list[np.ndarray], threads: int = 1) -> tuple:
    """Compare motifs (w, 4) with motifs (w, 4) as Tomtom does (Euclidean distance, both strands).

    Returns four arrays (queries, targets): the p-value of the best alignment, its offset (the
    target's column under the query's first, in the orientation compared), its overlap, and whether
    the target was reverse complemented. The p-values refer to the columns of all targets given.
    Without queries the arrays have no rows.
    """
    if not queries:
        return tuple(np.empty((0, len(targets)), kind) for kind in (float, int, int, bool))
    p, _, offset, overlap, reverse = tomtom(
        [q.T for q in queries], [t.T for t in targets], n_jobs=threads
    )
    return np.maximum(p, MIN_P), offset.astype(int), overlap.astype(int), reverse == 1


def shuffle_columns(ppm: np.ndarray, copies: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Make `copies` of a motif (w, 4), each with its columns in a random order."""
    return [ppm[rng.permutation(len(ppm))] for _ in range(copies)]


def likeliest(ppm: np.ndarray) -> str:
    """Spell the likeliest base of each column (w, 4), the first of equals, as Tomtom does."""
    return decode(ppm.argmax(axis=1)[None])[0]


def empirical_fdr(best_p: np.ndarray, control_p: np.ndarray, shuffles: int) -> np.ndarray:
    """Estimate for each motif the share of false names among the names at least as good.

    best_p (m,) are the motifs' best p-values, control_p those of `shuffles` column-shuffled copies
    of each. The share is ((controls with p as low + 1) / shuffles) / (motifs with p as low), made
    monotone in p and at most 1. The one more keeps it from 0, which so few controls cannot show
    (Phipson and Smyth 2010, doi:10.2202/1544-6115.1585).
    """
    order = np.argsort(best_p, kind="stable")
    p = best_p[order]
    named = np.searchsorted(p, p, side="right")
    by_chance = (np.searchsorted(np.sort(control_p), p, side="right") + 1) / shuffles
    share = np.minimum.accumulate((by_chance / named)[::-1])[::-1]
    result = np.empty(len(p))
    result[order] = np.minimum(share, 1.0)
    return result


def match_table(
    queries: list[Motif], targets: list[Motif], compared: tuple, report_q: float
) -> pd.DataFrame:
    """List each query's best target, and all others with q up to `report_q`, as Tomtom does.

    `compared` is what `compare` returned for these queries and targets. E is p times the number of
    targets; q is Benjamini and Hochberg's over the targets of one query (the MEME Suite also
    multiplies by its estimate of the share of true nulls, at most 1). Offset and consensus of a
    reverse complemented target are those of its reverse complement. Rows go query by query, best
    p first.
    """
    p, offset, overlap, reverse = compared
    q = benjamini_hochberg(p)
    reported = q <= report_q
    reported[np.arange(len(p)), p.argmin(axis=1)] = True
    query, target = np.nonzero(reported)
    order = np.lexsort((target, p[query, target], query))
    query, target = query[order], target[order]
    turned = reverse[query, target]
    spelled = [[likeliest(t.ppm), likeliest(t.ppm[::-1, ::-1])] for t in targets]
    spelled_queries = [likeliest(m.ppm) for m in queries]
    columns = [
        [queries[i].name for i in query],
        [targets[j].name for j in target],
        offset[query, target],
        p[query, target],
        p[query, target] * len(targets),
        q[query, target],
        overlap[query, target],
        [spelled_queries[i] for i in query],
        [spelled[j][int(r)] for j, r in zip(target, turned, strict=True)],
        np.where(turned, "-", "+"),
    ]
    return pd.DataFrame(dict(zip(TOMTOM_COLUMNS, columns, strict=True)))


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


def write_tomtom(matches: pd.DataFrame, path: str) -> None:
    """Write matches as the MEME Suite's tomtom does: its ten columns, numbers as %g, its comments.

    Its readers skip the blank line and the three comments at the end, some by cutting off so many.
    """
    text = matches[TOMTOM_COLUMNS].to_csv(sep="\t", index=False, float_format="%g")
    write_text(text + TOMTOM_COMMENTS, path)


def read_tomtom(path: str) -> pd.DataFrame:
    """Read a tomtom.tsv, ours or the MEME Suite's with its trailing comment lines.

    InputError when columns are missing.
    """
    lines = Path(path).read_text().splitlines()
    rows = "\n".join(line for line in lines if line and not line.startswith("#"))
    text = {"Query_ID": str, "Target_ID": str, "Query_consensus": str, "Target_consensus": str}
    table = pd.read_csv(io.StringIO(rows or "\n"), sep="\t", dtype=text, keep_default_na=False)
    missing = [column for column in TOMTOM_COLUMNS if column not in table.columns]
    if missing:
        raise InputError(f"{path}: columns {', '.join(missing)} missing, expected Tomtom's table")
    return table[TOMTOM_COLUMNS]
