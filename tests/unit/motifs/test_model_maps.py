"""What a network gives to motifs: maps of activations, and its weights as counts."""

from itertools import product

import numpy as np
import pytest
from made_networks import SMALL, forward_model
from peaks2motifs.core.sequences import decode, encode, one_hot, reverse_complement
from peaks2motifs.model.architectures import build
from peaks2motifs.model.scanning import best_sites, kernel_layers, kernel_span
from peaks2motifs.motifs.activation_maps import all_sites_above
from peaks2motifs.motifs.kernel_sites import concatenate_sites
from peaks2motifs.motifs.model_maps import activation_maps, best_words, raw_counts


@pytest.mark.parametrize(("padding", "dilation"), [("valid", 1), ("same", 1), ("same", 2)])
def test_maps_give_positions_of_leftmost_bases(padding, dilation):
    model = forward_model(padding, dilation)
    width = 4 * dilation + 1
    assert kernel_span(kernel_layers(model)[0]) == width
    window = np.full((3, 20), 1, np.uint8)
    window[0, 7 : 7 + width : dilation] = encode(["GATTA"])
    window[2, 10 : 10 + width] = reverse_complement(window[0, 7 : 7 + width])
    maps = list(activation_maps(model, window, batch_size=2, both_strands=True))
    assert [(map_.window, map_.kernel, map_.reverse) for map_ in maps] == [
        *((0, 0, False), (0, 0, True), (2, 0, False), (2, 0, True))
    ]
    sites = concatenate_sites([all_sites_above(map_, np.array([2.4, 2.4])) for map_ in maps])
    assert sites.window.tolist() == [0, 2]
    assert sites.position.tolist() == [7, 10]
    assert sites.reverse.tolist() == [False, True]
    assert sites.activation.tolist() == pytest.approx([2.5, 2.5])


def test_maps_cover_all_layers():
    model = build(length=40, replicates=1, **SMALL | {"kernels": [(2, 5), (3, 8)]})
    window = np.random.default_rng(0).integers(0, 4, (5, 40)).astype(np.uint8)
    maps = list(activation_maps(model, window, batch_size=5, both_strands=False))
    assert [map_.kernels for map_ in maps] == [slice(0, 2), slice(2, 5)]
    best = best_sites(model, window, batch_size=5)
    plus = ~best["reverse"]
    highest = np.hstack([map_.values.max(axis=1) for map_ in maps])
    np.testing.assert_allclose(highest[plus], best["best"][plus], rtol=1e-5)


def test_raw_weights_of_all_layers_are_stacked():
    model = build(length=40, replicates=1, **SMALL | {"kernels": [(1, 5), (1, 8)]})
    layer = kernel_layers(model)[0]
    gatta = 9 * one_hot(encode(["GATTA"]))[0][:, :, None].astype(np.float32)
    layer.set_weights([gatta, np.zeros(1)])
    counts = raw_counts(model)
    assert counts.shape == (2, 8, 4)
    assert decode(counts[:1, :5].argmax(axis=2).astype(np.uint8)) == ["GATTA"]
    assert not counts[0, 5:].any()
    assert (counts[1].sum(axis=1) == 100).all()


def test_raw_is_the_mean_of_the_100_best_words_of_the_weights():
    weights = np.random.default_rng(4).normal(size=(5, 4, 3))
    words = np.array(list(product(range(4), repeat=5)))
    for kernel, counts in enumerate(best_words(weights)):
        score = weights[np.arange(5), words, kernel].sum(axis=1)
        best = words[np.argsort(-score)[:100]]
        assert (counts == (best[:, :, None] == np.arange(4)).sum(axis=0)).all()


def test_raw_looks_sharp_even_of_random_weights():
    (counts,) = best_words(np.random.default_rng(5).normal(size=(12, 4, 1)))
    ppm = counts / 100
    bits = 2 + (ppm * np.log2(np.maximum(ppm, 1e-9))).sum(axis=1)
    assert bits.sum() > 10  # as much as many a real motif


def test_raw_knows_nothing_of_the_bases_between_the_taps_of_dilated_kernels():
    weights = np.array([[[9], [0], [0], [0]], [[0], [0], [0], [9]]])  # A, then T
    assert best_words(weights, 3)[0].tolist() == best_words(weights)[0].tolist()[:1] + [
        [4] * 4
    ] * 2 + [[4] * 4]
