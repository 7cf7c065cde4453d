"""The motif of one factor in the peaks of another: best sites of known motifs in any windows."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from peaks2motifs.core.limits import MAX_Q
from peaks2motifs.core.sequences import N_CODE, one_hot
from peaks2motifs.core.statistics import auroc_and_error, benjamini_hochberg, enrichment_p, hits
from peaks2motifs.motifs.motif import Motif, probabilities

STEPS = 256  # parts of a bit: such scores sum exactly in float32, in whatever order
PSEUDOCOUNT = 1
BACKGROUND_HIT = 0.05  # the share of background windows that a threshold lets through
MIN_RATIO = 2  # a motif is enriched when peaks have it so many times as often as background
_NUMBERS_AT_ONCE = 1 << 24


def log_odds(motifs: list[Motif], background: np.ndarray) -> np.ndarray:
    """Scores (K, W, 4) of bases, in bits over background frequencies (4,); 0 beyond a motif."""
    width = max((len(motif.ppm) for motif in motifs), default=1)
    scores = np.zeros((len(motifs), width, 4), np.float32)
    for score, motif in zip(scores, motifs, strict=True):
        ppm = probabilities(motif.ppm * motif.nsites, background, PSEUDOCOUNT)
        score[: len(ppm)] = np.rint(STEPS * np.log2(ppm / background)) / STEPS
    return scores


def best_scores(codes: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Highest sum of scores (K, W, 4) on either strand at any place of windows (n, L): (n, K).

    What is not A, C, G or T, or lies outside the window, scores 0: it speaks neither for a site nor
    against it. So no window's best is below 0.
    """
    k, width = scores.shape[:2]
    both = np.concatenate([scores, scores[:, ::-1, ::-1]]).reshape(2 * k, 4 * width).T
    parts = [
        _best_of(x, both, width).reshape(len(x), 2, k).max(axis=1) for x in _batches(codes, both)
    ]
    return np.concatenate([np.empty((0, k), np.float32), *parts])


def _batches(codes: np.ndarray, both: np.ndarray) -> Iterator[np.ndarray]:
    rows = max(1, _NUMBERS_AT_ONCE // (codes.shape[1] * sum(both.shape)))
    yield from (codes[first : first + rows] for first in range(0, len(codes), rows))


def _best_of(codes: np.ndarray, both: np.ndarray, width: int) -> np.ndarray:
    """The highest score of each column of `both` (4 W, strands) in windows (n, L)."""
    beyond = ((0, 0), (width - 1, width - 1))
    x = one_hot(np.pad(codes, beyond, constant_values=N_CODE)).astype(np.float32)
    spans = np.lib.stride_tricks.sliding_window_view(x.reshape(len(x), -1), 4 * width, axis=1)
    spans = np.ascontiguousarray(spans[:, ::4])  # BLAS takes no overlapping rows
    return (spans @ both).max(axis=1)


def thresholds(best: np.ndarray) -> np.ndarray:
    """The score (K,) that a share `BACKGROUND_HIT` of background windows, best (n, K), exceeds."""
    return np.quantile(best, 1 - BACKGROUND_HIT, axis=0, method="higher")


def judge_motifs(best: np.ndarray, label: np.ndarray, threshold: np.ndarray) -> pd.DataFrame:
    """How well each of K motifs tells peaks from background: one row each.

    best (n, K) and label (n,) are of test windows, threshold (K,) comes from others. Columns:
    threshold, auroc, auroc_se, peaks_hit, peaks, background_hit, background, enrichment_p.
    """
    peaks, background = int((label == 1).sum()), int((label != 1).sum())
    peaks_hit, background_hit = hits(best > threshold, label)
    area, error = auroc_and_error(best, label)
    columns = {
        "threshold": threshold,
        "auroc": area,
        "auroc_se": error,
        "peaks_hit": peaks_hit,
        "peaks": peaks,
        "background_hit": background_hit,
        "background": background,
        "enrichment_p": enrichment_p(peaks_hit, background_hit, peaks, background),
    }
    return pd.DataFrame(columns)


def call_pairs(pairs: pd.DataFrame, found: set, related: dict[str, list[str]]) -> pd.DataFrame:
    """Add to each pair of motif and experiment the columns q, call and similar_to.

    `found` holds the pairs (motif, experiment) where a family of the motif's group was found,
    `related` the motifs most similar to each. Calls are

    - found: the experiment has a supported family of the motif's group;
    - co-binding: enriched (q < `MAX_Q`), at least `MIN_RATIO` times as frequent as in background;
    - similar: enriched like that, but only as a motif found there is similar to it or part of it,
      which similar_to names;
    - weak: enriched, but less than `MIN_RATIO` times;
    - none: all others.

    q is over the pairs not in `found`, and NaN for those: they are sure to be enriched, so they
    would lower the q of all others.
    """
    keys = list(zip(pairs["motif"], pairs["experiment"], strict=True))
    is_found = np.array([key in found for key in keys], bool)
    q = np.full(len(pairs), np.nan)
    q[~is_found] = benjamini_hochberg(pairs["enrichment_p"].to_numpy(float)[~is_found])
    share = pairs["peaks_hit"] / pairs["peaks"].clip(lower=1)
    by_chance = pairs["background_hit"] / pairs["background"].clip(lower=1)
    clear = (share >= MIN_RATIO * by_chance) & (share > 0)
    similar_to = pd.Series([_similar_found(*key, found, related) for key in keys], pairs.index, str)
    call = np.select(
        [is_found, q >= MAX_Q, clear & (similar_to != ""), clear],
        ["found", "none", "similar", "co-binding"],
        "weak",
    )
    call = pd.Series(call, pairs.index, dtype=object)
    return pairs.assign(q=q, call=call, similar_to=similar_to.where(call == "similar", ""))


def _similar_found(motif: str, experiment: str, found: set, related: dict[str, list[str]]) -> str:
    """The motif most similar to this one that was found in an experiment, or ""."""
    similar = (other for other in related.get(motif, ()) if (other, experiment) in found)
    return next(similar, "")
