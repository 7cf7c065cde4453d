"""Derive the motifs of one experiment from what its kernels saw, and group them into families."""

from collections.abc import Mapping

import pandas as pd
from peaks2motifs.core.arrays import write_arrays
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import read_bed, write_bed, write_tsv
from peaks2motifs.data.dataset import first_bases, read_rows
from peaks2motifs.model.activations import Activations, read_activations
from peaks2motifs.motifs.family_table import FAMILY_COLUMNS, Windows, summarise_families
from peaks2motifs.motifs.genomic_sites import family_sites
from peaks2motifs.motifs.grouping import Members, group, look_at_peaks
from peaks2motifs.motifs.kernel_sites import pick
from peaks2motifs.motifs.kernel_table import KERNEL_COLUMNS, About, matrices, rank_motifs, summarise
from peaks2motifs.motifs.meme import write_meme
from peaks2motifs.motifs.motif import Limits, Motif, base_frequencies
from peaks2motifs.motifs.published_rules import counted, limits_of, names_of, widen
from peaks2motifs.motifs.rule_output import read_found, scan
from peaks2motifs.motifs.similarity import Motifs, trimmed


def derive_motifs(
    dataset: str,
    activations: str,
    peaks: str | None,
    found: str | None,
    output: Mapping[str, str],
    rule: str,
    splits: str,
    flank: int,
    max_background: float,
    max_families: int,
    limits: Limits,
    grouping: Mapping[str, float],
    label: str | None = None,
) -> None:
    """Write motifs.meme, families.meme, sites.bed.gz, kernels.h5, tables of kernels and families.

    `output` names them motifs, families, sites, arrays, kernels and families_table. What a
    published `rule` found is in the file `found`; scan alone needs none, and knows `splits` (see
    `kernel_rules.counted`), `flank`, `max_background` and `limits`, by which families are made
    whatever the rule is. `grouping` holds what `families.group` asks for. Thresholds of scan come
    from training windows, families from training and validation windows, evidence from test
    windows. `peaks` (peaks.bed) gives the order of chromosomes; None that of dataset.h5, whose
    windows have no summits then. Of a model with classes, peaks are the windows of class `label`.
    """
    seen = read_activations(activations, label)
    codes, windows = read_rows(dataset, seen.split, seen.row)
    where = Windows(codes, windows["chrom"].to_numpy(str), first_bases(windows, codes.shape[1]))
    train, is_peak = seen.split == "train", seen.label == 1
    background = base_frequencies(codes[train & ~is_peak])
    around, length = flank, codes.shape[1] if peaks else 0
    if found:
        got, around = read_found(found), 0
        seen = widen(seen, got.width)._replace(kernel=names_of(rule, seen.kernel))
    else:
        chosen = counted(rule, splits, seen.split, is_peak)
        got = scan(seen, chosen, *where, flank, max_background)
    about = About(background, limits_of(rule, limits), around, length)
    table = summarise(seen, got.nsites, got.matrix, got.threshold, about)
    motifs = matrices(got.matrix, seen.width + 2 * around, table, about)
    in_peaks = look_at_peaks(seen, seen.best > got.threshold, codes, around)
    members = group(motifs, rank_motifs(table), in_peaks, background, **grouping)
    sites = pick(got.sites, is_peak[got.sites.window])
    about, most = About(background, limits, flank, length), (max_background, max_families)
    families = summarise_families(seen, where, sites, members, about, *most, grouping)
    table = name_kernels(table, seen, families.members)
    if rule == "raw":
        table["nsites"] = table["sites_fraction"] = ""
    write_tsv(table[KERNEL_COLUMNS], output["kernels"])
    write_tsv(families.table[FAMILY_COLUMNS], output["families_table"])
    arrays = {name: table[name].to_numpy() for name in ("first", "end", "threshold")}
    arrays |= {name: getattr(seen, name) for name in ("kernel", "width", "best", "label", "split")}
    write_arrays(output["arrays"], arrays | {"counts": got.counts}, flank=around)
    write_meme(kernel_motifs(table, motifs), output["motifs"], background)
    write_meme(families.motifs, output["families"], background)
    chroms = list(dict.fromkeys((read_bed(peaks) if peaks else windows)["chrom"]))
    write_bed(family_sites(families, windows, where.first, chroms), output["sites"])
    print(f"{table['status'].value_counts().to_dict()}, {len(families.table)} families")


def name_kernels(table: pd.DataFrame, seen: Activations, members: Members) -> pd.DataFrame:
    """The kernels' table with what they are called, and the family of each."""
    columns = {name: getattr(seen, name) for name in ("kernel", "layer", "width", "replicate")}
    family = [f"F{number}" if number else "" for number in members.family]
    table = table.assign(**columns, family=family, pooled=members.pooled.astype(int))
    beyond = (table["status"] == "motif") & (table["family"] == "")
    table.loc[beyond, "reason"] += "; its family is beyond motifs.max_families"
    return table


def kernel_motifs(table: pd.DataFrame, motifs: Motifs) -> list[Motif]:
    """The motifs of those kernels that have one, in the table's order."""
    rows = zip(table["kernel"], table["family"], trimmed(motifs), table["nsites"], strict=True)
    is_motif = table["status"] == "motif"
    return [Motif(*row) for row, known in zip(rows, is_motif, strict=True) if known]


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        derive_motifs(
            dataset=snakemake.input.dataset,
            activations=snakemake.input.activations,
            peaks=snakemake.input.get("peaks"),
            found=snakemake.input.get("found"),
            output=dict(snakemake.output.items()),
            rule=snakemake.params.rule,
            splits=snakemake.params.splits,
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
