"""Scan windows with a trained model: the score of each, and the best site of each kernel."""

from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from peaks2motifs.model.batches import predict_batches


def kernel_layers(model: keras.Model) -> list[keras.layers.Conv1D]:
    """List the first-layer convolutions, those whose names begin with `kernels`, in model order."""
    return [layer for layer in model.layers if layer.name.startswith("kernels")]


def reads_both_strands(model: keras.Model) -> bool:
    """Return whether the first layer reads both the window and its reverse complement."""
    return any(type(operation).__name__ == "Flip" for operation in model.operations)


def has_kmers(model: keras.Model) -> bool:
    """Return whether the logit includes a score of gapped k-mers."""
    return any(layer.name == "mix" for layer in model.layers)


def kmer_weight(model: keras.Model) -> float:
    """The weight of the k-mers in the logit of a model; 0 if it has none."""
    return float(model.get_layer("mix").get_weights()[0][1, 0]) if has_kmers(model) else 0.0


def kmer_table(model: keras.Model) -> np.ndarray:
    """The weights (UNKNOWN + 1, profiles) of the k-mers of a model that has them, see `kmers`."""
    return model.get_layer("kmer_table").get_weights()[0]


def has_others(model: keras.Model) -> bool:
    """Return whether the networks also distinguish peaks from those of other experiments."""
    return any(layer.name == "contrasts" for layer in model.layers)


def others_logit(model: keras.Model) -> keras.KerasTensor:
    """Return the networks' logits (n, replicates, 1) of peaks against other experiments' peaks."""
    return ops.take(model.get_layer("contrasts").output, [1], axis=-1)


def describe_kernels(model: keras.Model) -> dict[str, np.ndarray]:
    """Name all K kernels k000, k001, ... and list the width, layer and replicate of each.

    The width is `kernel_span`. In the network `scan` a layer holds the kernels of all replicates,
    one replicate after another; in other networks each replicate has a separate layer.
    """
    layers = kernel_layers(model)
    sizes = np.array([layer.filters for layer in layers], int)
    total = sizes.sum()
    digits = max(3, len(str(total - 1)))
    replicates = model.get_layer("networks").output.shape[1]
    replicate = [np.repeat(np.arange(replicates), size // replicates) for size in sizes]
    if model.name != "scan":
        replicate = [np.full(size, number) for number, size in enumerate(sizes)]
    return {
        "kernel": np.array([f"k{kernel:0{digits}d}" for kernel in range(total)], str),
        "width": np.repeat([kernel_span(layer) for layer in layers], sizes).astype(np.int16),
        "layer": np.repeat(np.array([layer.name for layer in layers], str), sizes),
        "replicate": np.concatenate([*replicate, []]).astype(np.int16),
    }


def score_windows(model: keras.Model, codes: np.ndarray, batch_size: int) -> np.ndarray:
    """Predict the probability (n, outputs) of each class for windows, base codes (n, length)."""
    return predict_batches(model, codes, batch_size)[0]


def with_parts(model: keras.Model) -> keras.Model:
    """Add the parts of the score to the outputs of a model, see `part_layers`."""
    parts = [model.get_layer(name).output for name in part_layers(model).values()]
    return keras.Model(model.input, [model.output, *parts]) if parts else model


def part_layers(model: keras.Model) -> dict[str, str]:
    """Return the layer of each part of the score; none for a model with classes.

    `networks` are the networks alone, `kmers` the gapped k-mers alone, and `others` is the
    networks' score of peaks against the peaks of other experiments.
    """
    if model.get_layer("probability").output.shape[-1] > 1:
        return {}
    kmers = {"kmers": "kmer_score"} if has_kmers(model) else {}
    return {"networks": "networks"} | kmers | ({"others": "contrasts"} if has_others(model) else {})


def score_parts(
    model: keras.Model, codes: np.ndarray, batch_size: int
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Predict the score of windows (n, length) and its parts with a model of `with_parts`.

    Returns the probability (n, outputs) of each class, as `score_windows` does, and the logit (n,)
    of each part.
    """
    scores, *parts = predict_batches(model, codes, batch_size)
    named = zip(part_layers(model), parts, strict=True)
    return scores, {name: mean_logit(name, part) for name, part in named}


def mean_logit(name: str, units: np.ndarray) -> np.ndarray:
    """Return the logit (n,) of a part: the mean over replicates of units (n, replicates, units).

    Of two units of `networks`, background and peak, the difference counts. Those of `others` are
    both contrasts. k-mers (n, 1) have no replicates.
    """
    logits = units.mean(axis=1) if units.ndim == 3 else units
    is_pair = name == "networks" and logits.shape[1] == 2
    return logits[:, -1] - (logits[:, 0] if is_pair else 0)


def best_sites(model: keras.Model, codes: np.ndarray, batch_size: int) -> dict[str, np.ndarray]:
    """Find the highest activation of each first-layer kernel in each window (n, length).

    Returns best (n, K) float32, the value after the activation function;
    position (n, K), the 0-based offset, on the forward strand of the window, of the leftmost base
    under the kernel; int16, or int32 for longer windows; with 'same' padding it may lie outside;
    reverse (n, K) bool, whether the kernel read the minus strand.
    Of equal values the first is taken, the plus strand before the minus strand. The minus strand
    is scanned only if the network reads it. K counts the kernels of all first layers in the order
    of `kernel_layers`; it may be 0.
    """
    layers = kernel_layers(model)
    if not layers:
        types = {"best": np.float32, "position": np.int16, "reverse": bool}
        return {name: np.zeros((len(codes), 0), type_) for name, type_ in types.items()}
    window = keras.Input(model.input_shape[1:])
    strands = window_strands(window)[: 2 if reads_both_strands(model) else 1]
    outputs = [best_positions(layer(strand)) for layer in layers for strand in strands]
    site_model = keras.Model(window, [array for pair in outputs for array in pair])
    arrays = predict_batches(site_model, codes, batch_size)
    step = 2 * len(strands)  # maxima and positions of each strand
    sites = [
        merge_strands(layer, arrays[first : first + step], codes.shape[1])
        for layer, first in zip(layers, range(0, len(arrays), step), strict=True)
    ]
    best, position, reverse = (np.hstack(columns) for columns in zip(*sites, strict=True))
    return {"best": best, "position": position, "reverse": reverse}


def window_strands(window: keras.KerasTensor) -> list[keras.KerasTensor]:
    """Return a window (n, length, 4) and its reverse complement: A, C, G, T reversed."""
    return [window, ops.flip(window, axis=(1, 2))]


def kernel_span(layer: keras.layers.Conv1D) -> int:
    """Return how many bases a kernel spans, including the gaps of a dilated one."""
    return (layer.kernel_size[0] - 1) * layer.dilation_rate[0] + 1


def leftmost_bases(
    layer: keras.layers.Conv1D, position: np.ndarray, length: int, reverse: bool
) -> np.ndarray:
    """Convert positions of a layer's output into offsets of the leftmost base under the kernel.

    With `reverse`, positions refer to the reverse complement of a window `length` wide. Offsets
    always refer to the window as given.
    """
    span = kernel_span(layer)
    offset = position - ((span - 1) // 2 if layer.padding == "same" else 0)
    return length - span - offset if reverse else offset


def best_positions(activation: keras.KerasTensor) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Reduce activation maps (n, positions, K) to maxima and their positions, both (n, K)."""
    # Positions become the last axis, along which a maximum is many times faster.
    activation = ops.cast(ops.transpose(activation, (0, 2, 1)), "float32")
    return ops.max(activation, axis=-1), ops.argmax(activation, axis=-1)


def merge_strands(
    layer: keras.layers.Conv1D, maxima: Sequence[np.ndarray], length: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Merge one layer's strands into best, position and reverse, each (n, K).

    `maxima` holds the highest activations of the plus strand, their positions, and the same of the
    minus strand if it was scanned.
    """
    best, position = maxima[0], leftmost_bases(layer, maxima[1], length, reverse=False)
    reverse = np.zeros(best.shape, bool)
    if len(maxima) > 2:
        reverse = maxima[2] > best
        best = np.where(reverse, maxima[2], best)
        minus_position = leftmost_bases(layer, maxima[3], length, reverse=True)
        position = np.where(reverse, minus_position, position)
    integer = np.int16 if length <= np.iinfo(np.int16).max else np.int32
    return best.astype(np.float32), position.astype(integer), reverse
