"""Networks: their parameters, members, zones and k-mers; options of a stack reach their layers."""

import keras
import numpy as np
import pytest
from keras import ops
from made_networks import SMALL, as_input, windows
from paths import ROOT
from peaks2motifs.checks.options import read_schemas
from peaks2motifs.checks.stack_options import expand, remaining_length
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import N_CODE, reverse_complement
from peaks2motifs.model.architectures import build, zone_maxima, zone_means, zone_members
from peaks2motifs.model.backend import start_keras
from peaks2motifs.model.kmers import fit_kmers, kmer_indices
from peaks2motifs.model.scanning import best_sites, describe_kernels, kernel_layers, score_windows

SCHEMA, _, PRESETS = read_schemas(ROOT / "workflow/schemas")
MODEL = SCHEMA["properties"]["model"]["properties"]
TRAINING = SCHEMA["properties"]["training"]["properties"]


def options_of(preset: str, **more) -> dict:
    """The arguments of `build` for a preset, with the defaults of the schema."""
    network = PRESETS[preset]["network"]
    network_options = {
        key: option for key, option in MODEL.items() if option.get("network", network) == network
    }
    options = {key: option["default"] for key, option in network_options.items() if key != "preset"}
    return {"network": network} | options | PRESETS[preset].get("model", {}) | more


def build_preset(preset: str, length: int, outputs: int = 1, **more) -> keras.Model:
    keras.utils.set_random_seed(0)
    training = {"replicates": 1} | PRESETS[preset].get("training", {})
    softmax = training.get("loss") == "auto_softmax"
    options = options_of(preset, **{"replicates": training["replicates"]} | more)
    return build(length=length, outputs=outputs, softmax=softmax, **options)


def parameters(model: keras.Model) -> list[int]:
    """The parameters of each layer that has any, in order."""
    return [layer.count_params() for layer in model.layers if layer.count_params()]


@pytest.mark.parametrize(
    ("preset", "length", "outputs", "expected"),
    [
        ("primer", 50, 1, [1_568, 4_624, 34]),  # 6,226
        ("danq", 1000, 919, [33_600, 820_480, 22_200_925, 850_994]),  # 23,905,999
        ("danq-binary", 500, 1, [33_600, 1_640_960, 82_048, 129]),  # 1,756,737
        ("toy1", 40, 1, [69, 82]),  # 151
        ("ctcf24", 200, 1, [24 * (19 * 4 + 1), 64 * (8 * 24 + 1), 65]),
        # 300 - 25 + 1 = 276, halved to 138, and again (138 - 25 + 1) / 2 = 57
        ("pysster", 300, 1, [30 * (25 * 4 + 1), 30 * (25 * 30 + 1), 100 * (57 * 30 + 1), 202]),
    ],
)
def test_presets_have_the_parameters_of_their_publications(preset, length, outputs, expected):
    model = build_preset(preset, length, outputs)
    assert parameters(model) == expected
    assert model.output_shape == (None, outputs)
    assert len(kernel_layers(model)) == 1


def test_presets_set_only_existing_options():
    for preset in PRESETS.values():
        network = preset["network"]
        for key in preset.get("model", {}):
            assert MODEL[key].get("network", network) == network
        assert set(preset.get("training", {})) <= set(TRAINING)
    assert set(PRESETS) == set(MODEL["preset"]["enum"])


def test_shapes_of_danq_match_its_publication():
    model = build_preset("danq", 1000, 919)
    shapes = {type(layer).__name__: layer.output.shape for layer in model.layers}
    assert shapes["MaxPooling1D"] == (None, 75, 320)
    assert model.get_layer("kernels").output.shape == (None, 975, 320)
    assert shapes["Flatten"] == (None, 24_000)


def test_options_are_one_value_or_a_list_with_one_per_layer():
    options = options_of("pysster", conv_num=2, kernel_num=[10, 20], kernel_len=[30, 3])
    model = build(length=300, outputs=1, softmax=True, replicates=1, **options)
    convolutions = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv1D)]
    assert [layer.filters for layer in convolutions] == [10, 20]
    assert [layer.kernel_size for layer in convolutions] == [(30,), (3,)]
    with pytest.raises(ValueError, match=r"kernel_num: \[1, 2, 3\] are 3 values, expected 2"):
        expand(options | {"kernel_num": [1, 2, 3]})


@pytest.mark.parametrize(("conv", "dense"), [(0, 1), (1, 0), (0, 0)])
def test_there_may_be_no_convolution_and_no_dense_layer(conv, dense):
    model = build_preset("pysster", 60, conv_num=conv, dense_num=dense)
    assert len(kernel_layers(model)) == conv
    assert model.output_shape == (None, 1)


def test_without_a_convolution_there_are_no_kernels():
    model = build_preset("pysster", 40, conv_num=0)
    sites = best_sites(model, np.zeros((3, 40), np.uint8), batch_size=2)
    assert {name: array.shape for name, array in sites.items()} == dict.fromkeys(sites, (3, 0))
    assert describe_kernels(model)["kernel"].tolist() == []


def test_error_about_remaining_length_shows_the_calculation():
    options = options_of("pysster")
    assert remaining_length(300, options) == 57
    sums = r"40, 40 - 25 \+ 1 = 16 \(convolution 1\), \(16 - 2\) // 2 \+ 1 = 8 \(pooling 1\), "
    with pytest.raises(ValueError, match=sums + r"8 - 25 \+ 1 = -16"):
        remaining_length(40, options)
    for preset, length in [("danq", 1000), ("ctcf24", 200), ("primer", 50)]:
        options = options_of(preset)
        model = build_preset(preset, length)
        last = [layer for layer in model.layers if "pooling" in layer.name][-1]
        assert remaining_length(length, options) == last.output.shape[1]


def test_recurrent_layers_follow_the_options():
    options = {
        "rnn_type": "GRU",
        "rnn_num": 2,
        "rnn_units": [8, 4],
        "rnn_bidirectional": [True, False],
    }
    model = build_preset("pysster", 100, **options)
    layers = [layer for layer in model.layers if layer.count_params()]
    assert type(layers[2]).__name__ == "Bidirectional"
    assert isinstance(layers[3], keras.layers.GRU)
    assert layers[3].output.shape == (None, 4)


def test_norms_of_weights_are_constrained():
    model = build_preset("pysster", 100)
    assert model.get_layer("kernels").kernel_constraint.max_value == 3
    assert build_preset("primer", 50).get_layer("kernels").kernel_constraint is None
    assert abs(model.get_layer("kernels").get_weights()[0]).max() <= 0.05


def test_two_units_of_a_softmax_give_one_probability():
    model = build_preset("primer", 50, replicates=3)
    x = np.eye(4, dtype=np.float32)[np.random.default_rng(0).integers(0, 4, (5, 50))]
    submodel = keras.Model(model.input, [model.get_layer("members").output, model.output])
    members, probability = (np.asarray(output) for output in submodel(x))
    assert members.shape == (5, 3, 2)
    mean = np.exp(members.mean(axis=1))
    np.testing.assert_allclose(probability[:, 0], mean[:, 1] / mean.sum(axis=1), rtol=1e-4)
    assert len(kernel_layers(model)) == 3


def test_probabilities_of_exclusive_classes_sum_to_one():
    options = options_of("scan", kmers=False, replicates=2)
    model = build(length=60, outputs=3, softmax=True, **options)
    x = np.eye(4, dtype=np.float32)[np.random.default_rng(0).integers(0, 4, (5, 60))]
    np.testing.assert_allclose(np.asarray(model(x)).sum(axis=1), 1, rtol=1e-5)
    model = build(length=60, outputs=3, softmax=False, **options)
    assert not np.allclose(np.asarray(model(x)).sum(axis=1), 1)


STACK = [key for key, part in MODEL.items() if part.get("network") == "stack"]


@pytest.mark.parametrize("key", STACK)
def test_every_option_of_a_stack_is_required(key):
    options = options_of("pysster", rnn_type="LSTM", replicates=1)
    del options[key]
    with pytest.raises(KeyError, match=key):
        build(length=100, outputs=1, softmax=True, **options)


def test_layers_of_a_stack_follow_the_options():
    options = {"conv_num": 1, "dense_num": 2, "dropout_conv": 0.2, "dropout_dense": [0.3, 0.4]}
    rnn = {"rnn_type": "LSTM", "rnn_dropout_input": 0.5, "rnn_dropout_recurrent": 0.7}
    layers = build_preset("pysster", 100, **options, **rnn, dropout_rnn=0.6).layers
    rates = [layer.rate for layer in layers if isinstance(layer, keras.layers.Dropout)]
    assert rates == [0.1, 0.2, 0.6, 0.3, 0.4]
    recurrent = next(layer for layer in layers if isinstance(layer, keras.layers.Bidirectional))
    config = recurrent.forward_layer.get_config()
    assert (config["dropout"], config["recurrent_dropout"]) == (0.5, 0.7)
    *dense, head = [layer for layer in layers if isinstance(layer, keras.layers.Dense)]
    assert [layer.activation.__name__ for layer in dense] == ["relu", "relu"]
    assert all(layer.kernel_constraint.max_value == 3 for layer in dense)
    assert config["kernel_constraint"]["config"]["max_value"] == 3
    assert head.kernel_constraint is None


def test_scores_are_float32_with_any_precision_of_layers():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = build_preset("ctcf24", 60, replicates=2)
    finally:
        keras.config.set_dtype_policy("float32")
    codes = np.random.default_rng(0).integers(0, 4, (5, 60)).astype(np.uint8)
    assert model.get_layer("kernels_0").compute_dtype == "bfloat16"
    assert score_windows(model, codes, 5).dtype == np.float32
    assert best_sites(model, codes, 5)["best"].dtype == np.float32


def test_a_backend_that_is_not_installed_is_refused():
    with pytest.raises(InputError, match=r"training.backend: nothing is not installed"):
        start_keras("nothing", "cpu", "float32", seed=0, threads=1)


def test_each_replicate_of_a_stack_has_separate_kernels():
    model = build_preset("toy1", 40, replicates=3)
    assert describe_kernels(model)["replicate"].tolist() == [0, 1, 2]


def with_kmers(seed: int = 0) -> keras.Model:
    """An untrained network whose k-mers have weights, the same on both strands."""
    keras.utils.set_random_seed(seed)
    model = build(length=40, replicates=2, **SMALL | {"kmers": True})
    codes = windows(60, seed=5)
    table, positions, intercept = fit_kmers(codes, np.arange(60) % 2, np.ones(60))
    model.get_layer("kmer_table").set_weights([table])
    model.get_layer("kmer_score").set_weights([positions.reshape(-1, 1), np.array([intercept])])
    model.get_layer("mix").set_weights([np.array([[2], [3]]), np.array([1])])
    return model


def test_scan_has_the_expected_number_of_parameters():
    model = build(length=40, replicates=2, **SMALL)
    convolutions = 2 * 4 * (5 * 4 + 1) + 2 * 2 * (8 * 4 + 1)
    features = (2 + 2 * 2) * (4 + 2)  # maxima and means of the window and of two zones
    standardise = 2 * 2 * features  # two numbers each
    heads = 2 * (features * 3 + 3) + 2 * (3 + 1)
    assert model.count_params() == convolutions + standardise + heads
    assert model.output_shape == (None, 1)


def test_probability_is_the_sigmoid_of_the_mean_of_members():
    model, x = build(length=40, replicates=3, **SMALL), as_input(windows(5))
    submodel = keras.Model(model.input, [model.get_layer(n).output for n in ("members", "logit")])
    members, logit = (np.asarray(a) for a in submodel(x))
    assert members.shape == (5, 3, 1)
    np.testing.assert_allclose(logit, members.mean(axis=1), rtol=1e-5)
    np.testing.assert_allclose(np.asarray(model(x)), 1 / (1 + np.exp(-logit)), rtol=1e-5)


def test_members_share_only_their_input():
    model, x = build(length=40, replicates=2, **SMALL | {"hidden": 0}), as_input(windows(5))
    members = keras.Model(model.input, model.get_layer("members").output)
    before = np.asarray(members(x))
    for layer in kernel_layers(model):  # silence the kernels of the second member
        kernel, bias = layer.get_weights()
        kernel[..., kernel.shape[-1] // 2 :] = 0
        layer.set_weights([kernel, bias])
    after = np.asarray(members(x))
    np.testing.assert_allclose(before[:, 0], after[:, 0], rtol=1e-6)
    assert not np.allclose(before[:, 1], after[:, 1])


def test_zones_are_numbered_from_the_centre():
    assert [z.tolist() for z in zone_members(10, np.array([1, 3]))] == [
        [4, 5],
        [2, 3, 6, 7],
        [0, 1, 8, 9],
    ]
    assert zone_members(10, np.array([5])) == []  # one zone is the whole


def test_means_of_zones_are_those_of_their_positions():
    x = np.arange(10, dtype=np.float32).reshape(1, 10, 1)
    means = [float(mean[0, 0]) for mean in zone_means(ops.convert_to_tensor(x), [1, 3])]
    assert means == pytest.approx([4.5, 4.5, 4.5, 4.5])
    x[0, 9] = 99
    means = [float(mean[0, 0]) for mean in zone_means(ops.convert_to_tensor(x), [1, 3])]
    assert means == pytest.approx([13.5, 4.5, 4.5, 27])


def test_maxima_of_zones_are_those_of_their_blocks():
    x = np.array([9, 3, 1, 2, 5, 4], np.float32).reshape(1, 6, 1)
    maxima = [float(zone[0, 0]) for zone in zone_maxima(ops.convert_to_tensor(x), [10, 20])]
    assert maxima == [9, 2, 5, 9]


def test_kmer_score_of_the_network_equals_the_regression():
    model, codes = with_kmers(), windows(8, seed=9)
    codes[0, 12:15] = N_CODE
    codes[1, 20:] = N_CODE
    table = model.get_layer("kmer_table").get_weights()[0]
    positions, intercept = model.get_layer("kmer_score").get_weights()
    weights = table[kmer_indices(codes)] * positions.reshape(40, 6, 3)
    expected = weights.sum(axis=(1, 2, 3)) + intercept
    score = keras.Model(model.input, model.get_layer("kmer_score").output)
    np.testing.assert_allclose(np.asarray(score(as_input(codes)))[:, 0], expected, rtol=1e-4)
    reverse_scores = np.asarray(score(as_input(reverse_complement(codes))))[:, 0]
    np.testing.assert_allclose(reverse_scores, expected, rtol=1e-3, atol=1e-4)


def test_members_are_networks_with_kmers_mixed_in():
    model, x = with_kmers(), as_input(windows(5))
    names = ("networks", "kmer_score", "members")
    submodel = keras.Model(model.input, [model.get_layer(name).output for name in names])
    networks, kmers, members = (np.asarray(output) for output in submodel(x))
    np.testing.assert_allclose(
        members, 2 * networks + 3 * kmers[..., None] + 1, rtol=1e-4, atol=1e-5
    )
