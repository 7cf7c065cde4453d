"""What a trained model says of windows: a score for each, and the best site of each kernel."""

import keras
import numpy as np
from keras import ops

from peaks2motifs.batches import in_batches


def kernel_layers(model: keras.Model) -> list[keras.layers.Conv1D]:
    """List the first-layer convolutions, those whose names begin with `kernels`, in model order."""
    return [layer for layer in model.layers if layer.name.startswith("kernels")]


def reads_both_strands(model: keras.Model) -> bool:
    """Tell whether the first layer sees the window and its reverse complement."""
    return any(type(operation).__name__ == "Flip" for operation in model.operations)


def describe_kernels(model: keras.Model) -> dict[str, np.ndarray]:
    """Name all K kernels k000, k001, ... and give the width, layer and replicate of each.

    In the network `scan` a layer holds the kernels of all replicates, one after another; in others
    each replicate has a layer of its own.
    """
    layers = kernel_layers(model)
    numbers = np.array([layer.filters for layer in layers], int)
    total = numbers.sum()
    digits = max(3, len(str(total - 1)))
    replicates = model.get_layer("networks").output.shape[1]
    members = np.arange(replicates)
    replicate = [np.repeat(members, number // replicates) for number in numbers]
    if model.name != "scan":
        replicate = [np.full(number, layer) for layer, number in enumerate(numbers)]
    return {
        "kernel": np.array([f"k{kernel:0{digits}d}" for kernel in range(total)], str),
        "width": np.repeat([layer.kernel_size[0] for layer in layers], numbers).astype(np.int16),
        "layer": np.repeat(np.array([layer.name for layer in layers], str), numbers),
        "replicate": np.concatenate([*replicate, []]).astype(np.int16),
    }


def score_windows(model: keras.Model, codes: np.ndarray, batch_size: int) -> np.ndarray:
    """Predict the probability (n, outputs) of each class for windows, base codes (n, length)."""
    return in_batches(model, codes, batch_size)[0]


def best_sites(
    model: keras.Model, codes: np.ndarray, batch_size: int, forward_only: bool = False
) -> dict[str, np.ndarray]:
    """Find each first-layer kernel's highest activation in each window.

    codes (n, length) give best (n, K) float32, the value after the activation function; position
    (n, K) int16, or for windows beyond its range int32, the offset in the window, 0-based and on
    the forward strand, of the leftmost base under the kernel (with 'same' padding it may lie
    outside); reverse (n, K) bool, whether the kernel read the minus strand there. Of equal values
    the first is taken, the plus strand before the minus strand, which `forward_only` leaves out. K
    counts the kernels of all first layers in the order of `kernel_layers`; there may be none.
    """
    layers = kernel_layers(model)
    if not layers:
        types = {"best": np.float32, "position": np.int16, "reverse": bool}
        return {name: np.zeros((len(codes), 0), type_) for name, type_ in types.items()}
    window = keras.Input(model.input_shape[1:])
    strands = [window]
    if reads_both_strands(model) and not forward_only:
        strands.append(ops.flip(window, axis=(1, 2)))
    outputs = [best_positions(layer(strand)) for layer in layers for strand in strands]
    scan = keras.Model(window, [array for pair in outputs for array in pair])
    found = in_batches(scan, codes, batch_size)
    parts = [
        merge_strands(layer, found[first : first + 2 * len(strands)], codes.shape[1])
        for layer, first in zip(layers, range(0, len(found), 2 * len(strands)), strict=True)
    ]
    best, position, reverse = (np.hstack(arrays) for arrays in zip(*parts, strict=True))
    return {"best": best, "position": position, "reverse": reverse}


def best_positions(activation: keras.KerasTensor) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Reduce activation maps (n, positions, K) to their maxima and where they lie, both (n, K)."""
    # Channels before positions: a maximum along the last axis is many times faster.
    activation = ops.cast(ops.transpose(activation, (0, 2, 1)), "float32")
    return ops.max(activation, axis=-1), ops.argmax(activation, axis=-1)


def merge_strands(
    layer: keras.layers.Conv1D, found: list[np.ndarray], length: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Turn one layer's maxima and positions per strand into best, position and reverse."""
    width = (layer.kernel_size[0] - 1) * layer.dilation_rate[0] + 1
    padded = (width - 1) // 2 if layer.padding == "same" else 0
    best, position = found[0], found[1] - padded
    reverse = np.zeros(best.shape, bool)
    if len(found) > 2:
        reverse = found[2] > best
        best = np.where(reverse, found[2], best)
        position = np.where(reverse, length - width - (found[3] - padded), position)
    whole = np.int16 if length <= np.iinfo(np.int16).max else np.int32
    return best.astype(np.float32), position.astype(whole), reverse
