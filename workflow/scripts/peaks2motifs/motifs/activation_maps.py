"""Activation maps: the activations of a layer's kernels at every position of some windows."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np

from peaks2motifs.motifs.kernel_sites import Sites


class Map(NamedTuple):
    """The activations of the k kernels of one layer in b windows, on one strand.

    values (b, P, k) are the activations. window is the number of the first window, kernel that of
    the first kernel. reverse says whether the minus strand is read. place (P,) is the leftmost base
    under a kernel at each position, as its 0-based offset in the window on the forward strand. With
    'same' padding it may lie outside the window.
    """

    window: int
    kernel: int
    reverse: bool
    place: np.ndarray
    values: np.ndarray

    @property
    def kernels(self) -> slice:
        """The numbers of these kernels among all kernels."""
        return slice(self.kernel, self.kernel + self.values.shape[2])

    @property
    def windows(self) -> slice:
        """The numbers of these windows among all windows."""
        return slice(self.window, self.window + len(self.values))


Maps = Callable[[], Iterator[Map]]  # makes the maps of all windows again at each call


class Heights(NamedTuple):
    """The activations of K kernels: the best in each window (n, K), mean and lowest of all (K,)."""

    best: np.ndarray
    mean: np.ndarray
    lowest: np.ndarray


def measure_heights(maps: Iterable[Map], shape: tuple[int, int]) -> Heights:
    """Measure the activations of K kernels in n windows, shape (n, K), on one strand or both."""
    best = np.full(shape, -np.inf, np.float32)
    lowest, (total, number) = np.full(shape[1], np.inf), np.zeros((2, shape[1]))
    for layer_map in maps:
        kernels, values = layer_map.kernels, layer_map.values
        best_so_far = best[layer_map.windows, kernels]
        np.maximum(best_so_far, values.max(axis=1), out=best_so_far)
        lowest[kernels] = np.minimum(lowest[kernels], values.min(axis=(0, 1)))
        total[kernels] += values.sum(axis=1).sum(axis=0, dtype=float)
        number[kernels] += values.shape[0] * values.shape[1]
    return Heights(best, total / np.maximum(number, 1), lowest.astype(np.float32))


def best_sites_above(layer_map: Map, threshold: np.ndarray) -> Sites:
    """List the best site of each window if it is above threshold (K,); the first of equal ones."""
    best = layer_map.values.max(axis=1)
    window, kernel = np.nonzero(best > threshold[layer_map.kernels])
    position = layer_map.values[window, :, kernel].argmax(axis=1)
    return _make_sites(layer_map, window, position, kernel)


def all_sites_above(layer_map: Map, threshold: np.ndarray) -> Sites:
    """List the sites at all positions above threshold (K,), window by window."""
    is_above = layer_map.values > threshold[layer_map.kernels]
    return _make_sites(layer_map, *np.nonzero(is_above))


def best_sites_of(layer_map: Map, chosen: np.ndarray, rng: np.random.Generator) -> Sites:
    """List the best sites of the windows and kernels in chosen (n, K); a random one of equals."""
    window, kernel = np.nonzero(chosen[layer_map.windows, layer_map.kernels])
    values = layer_map.values[window, :, kernel]
    is_best = values == values.max(axis=1, keepdims=True)
    position = np.where(is_best, rng.random(is_best.shape), -1).argmax(axis=1)
    return _make_sites(layer_map, window, position, kernel)


def _make_sites(
    layer_map: Map, window: np.ndarray, position: np.ndarray, kernel: np.ndarray
) -> Sites:
    """Make sites (m,) of positions in a map; window and kernel are counted within the map."""
    return Sites(
        kernel=kernel + layer_map.kernel,
        window=window + layer_map.window,
        position=layer_map.place[position],
        reverse=np.full(len(window), layer_map.reverse),
        activation=layer_map.values[window, position, kernel],
    )
