"""Find the motifs of one factor in the peaks of another: score windows, count hits, call pairs."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from peaks2motifs.core.limits import MAX_BACKGROUND_HITS, MAX_Q, MIN_ENRICHMENT
from peaks2motifs.core.sequences import N_CODE, one_hot
from peaks2motifs.core.statistics import (
    auroc_and_error,
    benjamini_hochberg,
    count_hits,
    enrichment_p,
)
from peaks2motifs.motifs.motif import Motif, probabilities

STEPS_PER_BIT = 256  # sums of such scores are exact in float32, in any order
PSEUDOCOUNT = 1
_VALUES_AT_ONCE = 1 << 24


def log_odds(motifs: list[Motif], background: np.ndarray) -> np.ndarray:
    """Score bases (K, W, 4) in bits over background frequencies (4,); 0 beyond a motif's end."""
    width = max((len(motif.ppm) for motif in motifs), default=1)
    scores = np.zeros((len(motifs), width, 4), np.float32)
    for score, motif in zip(scores, motifs, strict=True):
        ppm = probabilities(motif.ppm * motif.nsites, background, PSEUDOCOUNT)
        score[: len(ppm)] = np.rint(STEPS_PER_BIT * np.log2(ppm / background)) / STEPS_PER_BIT
    return scores


def best_scores(codes: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Score the best match (n, K) of each motif in each window, on either strand.

    codes (n, L) are the base codes of the windows, scores (K, W, 4) those of `log_odds`. Unknown
    bases and positions outside the window score 0, so no best score is below 0.
    """
    k, width = scores.shape[:2]
    strands = np.concatenate([scores, scores[:, ::-1, ::-1]]).reshape(2 * k, 4 * width).T
    parts = [
        _highest_scores(batch, strands, width).reshape(len(batch), 2, k).max(axis=1)
        for batch in _split_windows(codes, strands)
    ]
    return np.concatenate([np.empty((0, k), np.float32), *parts])


def _split_windows(codes: np.ndarray, strands: np.ndarray) -> Iterator[np.ndarray]:
    """Split windows (n, L) into batches whose arrays fit into memory."""
    rows = max(1, _VALUES_AT_ONCE // (codes.shape[1] * sum(strands.shape)))
    yield from (codes[first : first + rows] for first in range(0, len(codes), rows))


def _highest_scores(codes: np.ndarray, strands: np.ndarray, width: int) -> np.ndarray:
    """Find the highest score (n, strands) of each column of `strands` (4 W, strands) in windows."""
    margin = ((0, 0), (width - 1, width - 1))
    x = one_hot(np.pad(codes, margin, constant_values=N_CODE)).astype(np.float32)
    spans = np.lib.stride_tricks.sliding_window_view(x.reshape(len(x), -1), 4 * width, axis=1)
    spans = np.ascontiguousarray(spans[:, ::4])  # BLAS needs rows that do not overlap
    return (spans @ strands).max(axis=1)


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


def call_pairs(pairs: pd.DataFrame, found: set, similar: dict[str, list[str]]) -> pd.DataFrame:
    """Add the columns q, call and similar_to to pairs of a motif and an experiment.

    `found` is the set of pairs (motif, experiment) with a supported family of this motif. `similar`
    lists the motifs similar to each motif, the most similar first. The calls are

    - found: the pair is in `found`;
    - co-binding: the motif is enriched (q < `MAX_Q`), and at least `MIN_ENRICHMENT` times as
      frequent in peaks as in background;
    - similar: the same, but a similar motif, similar_to, was found in this experiment;
    - weak: the motif is enriched, but less than `MIN_ENRICHMENT` times;
    - none: all others.

    q is over the pairs that are not in `found`, and NaN for those that are. These are enriched by
    construction, so they would lower the q-values of all others.
    """
    keys = list(zip(pairs["motif"], pairs["experiment"], strict=True))
    is_found = np.array([key in found for key in keys], bool)
    q = np.full(len(pairs), np.nan)
    q[~is_found] = benjamini_hochberg(pairs["enrichment_p"].to_numpy(float)[~is_found])
    peaks_share = pairs["peaks_hit"] / pairs["peaks"].clip(lower=1)
    background_share = pairs["background_hit"] / pairs["background"].clip(lower=1)
    is_frequent = (peaks_share >= MIN_ENRICHMENT * background_share) & (peaks_share > 0)
    similar_to = pd.Series([find_similar(*key, found, similar) for key in keys], pairs.index, str)
    call = np.select(
        [is_found, q >= MAX_Q, is_frequent & (similar_to != ""), is_frequent],
        ["found", "none", "similar", "co-binding"],
        "weak",
    )
    call = pd.Series(call, pairs.index, dtype=object)
    return pairs.assign(q=q, call=call, similar_to=similar_to.where(call == "similar", ""))


def find_similar(motif: str, experiment: str, found: set, similar: dict[str, list[str]]) -> str:
    """Find the motif most similar to this one that the experiment has; "" if there is none."""
    candidates = (other for other in similar.get(motif, ()) if (other, experiment) in found)
    return next(candidates, "")
