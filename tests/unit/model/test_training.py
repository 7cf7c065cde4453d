"""Training: targets and weights, what is learned, and the same bytes each time."""

from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest
from made_networks import SMALL, as_input, windows
from peaks2motifs.core.sequences import encode
from peaks2motifs.model.architectures import build
from peaks2motifs.model.scanning import (
    reads_both_strands,
    score_parts,
    score_windows,
    with_parts,
)
from peaks2motifs.model.training import (
    HISTORY_COLUMNS,
    add_others,
    class_weights,
    describe_training,
    encode_labels,
    make_optimizer,
    save_model,
    train,
)
from peaks2motifs.model.training_notes import read_training_notes


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


def test_training_learns_two_contrasts():
    """Peaks hold two words; the peaks of other experiments hold the first of them."""
    keras.utils.set_random_seed(0)
    model = build(length=40, replicates=2, **SMALL | {"others": True})
    splits = [planted(400, 1), planted(100, 2)]
    others = [planted(200, 3)[0], planted(100, 4)[0]]
    for codes, y in splits:
        codes[y == 1, 25:33] = encode(["CCATATGG"])
    others = [codes[1::2] for codes in others]  # with the first word
    options = {"batch_size": 16, "epochs": 12, "roll": 0, "softmax": False, "others": others}
    patience = {"patience_stopping": 12, "patience_lr": 6}
    history = train(model, *splits, optimizer=adam(0.02), seed=0, **options, **patience)
    assert list(history) == HISTORY_COLUMNS
    assert history["val_accuracy"].max() > 0.9
    codes, y = splits[1]
    parts = score_parts(with_parts(model), codes, 20)[1]
    other_parts = score_parts(with_parts(model), others[1], 20)[1]
    assert (parts["networks"][y == 1].mean() - parts["networks"][y == 0].mean()) > 2
    assert (parts["others"][y == 1].mean() - other_parts["others"].mean()) > 1


def test_windows_at_other_peaks_count_for_their_contrast_alone():
    codes, y = planted(8, 1)
    weights = np.where(y == 1, 2, 2 / 3).astype(np.float32)
    joined, targets, weights = add_others(codes, y[:, None].astype(np.float32), weights, codes[:4])
    assert joined.shape == (12, 40)
    assert targets[:, 0].tolist() == [*y, 0, 0, 0, 0]
    assert (weights[:8, 0] > 0).all()
    assert (weights[8:, 0] == 0).all()
    assert weights[:, 1].tolist() == [*(1.5 * y), *[1.5] * 4]
    np.testing.assert_allclose(weights[:, 1].mean(), 1)


@pytest.mark.parametrize(
    ("outputs", "softmax", "kmers", "loss"),
    [(1, False, True, "binary"), (1, True, False, "categorical"), (3, False, False, "binary"),
     (3, True, False, "categorical")],
)  # fmt: skip
def test_training_is_described_by_loss_and_kmers(outputs, softmax, kmers, loss):
    options = SMALL | {"outputs": outputs, "softmax": softmax, "kmers": kmers}
    description = describe_training(build(length=40, replicates=2, **options))
    assert description == {"loss": f"{loss} cross-entropy", "kmers": kmers}


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


def run_training(seed: int = 0) -> tuple[keras.Model, pd.DataFrame]:
    keras.utils.clear_session()  # layers are numbered from 1 again, as in a job of its own
    keras.utils.set_random_seed(seed)
    model = build(length=40, replicates=2, **SMALL)
    options = {"batch_size": 16, "epochs": 6, "roll": 2, "softmax": False}
    options["optimizer"] = adam(0.02)
    patience = {"patience_stopping": 3, "patience_lr": 2}
    history = train(model, planted(200, 1), planted(60, 2), seed=seed, **options, **patience)
    return model, history


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> tuple[keras.Model, pd.DataFrame, Path]:
    """A trained model, its history, and the model's file."""
    model, history = run_training()
    path = tmp_path_factory.mktemp("trained") / "model.keras"
    save_model(model, path, {"device": "CPU"})
    return model, history, path


def test_training_learns_and_restores_the_best_epoch(trained):
    model, history, _ = trained
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


def test_training_repeats_to_the_byte(trained, tmp_path):
    _, first_history, path = trained
    model, history = run_training()
    save_model(model, tmp_path / "again.keras", {"device": "CPU"})
    assert (tmp_path / "again.keras").read_bytes() == path.read_bytes()
    assert history.to_csv() == first_history.to_csv()
    assert read_training_notes(path) == {"device": "CPU"}
    loaded = keras.saving.load_model(path)
    x = as_input(windows(4))
    np.testing.assert_array_equal(np.asarray(loaded(x)), np.asarray(model(x)))
    assert reads_both_strands(loaded)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("adam", {}),
        ("rmsprop", {"momentum": 0.9}),
        ("sgd", {"momentum": 0.9, "nesterov": True}),
    ],
)
def test_optimizers_follow_the_options(name, expected):
    optimizer = make_optimizer(name, 0.01, momentum=0.9, nesterov=True, clipnorm=2.0)
    config = optimizer.get_config()
    assert type(optimizer).__name__.lower() == name
    assert config["clipnorm"] == 2
    assert config["learning_rate"] == pytest.approx(0.01)
    assert {key: config[key] for key in expected} == expected
