"""Labelled one-hot sequences in HDF5 files of various layouts.

Sequences are read in blocks of some millions of positions, so that memory does not grow with their
number. Labels, names and keys of all sequences are in memory.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

import h5py
import numpy as np
import pandas as pd

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import ALPHABET, N_CODE
from peaks2motifs.data.labelled_text import (
    LabelledSequences,
    check_longest,
    sequence_keys,
    window_extents,
)

_BLOCK = 1 << 21  # positions read at a time
_LABEL_ROWS = 1 << 14  # read at a time
_MAX_LABEL = 9999
_LETTERS = np.frombuffer(b"ACGTN", np.uint8)
_SPLIT_WORDS = {
    "train": ("train", "training"),
    "valid": ("valid", "validation", "val", "dev"),
    "test": ("test", "testing"),
}
# Names of x and y for a split: those of Keras users, DeepSEA (trainxdata), Basset.
_X_FORMS = ("x_{}", "x{}", "{}_x", "{}x", "{}xdata", "{}_in", "{}/x")
_Y_FORMS = ("y_{}", "y{}", "{}_y", "{}y", "{}data", "{}_out", "{}/y", "{}_labels")


class Array(NamedTuple):
    """One-hot sequences in a file: the name of the dataset, its size and its order of axes."""

    path: str
    name: str
    number: int
    length: int
    rows_last: bool  # as in files written by MATLAB
    bases_first: bool
    step: int  # rows read at a time


def read_hdf5_sequences(
    path: str,
    length: int | None,
    alphabet: str = ALPHABET,
    axes: str = "auto",
) -> LabelledSequences:
    """Read labels and check every position of an HDF5 file; sequences are read when needed.

    The file holds `x_train y_train` and optionally those of valid and test, under these or other
    common names. x has four channels in the order of `alphabet`, of any numeric type. Windows have
    `length`, cropped or padded about the middle, or the length of x. Raises InputError for other
    files and, with dataset and row, for positions that are neither one-hot nor N (zeros or
    quarters).
    """
    with _open(path) as file:
        names = find_arrays(path, file)
        arrays = {s: describe_array(path, file[x], file[y], axes) for s, (x, y) in names.items()}
        y = _join_labels([read_y(path, file[y], arrays[s]) for s, (_, y) in names.items()], path)
    window = length or _common_length(list(arrays.values()), path)
    table = pd.concat(
        [check_sequences(array, split, window, alphabet) for split, array in arrays.items()],
        ignore_index=True,
    )
    counts = {
        "padded": sum(a.number for a in arrays.values() if a.length < window),
        "cropped": sum(a.number for a in arrays.values() if a.length > window),
    }
    read_codes = _reader(list(arrays.values()), window, alphabet)
    return LabelledSequences(table, y, window, read_codes, counts)


def _common_length(arrays: list[Array], path: str) -> int:
    lengths = sorted({array.length for array in arrays})
    if len(lengths) > 1:
        raise InputError(
            f"{path}: sequences of {' and '.join(map(str, lengths))} bp, expected one length or "
            "the option sequences.length"
        )
    return check_longest(lengths[0])


def _open(path: str) -> h5py.File:
    try:
        return h5py.File(path, "r", locking="best-effort")
    except OSError as error:
        raise InputError(f"{path}: cannot be read as HDF5: {error}") from None


def find_arrays(path: str, file: h5py.File) -> dict[str, tuple[str, str]]:
    """Find the names of x and y of each split in the file; train is required."""
    names: list[str] = []
    file.visititems(lambda name, item: names.append(name) if _is_dataset(item) else None)
    pairs = {}
    for split, words in _SPLIT_WORDS.items():
        x = _find_one(path, names, {form.format(word) for form in _X_FORMS for word in words})
        y = _find_one(path, names, {form.format(word) for form in _Y_FORMS for word in words})
        if bool(x) != bool(y) or (split == "train" and not x):
            raise InputError(
                f"{path}: datasets {', '.join(names[:12]) or 'none'}, "
                f"expected x_{split} and y_{split}"
            )
        if x and y:
            pairs[split] = (x, y)
    return pairs


def _is_dataset(item: h5py.Dataset | h5py.Group) -> bool:
    return isinstance(item, h5py.Dataset)


def _find_one(path: str, names: list[str], accepted: set[str]) -> str | None:
    """Return the only name in `accepted`, ignoring case, or None."""
    matches = [name for name in names if name.lower() in accepted]
    if len(matches) > 1:
        raise InputError(f"{path}: both {matches[0]} and {matches[1]}, expected one of them")
    return matches[0] if matches else None


def describe_array(path: str, x: h5py.Dataset, y: h5py.Dataset, axes: str = "auto") -> Array:
    """Determine the axes of x: rows are its first or last axis, as in y; bases have length 4.

    Axes of length 1 are ignored. Raises InputError if the shapes are ambiguous or do not fit.
    """
    rows_last = _has_rows_last(path, x, y)
    number = x.shape[-1] if rows_last else x.shape[0]
    shape = [size for size in (x.shape[:-1] if rows_last else x.shape[1:]) if size != 1]
    bases_first = _has_bases_first(f"{path}: {x.name[1:]} {x.shape}", shape, axes)
    length = shape[1 if bases_first else 0]
    step = _rows_at_a_time(x, length, rows_last)
    return Array(path, x.name, number, length, rows_last, bases_first, step)


def _has_rows_last(path: str, x: h5py.Dataset, y: h5py.Dataset) -> bool:
    """Return whether rows are the last axis of x and y, and not the first."""
    shapes = f"{path}: {x.name[1:]} {x.shape} and {y.name[1:]} {y.shape}"
    rows_last = not y.shape or x.shape[:1] != y.shape[:1]
    if rows_last and (not y.shape or x.shape[-1:] != y.shape[-1:]):
        raise InputError(f"{shapes}, expected the same number of rows")
    if 0 in (*x.shape, *y.shape):
        raise InputError(f"{shapes}: an axis of length 0, expected rows")
    if x.dtype.kind not in "biuf":
        raise InputError(f"{path}: {x.name[1:]} of type {x.dtype}, expected numbers")
    return rows_last


def _has_bases_first(dataset: str, shape: list[int], axes: str) -> bool:
    """Return whether the first of two axes holds the four bases; `dataset` is for messages."""
    if len(shape) != 2 or 4 not in shape:
        raise InputError(f"{dataset}, expected (n, 4, length) or (n, length, 4)")
    if axes == "auto" and shape == [4, 4]:
        raise InputError(f"{dataset}: two axes of length 4, expected the option sequences.axes")
    bases_first = shape[0] == 4 if axes == "auto" else axes == "channels_first"
    if shape[0 if bases_first else 1] != 4:
        raise InputError(f"{dataset} with sequences.axes {axes}: its axis of bases is not 4 long")
    return bases_first


def _rows_at_a_time(x: h5py.Dataset, length: int, rows_last: bool) -> int:
    """Return a number of rows of some millions of positions, in whole chunks of the file."""
    step = max(1, _BLOCK // length)
    chunk = x.chunks[-1 if rows_last else 0] if x.chunks else 1
    if chunk <= step:
        return step - step % chunk
    return chunk if chunk <= 4 * step else step


def read_y(path: str, y: h5py.Dataset, array: Array) -> np.ndarray:
    """Read labels (n,) as class numbers or (n, T) as 0 and 1, some rows at a time."""
    if y.dtype.kind not in "biuf" or y.ndim > 2:
        raise InputError(f"{path}: {y.name[1:]} {y.shape} {y.dtype}, expected numbers (n,), (n, T)")
    columns = y.size // array.number
    dtype, highest = (np.uint8, 1) if columns > 1 else (np.int64, _MAX_LABEL)
    labels = np.empty((array.number, columns), dtype)
    for first in range(0, array.number, _LABEL_ROWS):
        rows = slice(first, first + _LABEL_ROWS)
        block = (y[..., rows].T if array.rows_last else y[rows]).reshape(-1, columns)
        with np.errstate(invalid="ignore"):  # NaN and infinity are refused below
            numbers = block.astype(dtype)
        bad = (numbers != block) | (numbers < 0) | (numbers > highest)
        if bad.any():
            row, column = np.argwhere(bad)[0]
            raise InputError(
                f"{path}: {y.name[1:]}, row {first + row}: label {block[row, column]}, expected 0 "
                f"or 1, or for task multiclass one column of numbers up to {_MAX_LABEL}"
            )
        labels[rows] = numbers
    return labels[:, 0] if columns == 1 else labels


def _join_labels(labels: list[np.ndarray], path: str) -> np.ndarray:
    n_columns = {split_labels.shape[1:] for split_labels in labels}
    if len(n_columns) > 1:
        raise InputError(f"{path}: labels of splits differ in their number of columns")
    return np.concatenate(labels) if len(labels) > 1 else labels[0]


def check_sequences(array: Array, split: str, window: int, alphabet: str) -> pd.DataFrame:
    """Check every position of an array; return its rows of the table of `LabelledSequences`."""
    key, bases = np.empty(array.number, np.int64), np.empty(array.number, np.int64)
    for first in range(0, array.number, array.step):
        codes = read_block(array, first, first + array.step, alphabet)
        rows = slice(first, first + len(codes))
        key[rows] = sequence_keys([row.tobytes() for row in _LETTERS[codes]])
        bases[rows] = (fit_codes(codes, window) < N_CODE).sum(axis=1)
    name = [f"{split}_{row}" for row in range(array.number)]
    start, end = window_extents(np.full(array.number, array.length), window)
    columns = {"name": name, "start": start, "end": end, "file_split": split}
    return pd.DataFrame(columns | {"key": key, "bases": bases})


def read_block(array: Array, first: int, last: int, alphabet: str) -> np.ndarray:
    """Read rows of an array as codes (rows, length); InputError names positions without a base."""
    with _open(array.path) as file:
        x = file[array.name]
        block = np.moveaxis(x[..., first:last], -1, 0) if array.rows_last else x[first:last]
    shape = (4, array.length) if array.bases_first else (array.length, 4)
    block = block.reshape(len(block), *shape)
    block = block.swapaxes(1, 2) if array.bases_first else block
    codes, bad = codes_of_channels(block, alphabet)
    if bad is not None:
        row, position = bad
        raise InputError(
            f"{array.path}: {array.name[1:]}, row {first + row}, position {position}: "
            f"{block[row, position].tolist()}, expected one 1 and three 0, or for N four 0 or 0.25"
        )
    return codes


def codes_of_channels(
    block: np.ndarray, alphabet: str
) -> tuple[np.ndarray, tuple[int, int] | None]:
    """Turn one-hot numbers (n, length, 4) in the order of `alphabet` into codes (n, length).

    Four zeros or four quarters are N. Also returns row and position of the first that is neither
    one-hot nor N, if any.
    """
    n_ones, n_others = np.zeros((2, *block.shape[:2]), np.uint8)
    codes = np.zeros(block.shape[:2], np.uint8)
    for channel, letter in enumerate(alphabet):
        values = block[..., channel]
        is_one = (values == 1).view(np.uint8)
        n_ones += is_one
        n_others += (values != 0).view(np.uint8) - is_one
        codes += is_one * np.uint8(ALPHABET.index(letter))
    codes[n_ones == 0] = N_CODE
    suspects = np.argwhere((n_ones > 1) | (n_others > 0))
    if len(suspects):
        suspects = suspects[(block[suspects[:, 0], suspects[:, 1]] != 0.25).any(axis=1)]
    return codes, (int(suspects[0, 0]), int(suspects[0, 1])) if len(suspects) else None


def fit_codes(codes: np.ndarray, length: int) -> np.ndarray:
    """Crop codes (n, L) to their middle, or pad them with N: (n, length)."""
    extra = codes.shape[1] - length
    if extra >= 0:
        return codes[:, extra // 2 : extra // 2 + length]
    left = -extra // 2
    return np.pad(codes, ((0, 0), (left, -extra - left)), constant_values=N_CODE)


def _reader(arrays: list[Array], window: int, alphabet: str) -> Callable[[np.ndarray], np.ndarray]:
    """Make a function from row numbers over all arrays to codes; it caches the last block read."""
    blocks = list(_blocks(arrays))
    starts = np.cumsum([0, *(last - first for _, first, last in blocks)])

    @lru_cache(maxsize=1)
    def read(number: int) -> np.ndarray:
        array, first, last = blocks[number]
        return fit_codes(read_block(array, first, last, alphabet), window)

    def read_codes(rows: np.ndarray) -> np.ndarray:
        codes = np.empty((len(rows), window), np.uint8)
        block = np.searchsorted(starts, rows, side="right") - 1
        for number in np.unique(block):
            in_block = block == number
            codes[in_block] = read(int(number))[rows[in_block] - starts[number]]
        return codes

    return read_codes


def _blocks(arrays: list[Array]) -> Iterator[tuple[Array, int, int]]:
    """Yield the blocks to read from all arrays: array, first row, row after the last."""
    for array in arrays:
        for first in range(0, array.number, array.step):
            yield array, first, min(first + array.step, array.number)
