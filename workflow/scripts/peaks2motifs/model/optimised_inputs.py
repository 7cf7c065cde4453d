"""Inputs that excite units of a network most, by gradient ascent from random starts (pysster's).

As in pysster (Budach and Marsico 2018): from uniform numbers within a bound, so many steps along
the gradient of a unit's highest value, scaled to unit length over the positions of each base; in
the end a softmax makes probabilities of bases. Pictures of networks, not of biology.
"""

import keras
import numpy as np
from keras import ops

from peaks2motifs.core.joblog import InputError
from peaks2motifs.model.attribution import gradient_of

STARTS = 5  # of each unit, of which the best is kept: units that nothing excites at first stay so


def unit_model(model: keras.Model, layer: str, units: list[int]) -> keras.Model:
    """Make the model from inputs (n, length, 4) to the highest value (n,) of one unit each.

    Input i is that of units[i]; what a layer gives has units along its last axis. Raises InputError
    where the model has no such layer or unit, with those that it has.
    """
    known = {part.name: part for part in model.layers[1:] if not part.name.startswith("kmer")}
    if layer not in known:
        raise InputError(
            f"attribution.inputs: no layer {layer}, expected one of {', '.join(known)}"
        )
    window = keras.Input(model.input_shape[1:])
    # First layers may read both strands, and so have no output of their own.
    first = layer.startswith("kernels")
    part = known[layer] if first else keras.Model(model.input, known[layer].output)
    values = part(window)
    size = values.shape[-1]
    if max(units) >= size:
        raise InputError(f"attribution.inputs: {layer} has units 0 to {size - 1}, not {max(units)}")
    if between := tuple(range(1, len(values.shape) - 1)):
        values = ops.max(values, axis=between)
    chosen = np.eye(size, dtype=np.float32)[units]
    return keras.Model(window, ops.sum(values * chosen, axis=1))


def optimise(
    model: keras.Model,
    layer: str,
    units: list[int],
    bound: float,
    rate: float,
    steps: int,
    seed: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Optimise an input for each unit: probabilities (units, length, 4), and the values reached.

    The best of `STARTS` starts is kept. Raises InputError as `unit_model`.
    """
    shape = (len(units), *model.input_shape[1:])
    values = unit_model(model, layer, units)
    gradient, rng = gradient_of(values), np.random.default_rng(seed)
    best, inputs = np.full(len(units), -np.inf), np.zeros(shape)
    for _ in range(STARTS):
        x = rng.uniform(-bound, bound, shape).astype(np.float32)
        for _ in range(steps):
            slope = gradient(x)
            length = np.sqrt((slope**2).sum(axis=1, keepdims=True))
            x += rate * slope / np.maximum(length, 1e-6)
        reached = values.predict_on_batch(x)
        better = reached > best
        best[better], inputs[better] = reached[better], x[better]
    shares = np.exp(inputs - inputs.max(axis=2, keepdims=True))
    return shares / shares.sum(axis=2, keepdims=True), best
