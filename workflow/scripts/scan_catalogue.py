"""Scan windows of one experiment for the motifs of all: how well each tells its peaks apart."""

import numpy as np
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.subsample import pick_evenly
from peaks2motifs.core.tables import write_tsv
from peaks2motifs.data.dataset import read_classes, read_split
from peaks2motifs.motifs.cobinding import best_scores, judge_motifs, log_odds, thresholds
from peaks2motifs.motifs.meme import read_meme
from peaks2motifs.motifs.motif import base_frequencies


def scan_catalogue(
    dataset: str, motifs: str, table: str, most: int, label: str | None = None
) -> None:
    """Write catalogue_hits.tsv: one row for each motif, judged on test windows.

    At most so many windows of either kind are scanned, and as many of validation background, which
    gives the thresholds. Of a model with classes, peaks are the windows of class `label`.
    """
    known, (peaks, background) = read_meme(motifs)[0], read_kinds(dataset, "test", most, label)
    _, other = read_kinds(dataset, "valid", most, label)
    scores = log_odds(known, base_frequencies(other))
    threshold = thresholds(best_scores(other, scores))
    best = np.concatenate([best_scores(codes, scores) for codes in (peaks, background)])
    is_peak = np.repeat([1, 0], [len(peaks), len(background)])
    found = judge_motifs(best, is_peak, threshold)
    found.insert(0, "motif", [motif.name for motif in known])
    write_tsv(found, table)
    print(f"{len(known)} motifs in {len(peaks)} peaks and {len(background)} background windows")


def read_kinds(
    dataset: str, split: str, most: int, label: str | None
) -> tuple[np.ndarray, np.ndarray]:
    """Base codes (n, L) of a split's peaks and of its background, evenly picked where too many."""
    codes, y, _ = read_split(dataset, split)
    is_peak = y[:, read_classes(dataset)[1].index(label)] if label else y
    return tuple(codes[pick_evenly(np.flatnonzero(is_peak == kind), most)] for kind in (1, 0))


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        scan_catalogue(
            dataset=snakemake.input.dataset,
            motifs=snakemake.input.motifs,
            table=snakemake.output[0],
            most=snakemake.params.windows,
            label=snakemake.params.label,
        )
