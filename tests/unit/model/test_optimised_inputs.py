"""Optimised inputs recover the sequence that a unit detects, and are reproducible."""

import keras
import numpy as np
import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import decode, encode, one_hot
from peaks2motifs.model.optimised_inputs import optimise, unit_model

OPTIONS = {"bound": 0.1, "rate": 0.1, "steps": 30}


@pytest.fixture(scope="module")
def model() -> keras.Model:
    """Two kernels, which detect GATTACA and CCCCCCC, and a dense unit."""
    window = keras.Input((20, 4))
    layer = keras.layers.Conv1D(2, 7, activation="relu", name="kernels")
    pooled = keras.layers.GlobalMaxPooling1D()(layer(window))
    model = keras.Model(window, keras.layers.Dense(1, name="logit")(pooled))
    kernels = one_hot(encode(["GATTACA", "CCCCCCC"])).transpose(1, 2, 0)
    layer.set_weights([kernels - 0.25, np.zeros(2)])
    return model


def test_inputs_recover_the_sequences_of_kernels(model):
    ppm, values = optimise(model, "kernels", [1, 0], seed=0, **OPTIONS)
    assert ppm.shape == (2, 20, 4)
    assert ppm.sum(axis=2) == pytest.approx(1)
    spelled = decode(ppm.argmax(axis=2).astype(np.uint8))
    assert "CCCCCCC" in spelled[0]
    assert "GATTACA" in spelled[1]
    assert (values > 1).all()
    again = optimise(model, "kernels", [1, 0], seed=0, **OPTIONS)
    assert (again[0] == ppm).all()


def test_each_unit_reads_its_own_input(model):
    x = np.stack([one_hot(encode([s + "T" * 13]))[0] for s in ("GATTACA", "CCCCCCC")])
    values = unit_model(model, "kernels", [0, 1]).predict_on_batch(x.astype(np.float32))
    assert values == pytest.approx([7 * 0.75, 7 * 0.75])


@pytest.mark.parametrize(
    ("layer", "unit", "expected"),
    [
        ("dense_7", 0, "no layer dense_7, expected one of kernels"),
        ("kernels", 2, "units 0 to 1, not 2"),
    ],
)
def test_unknown_layers_and_units_are_refused(model, layer, unit, expected):
    with pytest.raises(InputError, match=expected):
        unit_model(model, layer, [unit])
