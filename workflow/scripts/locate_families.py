"""Locate the sites of motif families in the peaks of one experiment, and test their spacing."""

import pandas as pd
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import SITE_COLUMNS, read_bed, read_tsv, write_tsv
from peaks2motifs.motifs.spacing import spacing_table
from peaks2motifs.motifs.verdicts import is_supported
from peaks2motifs.motifs.window_hits import best_hits, hit_table
from peaks2motifs.pages.plots import plot_spacing

SPACING_FAMILIES = 4  # the most important supported families, whose spacing is tested


def locate_families(
    predictions: str,
    families: str,
    sites: str,
    table: str,
    spacing: str,
    figure: str,
    label: str | None = None,
) -> None:
    """Write peak_families.tsv.gz, spacing.tsv (the distances that occur) and its figure.

    Peaks are those of predictions.tsv.gz, in its order and with its scores. For a model with
    classes, they are the windows of class `label`.
    """
    peaks = read_scored_peaks(predictions, label)
    family_rows = read_tsv(families)
    hits = best_hits(read_bed(sites, SITE_COLUMNS), peaks)
    write_tsv(hit_table(hits, peaks, list(family_rows["family"])), table)
    supported = family_rows[is_supported(family_rows)][:SPACING_FAMILIES]
    widths = dict(zip(supported["family"], supported["width"], strict=True))
    distances = spacing_table(hits, widths)
    write_tsv(distances[distances["observed"] > 0], spacing)
    plot_spacing(distances, figure)
    print(f"{len(peaks)} peaks, {hits['window'].nunique()} of them with a site")


def read_scored_peaks(predictions: str, label: str | None) -> pd.DataFrame:
    """Read the peaks, or the windows of a class, from predictions.tsv.gz."""
    renamed = {f"{name}_{label}" if label else name: name for name in ("label", "score")}
    columns = ["chrom", "start", "end", "name", "split", *renamed]
    types = {"chrom": str, "name": str}
    windows = read_tsv(predictions, usecols=columns, dtype=types).rename(columns=renamed)
    return windows[windows["label"] == 1].reset_index(drop=True)


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        locate_families(
            predictions=snakemake.input.predictions,
            families=snakemake.input.families,
            sites=snakemake.input.sites,
            table=snakemake.output.table,
            spacing=snakemake.output.spacing,
            figure=snakemake.output.figure,
            label=snakemake.params.label,
        )
