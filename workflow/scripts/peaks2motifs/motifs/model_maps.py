"""What published rules need of a trained model: activation maps of kernels, and their weights."""

from collections.abc import Iterator

import keras
import numpy as np
from keras import ops

from peaks2motifs.core.limits import RAW_WORDS
from peaks2motifs.model.batches import predict_batches
from peaks2motifs.model.scanning import kernel_layers, leftmost_bases, window_strands
from peaks2motifs.motifs.activation_maps import Map

_VALUES_AT_ONCE = 1 << 25  # of activation maps; 128 MiB


def activation_maps(
    model: keras.Model, codes: np.ndarray, batch_size: int, both_strands: bool
) -> Iterator[Map]:
    """Compute the activation maps of all first-layer kernels, some windows at a time.

    codes (n, length) are the base codes of the windows. The maps of some windows come layer by
    layer, the plus strand first. With `both_strands` the kernels also read the minus strand, even
    if the network does not.
    """
    layers = kernel_layers(model)
    length, kernels = codes.shape[1], sum(layer.filters for layer in layers)
    if not layers:
        return
    window = keras.Input(model.input_shape[1:])
    strands = window_strands(window)[: 2 if both_strands else 1]
    outputs = [ops.cast(layer(strand), "float32") for layer in layers for strand in strands]
    kernel_model = keras.Model(window, outputs)
    step = max(1, min(batch_size, _VALUES_AT_ONCE // (length * kernels * len(strands))))
    for first in range(0, len(codes), step):
        arrays = iter(predict_batches(kernel_model, codes[first : first + step], step))
        first_kernel = 0
        for layer in layers:
            for reverse in range(len(strands)):
                values = next(arrays)
                position = leftmost_bases(layer, np.arange(values.shape[1]), length, reverse == 1)
                yield Map(first, first_kernel, reverse == 1, position, values)
            first_kernel += layer.filters


def raw_counts(model: keras.Model) -> np.ndarray:
    """Count bases (K, W, 4) from the weights of each kernel alone, see `best_words`."""
    layers = kernel_layers(model)
    parts = [
        best_words(ops.convert_to_numpy(layer.kernel), layer.dilation_rate[0]) for layer in layers
    ]
    widest = max((part.shape[1] for part in parts), default=1)
    padded = [np.pad(part, ((0, 0), (0, widest - part.shape[1]), (0, 0))) for part in parts]
    return np.concatenate([*padded, np.zeros((0, widest, 4), int)])


def best_words(weights: np.ndarray, dilation: int = 1) -> np.ndarray:
    """Count the bases (k, w, 4) of the `RAW_WORDS` words with the highest scores.

    weights (taps, 4, k) score the words. w is the width of a kernel in bases. Between the taps of a
    dilated kernel, each base counts as a quarter. A kernel with fewer possible words uses them all.
    """
    taps, _, kernels = weights.shape
    score = np.zeros((kernels, 1))
    words = np.zeros((kernels, 1, 0), np.uint8)
    # The beginning of a best word is always among the best words of its length.
    for tap in range(taps):
        longer = (score[..., None] + weights[tap].T[:, None]).reshape(kernels, -1)
        best = np.argsort(-longer, axis=1, kind="stable")[:, :RAW_WORDS]
        score = np.take_along_axis(longer, best, axis=1)
        beginnings = np.take_along_axis(words, best[..., None] // 4, axis=1)
        words = np.concatenate([beginnings, (best % 4)[..., None].astype(np.uint8)], axis=2)
    counts = np.full((kernels, (taps - 1) * dilation + 1, 4), words.shape[1] // 4)
    counts[:, ::dilation] = (words[..., None] == np.arange(4)).sum(axis=1)
    return counts
