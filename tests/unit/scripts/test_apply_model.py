"""apply_model: the windows that kernels scan, and the names of kernels."""

import numpy as np
from apply_model import balanced_rows


def test_balanced_rows_are_all_peaks_and_as_many_spread_background_windows():
    y = np.array([0, 1, 0, 0, 0, 1, 0, 0], np.uint8)
    assert balanced_rows(y).tolist() == [0, 1, 4, 5]  # background rows 0 and 4 of 0 2 3 4 6 7


def test_balanced_rows_with_less_background_than_peaks_keep_all_peaks():
    assert balanced_rows(np.array([1, 1, 0, 1], np.uint8)).tolist() == [0, 1, 2, 3]


def test_balanced_rows_without_background_are_the_peaks():
    assert balanced_rows(np.array([1, 1], np.uint8)).tolist() == [0, 1]
