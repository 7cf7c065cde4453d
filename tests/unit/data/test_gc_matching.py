"""GC matching takes the best candidate of the same split; GC distances computed by hand."""

import numpy as np
import pandas as pd
import pytest
from peaks2motifs.core.sequences import encode
from peaks2motifs.data import gc_matching


def as_pool(rows: list[tuple[str, str, int]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["chrom", "split", "gc"])
    table["chrom"] = pd.Categorical(table["chrom"], ["a", "b", "c"])
    return table.assign(split=pd.Categorical(table["split"], ["train", "valid", "test"]))


@pytest.mark.parametrize(
    ("offered", "tolerance", "expected"),
    [
        ([("a", "train", 5), ("b", "train", 5)], 0, 0),  # the peak's own chromosome first
        ([("b", "train", 5), ("a", "train", 6)], 1, 0),  # but the exact GC before it
        ([("a", "train", 7), ("b", "train", 4)], 2, 1),  # the smaller difference
        ([("a", "valid", 5), ("c", "test", 5)], 5, None),  # never from another split
        ([("a", "train", 8)], 2, None),  # never beyond the tolerance
    ],
)
def test_match_gc_takes_the_best_candidate(offered, tolerance, expected):
    rows, candidates = gc_matching.match_gc(
        as_pool([("a", "train", 5)]), as_pool(offered), tolerance, 10, np.random.default_rng(0)
    )
    assert rows.tolist() == ([] if expected is None else [0])
    assert candidates.tolist() == ([] if expected is None else [expected])


def test_match_gc_uses_no_row_twice():
    targets = as_pool([("a", "train", 5)] * 3 + [("b", "train", 6)])
    pool = as_pool([("a", "train", 5)] * 2 + [("b", "train", 6), ("c", "train", 4)])
    rows, candidates = gc_matching.match_gc(targets, pool, 2, 10, np.random.default_rng(0))
    assert sorted(rows) == sorted(candidates) == [0, 1, 2, 3]


def test_match_gc_draws_candidates_uniformly():
    pool = as_pool([("a", "train", 5)] * 1000)
    rng = np.random.default_rng(0)
    _, candidates = gc_matching.match_gc(as_pool([("a", "train", 5)] * 100), pool, 0, 10, rng)
    assert candidates.mean() == pytest.approx(500, abs=100)  # more than 3 standard errors


def test_pair_equal_pairs_first_come_first_served():
    i, j = gc_matching.pair_equal(np.array([4, 2, 4, 9]), np.array([2, 2, 4, 7, 4]))
    assert sorted(zip(i.tolist(), j.tolist(), strict=True)) == [(0, 2), (1, 0), (2, 4)]


def test_gc_distance_is_the_area_between_the_distributions():
    assert gc_matching.gc_distance(np.array([0, 1]), np.array([0.5, 0.5])) == pytest.approx(0.5)
    assert gc_matching.gc_distance(np.array([0.2, 0.4]), np.array([0.3])) == pytest.approx(0.1)
    assert gc_matching.gc_distance(np.array([0.3]), np.array([0.3])) == 0
    assert np.isnan(gc_matching.gc_distance(np.array([]), np.array([0.3])))


def test_counts_of_gc_and_n():
    windows = pd.DataFrame({"letters": ["ACGTN", "GGGCC"]})
    gc, n = gc_matching.count_gc_and_n(windows, lambda rows: encode(rows["letters"].tolist()))
    assert (gc.tolist(), n.tolist()) == ([2, 5], [1, 0])
