"""Ablation: how much a network's score drops when first-layer kernels are silenced.

A silenced kernel outputs 0 at every position, after the activation function. The first layer runs
once per window, up to the last layer in which kernels still have separate channels. The rest of the
network then runs once for each set of silenced kernels. The score is the mean logit of the networks
alone, because gapped k-mers could compensate for a silenced kernel.
"""

from collections.abc import Sequence

import keras
import numpy as np

from peaks2motifs.core.statistics import mean_and_error, placements
from peaks2motifs.model.batches import fill_batch, predict_batches
from peaks2motifs.model.scanning import kernel_layers

_VALUES_AT_ONCE = 1 << 24  # of the inputs of the rest; 64 MiB


def channels(model: keras.Model) -> list[tuple[keras.KerasTensor, np.ndarray]]:
    """List the inputs of the rest of the network, with the kernel behind each channel.

    In the network `scan` these are maxima and means, which take far less memory and time than the
    outputs of the first layer. Kernels are numbered as in `scanning.describe_kernels`.
    """
    tensors, first_kernel = [], 0
    for layer in kernel_layers(model):
        kernels = np.arange(first_kernel, first_kernel + layer.filters)
        first_kernel += layer.filters
        if model.name == "scan":
            prefix = layer.name.replace("kernels", "pooled") + "_"
            pooling = [pooled for pooled in model.layers if pooled.name.startswith(prefix)]
            tensors += [(pooled.input, kernels) for pooled in pooling]
        else:
            tensors.append((layer.output, kernels))
    return tensors


def silenced_logits(
    model: keras.Model,
    codes: np.ndarray,
    sets: Sequence[np.ndarray],
    column: int,
    batch_size: int,
) -> np.ndarray:
    """Predict logits (sets, n, replicates) of windows (n, length), silencing one set at a time.

    `column` is the number of the class, 0 for peaks against background.
    """
    tensors, kernels = zip(*channels(model), strict=True)
    front = keras.Model(model.input, list(tensors))
    rest = keras.Model(list(tensors), model.get_layer("networks").output)
    masks = [[~np.isin(numbers, silent) for numbers in kernels] for silent in sets]
    values_per_window = sum(int(np.prod(tensor.shape[1:])) for tensor in tensors)
    step = max(_VALUES_AT_ONCE // values_per_window, 1)
    blocks = []
    for first in range(0, len(codes), step):
        activations = predict_batches(front, codes[first : first + step], min(batch_size, step))
        logits_of_sets = [_logits_of_rest(rest, activations, mask) for mask in masks]
        blocks.append(np.stack([class_logits(model, x, column) for x in logits_of_sets]))
    return np.concatenate(blocks, axis=1)


def _logits_of_rest(
    rest: keras.Model, activations: list[np.ndarray], masks: list[np.ndarray]
) -> np.ndarray:
    """Apply the rest of the network to masked activations: logits (n, replicates, units)."""
    rows = fill_batch(np.arange(len(activations[0])))
    masked = [array[rows] * mask for array, mask in zip(activations, masks, strict=True)]
    logits = rest.predict_on_batch(masked if len(masked) > 1 else masked[0])
    return logits[: len(activations[0])]


def class_logits(model: keras.Model, logits: np.ndarray, column: int) -> np.ndarray:
    """Compute the log odds (n, replicates) of one class from logits (n, replicates, units)."""
    logits = np.asarray(logits, float)
    if logits.shape[2] > model.output.shape[1]:  # background and peak
        return logits[..., 1] - logits[..., 0]
    if model.get_layer("probability").activation is not keras.activations.softmax:
        return logits[..., column]
    other_classes = np.delete(logits, column, axis=2)
    return logits[..., column] - np.logaddexp.reduce(other_classes, axis=2)


def auroc_drops(
    full: np.ndarray, silenced: np.ndarray, label: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Compute how much the AUROC drops, and the standard error of the drop, both (sets,).

    Compares scores `full` (n,) with `silenced` (sets, n) of the same windows; errors are DeLong's.
    """
    full_placements = placements(full[:, None], label)
    silenced_placements = placements(silenced.T, label)
    pairs = zip(full_placements, silenced_placements, strict=True)
    return mean_and_error(*(before - after for before, after in pairs))
