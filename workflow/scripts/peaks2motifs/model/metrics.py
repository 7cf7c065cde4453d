"""How good the scores are: threshold-free and thresholded metrics with bootstrap intervals.

Scores are probabilities (n,), labels 0 (background) or 1 (peak) (n,). Everything that depends on
the order of the scores goes through cumulative counts of peaks and background windows from the
highest score down, one column for each distinct score, so ties are treated right, and one row for
each resample, so the bootstrap is the same arithmetic with other weights.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.limits import MIN_WINDOWS

CURVE_GRID = np.linspace(0, 1, 201)
CALIBRATION_BINS = 10
FIXED_FDR = 0.1
# Scores are kept with six decimals, so 0 and 1 stand for anything within half of the last one.
SCORE_RESOLUTION = 5e-7
INTERVAL_PERCENTILES = (2.5, 97.5)
_CHUNK_ELEMENTS = 1 << 20


def check_scores(scores: np.ndarray, labels: np.ndarray, split: str, source: str) -> None:
    """Raise InputError unless scores lie in 0..1 and both classes have windows enough to judge."""
    if not ((scores >= 0) & (scores <= 1)).all():
        raise InputError(f"{source}: split {split} has scores outside 0..1; the model diverged")
    peaks = int(labels.sum())
    background = len(labels) - peaks
    if min(peaks, background) < MIN_WINDOWS:
        raise InputError(
            f"{source}: split {split} holds {peaks} peaks and {background} background windows; "
            f"at least {MIN_WINDOWS} of each are needed to evaluate: "
            "give this split more or larger chromosomes, or more peaks"
        )


def cumulative_counts(
    scores: np.ndarray, labels: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Count true and false positives (r, distinct scores + 1) from the highest score down.

    Scores and labels, and the columns of weights (r, n), go from the highest score down; weights
    say how often each window was drawn in each of r resamples. The first column is zero (nothing
    called), the last is everything.
    """
    ends = np.flatnonzero(np.append(np.diff(scores) != 0, True))  # the last of equal scores
    total = np.cumsum(weights, axis=1, dtype=np.int64)[:, ends]
    true = np.cumsum(weights * labels, axis=1, dtype=np.int64)[:, ends]
    start = ((0, 0), (1, 0))
    return np.pad(true, start), np.pad(total - true, start)


def auroc(true: np.ndarray, false: np.ndarray) -> np.ndarray:
    """Area under the ROC curve (r,) from cumulative counts: ties count one half."""
    area = (np.diff(false) * (true[:, 1:] + true[:, :-1])).sum(axis=1) / 2
    return area / (true[:, -1] * false[:, -1])


def auprc(true: np.ndarray, false: np.ndarray) -> np.ndarray:
    """Average precision (r,) from cumulative counts: precision summed over steps of recall."""
    precision = true[:, 1:] / np.maximum(true[:, 1:] + false[:, 1:], 1)
    return (np.diff(true) * precision).sum(axis=1) / true[:, -1]


def mean_areas(scores: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """AUROC and AUPRC, means over classes, of scores (n, T) for labels 0 and 1 (n, T).

    Classes without windows of both labels count for nothing; raises InputError where none has them.
    """
    areas = []
    for score, label in zip(scores.T, labels.T, strict=True):
        if label.min() < label.max():
            order = np.argsort(-score, kind="stable")
            once = np.ones((1, len(score)), np.uint16)
            counts = cumulative_counts(score[order], label[order].astype(np.int64), once)
            areas.append([float(auroc(*counts)[0]), float(auprc(*counts)[0])])
    if not areas:
        raise InputError("no class has windows of both labels; AUROC needs them")
    return tuple(np.mean(areas, axis=0).tolist())


def recall_at_fdr(true: np.ndarray, false: np.ndarray, fdr: float = FIXED_FDR) -> np.ndarray:
    """Highest recall (r,) at which at most the fraction `fdr` of the called windows is false."""
    allowed = false <= fdr * (true + false)
    return np.where(allowed, true, 0).max(axis=1) / true[:, -1]


def matthews(tp: np.ndarray, fp: np.ndarray, fn: np.ndarray, tn: np.ndarray) -> np.ndarray:
    """Matthews correlation coefficient; 0 where a margin of the table is empty."""
    tp, fp, fn, tn = (np.asarray(c, float) for c in (tp, fp, fn, tn))
    scale = np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    return (tp * tn - fp * fn) / np.where(scale == 0, 1, scale)


def choose_threshold(scores: np.ndarray, labels: np.ndarray) -> float:
    """Threshold with the highest MCC, halfway between two neighbouring scores.

    Meant for the validation split, never for the split that is reported. Of equally good
    thresholds the one nearest 0.5 is taken; 0.5 when all scores are equal.
    """
    distinct = np.unique(scores)[::-1]
    if len(distinct) == 1:
        return 0.5
    order = np.argsort(-scores, kind="stable")
    once = np.ones((1, len(scores)), np.int64)
    true, false = (c[0, 1:-1] for c in cumulative_counts(scores[order], labels[order], once))
    peaks = labels.sum()
    mcc = matthews(true, false, peaks - true, len(labels) - peaks - false)
    middle = (distinct[:-1] + distinct[1:]) / 2
    best = np.flatnonzero(mcc == mcc.max())
    return float(middle[best[np.argmin(np.abs(middle[best] - 0.5))]])


def log_losses(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Negative log-likelihood (n,) of each label, in nats."""
    p = np.clip(scores, SCORE_RESOLUTION, 1 - SCORE_RESOLUTION)
    return -np.log(np.where(labels == 1, p, 1 - p))


def score_bins(scores: np.ndarray) -> np.ndarray:
    """The number of each score's bin (n,), of `CALIBRATION_BINS` equal ones."""
    return np.minimum((scores * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)


def calibration(scores: np.ndarray, labels: np.ndarray) -> list[dict]:
    """Mean score and fraction of peaks, with its Wilson 95 % interval, in ten bins of the score."""
    bins = score_bins(scores)
    rows = []
    for b in np.unique(bins):
        inside = bins == b
        n, fraction = int(inside.sum()), float(labels[inside].mean())
        low, high = wilson_interval(fraction, n)
        mean = float(scores[inside].mean())
        edges = [b / CALIBRATION_BINS, (b + 1) / CALIBRATION_BINS]
        rows.append(dict(bin=edges, n=n, score=mean, peaks=fraction, interval=[low, high]))
    return rows


def wilson_interval(fraction: float, n: int, z: float = 1.959964) -> tuple[float, float]:
    """Wilson's 95 % interval of a fraction seen in n trials."""
    centre = (fraction + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(fraction * (1 - fraction) / n + z**2 / (4 * n**2))
    return float(max(centre - half, 0)), float(min(centre + half, 1))


def calibration_error(scores: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Expected calibration error (r,): the bins' |mean score - share of peaks|, by their sizes."""
    inside = score_bins(scores)[:, None] == np.arange(CALIBRATION_BINS)
    return np.abs(weights @ (inside * (scores - labels)[:, None])).sum(axis=1) / len(scores)


def bootstrap_weights(labels: np.ndarray, bootstraps: int, seed: list[int]) -> Iterator[np.ndarray]:
    """Draw windows with replacement within each class; yield how often each came, in chunks.

    Chunks are uint16 (some resamples, n), together `bootstraps` resamples; memory does not grow
    with `bootstraps`.
    """
    rng = np.random.default_rng(seed)
    members = [np.flatnonzero(labels == label) for label in (0, 1)]
    rows = max(1, _CHUNK_ELEMENTS // len(labels))
    for first in range(0, bootstraps, rows):
        size = min(rows, bootstraps - first)
        weights = np.empty((size, len(labels)), np.uint16)
        for member in members:
            drawn = rng.integers(0, len(member), (size, len(member)))
            drawn += np.arange(size)[:, None] * len(member)
            counts = np.bincount(drawn.ravel(), minlength=size * len(member))
            weights[:, member] = counts.reshape(size, len(member))
        yield weights


def resampled(
    scores: np.ndarray, labels: np.ndarray, threshold: float, weights: np.ndarray
) -> dict[str, np.ndarray]:
    """Metrics (r,) and curves `roc`, `pr` (r, len(CURVE_GRID)) of each of r weighted resamples.

    Columns of weights, scores and labels go from the highest score down.
    """
    true, false = cumulative_counts(scores, labels, weights)
    each = np.stack([log_losses(scores, labels), (scores - labels) ** 2], axis=1)
    means = weights @ each / len(scores)
    called = weights[:, : np.count_nonzero(scores >= threshold)].astype(np.int64)
    tp = called @ labels[: called.shape[1]]
    fp = called.sum(axis=1) - tp
    fn, tn = true[:, -1] - tp, false[:, -1] - fp
    return {
        "auroc": auroc(true, false),
        "auprc": auprc(true, false),
        "accuracy": (tp + tn) / len(scores),
        "mcc": matthews(tp, fp, fn, tn),
        "log_loss": means[:, 0],
        "brier": means[:, 1],
        "recall_at_fdr10": recall_at_fdr(true, false),
        "precision": tp / np.maximum(tp + fp, 1),
        "recall": tp / true[:, -1],
        "calibration_error": calibration_error(scores, labels, weights),
        "roc": np.array([roc_on_grid(t, f) for t, f in zip(true, false, strict=True)]),
        "pr": np.array([pr_on_grid(t, f) for t, f in zip(true, false, strict=True)]),
    }


def roc_on_grid(true: np.ndarray, false: np.ndarray) -> np.ndarray:
    """True positive rate at false positive rates CURVE_GRID, from one row of cumulative counts."""
    # Where the curve rises straight up, np.interp takes the upper end.
    return np.interp(CURVE_GRID, false / false[-1], true / true[-1])


def pr_on_grid(true: np.ndarray, false: np.ndarray) -> np.ndarray:
    """Precision at recalls CURVE_GRID: of the first threshold that reaches each recall."""
    needed = np.maximum(np.ceil(CURVE_GRID * true[-1] - 1e-9), 1)
    first = np.searchsorted(true, needed)
    return true[first] / (true[first] + false[first])


def class_accuracy(labels: pd.DataFrame, scores: pd.DataFrame) -> dict:
    """Accuracy over windows and over classes, and the confusion table, of one class a window.

    Both tables (n, T) have a column for each class; labels hold one 1 in a row, and the class with
    the highest score is the one called. `confusion` lists rows of counts, true class by called one.
    """
    classes = list(labels.columns)
    true, called = labels.to_numpy().argmax(axis=1), scores[classes].to_numpy().argmax(axis=1)
    counts = np.bincount(true * len(classes) + called, minlength=len(classes) ** 2)
    counts = counts.reshape(len(classes), len(classes))
    right, total = np.diagonal(counts), counts.sum(axis=1)
    return {
        "accuracy": float(right.sum() / total.sum()),
        "balanced_accuracy": float((right / np.maximum(total, 1))[total > 0].mean()),
        "classes": classes,
        "confusion": counts.tolist(),
    }


def evaluate_split(
    scores: np.ndarray, labels: np.ndarray, threshold: float, bootstraps: int, seed: list[int]
) -> tuple[dict, dict[str, np.ndarray]]:
    """Evaluate one split.

    Returns the metrics, plain numbers with 95 % intervals under `interval`, and the curves: `roc`
    and `pr`, each (3, len(CURVE_GRID)): the curve, then the lower and upper edge of its pointwise
    95 % band. Intervals are percentiles over resamples within each class, so they hold the class
    ratio fixed; the threshold is held fixed too.
    """
    order = np.argsort(-scores, kind="stable")
    scores, labels = scores[order], labels[order].astype(np.int64)
    point = resampled(scores, labels, threshold, np.ones((1, len(scores)), np.uint16))
    parts = [
        resampled(scores, labels, threshold, weights)
        for weights in bootstrap_weights(labels, bootstraps, seed)
    ]
    band = {
        key: np.percentile(
            np.concatenate([part[key] for part in parts]), INTERVAL_PERCENTILES, axis=0
        )
        for key in point
    }
    curves = {key: np.vstack([point.pop(key), band.pop(key)]) for key in ("roc", "pr")}
    values = {key: float(value[0]) for key, value in point.items()}
    interval = {key: [float(v) for v in low_high] for key, low_high in band.items()}
    metrics = values | _counts_and_calibration(scores, labels, threshold)
    return metrics | {"bootstraps": bootstraps, "interval": interval}, curves


def _counts_and_calibration(scores: np.ndarray, labels: np.ndarray, threshold: float) -> dict:
    """Class counts, confusion table and calibration of one split."""
    called = scores >= threshold
    tp, fp = int((called & (labels == 1)).sum()), int((called & (labels == 0)).sum())
    peaks = int(labels.sum())
    background = len(labels) - peaks
    return {
        "n": len(labels),
        "peaks": peaks,
        "background": background,
        "threshold": threshold,
        "threshold_from": "valid",
        "confusion": {"tp": tp, "fp": fp, "fn": peaks - tp, "tn": background - fp},
        "calibration": calibration(scores, labels),
    }
