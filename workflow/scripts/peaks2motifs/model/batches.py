"""Windows encoded a batch at a time, for training and for all that a model says of them."""

import keras
import numpy as np

from peaks2motifs.core.sequences import one_hot


class Batches(keras.utils.PyDataset):
    """Batches of windows, encoded when they are asked for, so that memory holds base codes only.

    A batch is x (batch, length, 4) float32, the targets repeated for each of the replicates
    (batch, replicates, units) and the weights of its windows (batch, 1). With a seed the windows
    are shuffled anew each epoch, and each is rolled by up to `roll` bases, its end joined to its
    start; without one they are left as they are. Rows that only fill a batch have no weight.
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
    ):
        super().__init__()
        self.codes, self.targets, self.weights = codes, targets[:, None], weights[:, None]
        self.batch_size, self.replicates, self.roll = batch_size, replicates, roll
        self.rng = None if seed is None else np.random.default_rng(seed)
        self.order = np.arange(len(codes))
        self.on_epoch_end()

    def __len__(self) -> int:
        return -(-len(self.codes) // self.batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        number, rows = len(rows), fill_batch(rows)
        codes = self.codes[rows] if self.rng is None else self.rolled(self.codes[rows])
        targets = np.repeat(self.targets[rows], self.replicates, axis=1)
        weights = np.where(np.arange(len(rows))[:, None] < number, self.weights[rows], 0)
        return one_hot(codes).astype(np.float32), targets, weights.astype(np.float32)

    def rolled(self, codes: np.ndarray) -> np.ndarray:
        n, length = codes.shape
        shift = self.rng.integers(-self.roll, self.roll + 1, (n, 1))
        return np.take_along_axis(codes, (np.arange(length) + shift) % length, axis=1)

    def on_epoch_end(self) -> None:
        if self.rng is not None:
            self.order = self.rng.permutation(len(self.codes))


def in_batches(model: keras.Model, codes: np.ndarray, batch_size: int) -> list[np.ndarray]:
    """Apply a model to windows, encoding one batch at a time; list its outputs, arrays (n, ...)."""
    parts = []
    for first in range(0, len(codes), batch_size):
        rows = np.arange(first, min(first + batch_size, len(codes)))
        x = one_hot(codes[fill_batch(rows)]).astype(np.float32)
        outputs = model.predict_on_batch(x)
        outputs = outputs if isinstance(outputs, list) else [outputs]
        parts.append([output[: len(rows)] for output in outputs])
    return [np.concatenate(arrays) for arrays in zip(*parts, strict=True)]


def fill_batch(rows: np.ndarray) -> np.ndarray:
    """Repeat rows until all devices that share a batch get as many."""
    shared = keras.distribution.distribution()
    devices = shared.device_mesh.devices.size if shared else 1
    return np.resize(rows, -(-len(rows) // devices) * devices)
