"""Group the kernels of one experiment into motif families, and measure the evidence for each."""

from collections.abc import Mapping

import pandas as pd
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import read_bed, read_tsv, write_bed, write_tsv
from peaks2motifs.data.dataset import first_bases, read_rows, read_split
from peaks2motifs.data.splits import OTHERS
from peaks2motifs.model.activations import read_activations, read_others
from peaks2motifs.motifs.contrast import Others
from peaks2motifs.motifs.family_table import (
    FAMILY_COLUMNS,
    Windows,
    describe_families,
    motifs_without_test,
)
from peaks2motifs.motifs.genomic_sites import family_sites
from peaks2motifs.motifs.grouping import Members, group, select_peaks
from peaks2motifs.motifs.kernel_sites import select_sites
from peaks2motifs.motifs.kernel_table import MotifSettings, by_evidence, to_motifs
from peaks2motifs.motifs.meme import write_meme
from peaks2motifs.motifs.motif import Limits, Motif
from peaks2motifs.motifs.rule_results import read_result, view_of_rule
from peaks2motifs.motifs.similarity import Motifs, trimmed


def group_families(
    dataset: str,
    activations_file: str,
    sites: str,
    kernels: str,
    peaks: str | None,
    output: Mapping[str, str],
    flank: int,
    max_background: float,
    max_families: int,
    limits: Limits,
    grouping: Mapping[str, float],
    label: str | None = None,
) -> None:
    """Write the families of kernel motifs, their motifs, members and genomic sites.

    `output` names kernels (kernel_families.tsv), families (family_evidence.tsv), motifs
    (motifs.meme), family_motifs (family_motifs.meme), without_test (the same without sites of test
    windows, family_motifs_without_test.meme) and sites (sites.bed.gz). `sites` is the result of a
    motif rule, `kernels` its kernel_evidence.tsv. Families are made by `flank`,
    `max_background` and `limits` whatever the rule; `grouping` holds the arguments of
    `grouping.group`. They are formed on training and validation windows, but for matrices, which
    count all sites, and judged on test windows.
    `peaks` (peaks.bed) gives the order of chromosomes, None that of dataset.h5. Of a model with
    classes, peaks are the windows of class `label`.
    """
    result, table = read_result(sites), read_tsv(kernels)
    activations = view_of_rule(read_activations(activations_file, label), result)
    others = read_others(activations_file)
    if others:
        experiment = [read_split(dataset, split)[2]["name"] for split in OTHERS]
        others = Others(view_of_rule(others, result), pd.concat(experiment).to_numpy(str))
    codes, windows = read_rows(dataset, activations.split, activations.row)
    located = Windows(codes, windows["chrom"].to_numpy(str), first_bases(windows, codes.shape[1]))
    background = result.background
    settings = MotifSettings(background, result.limits, result.flank, result.summit_window)
    motifs = to_motifs(result.matrix, result.width + 2 * result.flank, table, settings)
    passes = activations.best > result.threshold
    in_peaks = select_peaks(activations, passes, codes, result.flank)
    members = group(motifs, by_evidence(table), in_peaks, background, **grouping)
    family_settings = MotifSettings(background, limits, flank, result.summit_window)
    families = describe_families(
        activations,
        located,
        select_sites(result.sites, activations.label[result.sites.window] == 1),
        members,
        family_settings,
        max_background,
        max_families,
        grouping,
        others,
    )
    memberships = list_members(table, families.members)
    nsites = table["nsites"] if result.counted else [0] * len(table)
    write_tsv(memberships, output["kernels"])
    write_tsv(families.table[FAMILY_COLUMNS], output["families"])
    kernel_motifs = list_motifs(memberships, motifs, nsites, table["status"] == "motif")
    write_meme(kernel_motifs, output["motifs"], background)
    write_meme(families.motifs, output["family_motifs"], background)
    without_test = motifs_without_test(families, activations.split, codes, family_settings)
    write_meme(without_test, output["without_test"], background)
    chroms = list(dict.fromkeys((read_bed(peaks) if peaks else windows)["chrom"]))
    write_bed(family_sites(families, windows, located.first, chroms), output["sites"])
    print(f"{len(families.table)} families of {len(kernel_motifs)} kernel motifs")


def list_members(kernels: pd.DataFrame, members: Members) -> pd.DataFrame:
    """The family of each kernel, empty where it has none, and whether its sites are pooled."""
    family = [f"F{number}" if number else "" for number in members.family]
    columns = {"kernel": kernels["kernel"], "family": family, "pooled": members.pooled.astype(int)}
    return pd.DataFrame(columns)


def list_motifs(
    memberships: pd.DataFrame, motifs: Motifs, nsites: list[int], is_motif: pd.Series
) -> list[Motif]:
    """The trimmed motifs of kernels that have one; their second name is that of their family."""
    columns = (memberships["kernel"], memberships["family"], trimmed(motifs), nsites)
    rows = zip(*columns, is_motif, strict=True)
    return [Motif(*row) for *row, is_one in rows if is_one]


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        group_families(
            dataset=snakemake.input.dataset,
            activations_file=snakemake.input.activations,
            sites=snakemake.input.sites,
            kernels=snakemake.input.kernels,
            peaks=snakemake.input.get("peaks"),
            output=dict(snakemake.output.items()),
            flank=snakemake.params.flank,
            max_background=snakemake.params.max_background,
            max_families=snakemake.params.max_families,
            limits=Limits(*(snakemake.params[name] for name in Limits._fields)),
            grouping={
                "max_p": snakemake.params.family_p,
                "min_overlap": snakemake.params.family_overlap,
                "threads": snakemake.threads,
            },
            label=snakemake.params.label,
        )
