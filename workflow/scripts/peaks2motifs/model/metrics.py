"""Performance metrics, with and without a threshold, with bootstrap intervals.

Scores are probabilities (n,), labels 0 (background) or 1 (peak) (n,). All rank-based metrics use
cumulative counts of peaks and background windows from the highest score down. Counts have one
column for each distinct score, which handles ties, and one row for each bootstrap resample. The
plain metrics are the case of one resample in which every window has weight 1.
"""

from collections.abc import Iterator

import numpy as np
from scipy.stats import binomtest

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.limits import CALIBRATION_BINS, MIN_WINDOWS

CURVE_GRID = np.linspace(0, 1, 201)
FIXED_FDR = 0.1
# Scores are stored with six decimals, so 0 and 1 stand for anything within half of the last one.
SCORE_RESOLUTION = 5e-7
INTERVAL_PERCENTILES = (2.5, 97.5)
_CHUNK_ELEMENTS = 1 << 20


def check_scores(scores: np.ndarray, labels: np.ndarray, split: str, source: str) -> None:
    """Raise InputError unless scores lie in 0..1 and both classes have at least `MIN_WINDOWS`."""
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

    Scores, labels and the columns of weights (r, n) must be sorted from the highest score down;
    weights say how often each window was drawn in each of r resamples. In the first column no
    window is called a peak, in the last column all are.
    """
    ends = np.flatnonzero(np.append(np.diff(scores) != 0, True))  # the last of tied scores
    total = np.cumsum(weights, axis=1, dtype=np.int64)[:, ends]
    true = np.cumsum(weights * labels, axis=1, dtype=np.int64)[:, ends]
    start = ((0, 0), (1, 0))
    return np.pad(true, start), np.pad(total - true, start)


def auroc(true: np.ndarray, false: np.ndarray) -> np.ndarray:
    """Compute the area under the ROC curve (r,) from cumulative counts; ties count one half."""
    area = (np.diff(false) * (true[:, 1:] + true[:, :-1])).sum(axis=1) / 2
    return area / (true[:, -1] * false[:, -1])


def auprc(true: np.ndarray, false: np.ndarray) -> np.ndarray:
    """Compute the average precision (r,): precision summed over the steps of recall."""
    precision = true[:, 1:] / np.maximum(true[:, 1:] + false[:, 1:], 1)
    return (np.diff(true) * precision).sum(axis=1) / true[:, -1]


def mean_auroc_auprc(scores: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Average AUROC and AUPRC over the classes of scores (n, T) and labels 0 or 1 (n, T).

    Classes without windows of both labels are left out; raises InputError if no class has both.
    """
    areas = []
    for score, label in zip(scores.T, labels.T, strict=True):
        if label.min() < label.max():
            order = np.argsort(-score, kind="stable")
            weights = np.ones((1, len(score)), np.uint16)
            counts = cumulative_counts(score[order], label[order].astype(np.int64), weights)
            areas.append([float(auroc(*counts)[0]), float(auprc(*counts)[0])])
    if not areas:
        raise InputError("no class has windows of both labels; AUROC needs them")
    return tuple(np.mean(areas, axis=0).tolist())


def recall_at_fdr(true: np.ndarray, false: np.ndarray, fdr: float = FIXED_FDR) -> np.ndarray:
    """Find the highest recall (r,) at a false discovery rate of at most `fdr`."""
    allowed = false <= fdr * (true + false)
    return np.where(allowed, true, 0).max(axis=1) / true[:, -1]


def matthews(tp: np.ndarray, fp: np.ndarray, fn: np.ndarray, tn: np.ndarray) -> np.ndarray:
    """Compute the Matthews correlation coefficient; 0 where a margin of the table is empty."""
    tp, fp, fn, tn = (np.asarray(counts, float) for counts in (tp, fp, fn, tn))
    scale = np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    return (tp * tn - fp * fn) / np.where(scale == 0, 1, scale)


def choose_threshold(scores: np.ndarray, labels: np.ndarray) -> float:
    """Choose the threshold with the highest MCC, halfway between two neighbouring scores.

    Use it on the validation split, never on the split that is reported. Of equally good thresholds
    it returns the one nearest 0.5; it returns 0.5 if all scores are equal.
    """
    distinct = np.unique(scores)[::-1]
    if len(distinct) == 1:
        return 0.5
    order = np.argsort(-scores, kind="stable")
    weights = np.ones((1, len(scores)), np.int64)
    counts = cumulative_counts(scores[order], labels[order], weights)
    true, false = (count[0, 1:-1] for count in counts)
    peaks = labels.sum()
    mcc = matthews(true, false, peaks - true, len(labels) - peaks - false)
    thresholds = (distinct[:-1] + distinct[1:]) / 2
    best = thresholds[mcc == mcc.max()]
    return float(best[np.argmin(np.abs(best - 0.5))])


def log_losses(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Compute the negative log-likelihood (n,) of each label, in nats."""
    p = np.clip(scores, SCORE_RESOLUTION, 1 - SCORE_RESOLUTION)
    return -np.log(np.where(labels == 1, p, 1 - p))


def score_bins(scores: np.ndarray) -> np.ndarray:
    """Assign each score to one of `CALIBRATION_BINS` equal bins (n,)."""
    return np.minimum((scores * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)


def calibration(scores: np.ndarray, labels: np.ndarray) -> list[dict]:
    """Compare mean score and fraction of peaks in bins of the score, with Wilson 95 % intervals.

    Returns a row of plain numbers for each bin that has windows.
    """
    bins = score_bins(scores)
    rows = []
    for number in np.unique(bins):
        inside = bins == number
        n, peaks = int(inside.sum()), int(labels[inside].sum())
        interval = binomtest(peaks, n).proportion_ci(method="wilson")
        edges = [number / CALIBRATION_BINS, (number + 1) / CALIBRATION_BINS]
        row = {"bin": edges, "n": n, "score": float(scores[inside].mean()), "peaks": peaks / n}
        rows.append(row | {"interval": [float(interval.low), float(interval.high)]})
    return rows


def calibration_error(scores: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Compute the expected calibration error (r,).

    It is the mean over bins of |mean score - fraction of peaks|, weighted by windows in the bin.
    """
    inside = score_bins(scores)[:, None] == np.arange(CALIBRATION_BINS)
    return np.abs(weights @ (inside * (scores - labels)[:, None])).sum(axis=1) / len(scores)


def bootstrap_weights(labels: np.ndarray, bootstraps: int, seed: list[int]) -> Iterator[np.ndarray]:
    """Draw windows with replacement within each class; yield how often each was drawn, in chunks.

    Chunks are uint16 (resamples, n), `bootstraps` resamples in total, so memory does not grow with
    `bootstraps`.
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


def metrics_and_curves(
    scores: np.ndarray, labels: np.ndarray, threshold: float, weights: np.ndarray
) -> dict[str, np.ndarray]:
    """Compute metrics (r,) and curves `roc`, `pr` (r, len(CURVE_GRID)) of r weighted resamples.

    Scores, labels and the columns of weights (r, n) must be sorted from the highest score down.
    """
    true, false = cumulative_counts(scores, labels, weights)
    losses = np.stack([log_losses(scores, labels), (scores - labels) ** 2], axis=1)
    mean_losses = weights @ losses / len(scores)
    called = weights[:, : np.count_nonzero(scores >= threshold)].astype(np.int64)
    tp = called @ labels[: called.shape[1]]
    fp = called.sum(axis=1) - tp
    fn, tn = true[:, -1] - tp, false[:, -1] - fp
    return {
        "auroc": auroc(true, false),
        "auprc": auprc(true, false),
        "accuracy": (tp + tn) / len(scores),
        "mcc": matthews(tp, fp, fn, tn),
        "log_loss": mean_losses[:, 0],
        "brier": mean_losses[:, 1],
        "recall_at_fdr10": recall_at_fdr(true, false),
        "precision": tp / np.maximum(tp + fp, 1),
        "recall": tp / true[:, -1],
        "calibration_error": calibration_error(scores, labels, weights),
        "roc": np.array([roc_on_grid(*row) for row in zip(true, false, strict=True)]),
        "pr": np.array([pr_on_grid(*row) for row in zip(true, false, strict=True)]),
    }


def roc_on_grid(true: np.ndarray, false: np.ndarray) -> np.ndarray:
    """Interpolate true positive rates at false positive rates CURVE_GRID, from a row of counts."""
    # Where the curve is vertical, np.interp returns its upper end.
    return np.interp(CURVE_GRID, false / false[-1], true / true[-1])


def pr_on_grid(true: np.ndarray, false: np.ndarray) -> np.ndarray:
    """Return the precision at the first threshold that reaches each recall of CURVE_GRID."""
    needed = np.maximum(np.ceil(CURVE_GRID * true[-1] - 1e-9), 1)
    first = np.searchsorted(true, needed)
    return true[first] / (true[first] + false[first])


def evaluate_split(
    scores: np.ndarray, labels: np.ndarray, threshold: float, bootstraps: int, seed: list[int]
) -> tuple[dict, dict[str, np.ndarray]]:
    """Evaluate one split: return its metrics and its curves.

    Metrics are plain numbers, with 95 % intervals under `interval`. The curves `roc` and `pr` are
    (3, len(CURVE_GRID)): the curve, then the lower and the upper edge of its pointwise 95 % band.
    Intervals are percentiles over resamples within each class, with the class ratio and the
    threshold fixed.
    """
    order = np.argsort(-scores, kind="stable")
    scores, labels = scores[order], labels[order].astype(np.int64)
    estimates = metrics_and_curves(scores, labels, threshold, np.ones((1, len(scores)), np.uint16))
    intervals = bootstrap_intervals(scores, labels, threshold, bootstraps, seed)
    curves = {key: np.vstack([estimates.pop(key), intervals.pop(key)]) for key in ("roc", "pr")}
    metrics = {key: float(value[0]) for key, value in estimates.items()}
    metrics |= _counts_and_calibration(scores, labels, threshold)
    interval = {key: low_high.tolist() for key, low_high in intervals.items()}
    return metrics | {"bootstraps": bootstraps, "interval": interval}, curves


def bootstrap_intervals(
    scores: np.ndarray, labels: np.ndarray, threshold: float, bootstraps: int, seed: list[int]
) -> dict[str, np.ndarray]:
    """Compute the 95 % interval, (2,) or (2, len(CURVE_GRID)), of each metric and curve."""
    chunks = [
        metrics_and_curves(scores, labels, threshold, weights)
        for weights in bootstrap_weights(labels, bootstraps, seed)
    ]
    resamples = {key: np.concatenate([chunk[key] for chunk in chunks]) for key in chunks[0]}
    return {
        key: np.percentile(values, INTERVAL_PERCENTILES, axis=0)
        for key, values in resamples.items()
    }


def _counts_and_calibration(scores: np.ndarray, labels: np.ndarray, threshold: float) -> dict:
    """Tabulate class counts, confusion table and calibration of one split."""
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
