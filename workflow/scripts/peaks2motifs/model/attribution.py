"""Which bases of a window an output of a network rests on: gradients, and edits of single bases.

All of it is about the `logit`, before the sigmoid or softmax, where nothing is saturated. Gapped
k-mers that are mixed in are looked up by number and so have no gradient: gradients explain the
networks' part of the logit, mutagenesis the whole.
"""

from collections.abc import Callable, Sequence

import keras
import numpy as np
from keras import ops

from peaks2motifs.core.sequences import N_CODE, one_hot
from peaks2motifs.model.batches import in_batches

METHODS = ["saliency", "gradient_x_input", "integrated_gradients", "mutagenesis"]
Gradient = Callable[[np.ndarray], np.ndarray]  # x (n, length, 4) to the same shape


def logit_model(model: keras.Model, column: int, networks_only: bool = False) -> keras.Model:
    """Make the model from windows (n, length, 4) to the logits (n,) of one output.

    With `networks_only` the gapped k-mers' share of the logit, if there is one, is left out.
    """
    kmers = networks_only and has_kmers(model)
    part = keras.Model(model.input, model.get_layer("networks" if kmers else "logit").output)
    window = keras.Input(model.input_shape[1:])  # a model within a model keeps its names to itself
    found = part(window)
    if kmers:
        weight = float(model.get_layer("mix").get_weights()[0][0, 0])
        return keras.Model(window, weight * ops.mean(found[:, :, 0], axis=1))
    return keras.Model(window, found[:, column])


def has_kmers(model: keras.Model) -> bool:
    """Tell whether a score of gapped k-mers is mixed into the logit."""
    return any(layer.name == "mix" for layer in model.layers)


def gradient_of(model: keras.Model) -> Gradient:
    """Return the function from inputs x (n, length, 4) to the gradient of each one's own output.

    `model` maps x to (n,), each number from its own input alone, as networks at rest do; so the
    gradient of their sum holds those of all. Keras has no gradients of its own: each of its
    backends has.
    """
    makers = {"tensorflow": _gradient_tensorflow, "jax": _gradient_jax, "torch": _gradient_torch}
    return makers[keras.backend.backend()](model)


def _gradient_tensorflow(model: keras.Model) -> Gradient:
    import tensorflow as tf

    @tf.function(reduce_retracing=True)
    def gradient(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(model(x, training=False))
        return tape.gradient(total, x)

    return lambda x: gradient(tf.constant(x, tf.float32)).numpy()


def _gradient_jax(model: keras.Model) -> Gradient:
    import jax

    gradient = jax.jit(jax.grad(lambda x: ops.sum(model(x, training=False))))
    return lambda x: np.asarray(gradient(x.astype(np.float32)))


def _gradient_torch(model: keras.Model) -> Gradient:
    import torch

    def gradient(x):
        x = ops.convert_to_tensor(x, "float32").requires_grad_()
        found = torch.autograd.grad(model(x, training=False).sum(), x)
        return ops.convert_to_numpy(found[0])

    return gradient


def saliency(gradient: Gradient, codes: np.ndarray, batch_size: int) -> np.ndarray:
    """Gradients (n, length, 4) at windows, base codes (n, length) (Simonyan et al. 2014)."""
    parts = np.array_split(codes, max(1, -(-len(codes) // batch_size)))
    return np.concatenate([gradient(one_hot(part).astype(np.float32)) for part in parts])


def hypothetical(gradient: Gradient, codes: np.ndarray, batch_size: int) -> np.ndarray:
    """What each base would contribute (n, length, 4): gradients, centred at each position.

    Networks are trained on positions that sum to 1, so what a gradient says of all four bases
    together is arbitrary (Majdandzic et al. 2023, Genome Biol. 24:109).
    """
    found = saliency(gradient, codes, batch_size)
    return found - found.mean(axis=2, keepdims=True)


def integrated_gradients(
    gradient: Gradient, codes: np.ndarray, baseline: np.ndarray, steps: int
) -> np.ndarray:
    """Integrate gradients from a baseline (4,) to windows (n, length): shares (n, length, 4).

    All shares of a window add up to the difference between its output and that of the baseline, up
    to the error of the midpoint rule in `steps` (Sundararajan et al. 2017, ICML). N stays N.
    """
    x = one_hot(codes).astype(np.float32)
    start = baseline_of(codes, baseline)
    total = np.zeros(x.shape)
    for step in range(steps):
        total += gradient(start + (step + 0.5) / steps * (x - start))
    return (x - start) * total / steps


def baseline_of(codes: np.ndarray, baseline: np.ndarray) -> np.ndarray:
    """The baselines (n, length, 4) of windows: the frequencies (4,) at each base that is not N."""
    return ((codes != N_CODE)[..., None] * baseline).astype(np.float32)


def mutagenesis(model: keras.Model, codes: np.ndarray, batch_size: int) -> np.ndarray:
    """How the output of windows (n, length) changes when one base is another: (n, length, 4).

    0 at the bases that are there, which are not tried, and at N. Needs no gradient.
    """
    changes = np.zeros((*codes.shape, 4), np.float32)
    before = in_batches(model, codes, batch_size)[0]
    for number, window in enumerate(codes):
        position, base = single_edits(window)
        for first in range(0, len(position), batch_size):
            part = slice(first, first + batch_size)
            edited = np.tile(window, (len(position[part]), 1))
            edited[np.arange(len(edited)), position[part]] = base[part]
            after = in_batches(model, edited, batch_size)[0]
            changes[number, position[part], base[part]] = after - before[number]
    return changes


def single_edits(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All edits of one base of a window (length,): positions and the new bases, three at each."""
    known = np.flatnonzero(codes != N_CODE)
    position = np.repeat(known, 3)
    return position, ((codes[position] + np.tile([1, 2, 3], len(known))) % N_CODE).astype(np.uint8)


def attribute(
    model: keras.Model,
    column: int,
    codes: np.ndarray,
    methods: Sequence[str],
    baseline: np.ndarray,
    steps: int,
    batch_size: int,
) -> dict[str, np.ndarray]:
    """Explain one output at windows (n, length) by some of `METHODS`: (n, length, 4) of each.

    With integrated gradients comes their `difference` (n,), what the shares of a window should add
    up to: its networks' part of the logit less that of the baseline (4,).
    """
    if len(codes) == 0:
        return {name: np.zeros((*codes.shape, 4)) for name in methods}
    networks = logit_model(model, column, networks_only=True)
    gradient = gradient_of(networks)
    found = {}
    if {"saliency", "gradient_x_input"} & set(methods):
        found["saliency"] = saliency(gradient, codes, batch_size)
        found["gradient_x_input"] = found["saliency"] * one_hot(codes)
    if "integrated_gradients" in methods:
        found["integrated_gradients"] = integrated_gradients(gradient, codes, baseline, steps)
        ends = one_hot(codes).astype(np.float32), baseline_of(codes, baseline)
        after, before = (networks.predict_on_batch(end) for end in ends)
        found["difference"] = after - before
    if "mutagenesis" in methods:
        found["mutagenesis"] = mutagenesis(logit_model(model, column), codes, batch_size)
    return {name: found[name] for name in [*methods, "difference"] if name in found}
