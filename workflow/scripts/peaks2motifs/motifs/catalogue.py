"""Group the motifs of many experiments: one motif for each group, and how similar the groups are.

Motifs are compared by Tomtom, as within an experiment (`similarity`). One rule is stricter here: an
alignment must cover most of the information of both motifs. Otherwise a composite motif would join
the two motifs that it consists of. So a half-site is a group of its own.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from peaks2motifs.core.limits import MAX_LISTED_P, MAX_TREE_LOG_P
from peaks2motifs.motifs.motif import Motif, consensus, letter_heights
from peaks2motifs.motifs.similarity import medoid, reference_motifs
from peaks2motifs.motifs.tomtom import compare

COLUMNS = ["motif", "name", "experiments", "families", "factors", "nsites", "width", "consensus"]
COLUMNS += ["kernels_auroc", "kernels_auroc_se", "kernels_experiment", "target_id", "target_q"]
COLUMNS += ["names", "medoid", "part_of"]
PAIR_COLUMNS = ["motif", "other", "p_value", "offset", "overlap", "orientation", "relation"]
_QUERIES_AT_ONCE = 250


class Comparison(NamedTuple):
    """The comparison of m motifs with one another: arrays (m, m), queries by targets.

    p is Tomtom's p-value, the lower one of the two directions, so it is symmetric. offset is the
    column of the target under the first column of the query. reverse says whether the target is
    reverse complemented in this alignment. overlap is the number of aligned columns, and share is
    the fraction of the query's information in them.
    """

    p: np.ndarray
    offset: np.ndarray
    overlap: np.ndarray
    reverse: np.ndarray
    share: np.ndarray


def compare_all(ppms: list[np.ndarray], threads: int = 1) -> Comparison:
    """Compare motifs (w, 4) with one another.

    Random reference motifs are added to the targets, so that the p-values do not depend on how many
    of the motifs are similar.
    """
    m, targets = len(ppms), ppms + reference_motifs()
    p, share = np.empty((m, m)), np.empty((m, m), np.float32)
    offset, overlap = np.empty((2, m, m), np.int16)
    reverse = np.empty((m, m), bool)
    for rows in np.split(np.arange(m), range(_QUERIES_AT_ONCE, m, _QUERIES_AT_ONCE)):
        alignments = compare([ppms[i] for i in rows], targets, threads)
        p[rows], offset[rows] = alignments.p[:, :m], alignments.offset[:, :m]
        overlap[rows], reverse[rows] = alignments.overlap[:, :m], alignments.reverse[:, :m]
    for i, ppm in enumerate(ppms):
        bits = np.append(0, letter_heights(ppm).sum(axis=1).cumsum())
        first = np.maximum(-offset[i], 0)
        share[i] = (bits[first + overlap[i]] - bits[first]) / max(bits[-1], 1e-9)
    return Comparison(np.minimum(p, p.T), offset, overlap, reverse, share)


def is_same(comparison: Comparison, max_p: float, min_share: float) -> np.ndarray:
    """Which motifs are the same (m, m): p is at most `max_p`, and most of both is aligned."""
    share = np.minimum(comparison.share, comparison.share.T)
    same = (comparison.p <= max_p) & (share >= min_share)
    return same | np.eye(len(same), dtype=bool)


def is_part(comparison: Comparison, max_p: float, min_share: float) -> np.ndarray:
    """Which motifs (rows) are part of which others (m, m): only of the first is most aligned."""
    most_aligned = comparison.share >= min_share
    return (comparison.p <= max_p) & most_aligned & ~most_aligned.T


def group_motifs(comparison: Comparison, max_p: float, min_share: float) -> list[np.ndarray]:
    """Group motifs: the members of each group, its medoid first.

    Motifs are sorted, the most important first. A motif that is not the same as any leader before
    it becomes a leader. Each other motif joins the most similar leader that is the same motif. Only
    leaders count, so no chain of similar motifs joins two different ones.
    """
    same, log_p = is_same(comparison, max_p, min_share), -np.log10(comparison.p)
    leaders: list[int] = []
    for i in range(len(same)):
        leaders += [] if same[i, leaders].any() else [i]
    if not leaders:
        return []
    nearest = np.where(same[:, leaders], log_p[:, leaders], -1).argmax(axis=1)
    groups = [np.flatnonzero(nearest == number) for number in range(len(leaders))]
    medoids = [medoid(members, log_p) for members in groups]
    return [
        np.append(first, members[members != first])
        for first, members in zip(medoids, groups, strict=True)
    ]


def pool_members(
    motifs: list[Motif], members: np.ndarray, comparison: Comparison
) -> tuple[Motif, pd.DataFrame]:
    """Align a group's members to its medoid, the first of them, and sum their sites.

    Members that do not cover all columns of the medoid are left out. Returns the motif of
    `sum_sites`, and a row for each member: orientation, offset and pooled (yes or no). The offset
    is the member's column, in this orientation, under the first column of the medoid.
    """
    medoid_motif, is_medoid = motifs[members[0]], members == members[0]
    offset = np.where(is_medoid, 0, comparison.offset[members[0], members])
    reverse = ~is_medoid & comparison.reverse[members[0], members]
    end = offset + len(medoid_motif.ppm)
    is_pooled = (offset >= 0) & (end <= [len(motifs[i].ppm) for i in members])
    columns = {"orientation": np.where(reverse, "-", "+"), "offset": offset}
    columns["pooled"] = np.where(is_pooled, "yes", "no")
    alignment = pd.DataFrame(columns, index=members)
    return sum_sites(motifs, alignment), alignment


def sum_sites(motifs: list[Motif], alignment: pd.DataFrame) -> Motif:
    """Sum the sites of a group's pooled members over the columns of its medoid.

    The rows of `alignment`, as `pool_members` returns it, are numbers of motifs, that of the medoid
    first. The motif keeps the medoid's names. Every column counts all its `nsites` sites.
    """
    medoid_motif, pooled = motifs[alignment.index[0]], alignment[alignment["pooled"] == "yes"]
    counts = np.zeros(medoid_motif.ppm.shape)
    for row in pooled.itertuples():
        motif = motifs[row.Index]
        ppm = motif.ppm[::-1, ::-1] if row.orientation == "-" else motif.ppm
        counts += motif.nsites * ppm[row.offset : row.offset + len(counts)]
    nsites = sum(motifs[i].nsites for i in pooled.index)
    return medoid_motif._replace(ppm=counts / nsites, nsites=nsites)


def pool_groups(
    families: pd.DataFrame, motifs: list[Motif], max_p: float, min_share: float, threads: int
) -> tuple[list[Motif], list[pd.DataFrame]]:
    """Group the motifs of families: one motif for each group, and the rows of its members.

    Groups are M001, M002 and so on, those of most experiments first. The second name of a group's
    motif is the database name with the lowest q-value among its members.
    """
    comparison = compare_all([motif.ppm for motif in motifs], threads)
    groups = group_motifs(comparison, max_p, min_share)
    groups.sort(key=lambda members: -families["experiment"].iloc[members].nunique())
    digits = max(3, len(str(len(groups))))
    pooled, tables = [], []
    for number, members in enumerate(groups, 1):
        name = f"M{number:0{digits}d}"
        motif, alignment = pool_members(motifs, members, comparison)
        table = families.iloc[members].assign(motif=name, **alignment)
        alternate = "".join(rank_names(table)["target_name"].head(1)).replace(" ", "_")
        pooled.append(motif._replace(name=name, alternate=alternate))
        tables.append(table)
    return pooled, tables


def pool_again(pooled: list[Motif], tables: list[pd.DataFrame], motifs: list[Motif]) -> list[Motif]:
    """Pool other motifs of the same families as `pool_groups` did, from what it returned."""
    return [
        sum_sites(motifs, table)._replace(name=motif.name, alternate=motif.alternate)
        for motif, table in zip(pooled, tables, strict=True)
    ]


def rank_names(members: pd.DataFrame) -> pd.DataFrame:
    """Select the members that have a database name (`named` is yes), the lowest q-value first."""
    return members[members["named"] == "yes"].sort_values("target_q", kind="stable")


def describe_group(motif: Motif, members: pd.DataFrame, part_of: list[str]) -> dict:
    """Make a row of catalogue.tsv from a group's motif, its members and the motifs it is part of.

    kernels_auroc is the highest test_auroc of the members, which comes from kernel activations.
    """
    best = members.loc[members["test_auroc"].idxmax()]
    named = rank_names(members)
    names = named["target_name"].value_counts()
    return {
        "motif": motif.name,
        "name": motif.alternate,
        "experiments": members["experiment"].nunique(),
        "families": len(members),
        "factors": ",".join(dict.fromkeys(filter(None, members["factor"].fillna("")))),
        "nsites": motif.nsites,
        "width": len(motif.ppm),
        "consensus": consensus(motif.ppm),
        "kernels_auroc": best["test_auroc"],
        "kernels_auroc_se": best["test_auroc_se"],
        "kernels_experiment": best["experiment"],
        "target_id": named["target_id"].iloc[0] if len(named) else "",
        "target_q": named["target_q"].iloc[0] if len(named) else np.nan,
        "names": ", ".join(f"{name} {number}" for name, number in names.items()),
        "medoid": f"{members['experiment'].iloc[0]}.{members['family'].iloc[0]}",
        "part_of": ",".join(part_of),
    }


def build_tree(comparison: Comparison) -> np.ndarray:
    """Cluster motifs by average linkage: SciPy's matrix (m - 1, 4), with optimal leaf order.

    The distance of two motifs is 1 + log10(p) / `MAX_TREE_LOG_P`, at least 0. Fewer than two motifs
    give no rows.
    """
    if len(comparison.p) < 2:
        return np.empty((0, 4))
    distance = 1 - np.minimum(-np.log10(comparison.p), MAX_TREE_LOG_P) / MAX_TREE_LOG_P
    np.fill_diagonal(distance, 0)
    return linkage(squareform(distance, checks=False), "average", optimal_ordering=True)


def list_forks(names: list[str], tree: np.ndarray) -> pd.DataFrame:
    """List the forks of the tree, smallest distance first.

    A fork (J1, J2, ...) joins `one` and `other`, which are motifs or earlier forks. The other
    columns are its distance, see `build_tree`, and its number of motifs.
    """
    nodes = np.array([*names, *(f"J{number}" for number in range(1, len(tree) + 1))], str)
    one, other = tree[:, :2].T.astype(int)
    columns = {"fork": nodes[len(names) :], "one": nodes[one], "other": nodes[other]}
    return pd.DataFrame(columns | {"distance": tree[:, 2], "motifs": tree[:, 3].astype(int)})


def is_shown_reverse(comparison: Comparison, tree: np.ndarray) -> np.ndarray:
    """Which motifs (m,) to show reverse complemented, so that neighbours in the tree align."""
    reverse = np.zeros(len(comparison.p), bool)
    if len(tree):
        order = leaves_list(tree)
        reverse[order[1:]] = np.logical_xor.accumulate(comparison.reverse[order[:-1], order[1:]])
    return reverse


def list_pairs(
    names: list[str], comparison: Comparison, max_p: float, min_share: float
) -> pd.DataFrame:
    """List the pairs of motifs with p up to `MAX_LISTED_P`, in both orders.

    The table has the columns `PAIR_COLUMNS`. The relation is "part of", "holds" or "like".
    """
    part = is_part(comparison, max_p, min_share)
    one, other = np.nonzero((comparison.p <= MAX_LISTED_P) & ~np.eye(len(names), dtype=bool))
    relation = np.where(part, "part of", np.where(part.T, "holds", "like"))
    columns = [
        np.array(names, str)[one],
        np.array(names, str)[other],
        comparison.p[one, other],
        comparison.offset[one, other],
        comparison.overlap[one, other],
        np.where(comparison.reverse[one, other], "-", "+"),
        relation[one, other],
    ]
    table = pd.DataFrame(dict(zip(PAIR_COLUMNS, columns, strict=True)))
    return table.sort_values(["motif", "p_value"], kind="stable")
