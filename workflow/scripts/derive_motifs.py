"""Derive the motifs of one experiment from what its kernels saw, and group them into families."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from peaks2motifs.activations import read_activations, write_arrays
from peaks2motifs.dataset import first_bases, read_rows
from peaks2motifs.formats import Motif, write_meme
from peaks2motifs.joblog import joblog
from peaks2motifs.kernels import count_sites, drop_repeats, list_sites, thresholds
from peaks2motifs.motifs import Limits, base_frequencies
from peaks2motifs.sites import family_sites
from peaks2motifs.summary import KERNEL_COLUMNS, kernel_table, name_families, rank_motifs
from peaks2motifs.tables import read_bed, write_bed, write_tsv

ANY_KERNEL = Limits(  # DanQ's: one site will do, all columns are kept, counts are all there is
    min_sites=1, min_information=0, min_width=1, trim_information=0, pseudocount=0
)


def derive_motifs(
    dataset: str,
    activations: str,
    peaks: str | None,
    output: Mapping[str, str],
    rule: str,
    flank: int,
    max_background: float,
    limits: Limits,
    grouping: Mapping[str, float],
    label: str | None = None,
) -> None:
    """Write kernels.tsv, kernels.h5, motifs.meme, families.meme and sites.bed.gz.

    `output` names them kernels, arrays, motifs, families and sites. `rule` is "scan" or "danq",
    which knows neither `flank` nor `limits`; `grouping` holds what `families.group` asks for.
    Thresholds come from training windows, families from training and validation windows, evidence
    from test windows; the sites that are counted and listed from all peaks. `peaks` (peaks.bed)
    gives the order of chromosomes; None that of dataset.h5. Of a model with classes, peaks are the
    windows of class `label`.
    """
    if rule == "danq":
        flank, limits = 0, ANY_KERNEL
    seen = read_activations(activations, label)
    codes, windows = read_rows(dataset, seen.split, seen.row)
    train, is_peak = seen.split == "train", seen.label == 1
    background = base_frequencies(codes[train & ~is_peak])
    threshold = thresholds(rule, seen.best[train], seen.label[train], max_background)
    passes = (seen.best > threshold) & is_peak[:, None]
    first = first_bases(windows, codes.shape[1])
    sites = list_sites(seen, passes)
    chrom, place = windows["chrom"].to_numpy(str), first[sites.window] + sites.position
    sites = drop_repeats(sites, chrom, place)
    counts = count_sites(codes, sites, seen.width, flank)
    table = kernel_table(seen, sites, counts, threshold, background, limits)
    ppms = rank_motifs(table, counts, background, limits.pseudocount)
    table["family"], representatives = name_families(table, ppms, **grouping)
    beyond = (table["status"] == "motif") & (table["family"] == "")
    table.loc[beyond, "reason"] += "; its family is beyond motifs.max_families"
    write_tsv(table[KERNEL_COLUMNS], output["kernels"])
    arrays = {name: table[name].to_numpy() for name in ("first", "end", "threshold")}
    arrays |= {name: getattr(seen, name) for name in ("kernel", "width", "best", "label", "split")}
    write_arrays(output["arrays"], arrays | {"counts": counts}, flank=flank)
    write_motifs(table, ppms, representatives, background, output)
    chroms = list(dict.fromkeys((read_bed(peaks) if peaks else windows)["chrom"]))
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
            output=dict(snakemake.output.items()),
            rule=snakemake.params.rule,
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
