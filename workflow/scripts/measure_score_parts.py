"""Measure what the score of a model rests on: words of DNA, known profiles, families, networks."""

import numpy as np
import pandas as pd
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.subsample import pick_evenly_per_group
from peaks2motifs.core.tables import read_tsv, write_tsv
from peaks2motifs.data.dataset import read_classes, read_split
from peaks2motifs.motifs.meme import read_motifs
from peaks2motifs.motifs.score_parts import best_known, judge_parts, score_families, score_words
from peaks2motifs.motifs.verdicts import is_supported
from peaks2motifs.pages.plots import plot_score

MAX_WINDOWS = 10_000  # of training peaks, and of training background, to fit regressions to


def measure_score_parts(
    dataset: str,
    predictions: str,
    known: str,
    families: str,
    family_motifs: str,
    table: str,
    figure: str,
    label: str | None = None,
) -> None:
    """Write score.tsv, one row for each part, and its figure.

    AUROCs are those of all test windows. Regressions are fitted to training windows, evenly picked
    if there are more than `MAX_WINDOWS` of either class. For a model with classes, peaks are the
    windows of class `label`.
    """
    train, train_label = read_windows(dataset, "train", label)
    rows = pick_evenly_per_group(train_label, MAX_WINDOWS)
    train, train_label = train[rows], train_label[rows]
    test, test_label = read_windows(dataset, "test", label)
    family_rows, motifs = read_tsv(families), read_motifs(family_motifs)
    family_scores = score_families(
        [motifs[name] for name in family_rows["representative"]],
        is_supported(family_rows).to_numpy(),
        train,
        train_label,
        test,
    )
    model_scores = read_scores(predictions, label)
    parts = [
        judge_parts(score_words(train, train_label, test), test_label),
        best_known(read_tsv(known)),
        judge_parts(family_scores | model_scores, test_label),
    ]
    score_parts = pd.concat(parts, ignore_index=True)
    write_tsv(score_parts, table)
    plot_score(score_parts, figure)
    print(f"{len(train)} training windows, {len(test)} test windows")


def read_windows(dataset: str, split: str, label: str | None) -> tuple[np.ndarray, np.ndarray]:
    """Read the base codes (n, L) of a split, and which windows are peaks: 0 or 1 (n,)."""
    codes, y, _ = read_split(dataset, split)
    return codes, y[:, read_classes(dataset)[1].index(label)] if label else y


def read_scores(predictions: str, label: str | None) -> dict[str, np.ndarray]:
    """Read the scores (m,) of test windows by part, those of networks and k-mers if there."""
    parts = {"networks": "networks", "kmers": "k-mers", "score": "all"}
    parts = {f"score_{label}": "all"} if label else parts
    table = read_tsv(predictions, usecols=lambda column: column in ("split", *parts))
    test = table[table["split"] == "test"]
    return {part: test[column].to_numpy() for column, part in parts.items() if column in test}


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        measure_score_parts(
            dataset=snakemake.input.dataset,
            predictions=snakemake.input.predictions,
            known=snakemake.input.known,
            families=snakemake.input.families,
            family_motifs=snakemake.input.family_motifs,
            table=snakemake.output.table,
            figure=snakemake.output.figure,
            label=snakemake.params.label,
        )
