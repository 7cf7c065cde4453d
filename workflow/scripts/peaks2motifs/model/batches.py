"""Windows encoded one batch at a time, for training and prediction."""

from collections.abc import Sequence

import keras
import numpy as np

from peaks2motifs.core.sequences import one_hot


class Batches(keras.utils.PyDataset):
    """Training batches, one-hot encoded on demand so that only base codes stay in memory.

    A batch holds x (batch, length, 4) float32, the targets repeated for each replicate
    (batch, replicates, units), and the weights of its windows (batch, 1). With names of `outputs`,
    targets and weights are dicts by output; all outputs have the same targets, and the `weights`
    (n, outputs) say which windows count for each. With a seed, windows are
    shuffled every epoch and each is shifted circularly by up to `roll` bases. Rows that only fill
    up a batch have weight 0.
    """

    def __init__(
        self,
        codes: np.ndarray,
        targets: np.ndarray,
        weights: np.ndarray,
        batch_size: int,
        replicates: int,
        seed: int | None = None,
        roll: int = 0,
        outputs: Sequence[str] = (),
    ):
        super().__init__()
        self.codes, self.targets, self.outputs = codes, targets[:, None], outputs
        self.weights = weights.reshape(len(codes), -1)
        self.batch_size, self.replicates, self.roll = batch_size, replicates, roll
        self.rng = None if seed is None else np.random.default_rng(seed)
        self.order = np.arange(len(codes))
        self.on_epoch_end()

    def __len__(self) -> int:
        return -(-len(self.codes) // self.batch_size)

    def __getitem__(self, index: int) -> tuple:
        rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        number, rows = len(rows), fill_batch(rows)
        codes = self.codes[rows] if self.rng is None else self.roll_windows(self.codes[rows])
        targets = np.repeat(self.targets[rows], self.replicates, axis=1)
        weights = np.where(np.arange(len(rows))[:, None] < number, self.weights[rows], 0)
        x, weights = one_hot(codes).astype(np.float32), weights.astype(np.float32)
        if not self.outputs:
            return x, targets, weights
        by_output = {name: weights[:, [column]] for column, name in enumerate(self.outputs)}
        return x, dict.fromkeys(self.outputs, targets), by_output

    def roll_windows(self, codes: np.ndarray) -> np.ndarray:
        n, length = codes.shape
        shift = self.rng.integers(-self.roll, self.roll + 1, (n, 1))
        return np.take_along_axis(codes, (np.arange(length) + shift) % length, axis=1)

    def on_epoch_end(self) -> None:
        if self.rng is not None:
            self.order = self.rng.permutation(len(self.codes))


def predict_batches(model: keras.Model, codes: np.ndarray, batch_size: int) -> list[np.ndarray]:
    """Apply a model to windows, encoding one batch at a time; list its outputs, arrays (n, ...)."""
    batches = []
    for first in range(0, len(codes), batch_size):
        rows = np.arange(first, min(first + batch_size, len(codes)))
        x = one_hot(codes[fill_batch(rows)]).astype(np.float32)
        outputs = model.predict_on_batch(x)
        outputs = outputs if isinstance(outputs, list) else [outputs]
        batches.append([output[: len(rows)] for output in outputs])
    return [np.concatenate(arrays) for arrays in zip(*batches, strict=True)]


def fill_batch(rows: np.ndarray) -> np.ndarray:
    """Repeat rows until their number is a multiple of the number of devices sharing a batch."""
    distribution = keras.distribution.distribution()
    devices = distribution.device_mesh.devices.size if distribution else 1
    return np.resize(rows, -(-len(rows) // devices) * devices)
