"""Say which families of one experiment have a site in which peak, and what distances they keep."""

import pandas as pd
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import SITE_COLUMNS, read_bed, read_tsv, write_tsv
from peaks2motifs.motifs.spacing import spacing_table
from peaks2motifs.motifs.verdicts import is_supported
from peaks2motifs.motifs.window_hits import best_hits, hit_table
from peaks2motifs.pages.plots import plot_spacing

SPACED = 4  # found families, the most important ones, whose distances are looked at


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

    Peaks are those of predictions.tsv.gz, in its order and with its scores; of a model with classes
    the windows of class `label`.
    """
    windows = read_peaks(predictions, label)
    known = read_tsv(families)
    hits = best_hits(read_bed(sites, SITE_COLUMNS), windows)
    write_tsv(hit_table(hits, windows, list(known["family"])), table)
    shown = known[is_supported(known)][:SPACED]
    spaced = spacing_table(hits, dict(zip(shown["family"], shown["width"], strict=True)))
    write_tsv(spaced[spaced["observed"] > 0], spacing)
    plot_spacing(spaced, figure)
    print(f"{len(windows)} peaks, {hits['window'].nunique()} of them with a site")


def read_peaks(predictions: str, label: str | None) -> pd.DataFrame:
    """Read the peaks among the windows of predictions.tsv.gz, or those of a class."""
    columns = {f"{x}_{label}" if label else x: x for x in ("label", "score")}
    known = ["chrom", "start", "end", "name", "split", *columns]
    text = {"chrom": str, "name": str}
    windows = read_tsv(predictions, usecols=known, dtype=text).rename(columns=columns)
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
