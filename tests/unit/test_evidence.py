"""Evidence on held-out windows, against hand-computed numbers and plain loops."""

import numpy as np
import pytest
from peaks2motifs import evidence
from scipy.stats import fisher_exact
from sklearn.metrics import roc_auc_score


def test_auroc_counts_ties_half():
    # Of the four pairs of a peak and a background window two are right and one is a tie.
    best = np.array([0.9, 0.3, 0.3, 0.5])[:, None]
    assert evidence.auroc(best, np.array([1, 1, 0, 0])) == pytest.approx([2.5 / 4])


def test_auroc_agrees_with_scikit_learn_for_many_kernels():
    rng = np.random.default_rng(0)
    best, label = rng.integers(0, 6, (60, 140)), rng.integers(0, 2, 60)
    expected = [roc_auc_score(label, best[:, k]) for k in range(140)]
    assert evidence.auroc(best, label) == pytest.approx(expected)


def test_auroc_of_one_class_is_missing():
    assert np.isnan(evidence.auroc(np.ones((3, 2)), np.ones(3))).all()


def test_hits_are_counted_by_class():
    passes = np.array([[1, 0], [1, 1], [0, 1]], bool)
    peaks, background = evidence.hits(passes, np.array([1, 1, 0]))
    assert (peaks.tolist(), background.tolist()) == ([2, 1], [0, 1])


def test_enrichment_is_fishers_test():
    p = evidence.enrichment_p(np.array([9, 3]), np.array([1, 3]), 15, 15)
    expected = [
        fisher_exact([[9, 6], [1, 14]], alternative="greater").pvalue,
        fisher_exact([[3, 12], [3, 12]], alternative="greater").pvalue,
    ]
    assert p == pytest.approx(expected)


def test_enrichment_has_a_floor_and_needs_windows():
    assert evidence.enrichment_p(np.array([5000]), np.array([0]), 5000, 5000)[0] == 1e-300
    assert evidence.enrichment_p(np.array([0]), np.array([0]), 0, 0)[0] == 1


def test_benjamini_hochberg_by_hand():
    # Sorted 0.01, 0.02, 0.04, 0.5: times 4 / rank 0.04, 0.04, 0.0533, 0.5.
    q = evidence.benjamini_hochberg(np.array([0.04, 0.01, 0.5, 0.02]))
    assert q == pytest.approx([0.16 / 3, 0.04, 0.5, 0.04])
    rows = np.array([[0.04, 0.01], [0.9, 0.8]])
    assert evidence.benjamini_hochberg(rows) == pytest.approx(np.array([[0.04, 0.02], [0.9, 0.9]]))
    assert evidence.benjamini_hochberg(np.array([])).shape == (0,)


def test_importance_does_not_depend_on_a_kernels_scale():
    best = np.array([2.0, 4.0, 1.0, 1.0])
    label = np.array([1, 1, 0, 0])
    both = evidence.importance(np.stack([best, 100 * best, np.ones(4)], axis=1), label)
    # Means 3 and 1; the standard deviation of 2, 4, 1, 1 about 2 is sqrt(6 / 4).
    assert both == pytest.approx([2 / np.sqrt(1.5), 2 / np.sqrt(1.5), 0])
    assert evidence.importance(np.ones((2, 3)), np.ones(2)).tolist() == [0, 0, 0]


def test_association_orders_where_p_values_vanish():
    peaks_hit = np.array([40_000, 45_000, 10, 5_000])
    background_hit = np.array([1_000, 1_000, 10, 20_000])
    g = evidence.association(peaks_hit, background_hit, 50_000, 50_000)
    assert g[1] > g[0] > 1e4
    assert g[2] == pytest.approx(0)
    assert g[3] < 0
    # By hand: 2 x the sum of n ln(n / expected) over 9, 6, 1, 14 with 5, 10, 5, 10 expected.
    by_hand = 2 * (9 * np.log(9 / 5) + 6 * np.log(0.6) + np.log(0.2) + 14 * np.log(1.4))
    assert evidence.association(np.array([9]), np.array([1]), 15, 15) == pytest.approx([by_hand])


def test_held_out_says_its_numbers_in_words():
    best = np.array([3, 2, 1, 0, 2, 0, 0, 0], float)[:, None]
    label = np.array([1, 1, 1, 1, 0, 0, 0, 0])
    table = evidence.held_out(best, best > 0, label)
    assert table["evidence"].tolist() == [
        "in 75 % of 4 held-out peaks and 25 % of 4 background windows"
    ]
    assert table["test_auroc"].tolist() == pytest.approx([12 / 16])


def test_no_kernels_are_no_rows():
    none, label = np.zeros((4, 0)), np.array([0, 1, 0, 1])
    assert len(evidence.held_out(none, none > 0, label)) == 0


def test_the_error_of_an_auroc_is_delongs():
    best, label = np.array([3, 1, 2, 0, 2, 1.0]), np.array([1, 1, 1, 0, 0, 0])
    area, error = evidence.auroc_and_error(best[:, None], label)
    # Each peak beats or ties: 3, 1.5, 2.5 of three; each background window loses to 3, 1.5, 2.5.
    share = np.array([3, 1.5, 2.5]) / 3
    assert area == pytest.approx([share.mean()])
    assert error == pytest.approx([np.sqrt(2 * share.var(ddof=1) / 3)])


def test_the_error_of_a_difference_is_that_of_pairs():
    rng = np.random.default_rng(1)
    label = np.repeat([1, 0], 200)
    one = rng.normal(size=400) + label
    scores = np.stack([one, one + 0.01 * rng.normal(size=400), rng.normal(size=400)], axis=1)
    peaks, background = evidence.placements(scores, label)
    apart = [
        evidence.mean_and_error(
            peaks[:, [k]] - peaks[:, [0]], background[:, [k]] - background[:, [0]]
        )
        for k in (1, 2)
    ]
    alone = evidence.auroc_and_error(scores, label)[1]
    assert apart[0][1] < 0.1 * alone[0]  # nearly the same score
    assert apart[1][1] == pytest.approx(np.hypot(alone[0], alone[2]), rel=0.15)


def test_errors_need_two_windows_of_either_class():
    area, error = evidence.auroc_and_error(np.array([[1.0], [0.0], [2.0]]), np.array([1, 0, 1]))
    assert area.tolist() == [1]
    assert np.isnan(error).all()
