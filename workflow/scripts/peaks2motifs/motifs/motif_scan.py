"""Scan windows for motifs: log-odds scores, the best match in each window, and hits."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from peaks2motifs.core.limits import MAX_BACKGROUND_HITS
from peaks2motifs.core.sequences import N_CODE, one_hot
from peaks2motifs.core.statistics import auroc_and_error, count_hits, enrichment_p
from peaks2motifs.motifs.meme import DEFAULT_NSITES
from peaks2motifs.motifs.motif import Motif, probabilities

STEPS_PER_BIT = 256  # sums of such scores are exact in float32, in any order
PSEUDOCOUNT = 1
_VALUES_AT_ONCE = 1 << 20  # 4 MiB, which fits into the caches of a processor


class Matches(NamedTuple):
    """The best match of each of K motifs in each of n windows, on either strand.

    score (n, K) is in bits. start (n, K) is the position in the window, on its forward strand, of
    the leftmost base of the match; it may lie outside.
    """

    score: np.ndarray
    start: np.ndarray


def log_odds(motifs: list[Motif], background: np.ndarray) -> list[np.ndarray]:
    """Score the bases of each motif (w, 4), in bits over background frequencies (4,)."""
    counts = [motif.ppm * (motif.nsites or DEFAULT_NSITES) for motif in motifs]
    ppms = [probabilities(matrix, background, PSEUDOCOUNT) for matrix in counts]
    steps = [np.rint(STEPS_PER_BIT * np.log2(ppm / background)) for ppm in ppms]
    return [(rounded / STEPS_PER_BIT).astype(np.float32) for rounded in steps]


def best_matches(codes: np.ndarray, scores: Sequence[np.ndarray]) -> Matches:
    """Find the best match of each motif in each window.

    codes (n, L) are the base codes of the windows, scores those of `log_odds`. Unknown bases and
    positions outside the window score 0. No best score is below 0. Of equal matches, the leftmost
    counts, on the forward strand if there is one.
    """
    matches = Matches(
        np.zeros((len(codes), len(scores)), np.float32),
        np.zeros((len(codes), len(scores)), np.int32),
    )
    widths = np.array([len(score) for score in scores], int)
    for width in np.unique(widths):
        motifs = np.flatnonzero(widths == width)
        strands = _both_strands(np.stack([scores[motif] for motif in motifs]))
        for rows in _split_windows(codes, strands):
            score, start = _best_of_width(codes[rows], strands, width)
            matches.score[rows, motifs] = np.maximum(score, 0)
            matches.start[rows, motifs] = start
    return matches


def _both_strands(scores: np.ndarray) -> np.ndarray:
    """Join scores (k, w, 4) and their reverse complements: (2 k, 4 w)."""
    return np.concatenate([scores, scores[:, ::-1, ::-1]]).reshape(2 * len(scores), -1)


def _split_windows(codes: np.ndarray, strands: np.ndarray) -> Iterator[slice]:
    """Split windows (n, L) into batches whose arrays fit into the caches."""
    step = max(1, _VALUES_AT_ONCE // (codes.shape[1] * sum(strands.shape)))
    yield from (slice(first, first + step) for first in range(0, len(codes), step))


def _best_of_width(
    codes: np.ndarray, strands: np.ndarray, width: int
) -> tuple[np.ndarray, np.ndarray]:
    """Find score and start (n, k) of the best matches of k motifs of one width."""
    margin = ((0, 0), (width - 1, width - 1))
    x = one_hot(np.pad(codes, margin, constant_values=N_CODE)).astype(np.float32)
    spans = np.lib.stride_tricks.sliding_window_view(x.reshape(len(x), -1), 4 * width, axis=1)
    spans = np.ascontiguousarray(spans[:, ::4])  # BLAS needs rows that do not overlap
    scores = (strands @ spans.transpose(0, 2, 1)).reshape(len(x), 2, len(strands) // 2, -1)
    place = scores.argmax(axis=3, keepdims=True)
    score = np.take_along_axis(scores, place, axis=3)[..., 0]
    strand = score.argmax(axis=1, keepdims=True)
    start = place[..., 0] - (width - 1)
    return tuple(np.take_along_axis(values, strand, axis=1)[:, 0] for values in (score, start))


def hit_thresholds(best: np.ndarray) -> np.ndarray:
    """Return the thresholds (K,) of motifs from their best scores (n, K) in background windows.

    At most the share `MAX_BACKGROUND_HITS` of these windows exceeds the threshold.
    """
    return np.quantile(best, 1 - MAX_BACKGROUND_HITS, axis=0, method="higher")


def judge_motifs(best: np.ndarray, label: np.ndarray, threshold: np.ndarray) -> pd.DataFrame:
    """Describe how well each of K motifs separates peaks from background: one row each.

    best (n, K) and label (n,) are of test windows. threshold (K,) comes from other windows. A hit
    is a best score above it. Columns: threshold, auroc, auroc_se, peaks_hit, peaks, background_hit,
    background, enrichment_p.
    """
    peaks, background = int((label == 1).sum()), int((label != 1).sum())
    peaks_hit, background_hit = count_hits(best > threshold, label)
    auroc, error = auroc_and_error(best, label)
    columns = {
        "threshold": threshold,
        "auroc": auroc,
        "auroc_se": error,
        "peaks_hit": peaks_hit,
        "peaks": peaks,
        "background_hit": background_hit,
        "background": background,
        "enrichment_p": enrichment_p(peaks_hit, background_hit, peaks, background),
    }
    return pd.DataFrame(columns)
