"""Inputs that maximise the activation of network units, by gradient ascent from random starts.

The method is that of pysster (Budach and Marsico 2018). It starts from uniform random numbers and
takes steps along the gradient of the unit's highest activation. Gradients are scaled to unit length
over the positions of each base. A softmax turns the result into base probabilities. Such inputs
illustrate the network and must not be interpreted biologically.
"""

import keras
import numpy as np
from keras import ops
from scipy.special import softmax

from peaks2motifs.core.joblog import InputError
from peaks2motifs.model.attribution import gradient_function

STARTS = 5  # random starts of each unit; a unit inactive at the start has no gradient to follow


def unit_model(model: keras.Model, layer: str, units: list[int]) -> keras.Model:
    """Build the model from inputs (n, length, 4) to the highest activation (n,) of one unit each.

    Input i belongs to units[i]; units lie along the last axis of the layer's output. Raises
    InputError, with the valid choices, if the model lacks the layer or the unit.
    """
    window = keras.Input(model.input_shape[1:])
    activations = layer_submodel(model, layer)(window)
    size = activations.shape[-1]
    if max(units) >= size:
        raise InputError(f"attribution.inputs: {layer} has units 0 to {size - 1}, not {max(units)}")
    if positions := tuple(range(1, len(activations.shape) - 1)):
        activations = ops.max(activations, axis=positions)
    selection = np.eye(size, dtype=np.float32)[units]
    return keras.Model(window, ops.sum(activations * selection, axis=1))


def layer_submodel(model: keras.Model, layer: str) -> keras.Model | keras.Layer:
    """Return the part of a model from its input to the output of a layer."""
    names = [part.name for part in model.layers[1:] if not part.name.startswith("kmer")]
    if layer not in names:
        expected = ", ".join(names)
        raise InputError(f"attribution.inputs: no layer {layer}, expected one of {expected}")
    # A first layer that reads both strands is called twice, so it has no single output.
    if layer.startswith("kernels"):
        return model.get_layer(layer)
    return keras.Model(model.input, model.get_layer(layer).output)


def optimise(
    model: keras.Model,
    layer: str,
    units: list[int],
    bound: float,
    rate: float,
    steps: int,
    seed: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Optimise an input for each unit: base probabilities (units, length, 4) and activations.

    The best of `STARTS` starts is kept. Raises InputError as `unit_model` does.
    """
    shape = (len(units), *model.input_shape[1:])
    unit_activations = unit_model(model, layer, units)
    gradient, rng = gradient_function(unit_activations), np.random.default_rng(seed)
    best, inputs = np.full(len(units), -np.inf), np.zeros(shape)
    for _ in range(STARTS):
        x = rng.uniform(-bound, bound, shape).astype(np.float32)
        for _ in range(steps):
            slope = gradient(x)
            norm = np.sqrt((slope**2).sum(axis=1, keepdims=True))
            x += rate * slope / np.maximum(norm, 1e-6)
        activations = unit_activations.predict_on_batch(x)
        is_better = activations > best
        best[is_better], inputs[is_better] = activations[is_better], x[is_better]
    return softmax(inputs, axis=2), best
