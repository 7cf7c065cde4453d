"""Gapped k-mers by their place in the window, and a logistic regression on them.

On few peaks, or weak motifs, such a regression does better than kernels that must be found first
(gkm-SVM: Ghandi et al. 2014); by their place, since motifs lie near summits and what surrounds them
does not. Six of up to seven bases count; a k-mer and its reverse complement are one.
"""

from itertools import combinations

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack

from peaks2motifs.core.sequences import N_CODE
from peaks2motifs.core.subsample import pick_evenly

WIDTH, INFORMATIVE = 7, 6
# Offsets of the bases that count, from the first: (0, 1, 2, 3, 4, 5), (0, 1, 2, 3, 4, 6), ...
PATTERNS = [(0, *rest) for rest in combinations(range(1, WIDTH), INFORMATIVE - 1)]
WORDS = 4**INFORMATIVE
UNKNOWN = len(PATTERNS) * WORDS  # the number of all k-mers with a base that is not A, C, G or T
# Each k-mer has a weight for the whole window and one for each Gaussian about its middle (bp).
PROFILES = [np.inf, 30, 10]
_POWERS = 4 ** np.arange(INFORMATIVE - 1, -1, -1)
_MOST_BASES = 4_000_000  # to learn from; they take 0.8 GB
_ITERATIONS = 40


def place_weights(length: int) -> np.ndarray:
    """Weights (length, patterns, profiles) float32 of a k-mer by where in the window it starts.

    They follow the distance of its middle from the window's, and are 0 where it would not fit.
    """
    start = np.arange(length)[:, None]
    span = np.array([pattern[-1] + 1 for pattern in PATTERNS])
    distance = start + span / 2 - length / 2
    weights = np.exp(-0.5 * (distance[..., None] / np.array(PROFILES)) ** 2)
    return np.where((start + span <= length)[..., None], weights, 0).astype(np.float32)


def word_numbers(codes: np.ndarray) -> np.ndarray:
    """Number the k-mer of each pattern at each place of windows (n, L): int32 (n, L, patterns).

    Numbers go from 0 to patterns * WORDS, the last being `UNKNOWN`, also that of k-mers that end
    beyond the window.
    """
    length = codes.shape[1]
    padding = ((0, 0), (0, WIDTH - 1))
    bases = np.pad(codes.astype(np.int32), padding, constant_values=N_CODE)
    numbers = []
    for first, pattern in enumerate(PATTERNS):
        word = np.stack([bases[:, offset : offset + length] for offset in pattern])
        known = (word < N_CODE).all(axis=0)
        spelled = first * WORDS + np.tensordot(_POWERS, word, axes=1)
        numbers.append(np.where(known, spelled, UNKNOWN))
    return np.stack(numbers, axis=2).astype(np.int32)


def canonical_words() -> np.ndarray:
    """The number of each k-mer or, if lower, of its reverse complement (patterns * WORDS + 1,)."""
    words = np.arange(WORDS)
    bases = words[:, None] // _POWERS % 4
    turned = (3 - bases)[:, ::-1] @ _POWERS
    parts = []
    for first, pattern in enumerate(PATTERNS):
        mirror = PATTERNS.index(tuple(sorted(pattern[-1] - offset for offset in pattern)))
        parts.append(np.minimum(first * WORDS + words, mirror * WORDS + turned))
    return np.append(np.concatenate(parts), UNKNOWN).astype(np.int32)


def count_kmers(codes: np.ndarray) -> csr_matrix:
    """Sum the weights of each k-mer over windows (n, L): CSR (n, profiles * (UNKNOWN + 1)).

    Unknown k-mers have none.
    """
    n, weights = len(codes), place_weights(codes.shape[1])
    columns = canonical_words()[word_numbers(codes)].reshape(n, -1)
    parts = []
    for weight in weights.reshape(-1, len(PROFILES)).T:
        used = weight > 0
        ends = np.arange(n + 1) * used.sum()
        numbers = columns[:, used].ravel()
        values = np.tile(weight[used], n) * (numbers < UNKNOWN), numbers, ends
        part = csr_matrix(values, shape=(n, UNKNOWN + 1))
        part.sum_duplicates()
        parts.append(part)
    return hstack(parts).tocsr()


def fit_kmers(
    codes: np.ndarray, y: np.ndarray, weights: np.ndarray, penalty: float = 1
) -> tuple[np.ndarray, np.ndarray, float]:
    """Fit a logistic regression with an L2 penalty to windows (n, L), labels and weights (n,).

    Returns the table (UNKNOWN + 1, profiles) and the place weights (L, patterns, profiles)
    whose products, summed over all k-mers of a window, and the intercept make its logit. Of more
    than some twenty thousand windows of 200 bp only as many are used, evenly along the rows.
    """
    rows = pick_evenly(np.arange(len(y)), max(_MOST_BASES // codes.shape[1], 2))
    counts, sign, weights = count_kmers(codes[rows]), 2.0 * y[rows] - 1, weights[rows]
    scale = np.float32(np.sqrt(counts.multiply(counts).sum(axis=1).mean()))  # a row's mean length
    counts.data /= scale
    transposed = counts.T.tocsr()

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        slope = values[:-1]
        margin = sign * (counts @ slope.astype(np.float32) + values[-1])
        pull = -sign * weights / (1 + np.exp(np.minimum(margin, 50)))
        total = (weights * np.logaddexp(0, -margin)).sum() + penalty / 2 * (slope @ slope)
        gradient = transposed @ pull.astype(np.float32) + penalty * slope
        return total, np.append(gradient, pull.sum())

    start = np.zeros(counts.shape[1] + 1)
    options = {"maxiter": _ITERATIONS, "maxcor": 8}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x
    table = found[:-1].reshape(len(PROFILES), -1)[:, canonical_words()].T.astype(np.float32)
    return table, place_weights(codes.shape[1]) / scale, float(found[-1])


def mix(
    network: np.ndarray, kmers: np.ndarray, y: np.ndarray, weights: np.ndarray
) -> tuple[float, float, float]:
    """Find factors of two logits (n,) and an intercept whose sum best tells labels y (n,).

    A logistic regression, weighted (n,), with factors of at least 0 that are pulled towards giving
    both logits the same spread, since there may be few windows to learn from.
    """
    spread = np.array([network.std(), kmers.std()]) + 1e-6
    logits, sign = np.stack([network, kmers], axis=1) / spread, 2.0 * y - 1

    def loss(values: np.ndarray) -> float:
        margin = sign * (logits @ values[:2] + values[2])
        pull = 3 * (values[0] - values[1]) ** 2 + 0.1 * (values[:2] @ values[:2])
        return (weights * np.logaddexp(0, -margin)).sum() + pull

    bounds = [(0, None), (0, None), (None, None)]
    found = minimize(loss, [1.0, 1.0, 0.0], bounds=bounds).x
    return found[0] / spread[0], found[1] / spread[1], found[2]
