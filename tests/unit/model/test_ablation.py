"""Silencing a kernel equals removing it, for every replicate, class and network."""

import keras
import numpy as np
import pandas as pd
import pytest
from ablate_kernels import family_sets, kernel_sets
from peaks2motifs.model import ablation
from peaks2motifs.model.architectures import build
from peaks2motifs.model.batches import predict_batches
from peaks2motifs.model.scanning import kernel_layers
from sklearn.metrics import roc_auc_score

SCAN = {"network": "scan", "zones": [10], "hidden": 4, "dropout": 0.2, "kernels": [(3, 5), (2, 8)]}
STACK = {"network": "stack", "conv_num": 2, "kernel_num": 5, "kernel_len": 4, "pool_size": 2}
STACK |= {"pool_stride": None, "padding": "same", "dropout_input": 0, "dropout_conv": 0}
STACK |= {"rnn_type": None, "rnn_num": 0, "rnn_units": 1, "rnn_bidirectional": False}
STACK |= {"rnn_dropout_input": 0, "rnn_dropout_recurrent": 0, "rnn_sequences": False}
STACK |= {"dropout_rnn": 0, "dense_num": 1, "neuron_num": 6, "dropout_dense": 0}
STACK |= {"kernel_constraint": None, "initializer": "glorot_uniform"}
ONE = {"outputs": 1, "softmax": False}


def model_of(network, activation="relu", **more):
    """An untrained model with random statistics in each normalisation."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(4)
    scan = {"activation": activation} if network["network"] == "scan" else {}
    model = build(length=40, replicates=2, **network | scan | ONE | more)
    rng = np.random.default_rng(2)
    for layer in model.layers:
        if layer.name.startswith("pooled"):
            layer.set_weights([rng.normal(size=w.shape) ** 2 + 0.1 for w in layer.get_weights()])
    return model


def windows(n=30):
    return np.random.default_rng(1).integers(0, 4, (n, 40)).astype(np.uint8)


def without(model, silent):
    """Remove kernels from a model, in place: with relu, a kernel without weights outputs 0."""
    first = 0
    for layer in kernel_layers(model):
        kernel, bias = layer.get_weights()
        columns = [k - first for k in silent if first <= k < first + layer.filters]
        kernel[..., columns], bias[columns] = 0, 0
        layer.set_weights([kernel, bias])
        first += layer.filters


def networks(model, codes):
    submodel = keras.Model(model.input, model.get_layer("networks").output)
    return predict_batches(submodel, codes, 16)[0]


@pytest.mark.parametrize("network", [SCAN, STACK])
@pytest.mark.parametrize("at_once", [1 << 24, 4000])
def test_silence_is_a_network_without_the_kernel(network, at_once, monkeypatch):
    monkeypatch.setattr(ablation, "_VALUES_AT_ONCE", at_once)
    model, codes, silent = model_of(network), windows(), np.array([1, 7])
    logits = ablation.silenced_logits(model, codes, [np.empty(0, int), silent], 0, 16)
    assert logits.shape == (2, 30, 2)
    np.testing.assert_allclose(logits[0], networks(model, codes)[..., 0], atol=1e-5)
    without(model, silent)
    np.testing.assert_allclose(logits[1], networks(model, codes)[..., 0], atol=1e-5)
    assert np.abs(logits[1] - logits[0]).max() > 1e-2


def test_kernels_with_another_activation_are_silenced_too():
    model, codes = model_of(SCAN, activation="exponential"), windows()
    logits = ablation.silenced_logits(model, codes, [np.array([0])], 0, 16)
    layer = kernel_layers(model)[0]
    kernel, bias = layer.get_weights()
    kernel[..., 0], bias[0] = 0, -200  # its exponential is 0
    layer.set_weights([kernel, bias])
    np.testing.assert_allclose(logits[0], networks(model, codes)[..., 0], atol=1e-5)


@pytest.mark.parametrize(("outputs", "softmax"), [(1, True), (3, True), (3, False)])
def test_logit_of_each_class_is_its_log_odds(outputs, softmax):
    model, codes = model_of(STACK, outputs=outputs, softmax=softmax), windows()
    units = networks(model, codes)
    for column in range(outputs):
        logits = ablation.silenced_logits(model, codes, [np.empty(0, int)], column, 16)[0]
        if outputs == 1 or softmax:
            odds = np.exp(units) / np.exp(units).sum(axis=2, keepdims=True)
            p = odds[..., 1 if outputs == 1 else column]
            expected = np.log(p / (1 - p))
        else:
            expected = units[..., column]
        np.testing.assert_allclose(logits, expected, atol=1e-4)


def test_drop_is_the_difference_of_aurocs():
    rng = np.random.default_rng(0)
    label = np.resize([1, 0, 0], 90)
    full = rng.normal(size=90) + 2 * label
    silenced = np.stack([full, rng.normal(size=90)])
    drop, error = ablation.auroc_drops(full, silenced, label)
    assert drop[0] == error[0] == 0
    assert drop[1] == pytest.approx(roc_auc_score(label, full) - roc_auc_score(label, silenced[1]))
    assert 0.02 < error[1] < 0.1


def test_sets_of_kernels_to_silence():
    table = pd.DataFrame(
        {
            "status": ["motif", "dead", "motif", "motif", "motif", "motif"],
            "family": ["F2", None, "F10", "F2", None, "F10"],
            "importance": [0.1, 0.9, 0.2, 0.3, 0.5, 0.1],
            "replicate": [0, 0, 1, 1, 0, 1],
            "number": range(6),
        }
    ).sample(frac=1, random_state=0)  # numbers say which kernel it is, not the order of rows
    sets = family_sets(table)
    assert {name: rows.tolist() for name, rows in sets.items()} == {"F2": [0, 3], "F10": [2, 5]}
    assert list(sets) == ["F2", "F10"]
    # Third of each: 4 and 5, with 0.5; second: 3, as 1 is dead; first: 0 and 2.
    assert [rows.tolist() for rows in kernel_sets(table, 9)] == [[4, 5], [3], [0, 2]]
    assert [rows.tolist() for rows in kernel_sets(table, 1)] == [[4, 5]]
    assert kernel_sets(table[table["number"] == 1], 9) == []
