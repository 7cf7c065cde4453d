"""Sections of a report: positions of sites, splits and known motifs."""

import pandas as pd
import pytest
from made_experiment import known
from peaks2motifs.pages.report_sections import find_better, known_rows, site_offsets, split_rows


def test_offsets_are_taken_from_the_nearest_window_on_the_chromosome():
    windows = pd.DataFrame(
        [("I", 100, 200), ("I", 400, 500), ("II", 100, 200)], columns=["chrom", "start", "end"]
    )
    sites = pd.DataFrame(
        [("I", 101, 111), ("I", 440, 450), ("II", 195, 205), ("III", 5, 10)],
        columns=["chrom", "start", "end"],
    )
    assert site_offsets(sites, windows).tolist() == [-44, -5, 50]


def test_splits_are_chromosomes_or_blocks():
    splits = pd.DataFrame(
        [
            ("I", 0, 100, "train"),
            ("II", 0, 50, "test"),
            ("II", 50, 80, "train"),
            ("II", 80, 90, "test"),
        ],
        columns=["chrom", "start", "end", "split"],
    )
    metrics = {split: {"peaks": 3, "background": 4} for split in ("train", "test")}
    train, test = split_rows(splits, metrics)
    assert (train["regions"], train["bases"], train["peaks"]) == ("I, II", 130, 3)
    assert (test["regions"], test["bases"]) == ("2 blocks on II", 60)


def test_the_best_known_motifs_and_those_of_the_factor_are_shown():
    own = [0, 1, 0, 0, 0, 0, 1, 1, 0, 1]
    table = pd.DataFrame([known(f"M{i}", "", 0.9 - 0.01 * i, own=own[i]) for i in range(10)])
    rows = known_rows(table)
    assert [row["motif"] for row in rows] == ["M0", "M1", "M2", "M3", "M4", "M6", "M7"]
    assert [row["rank"] for row in rows] == [1, 2, 3, 4, 5, 7, 8]
    assert (rows[0]["peaks_share"], rows[0]["background_share"]) == (0.45, 0.05)
    assert known_rows(table[:0]) == []


def test_a_known_motif_is_better_by_more_than_the_standard_error():
    """Errors of 0.03 and 0.04 are one of 0.05."""
    families = pd.DataFrame({"family": ["F1"], "test_auroc": 0.7, "test_auroc_se": 0.04})
    for auroc, is_better in ((0.751, True), (0.749, False)):
        better = find_better(pd.DataFrame([known("M", "X", auroc, auroc_se=0.03)]), families)
        assert (better is not None) == is_better
    assert find_better(pd.DataFrame([known("M", "X", 0.9)]), families[:0]) is None
    assert find_better(pd.DataFrame([known("M", "X", 0.9)])[:0], families) is None


def test_the_known_motif_to_compare_is_chosen_on_training_windows():
    families = pd.DataFrame({"family": ["F1"], "test_auroc": 0.7, "test_auroc_se": 0.02})
    table = [known("M1", "lucky", 0.9, train_auroc=0.6), known("M2", "sure", 0.8, train_auroc=0.85)]
    better = find_better(pd.DataFrame(table), families)
    assert (better["name"], better["family"]) == ("sure", "F1")
    assert (better["auroc"], better["family_auroc"]) == pytest.approx((0.8, 0.7))
