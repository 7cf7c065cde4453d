"""What a network's score loses when kernels fall silent.

A silent kernel gives 0 wherever it looks, after the activation function. What the first layer says
is worked out once for each window, up to where the kernels' channels are last apart; the rest of
the network is applied to it once for each set of kernels silenced. The score is the networks' own,
the mean of their logits: k-mers that are mixed in would make up for what is lost.
"""

from collections.abc import Sequence

import keras
import numpy as np

from peaks2motifs.core.statistics import mean_and_error, placements
from peaks2motifs.model.batches import fill_batch, in_batches
from peaks2motifs.model.scanning import kernel_layers

_VALUES_AT_ONCE = 1 << 24


def channels(model: keras.Model) -> list[tuple[keras.KerasTensor, np.ndarray]]:
    """List what the rest of the network is made of, with the kernel of each channel.

    In the network `scan` these are maxima and means, which take far less room and time than the
    first layer's outputs; kernels are numbered as in `scanning.describe_kernels`.
    """
    found, first = [], 0
    for layer in kernel_layers(model):
        kernels = np.arange(first, first + layer.filters)
        first += layer.filters
        if model.name == "scan":
            prefix = layer.name.replace("kernels", "pooled") + "_"
            pooled = [other for other in model.layers if other.name.startswith(prefix)]
            found += [(other.input, kernels) for other in pooled]
        else:
            found.append((layer.output, kernels))
    return found


def silenced_logits(
    model: keras.Model,
    codes: np.ndarray,
    sets: Sequence[np.ndarray],
    column: int,
    batch_size: int,
) -> np.ndarray:
    """Logits (sets, n, replicates) of windows (n, length), with one set of kernels silent each.

    `column` numbers the class, 0 for peaks against background.
    """
    tensors, kernels = zip(*channels(model), strict=True)
    front = keras.Model(model.input, list(tensors))
    rest = keras.Model(list(tensors), model.get_layer("networks").output)
    size = sum(int(np.prod(tensor.shape[1:])) for tensor in tensors)
    step = max(_VALUES_AT_ONCE // size, 1)
    parts = []
    for first in range(0, len(codes), step):
        seen = in_batches(front, codes[first : first + step], min(batch_size, step))
        rows = fill_batch(np.arange(len(seen[0])))
        filled = [array[rows] for array in seen]
        each = []
        for silent in sets:
            sounding = [~np.isin(numbers, silent) for numbers in kernels]
            heard = [array * mask for array, mask in zip(filled, sounding, strict=True)]
            logits = rest.predict_on_batch(heard if len(heard) > 1 else heard[0])
            each.append(class_logits(model, logits[: len(seen[0])], column))
        parts.append(np.stack(each))
    return np.concatenate(parts, axis=1)


def class_logits(model: keras.Model, units: np.ndarray, column: int) -> np.ndarray:
    """The log odds (n, replicates) of a class by the networks' logits (n, replicates, units)."""
    units = np.asarray(units, float)
    if units.shape[2] > model.output.shape[1]:  # background and peak
        return units[..., 1] - units[..., 0]
    if model.get_layer("probability").activation is not keras.activations.softmax:
        return units[..., column]
    others = np.delete(units, column, axis=2)
    return units[..., column] - np.logaddexp.reduce(others, axis=2)


def drops(
    full: np.ndarray, silenced: np.ndarray, label: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """How much lower the AUROC of scores (sets, n) is than that of `full` (n,), and the error.

    The standard error (sets,) is DeLong's, of two scores of the same windows.
    """
    whole = placements(full[:, None], label)
    parts = placements(silenced.T, label)
    return mean_and_error(*(one - other for one, other in zip(whole, parts, strict=True)))
