"""Batches are filled for devices that share them, and the filling counts for nothing."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from peaks2motifs.core.sequences import one_hot
from peaks2motifs.model.batches import Batches, fill_batch, predict_batches

CODES = np.random.default_rng(0).integers(0, 4, (7, 12), np.uint8)


@pytest.fixture
def four_devices(monkeypatch):
    mesh = SimpleNamespace(device_mesh=SimpleNamespace(devices=np.zeros(4)))
    monkeypatch.setattr("keras.distribution.distribution", lambda: mesh)


def test_one_device_gets_batches_as_they_are():
    assert fill_batch(np.arange(5)).tolist() == [0, 1, 2, 3, 4]


def test_rows_that_fill_a_batch_have_no_weight(four_devices):
    batches = Batches(CODES, np.ones((7, 1)), np.full(7, 2.0), batch_size=6, replicates=2)
    sizes, weights = zip(*((len(x), w[:, 0].tolist()) for x, _, w in batches), strict=True)
    assert sizes == (8, 4)
    assert weights == ([2] * 6 + [0] * 2, [2] + [0] * 3)


def test_outputs_are_those_of_the_windows_asked_for(four_devices):
    model = keras.Sequential([keras.Input((12, 4)), keras.layers.Flatten(), keras.layers.Dense(2)])
    expected = model.predict(one_hot(CODES).astype(np.float32), verbose=0)
    np.testing.assert_allclose(predict_batches(model, CODES, 3)[0], expected, rtol=1e-5)
