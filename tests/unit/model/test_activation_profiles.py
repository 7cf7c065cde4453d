"""Means and spreads of activation maps, against maps worked out by hand."""

import keras
import numpy as np
import pytest
from keras import ops
from peaks2motifs.core.sequences import encode, one_hot, reverse_complement
from peaks2motifs.model.activation_profiles import first_centres, position_means


def spot_model(padding: str, both: bool = False) -> keras.Model:
    """A network with a kernel that is 1 where it sees CAT and 0 elsewhere, in windows of 8 bp."""
    window = keras.Input((8, 4))
    layer = keras.layers.Conv1D(1, 3, padding=padding, activation="relu", name="kernels")
    strands = [layer(window)] + ([layer(ops.flip(window, axis=(1, 2)))] if both else [])
    model = keras.Model(window, [keras.layers.GlobalMaxPooling1D()(strand) for strand in strands])
    layer.set_weights([one_hot(encode(["CAT"]))[0][..., None], np.array([-2.0])])
    return model


WINDOWS = encode(["CATGGGGG", "CATCATGG", "GGGGGCAT", "GGGGGGGG"])


def test_means_and_spreads_of_valid_maps_stand_at_the_leftmost_base():
    mean, spread = position_means(spot_model("valid"), WINDOWS, 3)
    expected = [[1, 1, 0, 0], [0] * 4, [0] * 4, [0, 1, 0, 0], [0] * 4, [0, 0, 1, 0]]
    assert mean[0, :6] == pytest.approx(np.mean(expected, axis=1))
    assert spread[0, :6] == pytest.approx(np.std(expected, axis=1))
    assert np.isnan(mean[0, 6:]).all()
    assert first_centres(spot_model("valid")).tolist() == [-2.5]  # bases 0 to 2 of 8


def test_same_padding_moves_the_first_place_outwards():
    mean, _ = position_means(spot_model("same"), WINDOWS[:1], 3)
    assert mean[0].tolist() == [0, 1, 0, 0, 0, 0, 0, 0]
    assert first_centres(spot_model("same")).tolist() == [-3.5]


def test_a_site_on_the_other_strand_counts_where_its_bases_are():
    window = encode(["CATTTTTT"])
    codes = np.concatenate([window, reverse_complement(window)])
    mean, _ = position_means(spot_model("valid", both=True), codes, 3)
    assert mean[0, :6].tolist() == [0.5, 0, 0, 0, 0, 0.5]


def test_a_network_without_kernels_has_no_maps():
    window = keras.Input((8, 4))
    model = keras.Model(window, keras.layers.Flatten()(window))
    mean, spread = position_means(model, WINDOWS, 3)
    assert mean.shape == spread.shape == (0, 8)
    assert first_centres(model).shape == (0,)
