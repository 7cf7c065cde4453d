"""Architecture, training and scanning: what the network reads, and that training repeats."""

import keras
import numpy as np
import pytest
from peaks2motifs.architectures import scan
from peaks2motifs.scanning import best_sites, kernel_layers, reads_both_strands, score_windows
from peaks2motifs.sequences import encode, one_hot, reverse_complement
from peaks2motifs.training import Batches, class_weights, save_model, train

SMALL = {"kernels": [(4, 5), (2, 8)], "hidden": 3, "dropout": 0.2, "activation": "relu"}


def windows(n: int, length: int = 40, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 4, (n, length)).astype(np.uint8)


def as_input(codes: np.ndarray) -> np.ndarray:
    return one_hot(codes).astype(np.float32)


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


def test_scan_has_the_parameters_that_its_description_gives():
    model = scan(40, replicates=2, **SMALL)
    convolutions = 2 * 4 * (5 * 4 + 1) + 2 * 2 * (8 * 4 + 1)
    standardise = 2 * 2 * (2 * 4 + 2 * 2)  # maxima and means, two numbers each
    heads = 2 * (12 * 3 + 3) + 2 * (3 + 1)  # 4 + 4 + 2 + 2 features a replicate
    assert model.count_params() == convolutions + standardise + heads
    assert model.output_shape == (None, 1)


def test_a_window_and_its_reverse_complement_get_one_score():
    model, codes = scan(40, replicates=2, **SMALL), windows(6)
    scores = score_windows(model, codes, batch_size=4)
    assert scores.shape == (6,)
    turned = score_windows(model, reverse_complement(codes), batch_size=4)
    np.testing.assert_allclose(scores, turned, rtol=1e-6)
    assert np.ptp(scores) > 0


def test_probability_is_the_sigmoid_of_the_mean_of_members():
    model, x = scan(40, replicates=3, **SMALL), as_input(windows(5))
    parts = keras.Model(model.input, [model.get_layer(n).output for n in ("members", "logit")])
    members, logit = (np.asarray(a) for a in parts(x))
    assert members.shape == (5, 3)
    np.testing.assert_allclose(logit[:, 0], members.mean(axis=1), rtol=1e-5)
    np.testing.assert_allclose(np.asarray(model(x)), 1 / (1 + np.exp(-logit)), rtol=1e-5)


def test_members_share_nothing_but_their_input():
    model, x = scan(40, replicates=2, **SMALL), as_input(windows(5))
    members = keras.Model(model.input, model.get_layer("members").output)
    before = np.asarray(members(x))
    for layer in kernel_layers(model):  # silence the kernels of the second member
        kernel, bias = layer.get_weights()
        kernel[..., kernel.shape[-1] // 2 :] = 0
        layer.set_weights([kernel, bias])
    after = np.asarray(members(x))
    np.testing.assert_allclose(before[:, 0], after[:, 0], rtol=1e-6)
    assert not np.allclose(before[:, 1], after[:, 1])


def test_batches_hold_every_window_once_with_its_label_and_weight():
    codes, y = windows(10), np.arange(10, dtype=np.uint8) % 2
    weights = np.array([0.5, 2], np.float32)
    batches = Batches((codes, y), weights, batch_size=4, outputs=3, seed=0)
    assert len(batches) == 3
    x, labels, sample_weights = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    assert labels.shape == (10, 3)
    order = [int(np.flatnonzero((as_input(codes) == row).all((1, 2)))[0]) for row in x]
    assert sorted(order) == list(range(10))
    assert order != list(range(10))
    assert (labels == y[order][:, None]).all()
    assert (sample_weights == weights[y[order]]).all()
    first = order
    batches.on_epoch_end()
    assert batches.order.tolist() != first


def test_class_weights_give_both_classes_the_same_total():
    weights = class_weights(np.array([0, 0, 0, 1], np.uint8))
    np.testing.assert_allclose(weights, [4 / 6, 2])


def planted(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Windows of which every other one holds TGACTCAG."""
    codes, y = windows(n, seed=seed), (np.arange(n) % 2).astype(np.uint8)
    codes[y == 1, 10:18] = encode(["TGACTCAG"])
    return codes, y


def run_training(seed: int = 0):
    keras.utils.clear_session()  # layers are numbered from 1 again, as in a job of its own
    keras.utils.set_random_seed(seed)
    model = scan(40, replicates=2, **SMALL)
    options = {"batch_size": 16, "learning_rate": 0.02, "epochs": 6}
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
    loss = np.log1p(np.exp(np.where(y[:, None] == 1, -logits, logits))).mean()
    assert loss == pytest.approx(history["val_loss"].min(), rel=1e-4)
    assert loss < 0.5


def test_probabilities_are_those_of_the_ratio_of_classes():
    """One window in five is a peak and nothing tells which: the network should say 0.2."""
    keras.utils.set_random_seed(0)
    model = scan(40, replicates=1, **SMALL)
    splits = [(windows(500, seed=s), (np.arange(500) % 5 == 0).astype(np.uint8)) for s in (1, 2)]
    patience = {"patience_stopping": 1, "patience_lr": 1}
    train(model, *splits, batch_size=100, learning_rate=1e-4, epochs=1, seed=0, **patience)
    assert score_windows(model, splits[1][0], 100).mean() == pytest.approx(0.2, abs=0.03)


def test_training_repeats_to_the_byte(tmp_path):
    for name in ("a", "b"):
        model, history = run_training()
        save_model(model, tmp_path / f"{name}.keras")
        history.to_csv(tmp_path / f"{name}.tsv")
    assert (tmp_path / "a.keras").read_bytes() == (tmp_path / "b.keras").read_bytes()
    assert (tmp_path / "a.tsv").read_bytes() == (tmp_path / "b.tsv").read_bytes()
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    x = as_input(windows(4))
    np.testing.assert_array_equal(np.asarray(loaded(x)), np.asarray(model(x)))
    assert reads_both_strands(loaded)


@pytest.mark.parametrize(("padding", "dilation"), [("valid", 1), ("same", 1), ("same", 2)])
def test_position_is_that_of_the_leftmost_base(padding, dilation):
    window = np.full((1, 20), 1, np.uint8)
    window[0, 7 : 7 + 5 * dilation : dilation] = encode(["GATTA"])
    found = best_sites(forward_model(padding, dilation), window, batch_size=1)
    assert found["position"][0, 0] == 7
    assert found["best"][0, 0] == pytest.approx(2.5)
    assert not found["reverse"].any()
    assert found["best"][0, 1] == 0  # a dead kernel


def test_same_padding_sees_sites_that_begin_before_the_window():
    window = np.full((1, 20), 1, np.uint8)
    window[0, :4] = encode(["ATTA"])
    found = best_sites(forward_model("same"), window, batch_size=1)
    assert found["position"][0, 0] == -1


def test_sites_on_the_minus_strand_are_placed_on_the_forward_strand():
    keras.utils.set_random_seed(0)
    model = scan(40, [(1, 5)], hidden=1, dropout=0, activation="relu", replicates=1)
    layer = kernel_layers(model)[0]
    layer.set_weights([one_hot(encode(["GATTA"]))[0][:, :, None].astype(np.float32), np.zeros(1)])
    window = np.full((2, 40), 1, np.uint8)
    window[0, 9:14] = encode(["GATTA"])
    window[1, 23:28] = reverse_complement(encode(["GATTA"]))
    found = best_sites(model, window, batch_size=2)
    assert found["position"][:, 0].tolist() == [9, 23]
    assert found["reverse"][:, 0].tolist() == [False, True]
    assert found["best"][:, 0].tolist() == [5, 5]
    found = best_sites(model, window, batch_size=2, forward_only=True)
    assert not found["reverse"].any()
    assert found["best"][0, 0] == 5
    assert found["best"][1, 0] < 5
