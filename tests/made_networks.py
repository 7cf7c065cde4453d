"""Small networks and random windows, for tests."""

import keras
import numpy as np
from peaks2motifs.core.sequences import encode, one_hot

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
