"""A logistic regression on gapped k-mers, weighted by their position in the window.

With few peaks or weak motifs such a regression outperforms convolutional kernels, which must first
be learned (gkm-SVM: Ghandi et al. 2014). Positions matter because motifs lie near summits. A k-mer
has `KMER_BASES` informative bases within up to `KMER_WIDTH`; it is counted together with its
reverse complement.
"""

from itertools import combinations

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack

from peaks2motifs.core.limits import KMER_BASES, KMER_WIDTH
from peaks2motifs.core.sequences import ALPHABET, N_CODE
from peaks2motifs.core.subsample import pick_evenly

# Offsets of the informative bases: (0, 1, 2, 3, 4, 5), (0, 1, 2, 3, 4, 6), ...
PATTERNS = [(0, *rest) for rest in combinations(range(1, KMER_WIDTH), KMER_BASES - 1)]
WORDS = 4**KMER_BASES
UNKNOWN = len(PATTERNS) * WORDS  # the index of every k-mer with a base other than A, C, G, T
# Each k-mer has one weight for the whole window and one for each Gaussian around its centre (bp).
PROFILES = [np.inf, 30, 10]
_POWERS = 4 ** np.arange(KMER_BASES - 1, -1, -1)
_MAX_BASES = 4_000_000  # to learn from; they take 0.8 GB
_ITERATIONS = 40


def position_weights(length: int) -> np.ndarray:
    """Weight k-mers by their start in the window: float32 (length, patterns, profiles).

    Weights depend on the distance between the centres of k-mer and window. They are 0 where a k-mer
    would run past the end of the window.
    """
    start = np.arange(length)[:, None]
    span = np.array([pattern[-1] + 1 for pattern in PATTERNS])
    distance = start + span / 2 - length / 2
    weights = np.exp(-0.5 * (distance[..., None] / np.array(PROFILES)) ** 2)
    return np.where((start + span <= length)[..., None], weights, 0).astype(np.float32)


def kmer_indices(codes: np.ndarray) -> np.ndarray:
    """Index the k-mer of each pattern at each position of windows (n, L): int32 (n, L, patterns).

    Indices run from 0 to patterns * WORDS. The last is `UNKNOWN`, which also stands for k-mers that
    run past the end of the window.
    """
    length = codes.shape[1]
    padding = ((0, 0), (0, KMER_WIDTH - 1))
    bases = np.pad(codes.astype(np.int32), padding, constant_values=N_CODE)
    indices = []
    for number, pattern in enumerate(PATTERNS):
        kmer = np.stack([bases[:, offset : offset + length] for offset in pattern])
        is_known = (kmer < N_CODE).all(axis=0)
        index = number * WORDS + np.tensordot(_POWERS, kmer, axes=1)
        indices.append(np.where(is_known, index, UNKNOWN))
    return np.stack(indices, axis=2).astype(np.int32)


def canonical_kmers() -> np.ndarray:
    """Map each k-mer index to the lower of itself and its reverse complement's (UNKNOWN + 1,)."""
    words = np.arange(WORDS)
    bases = words[:, None] // _POWERS % 4
    reverse_complements = (3 - bases)[:, ::-1] @ _POWERS
    canonical = []
    for number, pattern in enumerate(PATTERNS):
        mirror = PATTERNS.index(tuple(sorted(pattern[-1] - offset for offset in pattern)))
        indices = number * WORDS + words, mirror * WORDS + reverse_complements
        canonical.append(np.minimum(*indices))
    return np.append(np.concatenate(canonical), UNKNOWN).astype(np.int32)


def kmer_bases(indices: np.ndarray) -> np.ndarray:
    """Write k-mers, indices (n,), as one-hot bases (n, KMER_WIDTH, 4), zeros where any will do."""
    number, word = np.divmod(indices, WORDS)
    bases = np.zeros((len(indices), KMER_WIDTH, len(ALPHABET)), np.float32)
    rows, offsets = np.arange(len(indices))[:, None], np.array(PATTERNS)[number]
    bases[rows, offsets, word[:, None] // _POWERS % 4] = 1
    return bases


def count_kmers(codes: np.ndarray) -> csr_matrix:
    """Sum the position weights of each k-mer in windows (n, L): CSR (n, profiles * (UNKNOWN + 1)).

    Unknown k-mers count 0.
    """
    n, weights = len(codes), position_weights(codes.shape[1])
    columns = canonical_kmers()[kmer_indices(codes)].reshape(n, -1)
    profile_counts = []
    for weight in weights.reshape(-1, len(PROFILES)).T:
        fits = weight > 0
        row_ends = np.arange(n + 1) * fits.sum()
        kmers = columns[:, fits].ravel()
        values = np.tile(weight[fits], n) * (kmers < UNKNOWN)
        counts = csr_matrix((values, kmers, row_ends), shape=(n, UNKNOWN + 1))
        counts.sum_duplicates()
        profile_counts.append(counts)
    return hstack(profile_counts).tocsr()


def fit_kmers(
    codes: np.ndarray, y: np.ndarray, weights: np.ndarray, penalty: float = 1
) -> tuple[np.ndarray, np.ndarray, float]:
    """Fit a logistic regression with an L2 penalty to windows (n, L), labels and weights (n,).

    Returns k-mer weights (UNKNOWN + 1, profiles), position weights (L, patterns, profiles) and the
    intercept. The logit of a window is the intercept plus the sum of their products over its
    k-mers. Above about 20,000 windows of 200 bp, an evenly spaced subset is used.
    """
    rows = pick_evenly(np.arange(len(y)), max(_MAX_BASES // codes.shape[1], 2))
    counts = count_kmers(codes[rows])
    scale = np.float32(np.sqrt(counts.multiply(counts).sum(axis=1).mean()))  # root mean square norm
    counts.data /= scale
    coefficients = fit_logistic(counts, y[rows], weights[rows], penalty)
    kmer_weights = coefficients[:-1].reshape(len(PROFILES), -1)[:, canonical_kmers()]
    table = kmer_weights.T.astype(np.float32)
    return table, position_weights(codes.shape[1]) / scale, float(coefficients[-1])


def fit_logistic(
    counts: csr_matrix, y: np.ndarray, weights: np.ndarray, penalty: float
) -> np.ndarray:
    """Fit a weighted logistic regression by L-BFGS: slopes, then the intercept (columns + 1,)."""
    sign, transposed = 2.0 * y - 1, counts.T.tocsr()

    def loss_and_gradient(coefficients: np.ndarray) -> tuple[float, np.ndarray]:
        slopes = coefficients[:-1]
        margin = sign * (counts @ slopes.astype(np.float32) + coefficients[-1])
        slope_of_loss = -sign * weights / (1 + np.exp(np.minimum(margin, 50)))
        loss = (weights * np.logaddexp(0, -margin)).sum() + penalty / 2 * (slopes @ slopes)
        gradient = transposed @ slope_of_loss.astype(np.float32) + penalty * slopes
        return loss, np.append(gradient, slope_of_loss.sum())

    start = np.zeros(counts.shape[1] + 1)
    options = {"maxiter": _ITERATIONS, "maxcor": 8}
    return minimize(loss_and_gradient, start, jac=True, method="L-BFGS-B", options=options).x


def fit_mixture(
    network: np.ndarray, kmers: np.ndarray, y: np.ndarray, weights: np.ndarray
) -> tuple[float, float, float]:
    """Combine two logits (n,) to predict labels y (n,): return their factors and an intercept.

    A logistic regression with weights (n,) and factors of at least 0. A penalty favours equal
    contributions of both logits, since there may be few windows to learn from.
    """
    deviations = np.array([network.std(), kmers.std()]) + 1e-6
    logits, sign = np.stack([network, kmers], axis=1) / deviations, 2.0 * y - 1

    def loss(coefficients: np.ndarray) -> float:
        factors, intercept = coefficients[:2], coefficients[2]
        margin = sign * (logits @ factors + intercept)
        penalty = 3 * (factors[0] - factors[1]) ** 2 + 0.1 * (factors @ factors)
        return (weights * np.logaddexp(0, -margin)).sum() + penalty

    bounds = [(0, None), (0, None), (None, None)]
    fitted = minimize(loss, [1.0, 1.0, 0.0], bounds=bounds).x
    return fitted[0] / deviations[0], fitted[1] / deviations[1], fitted[2]
