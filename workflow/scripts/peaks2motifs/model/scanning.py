"""What a trained model says of windows: a score for each, and what each kernel saw where."""

import keras
import numpy as np
from keras import ops

from peaks2motifs.model.batches import in_batches


def kernel_layers(model: keras.Model) -> list[keras.layers.Conv1D]:
    """List the first-layer convolutions, those whose names begin with `kernels`, in model order."""
    return [layer for layer in model.layers if layer.name.startswith("kernels")]


def reads_both_strands(model: keras.Model) -> bool:
    """Tell whether the first layer sees the window and its reverse complement."""
    return any(type(operation).__name__ == "Flip" for operation in model.operations)


def describe_kernels(model: keras.Model) -> dict[str, np.ndarray]:
    """Name all K kernels k000, k001, ... and give the width, layer and replicate of each.

    The width is what a kernel spans, see `seen_width`. In the network `scan` a layer holds the
    kernels of all replicates, one after another; in others each replicate has a layer of its own.
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
        "width": np.repeat([seen_width(layer) for layer in layers], numbers).astype(np.int16),
        "layer": np.repeat(np.array([layer.name for layer in layers], str), numbers),
        "replicate": np.concatenate([*replicate, []]).astype(np.int16),
    }


def score_windows(model: keras.Model, codes: np.ndarray, batch_size: int) -> np.ndarray:
    """Predict the probability (n, outputs) of each class for windows, base codes (n, length)."""
    return in_batches(model, codes, batch_size)[0]


def best_sites(model: keras.Model, codes: np.ndarray, batch_size: int) -> dict[str, np.ndarray]:
    """Find each first-layer kernel's highest activation in each window.

    codes (n, length) give best (n, K) float32, the value after the activation function; position
    (n, K) int16, or for windows beyond its range int32, the offset in the window, 0-based and on
    the forward strand, of the leftmost base under the kernel (with 'same' padding it may lie
    outside); reverse (n, K) bool, whether the kernel read the minus strand there. Of equal values
    the first is taken, the plus strand before the minus strand, which is read where the network
    reads it. K counts the kernels of all first layers in the order of `kernel_layers`; there may be
    none.
    """
    layers = kernel_layers(model)
    if not layers:
        types = {"best": np.float32, "position": np.int16, "reverse": bool}
        return {name: np.zeros((len(codes), 0), type_) for name, type_ in types.items()}
    window = keras.Input(model.input_shape[1:])
    strands = strands_of(window)[: 2 if reads_both_strands(model) else 1]
    outputs = [best_positions(layer(strand)) for layer in layers for strand in strands]
    scan = keras.Model(window, [array for pair in outputs for array in pair])
    found = in_batches(scan, codes, batch_size)
    parts = [
        merge_strands(layer, found[first : first + 2 * len(strands)], codes.shape[1])
        for layer, first in zip(layers, range(0, len(found), 2 * len(strands)), strict=True)
    ]
    best, position, reverse = (np.hstack(arrays) for arrays in zip(*parts, strict=True))
    return {"best": best, "position": position, "reverse": reverse}


def strands_of(window: keras.KerasTensor) -> list[keras.KerasTensor]:
    """A window (n, length, 4) and its reverse complement: A, C, G, T backwards."""
    return [window, ops.flip(window, axis=(1, 2))]


def seen_width(layer: keras.layers.Conv1D) -> int:
    """How many bases a kernel spans, from its first to its last, gaps of dilation included."""
    return (layer.kernel_size[0] - 1) * layer.dilation_rate[0] + 1


def first_bases_seen(
    layer: keras.layers.Conv1D, position: np.ndarray, length: int, reverse: bool
) -> np.ndarray:
    """Turn positions of a layer's output into offsets of the leftmost base under the kernel.

    Positions on the minus strand are those in the reverse complement of a window `length` wide,
    offsets those in the window as given.
    """
    width = seen_width(layer)
    offset = position - ((width - 1) // 2 if layer.padding == "same" else 0)
    return length - width - offset if reverse else offset


def best_positions(activation: keras.KerasTensor) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Reduce activation maps (n, positions, K) to their maxima and where they lie, both (n, K)."""
    # Channels before positions: a maximum along the last axis is many times faster.
    activation = ops.cast(ops.transpose(activation, (0, 2, 1)), "float32")
    return ops.max(activation, axis=-1), ops.argmax(activation, axis=-1)


def merge_strands(
    layer: keras.layers.Conv1D, found: list[np.ndarray], length: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Turn one layer's maxima and positions per strand into best, position and reverse."""
    best, position = found[0], first_bases_seen(layer, found[1], length, reverse=False)
    reverse = np.zeros(best.shape, bool)
    if len(found) > 2:
        reverse = found[2] > best
        best = np.where(reverse, found[2], best)
        other = first_bases_seen(layer, found[3], length, reverse=True)
        position = np.where(reverse, other, position)
    whole = np.int16 if length <= np.iinfo(np.int16).max else np.int32
    return best.astype(np.float32), position.astype(whole), reverse
