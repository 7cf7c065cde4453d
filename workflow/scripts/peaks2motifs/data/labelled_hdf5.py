"""Arrays of one-hot sequences with labels, in HDF5 files of other people's layouts.

Arrays are read in blocks: of the sequences, memory holds some millions of positions at a time,
whatever their number. Labels, names and keys of all sequences are held.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

import h5py
import numpy as np
import pandas as pd

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import ALPHABET, N_CODE
from peaks2motifs.data.labelled_text import Source, extents, sequence_keys, window_length

_BLOCK = 1 << 21  # positions read at a time
_LABEL_ROWS = 1 << 14  # read at a time
_MAX_LABEL = 9999
_LETTERS = np.frombuffer(b"ACGTN", np.uint8)
_SPLIT_WORDS = {
    "train": ("train", "training"),
    "valid": ("valid", "validation", "val", "dev"),
    "test": ("test", "testing"),
}
# Names of x and y round a split's word: those of Keras users, DeepSEA (trainxdata), Basset.
_X_FORMS = ("x_{}", "x{}", "{}_x", "{}x", "{}xdata", "{}_in", "{}/x")
_Y_FORMS = ("y_{}", "y{}", "{}_y", "{}y", "{}data", "{}_out", "{}/y", "{}_labels")


class Array(NamedTuple):
    """One-hot sequences in a file: the dataset's name and where its axes are."""

    path: str
    name: str
    number: int
    length: int
    rows_last: bool  # as MATLAB's files come out
    bases_first: bool
    step: int  # rows read at a time


def hdf5_source(
    path: str,
    length: int | None,
    alphabet: str = ALPHABET,
    axes: str = "auto",
) -> Source:
    """Read labels and check every position of an HDF5 file; sequences are read as they are needed.

    The file holds `x_train y_train` and, if it likes, those of valid and test, under these or other
    common names; x in four columns `alphabet`, of any numeric type. Windows are `length` long, cut
    or padded about the middle, or as x. Raises InputError for other files and, with dataset and
    row, for what is neither one-hot nor N (zeros or quarters).
    """
    with _open(path) as file:
        found = find_arrays(path, file)
        arrays = {s: describe_array(path, file[x], file[y], axes) for s, (x, y) in found.items()}
        y = _join_labels([read_y(path, file[y], arrays[s]) for s, (_, y) in found.items()], path)
    longest = {array.length for array in arrays.values()}
    if len(longest) > 1 and not length:
        raise InputError(
            f"{path}: sequences of {' and '.join(map(str, sorted(longest)))} bp, expected one "
            "length or the option sequences.length"
        )
    window = length or window_length(longest.pop())
    table = pd.concat(
        [survey(array, split, window, alphabet) for split, array in arrays.items()],
        ignore_index=True,
    )
    numbers = {
        "padded": sum(a.number for a in arrays.values() if a.length < window),
        "cropped": sum(a.number for a in arrays.values() if a.length > window),
    }
    read_codes = _reader(list(arrays.values()), window, alphabet)
    return Source(table, y, window, read_codes, numbers)


def _open(path: str) -> h5py.File:
    try:
        return h5py.File(path, "r", locking="best-effort")
    except OSError as error:
        raise InputError(f"{path}: cannot be read as HDF5: {error}") from None


def find_arrays(path: str, file: h5py.File) -> dict[str, tuple[str, str]]:
    """Find the names of x and y of each split that the file has; train it must have."""
    names: list[str] = []
    file.visititems(lambda name, item: names.append(name) if _is_dataset(item) else None)
    found = {}
    for split, words in _SPLIT_WORDS.items():
        x = _only(path, names, {form.format(word) for form in _X_FORMS for word in words})
        y = _only(path, names, {form.format(word) for form in _Y_FORMS for word in words})
        if bool(x) != bool(y) or (split == "train" and not x):
            raise InputError(
                f"{path}: datasets {', '.join(names[:12]) or 'none'}, "
                f"expected x_{split} and y_{split}"
            )
        if x and y:
            found[split] = (x, y)
    return found


def _is_dataset(item: h5py.Dataset | h5py.Group) -> bool:
    return isinstance(item, h5py.Dataset)


def _only(path: str, names: list[str], wanted: set[str]) -> str | None:
    """The one name, case ignored, that is wanted; None when there is none."""
    found = [name for name in names if name.lower() in wanted]
    if len(found) > 1:
        raise InputError(f"{path}: both {found[0]} and {found[1]}, expected one of them")
    return found[0] if found else None


def describe_array(path: str, x: h5py.Dataset, y: h5py.Dataset, axes: str = "auto") -> Array:
    """Find the axes of x: that of rows is first, or last, where y has as many; bases are four.

    Axes of length 1 do not count. Raises InputError when shapes do not say what is what.
    """
    where = f"{path}: {x.name[1:]} {x.shape}"
    rows_last = not y.shape or x.shape[:1] != y.shape[:1]
    if rows_last and (not y.shape or x.shape[-1:] != y.shape[-1:]):
        raise InputError(f"{where} and {y.name[1:]} {y.shape}, expected as many rows of both")
    if 0 in (*x.shape, *y.shape):
        raise InputError(f"{where} and {y.name[1:]} {y.shape}: an axis of nothing, expected rows")
    if x.dtype.kind not in "biuf":
        raise InputError(f"{where}: values of type {x.dtype}, expected numbers")
    number = x.shape[-1] if rows_last else x.shape[0]
    shape = [size for size in (x.shape[:-1] if rows_last else x.shape[1:]) if size != 1]
    expected = f"{where}, expected (n, 4, length) or (n, length, 4)"
    if len(shape) != 2 or 4 not in shape:
        raise InputError(expected)
    if axes == "auto" and shape == [4, 4]:
        raise InputError(f"{where}: two axes of four, expected sequences.axes to say which is what")
    bases_first = shape[0] == 4 if axes == "auto" else axes == "channels_first"
    if shape[0 if bases_first else 1] != 4:
        raise InputError(f"{where} with sequences.axes {axes}: its axis of bases is not of four")
    length = shape[1 if bases_first else 0]
    step = _rows_at_a_time(x, length, rows_last)
    return Array(path, x.name, number, length, rows_last, bases_first, step)


def _rows_at_a_time(x: h5py.Dataset, length: int, rows_last: bool) -> int:
    """Rows of some millions of positions, in whole chunks so that each is unpacked once."""
    step = max(1, _BLOCK // length)
    chunk = x.chunks[-1 if rows_last else 0] if x.chunks else 1
    if chunk <= step:
        return step - step % chunk
    return chunk if chunk <= 4 * step else step


def read_y(path: str, y: h5py.Dataset, array: Array) -> np.ndarray:
    """Read labels (n,) as whole numbers or (n, T) as 0 and 1, some rows at a time."""
    if y.dtype.kind not in "biuf" or y.ndim > 2:
        raise InputError(f"{path}: {y.name[1:]} {y.shape} {y.dtype}, expected numbers (n,), (n, T)")
    columns = y.size // array.number
    dtype, highest = (np.uint8, 1) if columns > 1 else (np.int64, _MAX_LABEL)
    labels = np.empty((array.number, columns), dtype)
    for first in range(0, array.number, _LABEL_ROWS):
        rows = slice(first, first + _LABEL_ROWS)
        block = (y[..., rows].T if array.rows_last else y[rows]).reshape(-1, columns)
        with np.errstate(invalid="ignore"):  # of NaN and the like, which the next line finds
            found = block.astype(dtype)
        bad = (found != block) | (found < 0) | (found > highest)
        if bad.any():
            row, column = np.argwhere(bad)[0]
            raise InputError(
                f"{path}: {y.name[1:]}, row {first + row}: label {block[row, column]}, expected 0 "
                f"or 1, or for task multiclass one column of numbers to {_MAX_LABEL}"
            )
        labels[rows] = found
    return labels[:, 0] if columns == 1 else labels


def _join_labels(parts: list[np.ndarray], path: str) -> np.ndarray:
    shapes = {part.shape[1:] for part in parts}
    if len(shapes) > 1:
        raise InputError(f"{path}: labels of splits differ in their number of columns")
    return np.concatenate(parts) if len(parts) > 1 else parts[0]


def survey(array: Array, split: str, window: int, alphabet: str) -> pd.DataFrame:
    """Check every position of an array, and give its rows of a `Source`'s table."""
    key, bases = np.empty(array.number, np.int64), np.empty(array.number, np.int64)
    for first in range(0, array.number, array.step):
        codes = read_block(array, first, first + array.step, alphabet)
        rows = slice(first, first + len(codes))
        key[rows] = sequence_keys([row.tobytes() for row in _LETTERS[codes]])
        bases[rows] = (fit_codes(codes, window) < N_CODE).sum(axis=1)
    name = [f"{split}_{row}" for row in range(array.number)]
    start, end = extents(np.full(array.number, array.length), window)
    columns = {"name": name, "start": start, "end": end, "part": split, "key": key, "bases": bases}
    return pd.DataFrame(columns)


def read_block(array: Array, first: int, last: int, alphabet: str) -> np.ndarray:
    """Read rows of an array as codes (rows, length); InputError names what is no base."""
    with _open(array.path) as file:
        x = file[array.name]
        block = np.moveaxis(x[..., first:last], -1, 0) if array.rows_last else x[first:last]
    sides = (4, array.length) if array.bases_first else (array.length, 4)
    block = block.reshape(len(block), *sides)
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

    Four zeros or four quarters are N. Also gives the row and position of the first that are
    neither one-hot nor N, if any.
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
    odd = np.argwhere((n_ones > 1) | (n_others > 0))
    bad = odd[(block[odd[:, 0], odd[:, 1]] != 0.25).any(axis=1)] if len(odd) else odd
    return codes, (int(bad[0, 0]), int(bad[0, 1])) if len(bad) else None


def fit_codes(codes: np.ndarray, length: int) -> np.ndarray:
    """Cut codes (n, L) to the middle, or pad them with N, to (n, length)."""
    extra = codes.shape[1] - length
    if extra >= 0:
        return codes[:, extra // 2 : extra // 2 + length]
    left = -extra // 2
    return np.pad(codes, ((0, 0), (left, -extra - left)), constant_values=N_CODE)


def _reader(arrays: list[Array], window: int, alphabet: str) -> Callable[[np.ndarray], np.ndarray]:
    """A function from row numbers over all arrays to codes, which holds the last block read."""
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
            here = block == number
            codes[here] = read(int(number))[rows[here] - starts[number]]
        return codes

    return read_codes


def _blocks(arrays: list[Array]) -> Iterator[tuple[Array, int, int]]:
    """The blocks that all arrays are read in: array, first row, row after the last."""
    for array in arrays:
        for first in range(0, array.number, array.step):
            yield array, first, min(first + array.step, array.number)
