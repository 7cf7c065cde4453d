"""Training: seeded, repeatable to the byte, stopped by the validation loss."""

import itertools
import json
import re
import zipfile
from collections import defaultdict

import keras
import numpy as np
import pandas as pd

from peaks2motifs.checks.stack_options import check_length, choose_softmax
from peaks2motifs.core.joblog import InputError, live
from peaks2motifs.data.dataset import read_classes, read_split
from peaks2motifs.model.architectures import build
from peaks2motifs.model.batches import Batches, in_batches
from peaks2motifs.model.kmers import fit_kmers, mix

HISTORY_COLUMNS = ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"]
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
Split = tuple[np.ndarray, np.ndarray]  # base codes (n, length), labels (n,)


class Progress(keras.callbacks.Callback):
    """One line an epoch, in the log and on a terminal."""

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        numbers = "  ".join(f"{name} {value:.4g}" for name, value in logs.items())
        live(f"epoch {epoch + 1}/{self.params['epochs']}  {numbers}")


def encode_labels(y: np.ndarray, units: int) -> np.ndarray:
    """Turn labels (n,) or (n, classes) into targets (n, units) float32.

    Of labels (n,), 1 for peaks, two units make background and peak.
    """
    both = y if y.ndim == 2 else np.stack([1 - y, y], axis=1)
    return both[:, -units:].astype(np.float32)


def class_weights(targets: np.ndarray) -> np.ndarray:
    """Weights (classes,) float32 that make all classes count the same.

    `targets` (n, classes) hold one 1 in each row. The mean weight over the windows is 1.
    """
    return (len(targets) / (targets.shape[1] * targets.sum(axis=0))).astype(np.float32)


def make_optimizer(
    name: str, learning_rate: float, momentum: float, nesterov: bool, clipnorm: float | None
) -> keras.optimizers.Optimizer:
    """Make the optimizer `adam`, which knows no momentum, `rmsprop` or `sgd`."""
    options = {"learning_rate": learning_rate, "clipnorm": clipnorm}
    if name == "adam":
        return keras.optimizers.Adam(**options)
    if name == "rmsprop":
        return keras.optimizers.RMSprop(momentum=momentum, **options)
    return keras.optimizers.SGD(momentum=momentum, nesterov=nesterov, **options)


def fit_dataset(
    dataset: str, architecture: dict, optimizer: dict, training: dict, loss: str, seed: int
) -> tuple[keras.Model, pd.DataFrame]:
    """Build a model for a dataset.h5, train it on `train` and stop it by `valid`.

    `architecture` holds the arguments of `architectures.build` but length, outputs and softmax,
    `optimizer` those of `make_optimizer`, `training` those of `train` but data. `loss` is "auto" or
    the name of one in Keras. Returns the model and its history; the split `test` is not read.
    Raises InputError for a loss that is not of the task, and for windows too short for the network.
    """
    splits = [read_split(dataset, split)[:2] for split in ("train", "valid")]
    length, (task, classes) = splits[0][0].shape[1], read_classes(dataset)
    try:
        check_length(length, architecture["network"], architecture)
        softmax = choose_softmax(task, loss)
    except ValueError as error:
        raise InputError(f"{dataset}: model: {error}") from None
    if architecture.get("kmers") and (task != "binary" or softmax):
        print(f"without k-mers, which need one output: the task is {task}, the loss {loss}")
        architecture = architecture | {"kmers": False}
    model = build(length=length, outputs=max(len(classes), 1), softmax=softmax, **architecture)
    model.summary()
    optimizer = make_optimizer(**optimizer)
    table = train(model, *splits, softmax=softmax, optimizer=optimizer, seed=seed, **training)
    best = table.loc[table["val_loss"].fillna(np.inf).argmin()]
    print(f"best epoch {best['epoch']:.0f} of {len(table)}: val_loss {best['val_loss']:.4f}")
    return model, table


def train(
    model: keras.Model,
    training: Split,
    validation: Split,
    softmax: bool,
    optimizer: keras.optimizers.Optimizer,
    batch_size: int,
    epochs: int,
    patience_stopping: int,
    patience_lr: int,
    roll: int,
    seed: int,
) -> pd.DataFrame:
    """Train `model` in place and return its history, one row per epoch.

    The layer `networks` (n, replicates, units) is what learns, each network from its own loss; the
    epoch with the lowest validation loss, the mean over networks, is restored. The learning rate is
    halved after `patience_lr` epochs without a lower one, and training stops after
    `patience_stopping`. Then k-mers are mixed in where the model has them. With `softmax`, or one
    unit, a window has one class; losses and accuracies then weigh all classes the same, and the
    probabilities of the trained model are all the same those of the windows' own ratio of classes.
    Columns: `HISTORY_COLUMNS`.
    """
    networks = keras.Model(model.input, model.get_layer("networks").output)
    compile_networks(networks, optimizer, softmax)
    _, replicates, units = networks.output_shape
    by_class = None
    if softmax or units == 1:
        by_class = class_weights(encode_labels(training[1], max(units, 2)))
    train_set, valid_set = (
        (codes, encode_labels(y, units), window_weights(y, by_class))
        for codes, y in (training, validation)
    )
    history = networks.fit(
        Batches(*train_set, batch_size, replicates, seed, roll),
        validation_data=Batches(*valid_set, 4 * batch_size, replicates),
        epochs=epochs,
        callbacks=[
            keras.callbacks.EarlyStopping(patience=patience_stopping, restore_best_weights=True),
            keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=patience_lr),
            Progress(),
        ],
        verbose=0,
    )
    heads = [layer for layer in model.layers if layer.name.startswith("head")]
    if any(layer.name == "mix" for layer in model.layers):
        add_kmers(model, train_set, valid_set, 4 * batch_size)
        heads = [model.get_layer("mix")]
    if by_class is not None:
        shift = -np.log(by_class)
        shift_logits(heads, shift if units > 1 else shift[1:] - shift[:1])
    table = pd.DataFrame(history.history)
    return table.assign(epoch=np.arange(1, len(table) + 1))[HISTORY_COLUMNS]


def compile_networks(
    networks: keras.Model, optimizer: keras.optimizers.Optimizer, softmax: bool
) -> None:
    """Give networks that end in logits the loss and the accuracy of their task."""
    loss, accuracy = keras.losses.BinaryCrossentropy, keras.metrics.BinaryAccuracy
    options = {"threshold": 0.0}
    if softmax:
        loss, accuracy = keras.losses.CategoricalCrossentropy, keras.metrics.CategoricalAccuracy
        options = {}
    networks.compile(
        optimizer,
        loss=loss(from_logits=True),
        weighted_metrics=[accuracy(name="accuracy", **options)],
        # XLA convolutions on CPUs are up to 25 times slower; JAX knows no other way.
        jit_compile=keras.config.backend() == "jax",
    )


def window_weights(y: np.ndarray, by_class: np.ndarray | None) -> np.ndarray:
    """The weight (n,) of each window: that of its class, or 1 where classes have none."""
    if by_class is None:
        return np.ones(len(y), np.float32)
    return encode_labels(y, len(by_class)) @ by_class


def add_kmers(model: keras.Model, training: tuple, validation: tuple, batch_size: int) -> None:
    """Fit the k-mers of `model` to training windows and mix them with the networks' mean logit.

    How much of either the mixture takes is learnt from validation windows, which neither has seen.
    Both sets are codes (n, length), targets (n, 1) and weights (n,).
    """
    codes, targets, weights = training
    table, places, intercept = fit_kmers(codes, targets[:, 0], weights)
    model.get_layer("kmer_table").set_weights([table])
    model.get_layer("kmer_score").set_weights([places.reshape(-1, 1), np.array([intercept])])
    parts = [model.get_layer(name).output for name in ("networks", "kmer_score")]
    codes, targets, weights = validation
    networks, kmers = in_batches(keras.Model(model.input, parts), codes, batch_size)
    logits = networks.mean(axis=(1, 2)), kmers[:, 0]
    network, kmers, bias = mix(*logits, targets[:, 0], weights)
    print(f"logit = {network:.3g} networks + {kmers:.3g} k-mers {bias:+.3g}")
    model.get_layer("mix").set_weights([np.array([[network], [kmers]]), np.array([bias])])


def shift_logits(heads: list[keras.layers.Layer], shift: np.ndarray) -> None:
    """Add `shift` (units,) to the logits that each of `heads` gives.

    Weighted classes teach a network the probabilities of balanced ones; the log of the weights
    turns them into those of the windows as they are.
    """
    for layer in heads:
        kernel, bias = layer.get_weights()
        layer.set_weights([kernel, bias + shift])


def traits(model: keras.Model) -> dict[str, str | bool]:
    """The loss that a model was trained by, in words, and whether k-mers are mixed in."""
    units, outputs = (
        tensor.shape[-1] for tensor in (model.get_layer("networks").output, model.output)
    )
    turned = model.get_layer("probability").activation
    softmax = units > outputs or turned is keras.activations.softmax
    kmers = any(layer.name == "mix" for layer in model.layers)
    return {"loss": f"{'categorical' if softmax else 'binary'} cross-entropy", "kmers": kmers}


def save_model(model: keras.Model, path: str, trained_with: dict | None = None) -> None:
    """Save a .keras file whose bytes depend on the model and what it was trained with alone.

    The format is a zip archive with time stamps; its metadata.json holds the time of saving, and
    its config.json tells shared objects apart by their addresses in memory.
    """
    model.save(path)
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    metadata = json.loads(entries["metadata.json"])
    entries["metadata.json"] = json.dumps(
        metadata | {"date_saved": None, "trained_with": trained_with or {}}
    ).encode()
    entries["config.json"] = number_shared_objects(entries["config.json"].decode()).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in sorted(entries.items()):
            archive.writestr(zipfile.ZipInfo(name, ZIP_DATE), data)


def number_shared_objects(config: str) -> str:
    """Replace each `shared_object_id` by its place in the order of first mention."""
    places = defaultdict(itertools.count(1).__next__)
    return re.sub(r'(?<="shared_object_id": )\d+', lambda found: str(places[found.group()]), config)
