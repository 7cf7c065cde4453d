"""Families of kernels: their motifs, from the sites of all members, and their evidence."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from peaks2motifs.core.limits import MAX_P
from peaks2motifs.core.statistics import count_hits, enrichment_p, importance
from peaks2motifs.model.activations import Activations, select_windows
from peaks2motifs.motifs.contrast import Others, join_windows, others_evidence
from peaks2motifs.motifs.grouping import Members, pooled_kernels, relate_families, select_peaks
from peaks2motifs.motifs.kernel_sites import (
    Sites,
    choose_thresholds,
    count_sites,
    select_sites,
)
from peaks2motifs.motifs.kernel_table import MotifSettings, evidence_table, to_motifs
from peaks2motifs.motifs.motif import Motif, consensus
from peaks2motifs.motifs.pooling import family_activations, pool_sites, scales
from peaks2motifs.motifs.similarity import trimmed

FAMILY_COLUMNS = [
    *("family", "members", "nsites", "width", "consensus", "importance", "test_auroc"),
    *("enrichment_p", "medoid", "information", "replicates", "networks", "test_auroc_se"),
    *("central_width", "central_p", "relation", "relation_to", "own_p", "threshold"),
    *("peaks_hit", "background_hit", "test_peaks", "test_background"),
    *("others_importance", "others_auroc", "others_auroc_se", "others_p", "others_hit"),
    *("test_others", "shared_with"),
]

Relations = list[tuple[int, str]]  # number of a more important family, and how one relates to it


class Windows(NamedTuple):
    """The n windows: base codes (n, L), chromosome and first coordinate (n,)."""

    codes: np.ndarray
    chrom: np.ndarray
    first: np.ndarray


class Families(NamedTuple):
    """The families of one experiment, the most important first.

    `table` has a row for each; counts (F, W, 4) have `flank` columns on either side of what the
    leaders read, width (F,); the sites (m,) number families, kernel (m,) names the member that gave
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


def describe_families(
    activations: Activations,
    windows: Windows,
    sites: Sites,
    members: Members,
    settings: MotifSettings,
    max_background: float,
    max_families: int,
    alike: dict[str, float],
    others: Others | None = None,
) -> Families:
    """Make each family's motif from its members' sites, and judge it as kernels are judged.

    `alike` holds the arguments of `similarity.compare_motifs`. `others` are windows at the peaks of
    other experiments. Columns of the table: those of `evidence_table`, `name_members`,
    `independent_enrichment` and `others_evidence`.
    """
    members, importances = order_families(activations, members, max_families, others)
    families = pool(activations, windows, sites, members, settings, max_background)
    weak = np.flatnonzero(families.table["status"] != "motif")
    if len(weak):  # then the leader's sites, which do show a motif, are the family's
        followers = np.isin(members.family, weak + 1)
        followers[members.leader] = False
        members = members._replace(pooled=members.pooled & ~followers)
        families = pool(activations, windows, sites, members, settings, max_background, weak)
    view = family_activations(activations, members)
    settings = settings._replace(flank=families.flank)
    motifs = to_motifs(families.counts, view.width + 2 * families.flank, families.table, settings)
    passes = view.best > families.table["threshold"].to_numpy()
    peaks = select_peaks(view, passes, windows.codes, families.flank)
    relations = relate_families(motifs, peaks, settings.background, **alike)
    ppms = trimmed(motifs)
    table = families.table.assign(
        consensus=[consensus(ppm) for ppm in ppms],
        width=[len(ppm) for ppm in ppms],
        **importances,
        **others_evidence(
            view, families.table["threshold"].to_numpy(), members, activations, others
        ),
        **name_members(activations, members),
        **independent_enrichment(families.table, view, passes, relations),
    )
    rows = zip(table["family"], table["medoid"], ppms, table["nsites"], strict=True)
    return families._replace(table=table, motifs=[Motif(*row) for row in rows])


def order_families(
    activations: Activations, members: Members, max_families: int, others: Others | None
) -> tuple[Members, dict[str, np.ndarray]]:
    """Number families anew, most important first; also return their importances (F,).

    See `family_importance`. With `others` a family counts by the smaller of its two importances:
    against background, and against the peaks of other experiments. So a motif that is specific to
    the experiment comes before one that many experiments share. Test windows have no part in it.
    """
    valid = select_windows(activations, np.flatnonzero(activations.split == "valid"))
    scale = scales(activations)
    importances = {"importance": family_importance(valid, members, scale)}
    if others:
        peaks = select_windows(valid, np.flatnonzero(valid.label == 1))
        contrast = join_windows(peaks, others.activations, "valid")
        importances["others_importance"] = family_importance(contrast, members, scale)
    least = np.min(list(importances.values()), axis=0)
    order = np.argsort(-least, kind="stable")[:max_families]
    number = np.zeros(len(least) + 1, int)
    number[order + 1] = np.arange(1, len(order) + 1)
    family = number[members.family]
    members = members._replace(
        family=family,
        pooled=members.pooled & (family > 0),
        leader=members.leader[order],
        medoid=members.medoid[order],
    )
    missing = {"others_importance": np.full(len(order), np.nan)}
    return members, missing | {name: values[order] for name, values in importances.items()}


def family_importance(
    windows: Activations, members: Members, scale: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """The importance (F,) of families in validation windows: pysster's, the mean over networks.

    It is that of the highest scaled activation of all members, 0 in a network that has no member.
    So a family that all networks find comes before one that a single network has overfitted.
    """
    mean, spread = scale
    values = np.zeros((count_networks(windows), len(members.leader)))
    for family in range(len(members.leader)):
        kernels = np.flatnonzero(members.family == family + 1)
        for network in np.unique(windows.replicate[kernels]):
            its = kernels[windows.replicate[kernels] == network]
            best = ((windows.best[:, its] - mean[its]) / spread[its]).max(axis=1)
            values[network, family] = importance(best[:, None], windows.label)[0]
    return values.mean(axis=0)


def count_networks(activations: Activations) -> int:
    """How many networks, replicates of the model, the kernels belong to."""
    return int(activations.replicate.max(initial=0)) + 1


def pool(
    activations: Activations,
    windows: Windows,
    sites: Sites,
    members: Members,
    settings: MotifSettings,
    max_background: float,
    without_threshold: Sequence[int] = (),
) -> Families:
    """Pool the members' sites and describe families by them.

    Only sites above a family's threshold count, which `choose_thresholds` finds in training
    windows; of the families `without_threshold` all do.
    """
    view, train = family_activations(activations, members), activations.split == "train"
    threshold = choose_thresholds(view.best[train], activations.label[train], max_background)
    least = threshold.copy()
    least[list(without_threshold)] = -np.inf
    family_sites, kernel = pool_sites(
        sites, members, activations, least, windows.chrom, windows.first, view.width // 2
    )
    # A leader may have read only a part of the motif.
    flank = settings.flank + int(activations.width.max(initial=0))
    counts = count_sites(windows.codes, family_sites, view.width, flank)
    nsites = np.bincount(family_sites.kernel, minlength=len(threshold))
    table = evidence_table(view, nsites, counts, threshold, settings._replace(flank=flank))
    # Where no column stands out, show what the leader read.
    none = table["end"] == table["first"]
    table["first"] = table["first"].where(~none, flank)
    table["end"] = table["end"].where(~none, flank + view.width)
    names = activations.kernel[kernel]
    return Families(table, [], members, view.width, counts, family_sites, names, flank)


def motifs_without_test(
    families: Families, split: np.ndarray, codes: np.ndarray, settings: MotifSettings
) -> list[Motif]:
    """Make each family's motif again, from its sites in training and validation windows alone.

    So test windows can judge the matrix, which did not count them. It has the same columns as the
    family's motif. split (n,) and codes (n, L) are those of the windows. A family whose sites all
    lie in test windows, as some rules take them, keeps its motif.
    """
    sites = select_sites(families.sites, split[families.sites.window] != "test")
    counts = count_sites(codes, sites, families.width, families.flank)
    width = families.width + 2 * families.flank
    ppms = trimmed(to_motifs(counts, width, families.table, settings))
    nsites = np.bincount(sites.kernel, minlength=len(ppms))
    return [
        motif._replace(ppm=ppm, nsites=number) if number else motif
        for motif, ppm, number in zip(families.motifs, ppms, nsites, strict=True)
    ]


def name_members(activations: Activations, members: Members) -> dict[str, list]:
    """Columns of families: their names, members, medoids, and how many networks learned them."""
    numbers = range(1, len(members.leader) + 1)
    networks = [activations.replicate[pooled_kernels(members, number)] for number in numbers]
    return {
        "family": [f"F{number}" for number in numbers],
        "members": [",".join(activations.kernel[members.family == number]) for number in numbers],
        "medoid": activations.kernel[members.medoid],
        "replicates": [len(np.unique(learned_by)) for learned_by in networks],
        "networks": count_networks(activations),
    }


def independent_enrichment(
    table: pd.DataFrame, view: Activations, passes: np.ndarray, relations: list[Relations]
) -> dict[str, list]:
    """Columns of families: the more important family each resembles, and its own enrichment there.

    own_p is Fisher's p-value in test windows without a site of the other family, or in windows with
    one, whichever is lower, doubled as there are two. Of several relations to families that are
    enriched themselves (p < `MAX_P`) the one with the highest p-value counts; where there is none,
    own_p is that of all test windows and the relation the first.
    """
    test = view.split == "test"
    label, hit = view.label[test], passes[test]
    own_p = table["enrichment_p"].to_list()
    enriched = table["enrichment_p"].to_numpy() < MAX_P
    related = []
    for family, candidates in enumerate(relations):
        p = {
            other: conditional_enrichment_p(hit, label, family, other)
            for other, _ in candidates
            if enriched[other]
        }
        if p:
            candidates = sorted(
                (pair for pair in candidates if pair[0] in p), key=lambda pair: -p[pair[0]]
            )
            own_p[family] = p[candidates[0][0]]
        related.append(candidates[0] if candidates else (None, ""))
    return {
        "relation": [relation for _, relation in related],
        "relation_to": [f"F{other + 1}" if relation else "" for other, relation in related],
        "own_p": own_p,
    }


def conditional_enrichment_p(hit: np.ndarray, label: np.ndarray, family: int, other: int) -> float:
    """The p-value of a family in windows, hit (n, F), with and without a site of another one."""
    p = []
    for rows in (hit[:, other], ~hit[:, other]):
        sizes = (label[rows] == 1).sum(), (label[rows] != 1).sum()
        p.append(enrichment_p(*count_hits(hit[rows][:, [family]], label[rows]), *sizes)[0])
    return min(1, 2 * min(p))
