"""Architecture, training and scanning of networks; training is reproducible."""

import keras
import numpy as np
import pytest
from keras import ops
from peaks2motifs.core.sequences import N_CODE, decode, encode, one_hot, reverse_complement
from peaks2motifs.model.architectures import build, zone_maxima, zone_means, zone_members
from peaks2motifs.model.kmers import fit_kmers, kmer_indices
from peaks2motifs.model.scanning import (
    best_sites,
    kernel_layers,
    kernel_span,
    merge_strands,
    reads_both_strands,
    score_windows,
)
from peaks2motifs.model.training import (
    Batches,
    class_weights,
    describe_training,
    encode_labels,
    make_optimizer,
    save_model,
    train,
)
from peaks2motifs.model.training_notes import read_training_notes
from peaks2motifs.motifs.activation_maps import all_sites_above
from peaks2motifs.motifs.kernel_sites import concatenate_sites
from peaks2motifs.motifs.model_maps import activation_maps, raw_counts

SMALL = {
    "network": "scan",
    "outputs": 1,
    "softmax": False,
    "kernels": [(4, 5), (2, 8)],
    "zones": [8],
    "kmers": False,
    "hidden": 3,
    "dropout": 0.2,
    "activation": "relu",
}


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)


def windows(n: int, length: int = 40, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 4, (n, length)).astype(np.uint8)


def as_input(codes: np.ndarray) -> np.ndarray:
    return one_hot(codes).astype(np.float32)


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


def forward_model(padding: str, dilation: int = 1) -> keras.Model:
    """A one-strand network with two hand-made kernels: GATTA, and a constant below zero."""
    window = keras.Input((20, 4))
    layer = keras.layers.Conv1D(
        2, 5, padding=padding, dilation_rate=dilation, activation="relu", name="kernels_5"
    )
    model = keras.Model(window, keras.layers.GlobalMaxPooling1D()(layer(window)))
    weights = np.zeros((5, 4, 2), np.float32)
    weights[:, :, 0] = one_hot(encode(["GATTA"]))[0]
    layer.set_weights([weights, np.array([-2.5, -1], np.float32)])
    return model


def test_scan_has_the_expected_number_of_parameters():
    model = build(length=40, replicates=2, **SMALL)
    convolutions = 2 * 4 * (5 * 4 + 1) + 2 * 2 * (8 * 4 + 1)
    features = (2 + 2 * 2) * (4 + 2)  # maxima and means of the window and of two zones
    standardise = 2 * 2 * features  # two numbers each
    heads = 2 * (features * 3 + 3) + 2 * (3 + 1)
    assert model.count_params() == convolutions + standardise + heads
    assert model.output_shape == (None, 1)


def test_a_window_and_its_reverse_complement_get_one_score():
    model, codes = build(length=40, replicates=2, **SMALL), windows(6)
    scores = score_windows(model, codes, batch_size=4)
    assert scores.shape == (6, 1)
    reverse_scores = score_windows(model, reverse_complement(codes), batch_size=4)
    np.testing.assert_allclose(scores, reverse_scores, rtol=1e-6)
    assert np.ptp(scores) > 0


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


def test_training_mixes_kmers_in(tmp_path):
    model = build(length=40, replicates=2, **SMALL | {"kmers": True})
    options = {"batch_size": 16, "epochs": 3, "roll": 0, "softmax": False}
    options["optimizer"] = adam(0.02)
    patience = {"patience_stopping": 3, "patience_lr": 2}
    train(model, planted(200, 1), planted(60, 2), seed=0, **options, **patience)
    factors = model.get_layer("mix").get_weights()[0]
    assert (factors >= 0).all()
    assert factors[1] > 0
    codes, y = planted(60, 3)
    scores = score_windows(model, codes, 20)
    assert scores[y == 1].mean() > scores[y == 0].mean() + 0.3
    save_model(model, tmp_path / "model.keras")
    assert read_training_notes(tmp_path / "model.keras") == {}
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(score_windows(loaded, codes, 20), scores)


@pytest.mark.parametrize(
    ("outputs", "softmax", "kmers", "loss"),
    [(1, False, True, "binary"), (1, True, False, "categorical"), (3, False, False, "binary"),
     (3, True, False, "categorical")],
)  # fmt: skip
def test_training_is_described_by_loss_and_kmers(outputs, softmax, kmers, loss):
    options = SMALL | {"outputs": outputs, "softmax": softmax, "kmers": kmers}
    description = describe_training(build(length=40, replicates=2, **options))
    assert description == {"loss": f"{loss} cross-entropy", "kmers": kmers}


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


def test_class_weights_give_both_classes_the_same_total():
    weights = class_weights(encode_labels(np.array([0, 0, 0, 1], np.uint8), 2))
    np.testing.assert_allclose(weights, [4 / 6, 2])


def test_labels_become_targets():
    y = np.array([0, 1], np.uint8)
    assert encode_labels(y, 1).tolist() == [[0], [1]]
    assert encode_labels(y, 2).tolist() == [[1, 0], [0, 1]]
    assert encode_labels(np.eye(3), 3).tolist() == np.eye(3).tolist()


def planted(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Windows of which every other one holds TGACTCAG."""
    codes, y = windows(n, seed=seed), (np.arange(n) % 2).astype(np.uint8)
    codes[y == 1, 10:18] = encode(["TGACTCAG"])
    return codes, y


def adam(learning_rate: float) -> keras.optimizers.Optimizer:
    return make_optimizer("adam", learning_rate, momentum=0, nesterov=False, clipnorm=None)


def run_training(seed: int = 0):
    keras.utils.clear_session()  # layers are numbered from 1 again, as in a job of its own
    keras.utils.set_random_seed(seed)
    model = build(length=40, replicates=2, **SMALL)
    options = {"batch_size": 16, "epochs": 6, "roll": 2, "softmax": False}
    options["optimizer"] = adam(0.02)
    patience = {"patience_stopping": 3, "patience_lr": 2}
    history = train(model, planted(200, 1), planted(60, 2), seed=seed, **options, **patience)
    return model, history


def test_training_learns_and_restores_the_best_epoch():
    model, history = run_training()
    assert list(history) == [
        "epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate",
    ]  # fmt: skip
    codes, y = planted(60, 2)
    members = keras.Model(model.input, model.get_layer("members").output)
    logits = np.asarray(members(as_input(codes)))
    loss = np.log1p(np.exp(np.where(y[:, None, None] == 1, -logits, logits))).mean()
    assert loss == pytest.approx(history["val_loss"].min(), rel=1e-4)
    assert loss < 0.5


def test_probabilities_match_the_class_ratio():
    """One window in five is a peak and nothing distinguishes it: the network should predict 0.2."""
    model = build(length=40, replicates=1, **SMALL)
    splits = [(windows(500, seed=s), (np.arange(500) % 5 == 0).astype(np.uint8)) for s in (1, 2)]
    patience = {"patience_stopping": 1, "patience_lr": 1}
    options = {"softmax": False, "optimizer": adam(1e-4), "batch_size": 100, "roll": 0}
    train(model, *splits, epochs=1, seed=0, **options, **patience)
    assert score_windows(model, splits[1][0], 100).mean() == pytest.approx(0.2, abs=0.03)


def test_training_repeats_to_the_byte(tmp_path):
    for name in ("a", "b"):
        model, history = run_training()
        save_model(model, tmp_path / f"{name}.keras", {"device": "CPU"})
        history.to_csv(tmp_path / f"{name}.tsv")
    assert (tmp_path / "a.keras").read_bytes() == (tmp_path / "b.keras").read_bytes()
    assert (tmp_path / "a.tsv").read_bytes() == (tmp_path / "b.tsv").read_bytes()
    assert read_training_notes(tmp_path / "a.keras") == {"device": "CPU"}
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    x = as_input(windows(4))
    np.testing.assert_array_equal(np.asarray(loaded(x)), np.asarray(model(x)))
    assert reads_both_strands(loaded)


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
