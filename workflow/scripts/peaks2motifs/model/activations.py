"""The best site of each first-layer kernel in each window: activations.h5."""

import json
from collections.abc import Sequence
from typing import NamedTuple

import h5py
import numpy as np

from peaks2motifs.core.arrays import write_arrays
from peaks2motifs.core.joblog import InputError
from peaks2motifs.data.splits import OTHERS, SPLITS


class Activations(NamedTuple):
    """The best site of each of K kernels in each of n windows.

    best (n, K) is the kernel's highest activation, after the activation function.
    position (n, K) is the 0-based window offset of the leftmost base under the kernel there; with
    'same' padding it may lie outside the window. reverse (n, K) says whether the kernel read the
    minus strand.
    label (n,) is 1 for peaks; in the file of a model with T classes it is (n, T). row (n,) is the
    row of dataset.h5 within the split (n,).
    kernel and layer (K,) are names, width (K,) is in bases, replicate (K,) numbers the networks of
    an ensemble from 0.
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
    """Write activations.h5; its attributes are `classes` and whether kernels read both strands."""
    attributes = {"both_strands": both_strands, "classes": json.dumps(list(classes))}
    write_arrays(path, activations._asdict(), **attributes)


def read_activations(path: str, class_name: str | None = None) -> Activations:
    """Read activations.h5; in a model with classes, windows of `class_name` are the peaks.

    Windows at the peaks of other experiments are left out, see `read_others`. Raises InputError if
    a dataset is missing or shapes disagree.
    """
    activations = _read_all(path, class_name)
    return select_windows(activations, np.flatnonzero(~np.isin(activations.split, OTHERS)))


def read_others(path: str) -> Activations | None:
    """Read the windows at the peaks of other experiments; None if there are none.

    `split` is the part of the genome that they lie in.
    """
    activations = _read_all(path)
    rows = np.flatnonzero(np.isin(activations.split, OTHERS))
    if not len(rows):
        return None
    others = select_windows(activations, rows)
    names = dict(zip(OTHERS, SPLITS, strict=True))
    return others._replace(split=np.array([names[split] for split in others.split]))


def select_windows(activations: Activations, rows: np.ndarray) -> Activations:
    """Return the activations of some windows."""
    names = ("best", "position", "reverse", "label", "row", "split")
    return activations._replace(**{name: getattr(activations, name)[rows] for name in names})


def _read_all(path: str, class_name: str | None = None) -> Activations:
    with h5py.File(path) as file:
        missing = [name for name in Activations._fields if name not in file]
        if missing:
            raise InputError(f"{path}: datasets {', '.join(missing)} missing")
        arrays = {name: file[name][:] for name in Activations._fields}
        if class_name:
            classes = json.loads(file.attrs["classes"])
            arrays["label"] = arrays["label"][:, classes.index(class_name)]
    expected = (len(arrays["label"]), len(arrays["kernel"]))
    for name in ("best", "position", "reverse"):
        if arrays[name].shape != expected:
            raise InputError(f"{path}: {name} is {arrays[name].shape}, expected {expected}")
    texts = {name: arrays[name].astype(str) for name in ("split", "kernel", "layer")}
    return Activations(**arrays | texts)


def read_labels(path: str) -> tuple[np.ndarray, list[str]]:
    """Read all labels of activations.h5, (n,) or (n, T), and the names of the T classes.

    Windows at the peaks of other experiments are left out.
    """
    with h5py.File(path) as file:
        rows = ~np.isin(file["split"][:].astype(str), OTHERS)
        return file["label"][:][rows], json.loads(file.attrs["classes"])
