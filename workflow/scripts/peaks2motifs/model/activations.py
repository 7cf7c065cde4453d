"""What the first-layer kernels saw: activations.h5."""

import json
from collections.abc import Sequence
from typing import NamedTuple

import h5py
import numpy as np

from peaks2motifs.core.arrays import write_arrays
from peaks2motifs.core.joblog import InputError


class Activations(NamedTuple):
    """The best site of each of K kernels in each of n windows.

    best (n, K) is the kernel's highest post-activation value, position (n, K) the 0-based window
    offset of the leftmost base it saw there (it may lie outside the window with 'same' padding),
    reverse (n, K) whether it read the minus strand. label (n,) is 1 for peaks (in the file (n, T)
    where a model has T classes), row (n,) the row of dataset.h5 in the split (n,) named; kernel,
    width, layer and replicate (K,) are names, bases, names and the numbers, from 0, of the networks
    of an ensemble.
    """

    best: np.ndarray
    position: np.ndarray
    reverse: np.ndarray
    label: np.ndarray
    row: np.ndarray
    split: np.ndarray
    kernel: np.ndarray
    width: np.ndarray
    layer: np.ndarray
    replicate: np.ndarray


def write_activations(
    path: str, activations: Activations, both_strands: bool, classes: Sequence[str] = ()
) -> None:
    """Write activations.h5; attributes say whether the kernels read both strands, and `classes`."""
    about = {"both_strands": both_strands, "classes": json.dumps(list(classes))}
    write_arrays(path, activations._asdict(), **about)


def read_activations(path: str, of: str | None = None) -> Activations:
    """Read activations.h5; InputError when a dataset is missing or the shapes disagree.

    Of a model with classes, peaks are the windows of the class `of`.
    """
    with h5py.File(path) as file:
        missing = [name for name in Activations._fields if name not in file]
        if missing:
            raise InputError(f"{path}: datasets {', '.join(missing)} missing")
        found = {name: file[name][:] for name in Activations._fields}
        if of:
            found["label"] = found["label"][:, json.loads(file.attrs["classes"]).index(of)]
    shape = (len(found["label"]), len(found["kernel"]))
    for name in ("best", "position", "reverse"):
        if found[name].shape != shape:
            raise InputError(f"{path}: {name} is {found[name].shape}, expected {shape}")
    return Activations(**found | {x: found[x].astype(str) for x in ("split", "kernel", "layer")})


def read_labels(path: str) -> tuple[np.ndarray, list[str]]:
    """Read the labels of activations.h5 as they are, (n,) or (n, T), and the names of T classes."""
    with h5py.File(path) as file:
        return file["label"][:], json.loads(file.attrs["classes"])
