"""What families of kernels are: their motifs, from the sites of all members, and their evidence."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from peaks2motifs.core.limits import MAX_Q
from peaks2motifs.core.statistics import count_hits, enrichment_p, importance
from peaks2motifs.model.activations import Activations
from peaks2motifs.motifs.grouping import Members, kin, look_at_peaks, which
from peaks2motifs.motifs.kernel_sites import Sites, count_sites, scan_thresholds
from peaks2motifs.motifs.kernel_table import About, matrices, summarise
from peaks2motifs.motifs.motif import Motif, consensus
from peaks2motifs.motifs.pooling import look, pool_sites, scales
from peaks2motifs.motifs.similarity import trimmed

FAMILY_COLUMNS = [
    *("family", "members", "nsites", "width", "consensus", "importance", "test_auroc"),
    *("enrichment_p", "reason", "medoid", "information", "replicates", "networks"),
    *("test_auroc_se", "central_width", "central_p", "relation", "own_p", "threshold"),
]


class Windows(NamedTuple):
    """The n windows: base codes (n, L), chromosome and first coordinate (n,)."""

    codes: np.ndarray
    chrom: np.ndarray
    first: np.ndarray


class Families(NamedTuple):
    """The families of one experiment, the most important first.

    `table` has a row for each; counts (F, W, 4) have `flank` columns on either side of what the
    leaders see, width (F,); the sites (m,) number families, kernel (m,) names the one that saw
    each.
    """

    table: pd.DataFrame
    motifs: list[Motif]
    members: Members
    width: np.ndarray
    counts: np.ndarray
    sites: Sites
    kernel: np.ndarray
    flank: int


def order_families(seen: Activations, members: Members, most: int) -> tuple[Members, np.ndarray]:
    """Number families anew, the `most` important first; also their importance (F,), in that order.

    Importance is pysster's, of the highest scaled activation of all members on validation windows;
    the mean over networks, 0 in one that has no member. So a family that all networks find comes
    before one that a single network has learnt by heart. Test windows have no part in it.
    """
    valid = np.flatnonzero(seen.split == "valid")
    mean, spread = scales(seen)
    values = np.zeros((networks(seen), len(members.leader)))
    for family in range(len(members.leader)):
        own = np.flatnonzero(members.family == family + 1)
        for network in np.unique(seen.replicate[own]):
            some = own[seen.replicate[own] == network]
            best = ((seen.best[np.ix_(valid, some)] - mean[some]) / spread[some]).max(axis=1)
            values[network, family] = importance(best[:, None], seen.label[valid])[0]
    total = values.mean(axis=0)
    order = np.argsort(-total, kind="stable")[:most]
    number = np.zeros(len(total) + 1, int)
    number[order + 1] = np.arange(1, len(order) + 1)
    family = number[members.family]
    parts = {name: getattr(members, name)[order] for name in ("leader", "medoid")}
    return members._replace(family=family, pooled=members.pooled & (family > 0), **parts), total[
        order
    ]


def networks(seen: Activations) -> int:
    """How many networks the kernels belong to."""
    return int(seen.replicate.max(initial=0)) + 1


def summarise_families(
    seen: Activations,
    where: Windows,
    sites: Sites,
    members: Members,
    about: About,
    max_background: float,
    max_families: int,
    alike: dict[str, float],
) -> Families:
    """Make each family's motif from its members' sites, and judge it as kernels are judged.

    `alike` holds what `families.similar` asks for. Columns of the table: those of `summarise`,
    `name_members` and `beside`.
    """
    members, important = order_families(seen, members, max_families)
    found = pool(seen, where, sites, members, about, max_background)
    weak = np.flatnonzero(found.table["status"] != "motif")
    if len(weak):  # then the leader's sites, which do show one, are the family's
        others = np.isin(members.family, weak + 1)
        others[members.leader] = False
        members = members._replace(pooled=members.pooled & ~others)
        found = pool(seen, where, sites, members, about, max_background, weak)
    view, about = look(seen, members), about._replace(flank=found.flank)
    motifs = matrices(found.counts, view.width + 2 * found.flank, found.table, about)
    passes = view.best > found.table["threshold"].to_numpy()
    peaks = look_at_peaks(view, passes, where.codes, found.flank)
    related = kin(motifs, peaks, about.background, **alike)
    ppms = trimmed(motifs)
    table = found.table.assign(
        consensus=[consensus(ppm) for ppm in ppms],
        width=[len(ppm) for ppm in ppms],
        importance=important,
        **name_members(seen, members),
        **beside(found.table, view, passes, related),
    )
    rows = zip(table["family"], table["medoid"], ppms, table["nsites"], strict=True)
    return found._replace(table=table, motifs=[Motif(*row) for row in rows])


def pool(
    seen: Activations,
    where: Windows,
    sites: Sites,
    members: Members,
    about: About,
    max_background: float,
    every: Sequence[int] = (),
) -> Families:
    """Pool the members' sites and describe families by them; in those of `every` all, else some.

    Thresholds of families are chosen in training windows, as `scan_thresholds` does.
    """
    view, train = look(seen, members), seen.split == "train"
    threshold = scan_thresholds(view.best[train], seen.label[train], max_background)
    least = threshold.copy()
    least[list(every)] = -np.inf
    own = pool_sites(sites, members, seen, least, where.chrom, where.first, view.width // 2)
    flank = about.flank + int(seen.width.max(initial=0))  # a leader may have seen but a part
    counts = count_sites(where.codes, own[0], view.width, flank)
    nsites = np.bincount(own[0].kernel, minlength=len(threshold))
    table = summarise(view, nsites, counts, threshold, about._replace(flank=flank))
    # Where no column stands out, what the leader saw is shown.
    none = table["end"] == table["first"]
    table["first"] = table["first"].where(~none, flank)
    table["end"] = table["end"].where(~none, flank + view.width)
    return Families(table, [], members, view.width, counts, own[0], seen.kernel[own[1]], flank)


def name_members(seen: Activations, members: Members) -> dict[str, list]:
    """Columns of families: their names, members, medoids, and in how many networks they are."""
    numbers = range(1, len(members.leader) + 1)
    return {
        "family": [f"F{number}" for number in numbers],
        "members": [",".join(seen.kernel[members.family == number]) for number in numbers],
        "medoid": seen.kernel[members.medoid],
        "replicates": [len(np.unique(seen.replicate[which(members, n)])) for n in numbers],
        "networks": networks(seen),
    }


def beside(
    table: pd.DataFrame,
    view: Activations,
    passes: np.ndarray,
    related: list[list[tuple[int, str]]],
) -> dict[str, list]:
    """Columns of families: which more important one each resembles, and its own enrichment there.

    The latter is Fisher's p-value in test windows without a site of the other family, or that in
    windows with one, whichever is lower, doubled as there are two. Of several relations to families
    that are enriched themselves (p < `MAX_Q`) that with the highest p-value is told; where there
    is none, the p-value is that of all test windows and the relation the first.
    """
    test = view.split == "test"
    label, hit = view.label[test], passes[test]
    names, p = [], table["enrichment_p"].to_list()
    enriched = table["enrichment_p"].to_numpy() < MAX_Q
    for family, relations in enumerate(related):
        real = [each for each in relations if enriched[each[0]]]
        own = {other: own_enrichment(hit, label, family, other) for other, _ in real}
        ranked = sorted(real, key=lambda each: -own[each[0]]) or relations
        if real:
            p[family] = own[ranked[0][0]]
        names.append(f"{ranked[0][1]} F{ranked[0][0] + 1}" if ranked else "")
    return {"relation": names, "own_p": p}


def own_enrichment(hit: np.ndarray, label: np.ndarray, family: int, other: int) -> float:
    """The p-value of a family in windows, hit (n, F), with and without a site of another one."""
    each = []
    for some in (hit[:, other], ~hit[:, other]):
        sizes = (label[some] == 1).sum(), (label[some] != 1).sum()
        each.append(enrichment_p(*count_hits(hit[some][:, [family]], label[some]), *sizes)[0])
    return min(1, 2 * min(each))
