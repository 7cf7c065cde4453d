"""First-layer activations by position: mean and standard deviation over windows."""

import keras
import numpy as np
from keras import ops

from peaks2motifs.core.subsample import pick_evenly
from peaks2motifs.model.batches import predict_batches
from peaks2motifs.model.scanning import kernel_layers, kernel_span, reads_both_strands

CLASS_WINDOWS = 1000  # of peaks, and of other windows; more would hardly change the means


def class_profiles(
    model: keras.Model, codes: np.ndarray, is_peak: np.ndarray, batch_size: int
) -> dict[str, np.ndarray]:
    """Average kernel activations over non-peaks and over peaks, the arrays of maps.h5.

    Windows are codes (n, length) and is_peak (n,); at most `CLASS_WINDOWS` of either class are
    used. Returns mean and deviation (2, K, length), non-peaks first; first (K,), see
    `first_centres`; and windows (2,), the number of windows used.
    """
    classes = [np.flatnonzero(is_peak == label) for label in (False, True)]
    groups = [pick_evenly(rows, CLASS_WINDOWS) for rows in classes]
    profiles = [position_means(model, codes[rows], batch_size) for rows in groups]
    mean, deviation = (np.stack(arrays) for arrays in zip(*profiles, strict=True))
    windows = np.array([len(rows) for rows in groups])
    first = first_centres(model)
    return {"mean": mean, "deviation": deviation, "first": first, "windows": windows}


def position_means(
    model: keras.Model, codes: np.ndarray, batch_size: int
) -> tuple[np.ndarray, np.ndarray]:
    """Average kernel activations over windows (n, length): means and standard deviations.

    Both are (K, length) float32. A network that reads both strands contributes the higher of the
    two activations. Columns are positions of the activation map, see `first_centres`; columns
    beyond the end of a map are NaN.
    """
    layer_sums = sum_activations(model, codes, batch_size)
    kernel_count = sum(sums.shape[2] for sums in layer_sums)
    mean, deviation = np.full((2, kernel_count, codes.shape[1]), np.nan, np.float32)
    first_kernel = 0
    for sums in layer_sums:
        positions, kernels = sums.shape[1:]
        average, mean_square = sums / max(len(codes), 1)
        variance = np.maximum(mean_square - average**2, 0)
        rows = slice(first_kernel, first_kernel + kernels)
        mean[rows, :positions] = average.T
        deviation[rows, :positions] = np.sqrt(variance).T
        first_kernel += kernels
    return mean, deviation


def sum_activations(model: keras.Model, codes: np.ndarray, batch_size: int) -> list[np.ndarray]:
    """Sum activations, and their squares, over windows: (2, positions, K) for each first layer."""
    layers = kernel_layers(model)
    if not layers:
        return []
    window = keras.Input(model.input_shape[1:])
    outputs = [strand_maxima(layer, window, reads_both_strands(model)) for layer in layers]
    map_model = keras.Model(window, outputs)
    layer_sums = [np.zeros((2, *output.shape[1:])) for output in outputs]
    for first in range(0, len(codes), batch_size):
        maps = predict_batches(map_model, codes[first : first + batch_size], batch_size)
        for sums, activations in zip(layer_sums, maps, strict=True):
            activations = activations.astype(float)
            sums += activations.sum(axis=0), (activations**2).sum(axis=0)
    return layer_sums


def strand_maxima(
    layer: keras.layers.Conv1D, window: keras.KerasTensor, both_strands: bool
) -> keras.KerasTensor:
    """Return a layer's activations (n, positions, K), the higher of both strands at each base."""
    forward = ops.cast(layer(window), "float32")
    if not both_strands:
        return forward
    reverse = ops.cast(layer(ops.flip(window, axis=(1, 2))), "float32")
    return ops.maximum(forward, ops.flip(reverse, axis=1))


def first_centres(model: keras.Model) -> np.ndarray:
    """Locate the centre of each kernel (K,) at the first position of its activation map.

    In bp relative to the centre of the window; each further position adds 1.
    """
    length = model.input_shape[1]
    offsets = []
    for layer in kernel_layers(model):
        span = kernel_span(layer)
        padding = (span - 1) // 2 if layer.padding == "same" else 0
        offsets.append(np.full(layer.filters, (span - length) / 2 - padding))
    return np.concatenate([*offsets, []])
