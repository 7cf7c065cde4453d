"""Subsets of windows are evenly spaced and no larger than requested."""

import numpy as np
from peaks2motifs.core.subsample import pick_evenly, pick_evenly_per_group


def test_rows_are_picked_evenly():
    assert pick_evenly(np.arange(10), 4).tolist() == [0, 2, 5, 7]
    assert pick_evenly(np.arange(3), 4).tolist() == [0, 1, 2]
    assert pick_evenly(np.arange(0), 4).tolist() == []


def test_each_group_is_limited():
    group = np.array([0] * 10 + [1] * 3)
    assert pick_evenly_per_group(group, 3).tolist() == [0, 3, 6, 10, 11, 12]
    assert pick_evenly_per_group(group == 1, 100).tolist() == list(range(13))
    assert pick_evenly_per_group(group[:0], 3).tolist() == []
