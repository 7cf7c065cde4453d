"""Activation maps: what the kernels of a layer say at every position, some windows at a time."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np

from peaks2motifs.motifs.kernel_sites import Sites


class Map(NamedTuple):
    """What the k kernels of one layer say of b windows on one strand.

    values (b, P, k) are activations; window is the number of the first window, kernel that of the
    first kernel. place (P,) is the offset in the window, 0-based and on the forward strand, of the
    leftmost base under a kernel at each position; with 'same' padding it may lie outside. reverse
    says whether the minus strand is read.
    """

    window: int
    kernel: int
    reverse: bool
    place: np.ndarray
    values: np.ndarray

    @property
    def kernels(self) -> slice:
        """Which of all kernels these are."""
        return slice(self.kernel, self.kernel + self.values.shape[2])

    @property
    def windows(self) -> slice:
        """Which of all windows these are."""
        return slice(self.window, self.window + len(self.values))


Maps = Callable[[], Iterator[Map]]  # makes the maps of all windows anew for each pass


class Heights(NamedTuple):
    """How high K kernels rise: best (n, K) in each window, and over all positions (K,)."""

    best: np.ndarray
    mean: np.ndarray
    lowest: np.ndarray


def measure(maps: Iterable[Map], shape: tuple[int, int]) -> Heights:
    """Measure kernels over the maps of all windows (n, K), of one strand or both."""
    best = np.full(shape, -np.inf, np.float32)
    lowest, (total, number) = np.full(shape[1], np.inf), np.zeros((2, shape[1]))
    for one in maps:
        here = best[one.windows, one.kernels]
        np.maximum(here, one.values.max(axis=1), out=here)
        lowest[one.kernels] = np.minimum(lowest[one.kernels], one.values.min(axis=(0, 1)))
        total[one.kernels] += one.values.sum(axis=1).sum(axis=0, dtype=float)
        number[one.kernels] += one.values.shape[0] * one.values.shape[1]
    return Heights(best, total / np.maximum(number, 1), lowest.astype(np.float32))


def highest(one: Map, threshold: np.ndarray) -> Sites:
    """Each window's highest position, the first of equals, where it is above threshold (K,)."""
    best = one.values.max(axis=1)
    window, kernel = np.nonzero(best > threshold[one.kernels])
    position = one.values[window, :, kernel].argmax(axis=1)
    return _sites(one, window, position, kernel)


def everywhere(one: Map, threshold: np.ndarray) -> Sites:
    """All positions above threshold (K,), window by window."""
    return _sites(one, *np.nonzero(one.values > threshold[one.kernels]))


def any_highest(one: Map, chosen: np.ndarray, rng: np.random.Generator) -> Sites:
    """The highest position of the windows and kernels that chosen (n, K) names, any of equals."""
    window, kernel = np.nonzero(chosen[one.windows, one.kernels])
    values = one.values[window, :, kernel]
    equal = values == values.max(axis=1, keepdims=True)
    position = np.where(equal, rng.random(equal.shape), -1).argmax(axis=1)
    return _sites(one, window, position, kernel)


def _sites(one: Map, window: np.ndarray, position: np.ndarray, kernel: np.ndarray) -> Sites:
    activation = one.values[window, position, kernel]
    reverse = np.full(len(window), one.reverse)
    place = one.place[position]
    return Sites(kernel + one.kernel, window + one.window, place, reverse, activation)
