"""Sections of a report: positions of sites, and splits."""

import pandas as pd
from peaks2motifs.pages.report_sections import site_offsets, split_rows


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
