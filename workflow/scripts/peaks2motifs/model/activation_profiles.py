"""First-layer activations by position: their mean and spread over windows."""

import keras
import numpy as np
from keras import ops

from peaks2motifs.model.batches import in_batches
from peaks2motifs.model.scanning import kernel_layers, reads_both_strands


def position_means(
    model: keras.Model, codes: np.ndarray, batch_size: int
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation (K, length) of kernels' activations over windows (n, length).

    Of both strands, where the network reads both, the higher activation counts. Columns are the
    positions of the activation map, as many as the kernel has; the rest is NaN. See `centres`.
    """
    layers = kernel_layers(model)
    window = keras.Input(model.input_shape[1:])
    outputs = [strongest(layer, window, reads_both_strands(model)) for layer in layers]
    scan = keras.Model(window, outputs) if outputs else None
    sums = [np.zeros((2, *output.shape[1:])) for output in outputs]
    for first in range(0, len(codes) if outputs else 0, batch_size):
        maps = in_batches(scan, codes[first : first + batch_size], batch_size)
        for total, found in zip(sums, maps, strict=True):
            found = found.astype(float)
            total += found.sum(axis=0), (found**2).sum(axis=0)
    number = sum(total.shape[2] for total in sums)
    mean, spread = np.full((2, number, codes.shape[1]), np.nan, np.float32)
    row = 0
    for total in sums:
        places, kernels = total.shape[1:]
        average, square = total / max(len(codes), 1)
        mean[row : row + kernels, :places] = average.T
        spread[row : row + kernels, :places] = np.sqrt(np.maximum(square - average**2, 0)).T
        row += kernels
    return mean, spread


def strongest(
    layer: keras.layers.Conv1D, window: keras.KerasTensor, both_strands: bool
) -> keras.KerasTensor:
    """Activations (n, positions, K) of a layer, the higher of both strands at the same bases."""
    forward = ops.cast(layer(window), "float32")
    if not both_strands:
        return forward
    reverse = ops.cast(layer(ops.flip(window, axis=(1, 2))), "float32")
    return ops.maximum(forward, ops.flip(reverse, axis=1))


def centres(model: keras.Model) -> np.ndarray:
    """Where the middle of each kernel (K,) lies at its map's first position, from the window's.

    In bp; at the next position it is one more.
    """
    length = model.input_shape[1]
    found = []
    for layer in kernel_layers(model):
        width = (layer.kernel_size[0] - 1) * layer.dilation_rate[0] + 1
        padded = (width - 1) // 2 if layer.padding == "same" else 0
        found.append(np.full(layer.filters, (width - length) / 2 - padded))
    return np.concatenate([*found, []])
