"""Training: seeded, repeatable to the byte, stopped by the validation loss."""

import itertools
import json
import re
import zipfile
from collections import defaultdict

import keras
import numpy as np
import pandas as pd

from peaks2motifs.joblog import live
from peaks2motifs.kmers import fit_kmers, mix
from peaks2motifs.sequences import one_hot

HISTORY_COLUMNS = ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"]
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
Split = tuple[np.ndarray, np.ndarray]  # base codes (n, length), labels (n,)


def make_deterministic(seed: int, threads: int) -> None:
    """Seed all random numbers and make TensorFlow repeatable; call it before TensorFlow is used.

    1 and 2 threads give different weights, so `threads` is an option of the user's and never the
    number of cores that a job happens to get.
    """
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(seed)


class Batches(keras.utils.PyDataset):
    """Batches of windows, encoded when they are asked for, so that memory holds base codes only.

    A batch is x (batch, length, 4) float32, the label repeated for each of `outputs` columns
    (batch, outputs) and the weight of its class (batch,). With a seed the windows are shuffled
    anew each epoch, and each is rolled by up to `roll` bases, its end joined to its start; without
    one they are left as they are.
    """

    def __init__(
        self,
        split: Split,
        weights: np.ndarray,
        batch_size: int,
        outputs: int,
        seed: int | None,
        roll: int = 0,
    ):
        super().__init__()
        self.codes, self.y = split
        self.weights, self.batch_size, self.outputs = weights, batch_size, outputs
        self.roll = roll
        self.rng = None if seed is None else np.random.default_rng(seed)
        self.order = np.arange(len(self.y))
        self.on_epoch_end()

    def __len__(self) -> int:
        return -(-len(self.y) // self.batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        y = np.repeat(self.y[rows, None], self.outputs, axis=1).astype(np.float32)
        codes = self.codes[rows] if self.rng is None else self.rolled(self.codes[rows])
        return one_hot(codes).astype(np.float32), y, self.weights[self.y[rows]]

    def rolled(self, codes: np.ndarray) -> np.ndarray:
        n, length = codes.shape
        shift = self.rng.integers(-self.roll, self.roll + 1, (n, 1))
        return np.take_along_axis(codes, (np.arange(length) + shift) % length, axis=1)

    def on_epoch_end(self) -> None:
        if self.rng is not None:
            self.order = self.rng.permutation(len(self.y))


class Progress(keras.callbacks.Callback):
    """One line an epoch, in the log and on a terminal."""

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        numbers = "  ".join(f"{name} {value:.4g}" for name, value in logs.items())
        live(f"epoch {epoch + 1}/{self.params['epochs']}  {numbers}")


def class_weights(y: np.ndarray) -> np.ndarray:
    """Weights (2,) float32 of background and peaks that make both classes count the same.

    They are scaled so that the mean weight over the windows is 1.
    """
    return (len(y) / (2 * np.bincount(y, minlength=2))).astype(np.float32)


def train(
    model: keras.Model,
    training: Split,
    validation: Split,
    batch_size: int,
    learning_rate: float,
    epochs: int,
    patience_stopping: int,
    patience_lr: int,
    roll: int,
    seed: int,
) -> pd.DataFrame:
    """Train `model` in place and return its history, one row per epoch.

    The layer `networks` (n, replicates) is what learns, each network from its own loss; the epoch
    with the lowest validation loss, the mean over networks, is restored. The learning rate is
    halved after `patience_lr` epochs without a lower one, and training stops after
    `patience_stopping`. Then k-mers are mixed in where the model has them. Losses and accuracies
    weigh both classes the same; the probabilities of the trained model are those of the windows'
    own ratio of classes. Columns: `HISTORY_COLUMNS`.
    """
    networks = keras.Model(model.input, model.get_layer("networks").output)
    networks.compile(
        keras.optimizers.Adam(learning_rate),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        weighted_metrics=[keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0)],
        jit_compile=False,  # XLA convolutions on CPUs are up to 25 times slower
    )
    weights, outputs = class_weights(training[1]), networks.output_shape[1]
    history = networks.fit(
        Batches(training, weights, batch_size, outputs, seed, roll),
        validation_data=Batches(validation, weights, 4 * batch_size, outputs, seed=None),
        epochs=epochs,
        callbacks=[
            keras.callbacks.EarlyStopping(patience=patience_stopping, restore_best_weights=True),
            keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=patience_lr),
            Progress(),
        ],
        verbose=0,
    )
    layer = "network_logits"
    if any(part.name == "mix" for part in model.layers):
        add_kmers(model, training, validation, weights, 4 * batch_size)
        layer = "mix"
    shift_logits(model.get_layer(layer), float(np.log(weights[0] / weights[1])))
    table = pd.DataFrame(history.history)
    return table.assign(epoch=np.arange(1, len(table) + 1))[HISTORY_COLUMNS]


def add_kmers(
    model: keras.Model, training: Split, validation: Split, weights: np.ndarray, batch_size: int
) -> None:
    """Fit the k-mers of `model` to training windows and mix them with the networks' mean logit.

    How much of either the mixture takes is learnt from validation windows, which neither has seen.
    `weights` (2,) are those of the classes.
    """
    table, places, intercept = fit_kmers(*training, weights[training[1]])
    model.get_layer("kmer_table").set_weights([table])
    model.get_layer("kmer_score").set_weights([places.reshape(-1, 1), np.array([intercept])])
    parts = [model.get_layer(name).output for name in ("networks", "kmer_score")]
    logits = keras.Model(model.input, parts).predict(
        Batches(validation, weights, batch_size, 1, seed=None), verbose=0
    )
    y = validation[1]
    network, kmers, bias = mix(*(part.mean(axis=1) for part in logits), y, weights[y])
    print(f"logit = {network:.3g} networks + {kmers:.3g} k-mers {bias:+.3g}")
    model.get_layer("mix").set_weights([np.array([[network], [kmers]]), np.array([bias])])


def shift_logits(layer: keras.layers.Layer, shift: float) -> None:
    """Add `shift` to the logits that `layer` gives.

    Weighted classes teach a network the probabilities of balanced ones; the log of the ratio of
    the weights turns them into those of the windows as they are.
    """
    kernel, bias = layer.get_weights()
    layer.set_weights([kernel, bias + shift])


def save_model(model: keras.Model, path: str) -> None:
    """Save a .keras file whose bytes depend on the model alone.

    The format is a zip archive with time stamps; its metadata.json holds the time of saving, and
    its config.json tells shared objects apart by their addresses in memory.
    """
    model.save(path)
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    metadata = json.loads(entries["metadata.json"])
    entries["metadata.json"] = json.dumps(metadata | {"date_saved": None}).encode()
    entries["config.json"] = number_shared_objects(entries["config.json"].decode()).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in sorted(entries.items()):
            archive.writestr(zipfile.ZipInfo(name, ZIP_DATE), data)


def number_shared_objects(config: str) -> str:
    """Replace each `shared_object_id` by its place in the order of first mention."""
    places = defaultdict(itertools.count(1).__next__)
    return re.sub(r'(?<="shared_object_id": )\d+', lambda found: str(places[found.group()]), config)
