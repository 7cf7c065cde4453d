"""One motif for what many experiments found: groups of their motifs, and how alike the groups are.

The comparison is Tomtom's, as within an experiment (`families`). What differs is that an alignment
must hold most of the information of both motifs: a half site is a group of its own. Else a
composite motif would join the two different ones that it is made of.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from peaks2motifs.motifs.motif import Motif, consensus, letter_heights
from peaks2motifs.motifs.similarity import medoid, reference_motifs
from peaks2motifs.motifs.tomtom import compare

COLUMNS = ["motif", "name", "experiments", "families", "factors", "nsites", "width", "consensus"]
COLUMNS += ["kernels_auroc", "kernels_auroc_se", "kernels_experiment", "target_id", "target_q"]
COLUMNS += ["names", "medoid", "part_of"]
PAIR_COLUMNS = ["motif", "other", "p_value", "offset", "overlap", "orientation", "relation"]
MAX_PAIR_P = 1e-3  # of the pairs that similarity.tsv lists
QUERIES = 500  # compared at a time, which bounds memory
FARTHEST = 8  # -log10 p from which on motifs are the same to the tree


class Likeness(NamedTuple):
    """How each of m motifs (rows, queries) compares with each other: arrays (m, m).

    p is Tomtom's p-value, the lower one of either taken as the query, so symmetric. offset is the
    column of the other under the query's first, in the orientation that reverse gives; overlap the
    number of columns aligned; share the part of the query's information that these hold.
    """

    p: np.ndarray
    offset: np.ndarray
    overlap: np.ndarray
    reverse: np.ndarray
    share: np.ndarray


def compare_all(ppms: list[np.ndarray], threads: int = 1) -> Likeness:
    """Compare motifs (w, 4), all with all; random ones beside them keep p-values honest."""
    m, targets = len(ppms), ppms + reference_motifs()
    p, share = np.empty((m, m)), np.empty((m, m), np.float32)
    offset, overlap = np.empty((2, m, m), np.int16)
    reverse = np.empty((m, m), bool)
    for rows in np.split(np.arange(m), range(QUERIES, m, QUERIES)):
        found = compare([ppms[i] for i in rows], targets, threads)
        for whole, part in zip((p, offset, overlap, reverse), found, strict=True):
            whole[rows] = part[:, :m]
    for i, ppm in enumerate(ppms):
        bits = np.append(0, letter_heights(ppm).sum(axis=1).cumsum())
        first = np.maximum(-offset[i], 0)
        share[i] = (bits[first + overlap[i]] - bits[first]) / max(bits[-1], 1e-9)
    return Likeness(np.minimum(p, p.T), offset, overlap, reverse, share)


def same(like: Likeness, max_p: float, min_share: float) -> np.ndarray:
    """Which motifs are the same (m, m): p at most `max_p`, most of both aligned."""
    close = (like.p <= max_p) & (np.minimum(like.share, like.share.T) >= min_share)
    return close | np.eye(len(close), dtype=bool)


def within(like: Likeness, max_p: float, min_share: float) -> np.ndarray:
    """Which motifs (rows) are parts of others (m, m): most of themselves aligned, not of those."""
    most = like.share >= min_share
    return (like.p <= max_p) & most & ~most.T


def group(like: Likeness, max_p: float, min_share: float) -> list[np.ndarray]:
    """Group motifs, most important first: the members of each group, its medoid in front.

    Each motif that is the same as no leader before it is a leader. The others join the leader that
    they are most surely the same as, and no other motif: resemblances do not chain.
    """
    alike, sureness = same(like, max_p, min_share), -np.log10(like.p)
    leaders: list[int] = []
    for i in range(len(alike)):
        leaders += [] if alike[i, leaders].any() else [i]
    if not leaders:
        return []
    nearest = np.where(alike[:, leaders], sureness[:, leaders], -1).argmax(axis=1)
    groups = [np.flatnonzero(nearest == number) for number in range(len(leaders))]
    middles = [medoid(members, sureness) for members in groups]
    return [
        np.append(middle, members[members != middle])
        for middle, members in zip(middles, groups, strict=True)
    ]


def pool(motifs: list[Motif], members: np.ndarray, like: Likeness) -> tuple[Motif, pd.DataFrame]:
    """Sum the sites of a group's members over the columns of its medoid, the first of them.

    Members that lack some of these columns are left out, so each column is of all `nsites` sites.
    Returns the motif, still named as the medoid, and a row for each member: orientation, offset
    (its column, so turned, under the medoid's first) and pooled, yes or no.
    """
    middle, itself = motifs[members[0]], members == members[0]
    offset = np.where(itself, 0, like.offset[members[0], members])
    turned = ~itself & like.reverse[members[0], members]
    end = offset + len(middle.ppm)
    whole = (offset >= 0) & (end <= [len(motifs[i].ppm) for i in members])
    counts = np.zeros(middle.ppm.shape)
    for i, first, turn in zip(members[whole], offset[whole], turned[whole], strict=True):
        ppm = motifs[i].ppm[::-1, ::-1] if turn else motifs[i].ppm
        counts += motifs[i].nsites * ppm[first : first + len(counts)]
    nsites = sum(motifs[i].nsites for i in members[whole])
    columns = {"orientation": np.where(turned, "-", "+"), "offset": offset}
    placed = pd.DataFrame(columns | {"pooled": np.where(whole, "yes", "no")}, index=members)
    return middle._replace(ppm=counts / nsites, nsites=nsites), placed


def pool_groups(
    rows: pd.DataFrame, known: list[Motif], max_p: float, min_share: float, threads: int
) -> tuple[list[Motif], list[pd.DataFrame]]:
    """One motif for each group of known ones, and the rows of its members.

    Groups, M001 first, go from most experiments to fewest. A group's second name is the surest of
    those that its families have in the database, that of the lowest q.
    """
    like = compare_all([motif.ppm for motif in known], threads)
    groups = group(like, max_p, min_share)
    groups.sort(key=lambda members: -rows["experiment"].iloc[members].nunique())
    digits = max(3, len(str(len(groups))))
    pooled, tables = [], []
    for number, members in enumerate(groups, 1):
        motif, placed = pool(known, members, like)
        own = rows.iloc[members].assign(motif=f"M{number:0{digits}d}", **placed)
        name = "".join(surest_names(own)["target_name"].head(1)).replace(" ", "_")
        pooled.append(motif._replace(name=own["motif"].iloc[0], alternate=name))
        tables.append(own)
    return pooled, tables


def surest_names(members: pd.DataFrame) -> pd.DataFrame:
    """The members, rows of families.tsv with `named`, whose names are good enough, surest first."""
    return members[members["named"] == "yes"].sort_values("target_q", kind="stable")


def describe(motif: Motif, members: pd.DataFrame, wider: list[str]) -> dict:
    """One row of catalogue.tsv: a group's motif, its members and what it is part of.

    kernels_auroc is the best of its families' test_auroc, which is of activations of kernels.
    """
    best = members.loc[members["test_auroc"].idxmax()]
    named = surest_names(members)
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
        "part_of": ",".join(wider),
    }


def tree(like: Likeness) -> np.ndarray:
    """Join motifs by average linkage: scipy's (m - 1, 4), leaves in the order that fits best.

    The distance is 1 at a p-value of 1 and 0 from 1e-8 on. One motif or none gives no rows.
    """
    if len(like.p) < 2:
        return np.empty((0, 4))
    distance = 1 - np.minimum(-np.log10(like.p), FARTHEST) / FARTHEST
    np.fill_diagonal(distance, 0)
    return linkage(squareform(distance, checks=False), "average", optimal_ordering=True)


def tree_table(names: list[str], joined: np.ndarray) -> pd.DataFrame:
    """List the forks of the tree, nearest first: what each joins, motifs or earlier forks J1, J2.

    Columns: fork, one, other, distance (as in `tree`) and motifs, how many it joins.
    """
    nodes = np.array([*names, *(f"J{number}" for number in range(1, len(joined) + 1))], str)
    one, other = joined[:, :2].T.astype(int)
    columns = {"fork": nodes[len(names) :], "one": nodes[one], "other": nodes[other]}
    return pd.DataFrame(columns | {"distance": joined[:, 2], "motifs": joined[:, 3].astype(int)})


def turned(like: Likeness, joined: np.ndarray) -> np.ndarray:
    """Which motifs (m,) to show reverse complemented, so that neighbours in the tree agree."""
    turn = np.zeros(len(like.p), bool)
    if len(joined):
        order = leaves_list(joined)
        turn[order[1:]] = np.logical_xor.accumulate(like.reverse[order[:-1], order[1:]])
    return turn


def pair_table(names: list[str], like: Likeness, max_p: float, min_share: float) -> pd.DataFrame:
    """List the pairs of motifs with p up to `MAX_PAIR_P`, each once in either order.

    Columns `PAIR_COLUMNS`; relation is "part of", "holds" or "like".
    """
    part = within(like, max_p, min_share)
    one, other = np.nonzero((like.p <= MAX_PAIR_P) & ~np.eye(len(names), dtype=bool))
    relation = np.where(part, "part of", np.where(part.T, "holds", "like"))
    columns = [
        np.array(names, str)[one],
        np.array(names, str)[other],
        like.p[one, other],
        like.offset[one, other],
        like.overlap[one, other],
        np.where(like.reverse[one, other], "-", "+"),
        relation[one, other],
    ]
    table = pd.DataFrame(dict(zip(PAIR_COLUMNS, columns, strict=True)))
    return table.sort_values(["motif", "p_value"], kind="stable")
