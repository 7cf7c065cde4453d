"""Derive the motifs of one experiment from what its kernels saw, and group them into families."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from peaks2motifs.activations import read_activations, read_windows, write_arrays
from peaks2motifs.formats import Motif, write_meme
from peaks2motifs.joblog import joblog
from peaks2motifs.kernels import count_sites, thresholds
from peaks2motifs.motifs import Limits, base_frequencies
from peaks2motifs.sites import family_sites
from peaks2motifs.summary import KERNEL_COLUMNS, kernel_table, name_families, rank_motifs
from peaks2motifs.tables import read_bed, write_bed, write_tsv


def derive_motifs(
    dataset: str,
    activations: str,
    peaks: str,
    output: Mapping[str, str],
    rule: str,
    flank: int,
    max_background: float,
    limits: Limits,
    grouping: Mapping[str, float],
) -> None:
    """Write kernels.tsv, kernels.h5, motifs.meme, families.meme and sites.bed.gz.

    `output` names them kernels, arrays, motifs, families and sites. `rule` is "scan" or "danq",
    which knows no `flank`; `grouping` holds what `families.group` asks for. Thresholds come from
    training windows, families from training and validation windows, evidence from test windows;
    the sites that are counted and listed from all peaks. `peaks` (peaks.bed) gives the order of
    chromosomes.
    """
    seen = read_activations(activations)
    codes, windows = read_windows(dataset, seen.split, seen.row)
    train, is_peak = seen.split == "train", seen.label == 1
    background = base_frequencies(codes[train & ~is_peak])
    flank = 0 if rule == "danq" else flank
    threshold = thresholds(rule, seen.best[train], seen.label[train], max_background)
    is_site = (seen.best > threshold) & is_peak[:, None]
    counts = count_sites(codes, seen.position, seen.reverse, is_site, seen.width, flank)
    table = kernel_table(seen, counts, threshold, background, limits)
    ppms = rank_motifs(table, counts, background)
    table["family"], leaders = name_families(table, ppms, **grouping)
    write_tsv(table[KERNEL_COLUMNS], output["kernels"])
    arrays = {name: table[name].to_numpy() for name in ("first", "end", "threshold")}
    arrays |= {name: getattr(seen, name) for name in ("kernel", "width", "best", "label", "split")}
    write_arrays(output["arrays"], arrays | {"counts": counts}, flank)
    write_motifs(table, ppms, leaders, background, output)
    chroms = list(dict.fromkeys(read_bed(peaks)["chrom"]))
    write_bed(family_sites(table.loc[leaders], seen, windows, flank, chroms), output["sites"])
    print(f"{table['status'].value_counts().to_dict()}, {len(leaders)} families")


def write_motifs(
    table: pd.DataFrame,
    ppms: Mapping[int, np.ndarray],
    leaders: list[int],
    background: np.ndarray,
    output: Mapping[str, str],
) -> None:
    """Write motifs.meme, in the kernels' order, and families.meme: the leaders, in rank order."""
    rows = zip(table["kernel"], table["family"], table["nsites"], strict=True)
    motifs = {k: Motif(*row[:2], ppms[k], row[2]) for k, row in enumerate(rows) if k in ppms}
    write_meme(list(motifs.values()), output["motifs"], background)
    write_meme([motifs[k] for k in leaders], output["families"], background)


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        derive_motifs(
            dataset=snakemake.input.dataset,
            activations=snakemake.input.activations,
            peaks=snakemake.input.peaks,
            output=dict(snakemake.output.items()),
            rule=snakemake.params.rule,
            flank=snakemake.params.flank,
            max_background=snakemake.params.max_background,
            limits=Limits(
                min_sites=snakemake.params.min_sites,
                min_information=snakemake.params.min_information,
                min_width=snakemake.params.min_width,
                trim_information=snakemake.params.trim_information,
            ),
            grouping={
                "max_p": snakemake.params.family_p,
                "min_overlap": snakemake.params.family_overlap,
                "max_families": snakemake.params.max_families,
                "threads": snakemake.threads,
            },
        )
