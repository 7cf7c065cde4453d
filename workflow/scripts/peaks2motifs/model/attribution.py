"""Attribution of an output to the bases of a window: gradients and in-silico mutagenesis.

All methods explain the `logit`, before the sigmoid or softmax, because it does not saturate. Gapped
k-mers are looked up by number and have no gradient. Gradients therefore explain the contribution of
the networks to the logit, mutagenesis the whole logit.
"""

from collections.abc import Callable, Sequence

import keras
import numpy as np
from keras import ops

from peaks2motifs.core.sequences import N_CODE, one_hot
from peaks2motifs.model.batches import predict_batches
from peaks2motifs.model.scanning import has_kmers

Gradient = Callable[[np.ndarray], np.ndarray]  # x (n, length, 4) to the same shape


def logit_model(model: keras.Model, column: int, networks_only: bool = False) -> keras.Model:
    """Build the model from windows (n, length, 4) to the logits (n,) of one output.

    With `networks_only` it leaves out the contribution of gapped k-mers, if there is one.
    """
    without_kmers = networks_only and has_kmers(model)
    layer = model.get_layer("networks" if without_kmers else "logit")
    submodel = keras.Model(model.input, layer.output)
    window = keras.Input(model.input_shape[1:])  # a nested model avoids clashes of layer names
    logits = submodel(window)
    if without_kmers:
        weight = float(model.get_layer("mix").get_weights()[0][0, 0])
        return keras.Model(window, weight * ops.mean(logits[:, :, 0], axis=1))
    return keras.Model(window, logits[:, column])


def top_peaks(
    model: keras.Model,
    column: int,
    codes: np.ndarray,
    is_peak: np.ndarray,
    top: int,
    batch_size: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Find the `top` peaks of one output: their rows in codes (n, length), and their logits."""
    peaks = np.flatnonzero(is_peak)
    logits = predict_batches(logit_model(model, column), codes[peaks], batch_size)[0]
    best = np.argsort(-logits, kind="stable")[:top]
    return peaks[best], logits[best]


def gradient_function(model: keras.Model) -> Gradient:
    """Return the function from inputs x (n, length, 4) to the gradient of each input's output.

    `model` maps x to (n,). At inference each output depends on its own input alone, so the gradient
    of their sum contains the gradients of all. Keras has no common interface for gradients; each
    backend has its own.
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
        gradients = torch.autograd.grad(model(x, training=False).sum(), x)
        return ops.convert_to_numpy(gradients[0])

    return gradient


def saliency(gradient: Gradient, codes: np.ndarray, batch_size: int) -> np.ndarray:
    """Compute gradients (n, length, 4) at windows (n, length) (Simonyan et al. 2014)."""
    batches = np.array_split(codes, max(1, -(-len(codes) // batch_size)))
    return np.concatenate([gradient(one_hot(batch).astype(np.float32)) for batch in batches])


def hypothetical_contributions(
    gradient: Gradient, codes: np.ndarray, batch_size: int
) -> np.ndarray:
    """Estimate the contribution of every possible base (n, length, 4): centred gradients.

    One-hot inputs sum to 1 at each position, so the mean gradient over the four bases is arbitrary
    and is subtracted (Majdandzic et al. 2023, Genome Biol. 24:109).
    """
    gradients = saliency(gradient, codes, batch_size)
    return gradients - gradients.mean(axis=2, keepdims=True)


def integrated_gradients(
    gradient: Gradient, codes: np.ndarray, baseline: np.ndarray, steps: int
) -> np.ndarray:
    """Integrate gradients from a baseline (4,) to windows (n, length); returns (n, length, 4).

    The contributions of a window sum to the difference between its output and that of the baseline,
    up to the error of the midpoint rule with `steps` (Sundararajan et al. 2017, ICML). N remains N.
    """
    x = one_hot(codes).astype(np.float32)
    start = baseline_windows(codes, baseline)
    total = np.zeros(x.shape)
    for step in range(steps):
        total += gradient(start + (step + 0.5) / steps * (x - start))
    return (x - start) * total / steps


def baseline_windows(codes: np.ndarray, baseline: np.ndarray) -> np.ndarray:
    """Build baselines (n, length, 4): frequencies (4,) at each base of windows, zeros at N."""
    return ((codes != N_CODE)[..., None] * baseline).astype(np.float32)


def mutagenesis(model: keras.Model, codes: np.ndarray, batch_size: int) -> np.ndarray:
    """Compute the change of output (n, length, 4) for each substitution in windows (n, length).

    It is 0 at the reference bases and at N. Needs no gradient.
    """
    changes = np.zeros((*codes.shape, 4), np.float32)
    reference = predict_batches(model, codes, batch_size)[0]
    for number, window in enumerate(codes):
        positions, bases = substitutions(window)
        for first in range(0, len(positions), batch_size):
            batch = slice(first, first + batch_size)
            position, base = positions[batch], bases[batch]
            mutants = np.tile(window, (len(position), 1))
            mutants[np.arange(len(mutants)), position] = base
            outputs = predict_batches(model, mutants, batch_size)[0]
            changes[number, position, base] = outputs - reference[number]
    return changes


def substitutions(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """List all single-base substitutions of a window (length,): positions, and bases to put there.

    There are three at each position that is not N.
    """
    positions = np.flatnonzero(codes != N_CODE)
    shifts = np.tile([1, 2, 3], len(positions))
    positions = np.repeat(positions, 3)
    return positions, ((codes[positions] + shifts) % N_CODE).astype(np.uint8)


def attribute(
    model: keras.Model,
    column: int,
    codes: np.ndarray,
    methods: Sequence[str],
    baseline: np.ndarray,
    steps: int,
    batch_size: int,
) -> dict[str, np.ndarray]:
    """Attribute one output to the bases of windows (n, length): (n, length, 4) for each method.

    `methods` are some of saliency, gradient_x_input, integrated_gradients and mutagenesis.
    Integrated gradients come with `difference` (n,), the value to which the contributions of a
    window should sum: the logit of its networks minus that of the baseline (4,).
    """
    if len(codes) == 0:
        return {name: np.zeros((*codes.shape, 4)) for name in methods}
    networks = logit_model(model, column, networks_only=True)
    gradient = gradient_function(networks)
    attributions = {}
    if {"saliency", "gradient_x_input"} & set(methods):
        attributions["saliency"] = saliency(gradient, codes, batch_size)
        attributions["gradient_x_input"] = attributions["saliency"] * one_hot(codes)
    if "integrated_gradients" in methods:
        contributions = integrated_gradients(gradient, codes, baseline, steps)
        attributions["integrated_gradients"] = contributions
        attributions["difference"] = baseline_difference(networks, codes, baseline)
    if "mutagenesis" in methods:
        attributions["mutagenesis"] = mutagenesis(logit_model(model, column), codes, batch_size)
    return {name: attributions[name] for name in [*methods, "difference"] if name in attributions}


def baseline_difference(model: keras.Model, codes: np.ndarray, baseline: np.ndarray) -> np.ndarray:
    """Subtract the outputs of baselines (4,) from those of windows (n, length); returns (n,)."""
    outputs = model.predict_on_batch(one_hot(codes).astype(np.float32))
    return outputs - model.predict_on_batch(baseline_windows(codes, baseline))
