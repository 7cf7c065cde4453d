"""Attributions: gradients per window, correct sums, and every substitution."""

import keras
import numpy as np
import pytest
from peaks2motifs.core.sequences import N_CODE, encode, one_hot
from peaks2motifs.model import attribution
from peaks2motifs.model.architectures import build
from peaks2motifs.model.batches import predict_batches
from peaks2motifs.model.kmers import fit_kmers

SCAN = {"kernels": [(6, 5)], "zones": [], "hidden": 4, "dropout": 0.2, "activation": "relu"}
STACK = {"conv_num": 1, "kernel_num": 4, "kernel_len": 5, "padding": "same", "pool_size": 2}
STACK |= {"pool_stride": 2, "rnn_type": None, "dense_num": 1, "neuron_num": 5}
STACK |= {"rnn_num": 1, "rnn_units": 4, "rnn_bidirectional": False, "rnn_dropout_input": 0.0}
STACK |= {"rnn_dropout_recurrent": 0.0, "rnn_sequences": False}
STACK |= dict.fromkeys(("dropout_input", "dropout_conv", "dropout_rnn", "dropout_dense"), 0.1)
STACK |= {"kernel_constraint": None, "initializer": "glorot_uniform"}
METHODS = ["saliency", "gradient_x_input", "integrated_gradients", "mutagenesis"]
FREQUENCIES = np.array([0.3, 0.2, 0.2, 0.3])


def windows(n: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 4, (n, 30)).astype(np.uint8)


def make(network: str, **options) -> keras.Model:
    keras.utils.set_random_seed(1)
    options = {"outputs": 1, "softmax": False, "replicates": 2} | options
    return build(network, length=30, **{"scan": SCAN, "stack": STACK}[network] | options)


@pytest.fixture(scope="module")
def mixed() -> keras.Model:
    """A model with logit = 2 networks + 3 k-mers + 1, with fitted k-mers."""
    model = make("scan", kmers=True)
    codes = windows(40)
    table, positions, intercept = fit_kmers(codes, np.arange(40) % 2, np.ones(40))
    model.get_layer("kmer_table").set_weights([table])
    model.get_layer("kmer_score").set_weights([positions.reshape(-1, 1), np.array([intercept])])
    model.get_layer("mix").set_weights([np.array([[2], [3]]), np.array([1])])
    return model


MODELS = {
    "scan": lambda: make("scan"),
    "stack": lambda: make("stack"),
    "second of two classes": lambda: make("stack", outputs=2, softmax=True),
    "two units for one": lambda: make("stack", softmax=True),
}


@pytest.mark.parametrize("name", MODELS)
def test_gradients_do_not_depend_on_the_batch(name):
    model = MODELS[name]()
    column = model.output_shape[1] - 1
    gradient = attribution.gradient_function(attribution.logit_model(model, column))
    codes = windows(3)
    batched = attribution.saliency(gradient, codes, 2)
    single = [attribution.saliency(gradient, codes[[i]], 1)[0] for i in range(3)]
    assert batched == pytest.approx(np.array(single), abs=1e-6)
    assert np.abs(batched[0] - batched[1]).max() > 1e-3


def test_gradient_of_a_weighted_sum_is_its_weights():
    window = keras.Input((30, 4))
    output = keras.layers.Dense(1, name="logit")(keras.layers.Flatten()(window))
    model = keras.Model(window, output)
    weights = np.arange(120, dtype=np.float32).reshape(120, 1)
    model.get_layer("logit").set_weights([weights, np.zeros(1)])
    gradient = attribution.gradient_function(attribution.logit_model(model, 0))
    assert attribution.saliency(gradient, windows(1), 8)[0] == pytest.approx(weights.reshape(30, 4))
    contributions = attribution.hypothetical_contributions(gradient, windows(1), 8)[0]
    assert contributions == pytest.approx(np.tile([-1.5, -0.5, 0.5, 1.5], (30, 1)))


@pytest.mark.parametrize("name", MODELS)
def test_integrated_gradients_sum_to_the_difference_of_logits(name):
    model = MODELS[name]()
    codes = windows(3)
    codes[0, :4] = N_CODE
    column = model.output_shape[1] - 1
    options = {"baseline": FREQUENCIES, "steps": 200, "batch_size": 2}
    attributions = attribution.attribute(model, column, codes, ["integrated_gradients"], **options)
    contributions = attributions["integrated_gradients"]
    logits = attribution.logit_model(model, column)
    x, start = one_hot(codes).astype(np.float32), attribution.baseline_windows(codes, FREQUENCIES)
    difference = logits.predict_on_batch(x) - logits.predict_on_batch(start)
    assert attributions["difference"] == pytest.approx(difference, abs=1e-5)
    assert contributions.sum(axis=(1, 2)) == pytest.approx(difference, abs=0.02)
    assert not contributions[0, :4].any()


def test_gradients_explain_the_networks_and_mutagenesis_the_whole_logit(mixed):
    codes = windows(2)
    networks_logit = attribution.logit_model(mixed, 0, networks_only=True)
    kmers = keras.Model(mixed.input, mixed.get_layer("kmer_score").output)
    networks, score = (
        predict_batches(networks_logit, codes, 2)[0],
        predict_batches(kmers, codes, 2)[0][:, 0],
    )
    logit = predict_batches(attribution.logit_model(mixed, 0), codes, 2)[0]
    assert logit == pytest.approx(networks + 3 * score + 1, abs=1e-4)
    options = {"baseline": FREQUENCIES, "steps": 200, "batch_size": 64}
    attributions = attribution.attribute(mixed, 0, codes, METHODS, **options)
    total = attributions["integrated_gradients"].sum(axis=(1, 2))
    assert total == pytest.approx(attributions["difference"], abs=0.02)
    edited = codes[:1].copy()
    edited[0, 7] = (edited[0, 7] + 2) % 4
    after = predict_batches(attribution.logit_model(mixed, 0), edited, 2)[0]
    assert attributions["mutagenesis"][0, 7, edited[0, 7]] == pytest.approx(
        after[0] - logit[0], abs=1e-4
    )


def test_gradient_times_input_is_the_gradient_at_the_reference_bases():
    codes = windows(2)
    options = {"baseline": FREQUENCIES, "steps": 1, "batch_size": 64}
    attributions = attribution.attribute(make("scan"), 0, codes, METHODS[:2], **options)
    assert set(attributions) == {"saliency", "gradient_x_input"}
    expected = np.take_along_axis(attributions["saliency"], codes[..., None], axis=2)[..., 0]
    assert attributions["gradient_x_input"].sum(axis=2) == pytest.approx(expected)
    assert (attributions["gradient_x_input"] != 0).sum(axis=2).max() == 1


def test_substitutions_are_three_at_each_base_and_none_at_n():
    position, base = attribution.substitutions(encode(["ANT"])[0])
    assert sorted(zip(position, base, strict=True)) == [
        *((0, 1), (0, 2), (0, 3)),
        *((2, 0), (2, 1), (2, 2)),
    ]


def test_mutagenesis_is_zero_at_the_reference_bases():
    codes = windows(2)
    changes = attribution.mutagenesis(attribution.logit_model(make("scan"), 0), codes, 7)
    reference = np.take_along_axis(changes, codes[..., None], axis=2)
    assert not reference.any()
    assert (changes != 0).sum() > 100


def test_without_windows_there_are_no_attributions():
    options = {"baseline": FREQUENCIES, "steps": 2, "batch_size": 8}
    no_codes = np.zeros((0, 30), np.uint8)
    attributions = attribution.attribute(make("scan"), 0, no_codes, METHODS, **options)
    assert {name: values.shape for name, values in attributions.items()} == dict.fromkeys(
        METHODS, (0, 30, 4)
    )
