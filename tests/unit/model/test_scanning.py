"""Kernels and their sites: names, the best site of each, its base and its strand."""

import keras
import numpy as np
import pytest
from made_networks import SMALL, forward_model, windows
from peaks2motifs.core.sequences import encode, one_hot, reverse_complement
from peaks2motifs.model.architectures import build
from peaks2motifs.model.scanning import (
    best_sites,
    describe_kernels,
    kernel_layers,
    merge_strands,
    score_parts,
    score_windows,
    with_parts,
)
from scipy.special import logit


def test_a_window_and_its_reverse_complement_get_one_score():
    model, codes = build(length=40, replicates=2, **SMALL), windows(6)
    scores = score_windows(model, codes, batch_size=4)
    assert scores.shape == (6, 1)
    reverse_scores = score_windows(model, reverse_complement(codes), batch_size=4)
    np.testing.assert_allclose(scores, reverse_scores, rtol=1e-6)
    assert np.ptp(scores) > 0


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"kmers": True}, ["networks", "kmers"]),
        ({}, ["networks"]),
        ({"others": True, "kmers": True}, ["networks", "kmers", "others"]),
        ({"softmax": True}, ["networks"]),
        ({"outputs": 3}, []),
        ({"outputs": 3, "softmax": True}, []),
    ],
)
def test_the_parts_of_a_score_come_with_it(options, names):
    model, codes = build(length=40, replicates=2, **SMALL | options), windows(6)
    scores, parts = score_parts(with_parts(model), codes, batch_size=4)
    assert (scores == score_windows(model, codes, batch_size=4)).all()
    assert list(parts) == names
    assert {part.shape for part in parts.values()} <= {(6,)}
    if names == ["networks"]:  # they are the whole score
        np.testing.assert_allclose(parts["networks"], logit(scores[:, 0]), rtol=1e-3)


def test_mixed_parts_make_the_score():
    model, codes = build(length=40, replicates=2, **SMALL | {"kmers": True}), windows(6)
    rng = np.random.default_rng(0)
    for name in ("kmer_table", "kmer_score"):
        layer = model.get_layer(name)
        layer.set_weights([0.1 * rng.normal(size=weight.shape) for weight in layer.get_weights()])
    model.get_layer("mix").set_weights([np.array([[0.7], [1.5]]), np.array([-0.2])])
    scores, parts = score_parts(with_parts(model), codes, batch_size=4)
    assert np.ptp(parts["kmers"]) > 0.1
    mixed = 0.7 * parts["networks"] + 1.5 * parts["kmers"] - 0.2
    np.testing.assert_allclose(logit(scores[:, 0]), mixed, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(("padding", "dilation"), [("valid", 1), ("same", 1), ("same", 2)])
def test_position_is_that_of_the_leftmost_base(padding, dilation):
    window = np.full((1, 20), 1, np.uint8)
    window[0, 7 : 7 + 5 * dilation : dilation] = encode(["GATTA"])
    sites = best_sites(forward_model(padding, dilation), window, batch_size=1)
    assert sites["position"][0, 0] == 7
    assert sites["best"][0, 0] == pytest.approx(2.5)
    assert not sites["reverse"].any()
    assert sites["best"][0, 1] == 0  # a dead kernel


def test_same_padding_sees_sites_that_begin_before_the_window():
    window = np.full((1, 20), 1, np.uint8)
    window[0, :4] = encode(["ATTA"])
    sites = best_sites(forward_model("same"), window, batch_size=1)
    assert sites["position"][0, 0] == -1


def test_sites_on_the_minus_strand_are_placed_on_the_forward_strand():
    model = build(length=40, replicates=1, **SMALL | {"kernels": [(1, 5)]})
    layer = kernel_layers(model)[0]
    layer.set_weights([one_hot(encode(["GATTA"]))[0][:, :, None].astype(np.float32), np.zeros(1)])
    window = np.full((2, 40), 1, np.uint8)
    window[0, 9:14] = encode(["GATTA"])
    window[1, 23:28] = reverse_complement(encode(["GATTA"]))
    sites = best_sites(model, window, batch_size=2)
    assert sites["position"][:, 0].tolist() == [9, 23]
    assert sites["reverse"][:, 0].tolist() == [False, True]
    assert sites["best"][:, 0].tolist() == [5, 5]


def test_positions_in_very_long_windows_do_not_overflow():
    layer = keras.layers.Conv1D(1, 5)
    best, position = np.ones((1, 1)), np.array([[99_000]])
    maxima = [
        best,
        position,
        2 * best,
        np.array([[0]]),
    ]  # higher at the first base of the minus strand
    assert merge_strands(layer, maxima[:2], 100_000)[1].tolist() == [[99_000]]
    assert merge_strands(layer, maxima, 100_000)[1].tolist() == [[99_995]]
    assert merge_strands(layer, maxima[:2], 32_767)[1].dtype == np.int16


def test_every_kernel_has_a_name_a_width_and_a_layer():
    keras.utils.clear_session()
    options = {"zones": [], "kmers": True, "hidden": 0, "dropout": 0, "activation": "relu"}
    options |= {"network": "scan", "outputs": 1, "softmax": False, "replicates": 2}
    model = build(length=40, kernels=[(2, 5), (1, 8)], **options)
    kernels = describe_kernels(model)
    assert kernels["kernel"].tolist() == ["k000", "k001", "k002", "k003", "k004", "k005"]
    assert kernels["width"].tolist() == [5, 5, 5, 5, 8, 8]
    assert kernels["layer"].tolist() == ["kernels_5"] * 4 + ["kernels_8"] * 2
    assert kernels["replicate"].tolist() == [0, 0, 1, 1, 0, 1]
