"""Derive the motifs of one experiment from what its kernels saw, and group them into families."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from peaks2motifs.activations import read_activations, write_arrays
from peaks2motifs.dataset import first_bases, read_rows
from peaks2motifs.formats import Motif, write_meme
from peaks2motifs.found import read_found, scan
from peaks2motifs.joblog import joblog
from peaks2motifs.kernel_rules import counted, limits_of, names_of
from peaks2motifs.kernels import drop_repeats
from peaks2motifs.motifs import Limits, base_frequencies
from peaks2motifs.sites import family_sites
from peaks2motifs.summary import KERNEL_COLUMNS, kernel_table, name_families, rank_motifs
from peaks2motifs.tables import read_bed, write_bed, write_tsv


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
    limits: Limits,
    grouping: Mapping[str, float],
    label: str | None = None,
) -> None:
    """Write kernels.tsv, kernels.h5, motifs.meme, families.meme and sites.bed.gz.

    `output` names them kernels, arrays, motifs, families and sites. What a published `rule` found
    is in the file `found`; scan alone needs none, and knows `splits` (see `kernel_rules.counted`),
    `flank`, `max_background` and `limits`. `grouping` holds what `families.group` asks for.
    Thresholds of scan come from training windows, families from training and validation windows,
    evidence from test windows. `peaks` (peaks.bed) gives the order of chromosomes; None that of
    dataset.h5. Of a model with classes, peaks are the windows of class `label`.
    """
    seen = read_activations(activations, label)
    codes, windows = read_rows(dataset, seen.split, seen.row)
    chrom, first = windows["chrom"].to_numpy(str), first_bases(windows, codes.shape[1])
    train, is_peak = seen.split == "train", seen.label == 1
    background = base_frequencies(codes[train & ~is_peak])
    if found:
        got, flank = read_found(found), 0
        seen = seen._replace(width=got.width, kernel=names_of(rule, seen.kernel))
    else:
        chosen = counted(rule, splits, seen.split, is_peak)
        got = scan(seen, chosen, codes, chrom, first, flank, max_background)
    limits = limits_of(rule, limits)
    table = kernel_table(seen, got.nsites, got.matrix, got.threshold, background, limits)
    ppms = rank_motifs(table, got.matrix, background, limits.pseudocount)
    table["family"], representatives = name_families(table, ppms, **grouping)
    beyond = (table["status"] == "motif") & (table["family"] == "")
    table.loc[beyond, "reason"] += "; its family is beyond motifs.max_families"
    if rule == "raw":
        table["nsites"] = table["sites_fraction"] = ""
    write_tsv(table[KERNEL_COLUMNS], output["kernels"])
    arrays = {name: table[name].to_numpy() for name in ("first", "end", "threshold")}
    arrays |= {name: getattr(seen, name) for name in ("kernel", "width", "best", "label", "split")}
    write_arrays(output["arrays"], arrays | {"counts": got.counts}, flank=flank)
    write_motifs(table, ppms, representatives, background, output)
    chroms = list(dict.fromkeys((read_bed(peaks) if peaks else windows)["chrom"]))
    sites = drop_repeats(got.sites, chrom, first[got.sites.window] + got.sites.position)
    place = first[sites.window] + sites.position
    listed = family_sites(table.loc[representatives], sites, place, windows, flank, chroms)
    write_bed(listed, output["sites"])
    print(f"{table['status'].value_counts().to_dict()}, {len(representatives)} families")


def write_motifs(
    table: pd.DataFrame,
    ppms: Mapping[int, np.ndarray],
    representatives: list[int],
    background: np.ndarray,
    output: Mapping[str, str],
) -> None:
    """Write motifs.meme, in the kernels' order, and families.meme: the representatives, by rank."""
    rows = zip(table["kernel"], table["family"], table["nsites"], strict=True)
    motifs = {k: Motif(*row[:2], ppms[k], row[2]) for k, row in enumerate(rows) if k in ppms}
    write_meme(list(motifs.values()), output["motifs"], background)
    write_meme([motifs[k] for k in representatives], output["families"], background)


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
            limits=Limits(*(snakemake.params[name] for name in Limits._fields)),
            grouping={
                "max_p": snakemake.params.family_p,
                "min_overlap": snakemake.params.family_overlap,
                "max_families": snakemake.params.max_families,
                "threads": snakemake.threads,
            },
            label=snakemake.params.label,
        )
