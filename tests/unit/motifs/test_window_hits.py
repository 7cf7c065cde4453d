"""Sites in windows: which hold them, the best of each family, and where it lies."""

import numpy as np
import pandas as pd
from peaks2motifs.motifs.window_hits import best_hits, hit_table, pair_windows

WINDOWS = pd.DataFrame(
    [
        ["chr2", 100, 200, "a", 0.9, "train"],
        ["chr1", 150, 250, "b", 0.8, "test"],
        ["chr1", 120, 220, "c", 0.7, "test"],
        ["s", 0, 31, "s", 0.6, "valid"],  # a sequence shorter than the others
    ],
    columns=["chrom", "start", "end", "name", "score", "split"],
)


def sites(*rows):
    return pd.DataFrame(rows, columns=["chrom", "start", "end", "name", "score", "strand"])


def test_a_site_lies_in_each_window_that_holds_all_of_it():
    found = sites(
        ["chr1", 150, 160, "F1", 1, "+"],  # in both of chr1
        ["chr1", 149, 159, "F1", 1, "+"],  # one base before b
        ["chr1", 211, 221, "F1", 1, "+"],  # one base past c
        ["chr1", 245, 251, "F1", 1, "+"],  # past both
        ["chr2", 190, 200, "F1", 1, "+"],
        ["chr3", 150, 160, "F1", 1, "+"],  # no window there
        ["s", 0, 31, "F1", 1, "+"],
    )
    site, window = pair_windows(found, WINDOWS)
    assert list(zip(site.tolist(), window.tolist(), strict=True)) == [
        *((0, 2), (0, 1), (1, 2), (2, 1), (4, 0), (6, 3))
    ]


def test_many_windows_are_paired_as_one_by_one():
    rng = np.random.default_rng(1)
    start = rng.integers(0, 3000, 200)
    windows = pd.DataFrame({"chrom": rng.choice(["x", "y"], 200), "start": start})
    windows["end"] = start + rng.integers(50, 120, 200)
    start = rng.integers(0, 3000, 300)
    found = pd.DataFrame({"chrom": rng.choice(["x", "y", "z"], 300), "start": start})
    found["end"] = start + 12
    slow = {
        (i, j)
        for i, site in enumerate(found.itertuples())
        for j, window in enumerate(windows.itertuples())
        if site.chrom == window.chrom and window.start <= site.start and site.end <= window.end
    }
    fast = list(zip(*pair_windows(found, windows), strict=True))
    assert len(fast) == len(set(fast))
    assert set(fast) == slow


def test_the_best_site_of_a_family_is_the_highest_then_the_nearest_to_the_middle():
    found = sites(
        ["chr2", 110, 120, "F1", 500, "+"],
        ["chr2", 140, 151, "F1", 900, "-"],
        ["chr2", 130, 141, "F1", 900, "+"],
        ["chr2", 110, 120, "F2", 0, "-"],
    )
    hits = best_hits(found, WINDOWS)
    columns = ["site", "window", "family", "score", "position", "strand"]
    assert hits[columns].to_numpy().tolist() == [
        [1, 0, "F1", 900, -4.5, "-"],
        [3, 0, "F2", 0, -35.0, "-"],
    ]


def test_the_table_has_a_row_for_each_window_and_says_what_hits_it():
    found = sites(["chr1", 150, 160, "F2", 7, "-"], ["chr2", 145, 155, "F1", 0, "+"])
    table = hit_table(best_hits(found, WINDOWS), WINDOWS, ["F1", "F2"])
    assert table["name"].tolist() == ["a", "b", "c", "s"]
    assert table["families"].tolist() == ["F1", "F2", "F2", ""]
    assert table["F1_score"].tolist()[0] == 0  # a site just above the threshold
    assert table["F1_score"].isna().tolist() == [False, True, True, True]
    assert table["F2_position"].tolist()[1:3] == [-45.0, -15.0]
    assert table["F2_strand"].tolist()[1:3] == ["-", "-"]


def test_no_sites_and_no_families_leave_the_windows():
    table = hit_table(best_hits(sites(), WINDOWS), WINDOWS, ["F1"])
    assert table["families"].tolist() == [""] * 4
    assert table["F1_score"].isna().all()
    assert len(hit_table(best_hits(sites(), WINDOWS), WINDOWS, [])) == 4
