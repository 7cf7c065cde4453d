"""Scan the windows of one experiment for the motifs of the catalogue."""

import numpy as np
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import write_tsv
from peaks2motifs.data.dataset import read_peaks_and_background
from peaks2motifs.motifs.meme import read_meme
from peaks2motifs.motifs.motif import base_frequencies
from peaks2motifs.motifs.motif_scan import best_matches, hit_thresholds, judge_motifs, log_odds


def scan_catalogue(
    dataset: str, motifs: str, table: str, max_windows: int, label: str | None = None
) -> None:
    """Write catalogue_hits.tsv: one row for each motif, judged on test windows.

    `motifs` (MEME) are counted without sites of test windows. The thresholds come from validation
    background. Of test peaks, test background and validation background, at most `max_windows`
    windows each are scanned. For a model with classes, peaks are the windows of class `label`.
    """
    catalogue_motifs = read_meme(motifs)[0]
    peaks, background = read_peaks_and_background(dataset, "test", max_windows, label)
    _, valid_background = read_peaks_and_background(dataset, "valid", max_windows, label)
    scores = log_odds(catalogue_motifs, base_frequencies(valid_background))
    threshold = hit_thresholds(best_matches(valid_background, scores).score)
    best = best_matches(np.concatenate([peaks, background]), scores).score
    is_peak = np.repeat([1, 0], [len(peaks), len(background)])
    hits = judge_motifs(best, is_peak, threshold)
    hits.insert(0, "motif", [motif.name for motif in catalogue_motifs])
    write_tsv(hits, table)
    print(
        f"{len(catalogue_motifs)} motifs in {len(peaks)} peaks and {len(background)} background "
        "windows"
    )


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        scan_catalogue(
            dataset=snakemake.input.dataset,
            motifs=snakemake.input.motifs,
            table=snakemake.output[0],
            max_windows=snakemake.params.windows,
            label=snakemake.params.label,
        )
