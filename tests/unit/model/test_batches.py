"""Batches: each window once, shifted, with its weight; what fills a batch for devices has none."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from made_networks import as_input, windows
from peaks2motifs.core.sequences import one_hot
from peaks2motifs.model.batches import Batches, fill_batch, predict_batches
from peaks2motifs.model.training import encode_labels

CODES = np.random.default_rng(0).integers(0, 4, (7, 12), np.uint8)


@pytest.fixture
def four_devices(monkeypatch):
    mesh = SimpleNamespace(device_mesh=SimpleNamespace(devices=np.zeros(4)))
    monkeypatch.setattr("keras.distribution.distribution", lambda: mesh)


def test_batches_of_one_device_are_not_filled():
    assert fill_batch(np.arange(5)).tolist() == [0, 1, 2, 3, 4]


def test_rows_that_fill_a_batch_have_no_weight(four_devices):
    batches = Batches(CODES, np.ones((7, 1)), np.full(7, 2.0), batch_size=6, replicates=2)
    sizes, weights = zip(*((len(x), w[:, 0].tolist()) for x, _, w in batches), strict=True)
    assert sizes == (8, 4)
    assert weights == ([2] * 6 + [0] * 2, [2] + [0] * 3)


def test_outputs_exclude_the_filling(four_devices):
    model = keras.Sequential([keras.Input((12, 4)), keras.layers.Flatten(), keras.layers.Dense(2)])
    expected = model.predict(one_hot(CODES).astype(np.float32), verbose=0)
    np.testing.assert_allclose(predict_batches(model, CODES, 3)[0], expected, rtol=1e-5)


def test_windows_are_shifted_circularly():
    codes, y = windows(30), np.zeros((30, 1), np.float32)
    batches = Batches(codes, y, np.ones(30), batch_size=30, replicates=1, seed=0, roll=3)
    x = batches[0][0].argmax(axis=2)
    shifts = set()
    for row, original in zip(x, codes[batches.order], strict=True):
        possible = [s for s in range(-3, 4) if (np.roll(original, -s) == row).all()]
        assert possible
        shifts.update(possible)
    assert len(shifts) > 3


def test_batches_hold_every_window_once_with_its_label_and_weight():
    codes, y = windows(10), np.arange(10, dtype=np.uint8) % 2
    weights = np.array([0.5, 2], np.float32)
    targets = encode_labels(y, 1)
    batches = Batches(codes, targets, weights[y], batch_size=4, replicates=3, seed=0)
    assert len(batches) == 3
    x, labels, sample_weights = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    assert labels.shape == (10, 3, 1)
    order = [int(np.flatnonzero((as_input(codes) == row).all((1, 2)))[0]) for row in x]
    assert sorted(order) == list(range(10))
    assert order != list(range(10))
    assert (labels == y[order][:, None, None]).all()
    assert (sample_weights[:, 0] == weights[y[order]]).all()
    first = order
    batches.on_epoch_end()
    assert batches.order.tolist() != first
