"""Training: seeded, byte-for-byte reproducible, stopped early by the validation loss."""

import itertools
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Sequence

import keras
import numpy as np
import pandas as pd

from peaks2motifs.checks.stack_options import check_length, choose_softmax
from peaks2motifs.core.joblog import InputError
from peaks2motifs.data.dataset import has_others, read_classes, read_split
from peaks2motifs.data.splits import OTHERS, SPLITS
from peaks2motifs.model.architectures import build
from peaks2motifs.model.batches import Batches, predict_batches
from peaks2motifs.model.kmers import fit_kmers, fit_mixture
from peaks2motifs.model.scanning import has_kmers, others_logit

HISTORY_COLUMNS = ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"]
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
Split = tuple[np.ndarray, np.ndarray]  # base codes (n, length), labels (n,)


class Progress(keras.callbacks.Callback):
    """Print one line per epoch to the job's log."""

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        numbers = "  ".join(f"{name} {value:.4g}" for name, value in logs.items())
        print(f"epoch {epoch + 1}/{self.params['epochs']}  {numbers}")


def encode_labels(y: np.ndarray, units: int) -> np.ndarray:
    """Convert labels (n,) or (n, classes) into targets (n, units) float32.

    For labels (n,), 1 for peaks, two units stand for background and peak.
    """
    targets = y if y.ndim == 2 else np.stack([1 - y, y], axis=1)
    return targets[:, -units:].astype(np.float32)


def class_weights(targets: np.ndarray) -> np.ndarray:
    """Compute weights (classes,) float32 that give all classes the same total weight.

    Each row of `targets` (n, classes) holds a single 1. The mean weight over windows is 1.
    """
    return (len(targets) / (targets.shape[1] * targets.sum(axis=0))).astype(np.float32)


def make_optimizer(
    name: str, learning_rate: float, momentum: float, nesterov: bool, clipnorm: float | None
) -> keras.optimizers.Optimizer:
    """Make the optimizer `adam` (which ignores momentum), `rmsprop` or `sgd`."""
    options = {"learning_rate": learning_rate, "clipnorm": clipnorm}
    if name == "adam":
        return keras.optimizers.Adam(**options)
    if name == "rmsprop":
        return keras.optimizers.RMSprop(momentum=momentum, **options)
    return keras.optimizers.SGD(momentum=momentum, nesterov=nesterov, **options)


def fit_dataset(
    dataset: str, architecture: dict, optimizer: dict, training: dict, loss: str, seed: int
) -> tuple[keras.Model, pd.DataFrame]:
    """Build a model for a dataset.h5, train it on `train`, and stop early by `valid`.

    `architecture` holds the arguments of `architectures.build` except length, outputs and softmax,
    `optimizer` those of `make_optimizer`, and `training` those of `train` except the data. `loss`
    is "auto" or the name of a Keras loss. Returns the model and its history. The split `test` is
    not read.
    Raises InputError if the loss does not fit the task, or windows are too short for the network.
    """
    splits = [read_split(dataset, split)[:2] for split in SPLITS[:2]]
    length, (task, classes) = splits[0][0].shape[1], read_classes(dataset)
    try:
        check_length(length, architecture["network"], architecture)
        softmax = choose_softmax(task, loss)
    except ValueError as error:
        raise InputError(f"{dataset}: model: {error}") from None
    if architecture.get("kmers") and (task != "binary" or softmax):
        print(f"k-mers left out, since they need one output: task {task}, loss {loss}")
        architecture = architecture | {"kmers": False}
    others = None
    if has_others(dataset) and not softmax:
        others = [read_split(dataset, split)[0] for split in OTHERS[:2]]
    model = build(
        length=length,
        outputs=max(len(classes), 1),
        softmax=softmax,
        others=others is not None,
        **architecture,
    )
    model.summary()
    optimizer = make_optimizer(**optimizer)
    history = train(
        model, *splits, softmax=softmax, optimizer=optimizer, seed=seed, others=others, **training
    )
    best = history.loc[history["val_loss"].fillna(np.inf).argmin()]
    print(f"best epoch {best['epoch']:.0f} of {len(history)}: val_loss {best['val_loss']:.4f}")
    return model, history


def train(
    model: keras.Model,
    train_windows: Split,
    valid_windows: Split,
    softmax: bool,
    optimizer: keras.optimizers.Optimizer,
    batch_size: int,
    epochs: int,
    patience_stopping: int,
    patience_lr: int,
    roll: int,
    seed: int,
    others: Sequence[np.ndarray] | None = None,
) -> pd.DataFrame:
    """Train `model` in place and return its history, one row per epoch with `HISTORY_COLUMNS`.

    Training fits the layer `networks` (n, replicates, units), each replicate by its own loss. It
    restores the epoch with the lowest validation loss, averaged over replicates. The learning rate
    is halved after `patience_lr` epochs without improvement, and training stops after
    `patience_stopping`. Then k-mers are mixed in, if the model has them.
    With `softmax`, or with one unit, each window belongs to one class. Losses and accuracies then
    give all classes the same total weight; afterwards logits are shifted so that probabilities
    match the class ratio of the training windows.
    `others` are the codes of training and validation windows at the peaks of other experiments.
    The networks then also learn to distinguish peaks from these. The losses of both contrasts are
    added; accuracies are those against background.
    """
    logits = model.get_layer("networks").output
    _, replicates, units = logits.shape
    outputs = ("networks", "others") if others else ()
    if others:
        logits = {"networks": logits, "others": others_logit(model)}
    networks = keras.Model(model.input, logits)
    compile_networks(networks, optimizer, softmax, outputs)
    class_weight = None
    if softmax or units == 1:
        class_weight = class_weights(encode_labels(train_windows[1], max(units, 2)))
    train_set, valid_set = (
        (codes, encode_labels(y, units), window_weights(y, class_weight))
        for codes, y in (train_windows, valid_windows)
    )
    fitted_sets = [train_set, valid_set]
    if others:
        fitted_sets = [
            add_others(*fitted, codes) for fitted, codes in zip(fitted_sets, others, strict=True)
        ]
    history = networks.fit(
        Batches(*fitted_sets[0], batch_size, replicates, seed, roll, outputs),
        validation_data=Batches(*fitted_sets[1], 4 * batch_size, replicates, outputs=outputs),
        epochs=epochs,
        callbacks=make_callbacks(patience_stopping, patience_lr),
        verbose=0,
    )
    if has_kmers(model):
        add_kmers(model, train_set, valid_set, 4 * batch_size)
    if class_weight is not None:
        shift = -np.log(class_weight)
        shift_logits(model, shift if units > 1 else shift[1:] - shift[:1])
    table = pd.DataFrame(history.history)
    table.columns = table.columns.str.replace("networks_accuracy", "accuracy")
    return table.assign(epoch=np.arange(1, len(table) + 1))[HISTORY_COLUMNS]


def add_others(
    codes: np.ndarray, targets: np.ndarray, weights: np.ndarray, others: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Append the codes of windows at other peaks; weights become (n, 2), one column per contrast.

    Weights are those of peaks and background for the first contrast, and give peaks and other peaks
    the same total weight for the second. The mean of each column is 1.
    """
    kind = np.concatenate([targets[:, 0].astype(int), np.full(len(others), 2)])
    counts = np.bincount(kind)
    contrasts = np.zeros((len(kind), 2), np.float32)
    contrasts[: len(codes), 0] = weights * (len(kind) / len(codes))
    for group in (1, 2):
        contrasts[kind == group, 1] = len(kind) / (2 * counts[group])
    added = np.zeros((len(others), 1), np.float32)
    return np.concatenate([codes, others]), np.concatenate([targets, added]), contrasts


def compile_networks(
    networks: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    softmax: bool,
    outputs: Sequence[str] = (),
) -> None:
    """Compile networks that output logits, with the loss and the accuracy of their task.

    Each of several `outputs` has this loss; the accuracy is that of the first.
    """
    loss, accuracy = keras.losses.BinaryCrossentropy, keras.metrics.BinaryAccuracy
    options = {"threshold": 0.0}
    if softmax:
        loss, accuracy = keras.losses.CategoricalCrossentropy, keras.metrics.CategoricalAccuracy
        options = {}
    losses, metrics = loss(from_logits=True), [accuracy(name="accuracy", **options)]
    if outputs:
        losses, metrics = dict.fromkeys(outputs, losses), {outputs[0]: metrics}
    networks.compile(
        optimizer,
        loss=losses,
        weighted_metrics=metrics,
        # XLA convolutions on CPUs are up to 25 times slower, but JAX always compiles with XLA.
        jit_compile=keras.config.backend() == "jax",
    )


def make_callbacks(patience_stopping: int, patience_lr: int) -> list[keras.callbacks.Callback]:
    """Make callbacks that stop early, lower the learning rate, and print progress."""
    return [
        keras.callbacks.EarlyStopping(patience=patience_stopping, restore_best_weights=True),
        keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=patience_lr),
        Progress(),
    ]


def window_weights(y: np.ndarray, class_weight: np.ndarray | None) -> np.ndarray:
    """Return the weight (n,) of each window: that of its class, or 1 if classes have none."""
    if class_weight is None:
        return np.ones(len(y), np.float32)
    return encode_labels(y, len(class_weight)) @ class_weight


def add_kmers(model: keras.Model, train_set: tuple, valid_set: tuple, batch_size: int) -> None:
    """Fit the k-mers of `model` to training windows and mix them with the networks' mean logit.

    The weights of both are fitted on validation windows, which neither was trained on. Both sets
    are codes (n, length), targets (n, 1) and weights (n,).
    """
    codes, targets, window_weight = train_set
    table, position_weights, intercept = fit_kmers(codes, targets[:, 0], window_weight)
    model.get_layer("kmer_table").set_weights([table])
    model.get_layer("kmer_score").set_weights(
        [position_weights.reshape(-1, 1), np.array([intercept])]
    )
    outputs = [model.get_layer(name).output for name in ("networks", "kmer_score")]
    codes, targets, window_weight = valid_set
    networks, scores = predict_batches(keras.Model(model.input, outputs), codes, batch_size)
    logits = networks.mean(axis=(1, 2)), scores[:, 0]
    network_weight, kmer_weight, bias = fit_mixture(*logits, targets[:, 0], window_weight)
    print(f"logit = {network_weight:.3g} networks + {kmer_weight:.3g} k-mers {bias:+.3g}")
    model.get_layer("mix").set_weights(
        [np.array([[network_weight], [kmer_weight]]), np.array([bias])]
    )


def shift_logits(model: keras.Model, shift: np.ndarray) -> None:
    """Add `shift` (units,) to the logits of a model, in the layers that output them.

    With class weights a network learns the probabilities of balanced classes. Subtracting the log
    weights converts them to the class ratio of the training windows.
    """
    heads = [layer for layer in model.layers if layer.name.startswith("head")]
    if has_kmers(model):
        heads = [model.get_layer("mix")]
    for layer in heads:
        kernel, bias = layer.get_weights()
        bias[..., : len(shift)] += shift  # not that of a second contrast
        layer.set_weights([kernel, bias])


def describe_training(model: keras.Model) -> dict[str, str | bool]:
    """Return the loss that a model was trained with, and whether k-mers are mixed in."""
    units, outputs = model.get_layer("networks").output.shape[-1], model.output.shape[-1]
    activation = model.get_layer("probability").activation
    softmax = units > outputs or activation is keras.activations.softmax
    loss = f"{'categorical' if softmax else 'binary'} cross-entropy"
    return {"loss": loss, "kmers": has_kmers(model)}


def save_model(model: keras.Model, path: str, trained_with: dict | None = None) -> None:
    """Save a reproducible .keras file: its bytes depend only on the model and `trained_with`.

    A .keras file is a zip archive with time stamps. Its metadata.json holds the time of saving, and
    its config.json identifies shared objects by their memory addresses. Time stamps, saving time
    and addresses are replaced.
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
    """Replace each `shared_object_id` by its rank in the order of first mention."""
    ranks = defaultdict(itertools.count(1).__next__)
    return re.sub(r'(?<="shared_object_id": )\d+', lambda match: str(ranks[match.group()]), config)
