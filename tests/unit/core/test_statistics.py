"""Statistics of kernels, compared with SciPy, scikit-learn and numbers computed by hand."""

import numpy as np
import pytest
from peaks2motifs.core import statistics
from scipy.stats import binom, fisher_exact
from sklearn.metrics import roc_auc_score


def test_auroc_counts_ties_half():
    # Of the four pairs of a peak and a background window two are right and one is a tie.
    best = np.array([0.9, 0.3, 0.3, 0.5])[:, None]
    assert statistics.auroc(best, np.array([1, 1, 0, 0])) == pytest.approx([2.5 / 4])


def test_auroc_agrees_with_scikit_learn_for_many_kernels():
    rng = np.random.default_rng(0)
    best, label = rng.integers(0, 6, (60, 140)), rng.integers(0, 2, 60)
    expected = [roc_auc_score(label, best[:, k]) for k in range(140)]
    assert statistics.auroc(best, label) == pytest.approx(expected)


def test_auroc_of_one_class_is_missing():
    assert np.isnan(statistics.auroc(np.ones((3, 2)), np.ones(3))).all()


def test_hits_are_counted_by_class():
    passes = np.array([[1, 0], [1, 1], [0, 1]], bool)
    peaks, background = statistics.count_hits(passes, np.array([1, 1, 0]))
    assert (peaks.tolist(), background.tolist()) == ([2, 1], [0, 1])


def test_enrichment_is_fishers_test():
    p = statistics.enrichment_p(np.array([9, 3]), np.array([1, 3]), 15, 15)
    expected = [
        fisher_exact([[9, 6], [1, 14]], alternative="greater").pvalue,
        fisher_exact([[3, 12], [3, 12]], alternative="greater").pvalue,
    ]
    assert p == pytest.approx(expected)


def test_enrichment_has_a_floor_and_needs_windows():
    assert statistics.enrichment_p(np.array([5000]), np.array([0]), 5000, 5000)[0] == 1e-300
    assert statistics.enrichment_p(np.array([0]), np.array([0]), 0, 0)[0] == 1


def test_benjamini_hochberg_by_hand():
    # Sorted 0.01, 0.02, 0.04, 0.5: times 4 / rank 0.04, 0.04, 0.0533, 0.5.
    q = statistics.benjamini_hochberg(np.array([0.04, 0.01, 0.5, 0.02]))
    assert q == pytest.approx([0.16 / 3, 0.04, 0.5, 0.04])
    rows = np.array([[0.04, 0.01], [0.9, 0.8]])
    assert statistics.benjamini_hochberg(rows) == pytest.approx(
        np.array([[0.04, 0.02], [0.9, 0.9]])
    )
    assert statistics.benjamini_hochberg(np.array([])).shape == (0,)
    assert statistics.benjamini_hochberg(np.zeros((0, 3))).shape == (0, 3)
    assert statistics.benjamini_hochberg(np.array([1 + 1e-12, 0.2])).tolist() == [1, 0.4]


def test_importance_does_not_depend_on_a_kernels_scale():
    best = np.array([2.0, 4.0, 1.0, 1.0])
    label = np.array([1, 1, 0, 0])
    both = statistics.importance(np.stack([best, 100 * best, np.ones(4)], axis=1), label)
    # Means 3 and 1; the standard deviation of 2, 4, 1, 1 about 2 is sqrt(6 / 4).
    assert both == pytest.approx([2 / np.sqrt(1.5), 2 / np.sqrt(1.5), 0])
    assert statistics.importance(np.ones((2, 3)), np.ones(2)).tolist() == [0, 0, 0]


def test_association_orders_where_p_values_vanish():
    peaks_hit = np.array([40_000, 45_000, 10, 5_000])
    background_hit = np.array([1_000, 1_000, 10, 20_000])
    g = statistics.association(peaks_hit, background_hit, 50_000, 50_000)
    assert g[1] > g[0] > 1e4
    assert g[2] == pytest.approx(0)
    assert g[3] < 0
    # By hand: 2 x the sum of n ln(n / expected) over 9, 6, 1, 14 with 5, 10, 5, 10 expected.
    by_hand = 2 * (9 * np.log(9 / 5) + 6 * np.log(0.6) + np.log(0.2) + 14 * np.log(1.4))
    assert statistics.association(np.array([9]), np.array([1]), 15, 15) == pytest.approx([by_hand])


def test_the_error_of_an_auroc_is_delongs():
    best, label = np.array([3, 1, 2, 0, 2, 1.0]), np.array([1, 1, 1, 0, 0, 0])
    area, error = statistics.auroc_and_error(best[:, None], label)
    # Each peak beats or ties: 3, 1.5, 2.5 of three; each background window loses to 3, 1.5, 2.5.
    share = np.array([3, 1.5, 2.5]) / 3
    assert area == pytest.approx([share.mean()])
    assert error == pytest.approx([np.sqrt(2 * share.var(ddof=1) / 3)])


def test_the_error_of_a_difference_is_that_of_pairs():
    rng = np.random.default_rng(1)
    label = np.repeat([1, 0], 200)
    one = rng.normal(size=400) + label
    scores = np.stack([one, one + 0.01 * rng.normal(size=400), rng.normal(size=400)], axis=1)
    peaks, background = statistics.placements(scores, label)
    apart = [
        statistics.mean_and_error(
            peaks[:, [k]] - peaks[:, [0]], background[:, [k]] - background[:, [0]]
        )
        for k in (1, 2)
    ]
    alone = statistics.auroc_and_error(scores, label)[1]
    assert apart[0][1] < 0.1 * alone[0]  # nearly the same score
    assert apart[1][1] == pytest.approx(np.hypot(alone[0], alone[2]), rel=0.15)


def test_errors_need_two_windows_of_either_class():
    area, error = statistics.auroc_and_error(np.array([[1.0], [0.0], [2.0]]), np.array([1, 0, 1]))
    assert area.tolist() == [1]
    assert np.isnan(error).all()


def test_sites_in_the_very_middle():
    # 10 sites of 5 bp in windows of 15: 11 places, of which the middle one holds all ten.
    width, p = statistics.central_region(np.full(10, 5), 5, 15)
    assert width == 1
    assert p == pytest.approx(1 - (1 - (1 / 11) ** 10) ** 5, rel=1e-6)  # of 1, 3, 5, 7, 9 places


def test_the_best_region_of_all_is_taken_and_paid_for():
    # 12 places; centres lie 0.5, 1.5, ... from the middle. Four sites within 1.5, two far away.
    start = np.array([4, 5, 6, 7, 0, 11])
    width, p = statistics.central_region(start, 4, 15)
    tried = [
        binom.sf(k - 1, 6, places / 12) for places, k in [(2, 2), (4, 4), (6, 4), (8, 4), (10, 4)]
    ]
    assert width == 4
    assert p == pytest.approx(1 - (1 - min(tried)) ** 5)


def test_sites_that_lie_anywhere_are_not_central():
    start = np.tile(np.arange(91), 3)
    assert statistics.central_region(start, 10, 100)[1] > 0.5


def test_sites_beyond_the_window_are_ignored():
    assert statistics.central_region(np.array([-1, 11]), 5, 15) == pytest.approx(
        (np.nan, np.nan), nan_ok=True
    )
    assert np.isnan(
        statistics.central_region(np.array([0]), 15, 15)
    ).all()  # there is one place only


def test_each_motif_has_its_own_sites_and_width():
    start = np.array([[5, 0], [5, 4], [0, 4]])
    counts = np.array([[1, 0], [1, 1], [0, 1]], bool)
    widths, p = statistics.central_regions(start, counts, np.array([5, 7]), 15)
    assert widths.tolist() == [1, 1]
    assert p[0] == statistics.central_region(np.array([5, 5]), 5, 15)[1]
    assert p[1] == statistics.central_region(np.array([4, 4]), 7, 15)[1]
    assert np.isnan(statistics.central_regions(start, counts & False, np.array([5, 7]), 15)).all()


def test_p_values_have_a_floor():
    assert statistics.central_region(np.full(5000, 5), 5, 15)[1] == 1e-300
