"""Central enrichment, against sums by hand."""

import numpy as np
import pytest
from peaks2motifs.central import central_region, central_regions
from scipy.stats import binom


def test_sites_in_the_very_middle():
    # 10 sites of 5 bp in windows of 15: 11 places, of which the middle one holds all ten.
    width, p = central_region(np.full(10, 5), 5, 15)
    assert width == 1
    assert p == pytest.approx(1 - (1 - (1 / 11) ** 10) ** 5, rel=1e-6)  # of 1, 3, 5, 7, 9 places


def test_the_best_region_of_all_is_taken_and_paid_for():
    # 12 places; centres lie 0.5, 1.5, ... from the middle. Four sites within 1.5, two far away.
    start = np.array([4, 5, 6, 7, 0, 11])
    width, p = central_region(start, 4, 15)
    tried = [
        binom.sf(k - 1, 6, places / 12) for places, k in [(2, 2), (4, 4), (6, 4), (8, 4), (10, 4)]
    ]
    assert width == 4
    assert p == pytest.approx(1 - (1 - min(tried)) ** 5)


def test_sites_that_lie_anywhere_are_not_central():
    start = np.tile(np.arange(91), 3)
    assert central_region(start, 10, 100)[1] > 0.5


def test_what_reaches_beyond_the_window_has_no_place():
    assert central_region(np.array([-1, 11]), 5, 15) == pytest.approx((np.nan, np.nan), nan_ok=True)
    assert np.isnan(central_region(np.array([0]), 15, 15)).all()  # there is one place only


def test_each_motif_has_its_own_sites_and_width():
    start = np.array([[5, 0], [5, 4], [0, 4]])
    counts = np.array([[1, 0], [1, 1], [0, 1]], bool)
    widths, p = central_regions(start, counts, np.array([5, 7]), 15)
    assert widths.tolist() == [1, 1]
    assert p[0] == central_region(np.array([5, 5]), 5, 15)[1]
    assert p[1] == central_region(np.array([4, 4]), 7, 15)[1]
    assert np.isnan(central_regions(start, counts & False, np.array([5, 7]), 15)).all()


def test_p_values_have_a_floor():
    assert central_region(np.full(5000, 5), 5, 15)[1] == 1e-300
