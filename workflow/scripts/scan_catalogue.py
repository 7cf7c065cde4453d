"""Scan the windows of one experiment for the motifs of the catalogue."""

import numpy as np
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.subsample import pick_evenly
from peaks2motifs.core.tables import write_tsv
from peaks2motifs.data.dataset import read_classes, read_split
from peaks2motifs.motifs.cobinding import best_scores, hit_thresholds, judge_motifs, log_odds
from peaks2motifs.motifs.meme import read_meme
from peaks2motifs.motifs.motif import base_frequencies


def scan_catalogue(
    dataset: str, motifs: str, table: str, max_windows: int, label: str | None = None
) -> None:
    """Write catalogue_hits.tsv: one row for each motif, judged on test windows.

    `motifs` (MEME) are counted without sites of test windows. The thresholds come from validation
    background. Of test peaks, test background and validation background, at most `max_windows`
    windows each are scanned. For a model with classes, peaks are the windows of class `label`.
    """
    catalogue_motifs = read_meme(motifs)[0]
    peaks, background = read_windows(dataset, "test", max_windows, label)
    _, valid_background = read_windows(dataset, "valid", max_windows, label)
    scores = log_odds(catalogue_motifs, base_frequencies(valid_background))
    threshold = hit_thresholds(best_scores(valid_background, scores))
    best = np.concatenate([best_scores(codes, scores) for codes in (peaks, background)])
    is_peak = np.repeat([1, 0], [len(peaks), len(background)])
    hits = judge_motifs(best, is_peak, threshold)
    hits.insert(0, "motif", [motif.name for motif in catalogue_motifs])
    write_tsv(hits, table)
    print(
        f"{len(catalogue_motifs)} motifs in {len(peaks)} peaks and {len(background)} background "
        "windows"
    )


def read_windows(
    dataset: str, split: str, max_windows: int, label: str | None
) -> tuple[np.ndarray, np.ndarray]:
    """Read base codes (n, L) of peaks and of background of a split.

    If there are more than `max_windows` of either, they are evenly picked.
    """
    codes, y, _ = read_split(dataset, split)
    is_peak = y[:, read_classes(dataset)[1].index(label)] if label else y
    return tuple(
        codes[pick_evenly(np.flatnonzero(is_peak == value), max_windows)] for value in (1, 0)
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
