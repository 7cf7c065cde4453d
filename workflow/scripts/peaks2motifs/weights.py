"""Matrices from the weights of kernels alone, as MPRAnn's extract_convolutional_kernels makes them.

No sequence is read: a matrix is the mean of the words that a kernel's weights score highest.
"""

import numpy as np

BEST = 100


def best_words(weights: np.ndarray, dilation: int = 1) -> np.ndarray:
    """Count the bases (k, w, 4) of the 100 words that weights (taps, 4, k) score highest.

    w is what a kernel sees, with the bases between the taps of a dilated one counted as a quarter
    of each. A kernel with fewer words gets all.
    """
    taps, _, kernels = weights.shape
    score = np.zeros((kernels, 1))
    words = np.zeros((kernels, 1, 0), np.uint8)
    for tap in range(taps):  # the best beginnings of the best words are the best of their length
        longer = (score[..., None] + weights[tap].T[:, None]).reshape(kernels, -1)
        best = np.argsort(-longer, axis=1, kind="stable")[:, :BEST]
        score = np.take_along_axis(longer, best, axis=1)
        before = np.take_along_axis(words, best[..., None] // 4, axis=1)
        words = np.concatenate([before, (best % 4)[..., None].astype(np.uint8)], axis=2)
    counts = np.full((kernels, (taps - 1) * dilation + 1, 4), words.shape[1] // 4)
    counts[:, ::dilation] = (words[..., None] == np.arange(4)).sum(axis=1)
    return counts
