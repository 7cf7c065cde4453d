"""Metrics against numbers worked out by hand, and against scikit-learn."""

import numpy as np
import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.model import metrics
from sklearn import metrics as oracle

# From the highest score down: peak, background, then a tie of one peak and one background window,
# then background.
SCORES = np.array([0.9, 0.8, 0.5, 0.5, 0.1])
LABELS = np.array([1, 0, 1, 0, 0])


def simulated(n: int, decimals: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Scores with ties and their labels."""
    rng = np.random.default_rng(seed)
    labels = (rng.random(n) < 0.4).astype(np.int64)
    scores = 1 / (1 + np.exp(-(rng.normal(size=n) + 1.5 * labels - 0.7)))
    return np.round(scores, decimals), labels


def counts_of(scores, labels, weights=None):
    """Cumulative counts of windows in any order, each once or as often as `weights` (n,) say."""
    order = np.argsort(-scores, kind="stable")
    weights = np.ones(len(scores), int) if weights is None else weights
    return metrics.cumulative_counts(scores[order], labels[order], weights[None, order])


def test_counts_go_from_nothing_to_everything_with_ties_together():
    true, false = counts_of(SCORES, LABELS)
    assert true.tolist() == [[0, 1, 1, 2, 2]]
    assert false.tolist() == [[0, 0, 1, 2, 3]]


def test_auroc_counts_ties_one_half():
    # Pairs won of 2 x 3: the first peak 3; the second beats 1, ties with 1: (3 + 1.5) / 6.
    assert metrics.auroc(*counts_of(SCORES, LABELS)) == pytest.approx([0.75])


def test_auprc_is_average_precision():
    # Recall rises by 1/2 at precision 1 and by 1/2 at precision 2/4.
    assert metrics.auprc(*counts_of(SCORES, LABELS)) == pytest.approx([0.75])


def test_recall_at_fixed_fdr():
    counts = counts_of(SCORES, LABELS)
    assert metrics.recall_at_fdr(*counts, fdr=0.1) == pytest.approx([0.5])
    assert metrics.recall_at_fdr(*counts, fdr=0.5) == pytest.approx([1.0])


def test_weights_are_the_same_as_repeated_windows():
    weights = np.array([2, 0, 1, 3, 1])
    weighted = counts_of(SCORES, LABELS, weights)
    plain = counts_of(np.repeat(SCORES, weights), np.repeat(LABELS, weights))
    for score in (metrics.auroc, metrics.auprc, metrics.recall_at_fdr):
        assert score(*weighted) == pytest.approx(score(*plain))


def test_matthews_by_hand_and_with_an_empty_margin():
    assert metrics.matthews(3, 1, 2, 4) == pytest.approx((12 - 2) / np.sqrt(4 * 5 * 5 * 6))
    assert metrics.matthews(0, 0, 5, 5) == 0


def test_threshold_has_the_highest_mcc_halfway_between_scores():
    scores = np.array([0.9, 0.7, 0.4, 0.3, 0.1])
    # Calling two, MCC is 1; the cut lies halfway between 0.7 and 0.4.
    assert metrics.choose_threshold(scores, np.array([1, 1, 0, 0, 0])) == pytest.approx(0.55)
    # Calling one or three is equally good here; 0.8 is farther from 0.5 than 0.25.
    scores, labels = np.array([0.9, 0.7, 0.4, 0.1]), np.array([1, 0, 1, 0])
    assert metrics.choose_threshold(scores, labels) == pytest.approx(0.25)
    assert metrics.choose_threshold(np.full(4, 0.2), labels) == 0.5


def test_log_loss_of_a_certain_error_is_finite():
    losses = metrics.log_losses(np.array([0.0, 0.8]), np.array([1, 1]))
    assert losses == pytest.approx([-np.log(5e-7), -np.log(0.8)])


def test_calibration_bins_and_error():
    scores = np.array([0.05, 0.05, 0.95, 1.0])
    labels = np.array([0, 1, 1, 1])
    low, high = metrics.calibration(scores, labels)
    assert (low["bin"], low["n"], low["score"], low["peaks"]) == ([0.0, 0.1], 2, 0.05, 0.5)
    assert (high["bin"], high["n"]) == ([0.9, 1.0], 2)
    error = (2 * abs(0.05 - 0.5) + 2 * abs(0.975 - 1)) / 4
    resampled = (2 * abs(0.05 - 0) + 2 * abs(0.975 - 1)) / 4  # the first window twice, no second
    weights = np.array([[1, 1, 1, 1], [2, 0, 1, 1]], np.uint16)
    found = metrics.calibration_error(scores, labels, weights)
    assert found == pytest.approx([error, resampled])


@pytest.mark.parametrize(("peaks", "interval"), [(8, (0.490, 0.943)), (0, (0, 0.278))])
def test_calibration_has_wilson_intervals(peaks, interval):
    labels = (np.arange(10) < peaks).astype(int)  # 8 of 10 is the example of textbooks
    (row,) = metrics.calibration(np.full(10, 0.5), labels)
    assert row["interval"] == pytest.approx(interval, abs=5e-4)


def test_bootstrap_keeps_the_class_counts_and_the_number_of_resamples(monkeypatch):
    monkeypatch.setattr(metrics, "_CHUNK_ELEMENTS", 30)
    chunks = list(metrics.bootstrap_weights(LABELS, 20, [0]))
    weights = np.concatenate(chunks)
    assert [len(chunk) for chunk in chunks] == [6, 6, 6, 2]
    assert (weights[:, LABELS == 1].sum(axis=1) == 2).all()
    assert (weights[:, LABELS == 0].sum(axis=1) == 3).all()
    assert len(np.unique(weights, axis=0)) > 1


@pytest.mark.parametrize("decimals", [1, 6])
def test_metrics_equal_scikit_learn(decimals):
    scores, labels = simulated(500, decimals)
    threshold = 0.35
    found, curves = metrics.evaluate_split(scores, labels, threshold, 10, [0])
    called = scores >= threshold
    expected = {
        "auroc": oracle.roc_auc_score(labels, scores),
        "auprc": oracle.average_precision_score(labels, scores),
        "accuracy": oracle.accuracy_score(labels, called),
        "mcc": oracle.matthews_corrcoef(labels, called),
        "log_loss": oracle.log_loss(labels, np.clip(scores, 5e-7, 1 - 5e-7)),
        "brier": oracle.brier_score_loss(labels, scores),
        "precision": oracle.precision_score(labels, called),
        "recall": oracle.recall_score(labels, called),
    }
    assert {key: found[key] for key in expected} == pytest.approx(expected)
    tn, fp, fn, tp = oracle.confusion_matrix(labels, called).ravel()
    assert found["confusion"] == {"tp": tp, "fp": fp, "fn": fn, "tn": tn}
    fpr, tpr, _ = oracle.roc_curve(labels, scores, drop_intermediate=False)
    assert curves["roc"][0] == pytest.approx(np.interp(metrics.CURVE_GRID, fpr, tpr))


def test_precision_on_the_grid_is_that_of_the_first_threshold_reaching_the_recall():
    true, false = counts_of(SCORES, LABELS)
    precision = metrics.pr_on_grid(true[0], false[0])
    assert precision[metrics.CURVE_GRID <= 0.5] == pytest.approx(1)
    assert precision[metrics.CURVE_GRID > 0.5] == pytest.approx(0.5)


def test_intervals_hold_the_value_repeat_with_the_seed_and_shrink_with_n():
    scores, labels = simulated(400, 6)
    first, curves = metrics.evaluate_split(scores, labels, 0.4, 300, [0, 2])
    again, _ = metrics.evaluate_split(scores, labels, 0.4, 300, [0, 2])
    other, _ = metrics.evaluate_split(scores, labels, 0.4, 300, [1, 2])
    assert first == again
    assert first["interval"] != other["interval"]
    for key, (low, high) in first["interval"].items():
        assert low < first[key] < high
    assert (curves["roc"][1] <= curves["roc"][2]).all()
    large, _ = metrics.evaluate_split(*simulated(6400, 6), 0.4, 300, [0, 2])
    low, high = first["interval"]["auroc"]
    large_low, large_high = large["interval"]["auroc"]
    # Sixteen times the windows: a quarter of the width, give or take.
    assert 0.15 < (large_high - large_low) / (high - low) < 0.4


def test_auroc_interval_agrees_with_theory():
    # Hanley and McNeil (1982): the standard error of an AUROC from its value and the class sizes.
    scores, labels = simulated(600, 6)
    found, _ = metrics.evaluate_split(scores, labels, 0.4, 1000, [0])
    area, peaks, background = found["auroc"], found["peaks"], found["background"]
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area) + (peaks - 1) * (q1 - area**2) + (background - 1) * (q2 - area**2)
    low, high = found["interval"]["auroc"]
    assert (high - low) / 3.92 == pytest.approx(np.sqrt(variance / (peaks * background)), rel=0.15)


def test_small_or_impossible_splits_are_refused():
    labels = np.array([1] * 4 + [0] * 9)
    with pytest.raises(InputError, match="split valid holds 4 peaks and 9 background windows"):
        metrics.check_scores(np.full(13, 0.5), labels, "valid", "predictions.tsv.gz")
    labels = np.array([1] * 6 + [0] * 6)
    with pytest.raises(InputError, match="scores outside"):
        metrics.check_scores(np.full(12, np.nan), labels, "test", "predictions.tsv.gz")
    metrics.check_scores(np.full(12, 0.5), labels, "test", "predictions.tsv.gz")


def test_areas_of_classes_are_averaged_over_those_with_both_labels():
    scores = np.stack([SCORES, -SCORES, SCORES], axis=1)
    labels = np.stack([LABELS, LABELS, np.ones(5)], axis=1)
    areas = metrics.mean_auroc_auprc(scores, labels)
    each = [oracle.average_precision_score(LABELS, scores[:, c]) for c in (0, 1)]
    assert areas == pytest.approx((0.5, np.mean(each)))  # 0.75 and 0.25
    assert metrics.mean_auroc_auprc(scores[:, :1], labels[:, :1])[0] == pytest.approx(0.75)
    with pytest.raises(InputError, match="no class has windows of both labels"):
        metrics.mean_auroc_auprc(scores[:, 2:], labels[:, 2:])
