"""The layout of dataset.h5, written and read only here.

Splits are train, valid and test. For peaks against background there may also be others_train,
others_valid and others_test: windows at the peaks of other experiments, all with label 0.
For each split: `x_<split>` one-hot uint8 (n, L, 4), `y_<split>` uint8, and `windows_<split>` with
`chrom start end name strand`. y is (n,) for the task binary, 1 for peaks and 0 for background, and
(n, T) for multiclass (one 1 per row) and multilabel. Root attributes hold the `task` and, as a JSON
list of T names, the `classes`.
"""

import json
from collections.abc import Callable, Sequence

import h5py
import hdf5plugin
import numpy as np
import pandas as pd

from peaks2motifs.core.arrays import write_out
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import ALPHABET, codes_from_one_hot, one_hot
from peaks2motifs.core.subsample import pick_evenly
from peaks2motifs.data.splits import OTHERS, SPLITS

ROWS = 1024  # rows in a chunk, and in memory at a time
COMPRESSIONS = {
    "blosc": dict(hdf5plugin.Blosc(cname="zstd", clevel=5, shuffle=hdf5plugin.Blosc.BITSHUFFLE)),
    "gzip": {"compression": "gzip", "compression_opts": 1, "shuffle": True},
    "none": {},
}


def write_dataset(
    path: str,
    windows: dict[str, pd.DataFrame],
    read_codes: Callable[[pd.DataFrame], np.ndarray],
    attributes: dict[str, str],
    compression: str = "blosc",
    length: int | None = None,
    labels: dict[str, np.ndarray] | None = None,
    task: str = "binary",
    classes: Sequence[str] = (),
) -> None:
    """Write the windows of each split; `read_codes` gives codes (n, L) of `ROWS` at a time.

    L is `length`, or the width of the first window; narrower windows are placed as in
    `first_bases`. y is the tables' column `label`, or, for the tasks multiclass and multilabel,
    `labels`: 0 and 1 (n, T) for each split, one column per class. `attributes` are added to the
    file's root. Only `blosc` needs hdf5plugin for reading. The same input gives the same bytes.
    Raises ValueError for positions that are neither one-hot nor N and for labels of another shape,
    InputError for windows without a base.
    """
    with h5py.File(path, "w", locking="best-effort") as file:
        for split, table in windows.items():
            length = length or int(table["end"].iloc[0] - table["start"].iloc[0])
            y = labels[split] if labels else table["label"].to_numpy()
            if y.shape[1:] != ((len(classes),) if labels else ()):
                raise ValueError(f"{split}: labels {y.shape} for {len(classes)} classes")
            n_bases = _write_split(
                file, split, table, y, length, read_codes, COMPRESSIONS[compression]
            )
            counts = f"{len(y)} windows" if split in OTHERS else describe_labels(y)
            print(f"{split}: {counts}, {n_bases} bases N")
        layout = {"alphabet": ALPHABET, "axes": "window,position,base", "window": length}
        layout |= {"task": task, "classes": json.dumps(list(classes))}
        file.attrs.update(layout | attributes)


def _write_split(
    file: h5py.File,
    split: str,
    table: pd.DataFrame,
    y: np.ndarray,
    length: int,
    read_codes: Callable[[pd.DataFrame], np.ndarray],
    compression: dict,
) -> int:
    """Write the three datasets of a split; return the number of bases N."""
    # All stay open to the end: the bytes of an HDF5 file depend on when datasets are closed.
    chunk = min(ROWS, len(table))
    labels = file.create_dataset(
        f"y_{split}",
        data=y.astype(np.uint8, copy=False),
        chunks=(chunk, *y.shape[1:]),
        **compression,
    )
    windows = file.create_dataset(
        f"windows_{split}", len(table), _record_type(table), chunks=(chunk,), **compression
    )
    x = file.create_dataset(
        f"x_{split}", (len(table), length, 4), np.uint8, chunks=(chunk, length, 4), **compression
    )
    n_bases = 0
    for first in range(0, len(table), ROWS):
        rows = table.iloc[first : first + ROWS]
        block = one_hot(read_codes(rows))
        is_n = find_n(block)
        if is_n.all(axis=1).any():
            bad = rows.iloc[int(is_n.all(axis=1).argmax())]
            raise InputError(f"{bad['name']} ({bad.chrom}:{bad.start}-{bad.end}) has only bases N")
        x[first : first + ROWS] = block
        windows[first : first + ROWS] = _to_records(rows, windows.dtype)
        n_bases += int(is_n.sum())
    for dataset in (labels, windows, x):
        write_out(dataset)
    return n_bases


def describe_labels(y: np.ndarray) -> str:
    """Describe the class counts of labels (n,) or (n, T), for the log."""
    if y.ndim == 1:
        peaks = int(y.sum())
        return f"{peaks} peaks, {len(y) - peaks} background"
    counts = y.sum(axis=0, dtype=np.int64)
    return f"{len(y)} windows, {counts.min()} to {counts.max()} in each of {len(counts)} classes"


def find_n(x: np.ndarray) -> np.ndarray:
    """Return which positions of a uint8 array (n, L, 4) are N, four zeros: bool (n, L).

    Raises ValueError if a position is neither N nor one-hot.
    """
    words = np.ascontiguousarray(x).view(np.uint32)[..., 0]
    # The four bytes of a one-hot position form a word with one set bit, the lowest of its byte.
    bad = (words & (words - np.uint32(1))) | (words & np.uint32(0xFEFEFEFE))
    if bad.any():
        row, position = np.argwhere(bad)[0]
        raise ValueError(
            f"row {row}, position {position}: {x[row, position].tolist()} is neither one-hot nor N"
        )
    return words == 0


def read_split(path: str, split: str) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Read a split of dataset.h5: codes uint8 (n, L), y uint8 (n,) or (n, T), windows."""
    with h5py.File(path, "r", locking="best-effort") as file:
        x = file[f"x_{split}"]
        codes = np.empty(x.shape[:2], np.uint8)
        for first in range(0, len(x), ROWS):
            codes[first : first + ROWS] = codes_from_one_hot(x[first : first + ROWS])
        return codes, file[f"y_{split}"][:], _from_records(file[f"windows_{split}"][:])


def has_others(path: str) -> bool:
    """Return whether dataset.h5 has windows at the peaks of other experiments."""
    with h5py.File(path, "r", locking="best-effort") as file:
        return f"x_{OTHERS[0]}" in file


def read_peaks_and_background(
    path: str, split: str, max_windows: int, label: str | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Read base codes (n, L) of peaks and of background of a split.

    If there are more than `max_windows` of either, they are evenly picked. In a dataset with
    classes, peaks are the windows of class `label`.
    """
    codes, y, _ = read_split(path, split)
    is_peak = y[:, read_classes(path)[1].index(label)] if label else y
    return tuple(
        codes[pick_evenly(np.flatnonzero(is_peak == value), max_windows)] for value in (1, 0)
    )


def read_rows(path: str, split: np.ndarray, row: np.ndarray) -> tuple[np.ndarray, pd.DataFrame]:
    """Read windows by split (n,) and row (n,) within it, in that order: codes and windows."""
    codes, _, windows = zip(*(read_split(path, name) for name in SPLITS), strict=True)
    first = dict(zip(SPLITS, np.cumsum([0, *map(len, codes[:-1])]), strict=True))
    index = row + pd.Series(split).map(first).to_numpy()
    return np.concatenate(codes)[index], pd.concat(windows).iloc[index].reset_index(drop=True)


def first_bases(windows: pd.DataFrame, length: int) -> np.ndarray:
    """Return the coordinate (n,) of the first of each window's `length` positions.

    It is the start of the window. A shorter sequence is padded with N on both sides, with the odd
    one at its end; the coordinate is then the start minus the N before it.
    """
    start, end = windows["start"].to_numpy(), windows["end"].to_numpy()
    return start - (length - (end - start)) // 2


def read_classes(path: str) -> tuple[str, list[str]]:
    """Read the task of dataset.h5 and its class names, none for binary."""
    with h5py.File(path, "r", locking="best-effort") as file:
        return file.attrs.get("task", "binary"), json.loads(file.attrs.get("classes", "[]"))


def _record_type(table: pd.DataFrame) -> np.dtype:
    """Return the structured type of the window columns; text is UTF-8 of the length needed."""
    sizes = {c: max(len(text.encode()) for text in table[c]) for c in ("chrom", "name", "strand")}
    text = {name: f"S{max(1, size)}" for name, size in sizes.items()}
    columns = ("chrom", "start", "end", "name", "strand")
    return np.dtype([(column, text.get(column, "<i8")) for column in columns])


def _to_records(table: pd.DataFrame, dtype: np.dtype) -> np.ndarray:
    """Pack the window columns into a structured array."""
    records = np.empty(len(table), dtype)
    for name in dtype.names:
        is_text = dtype[name].kind == "S"
        records[name] = np.char.encode(table[name].to_numpy(str)) if is_text else table[name]
    return records


def _from_records(records: np.ndarray) -> pd.DataFrame:
    columns = {name: records[name] for name in records.dtype.names}
    text = {c: np.char.decode(columns[c], "utf-8") for c in ("chrom", "name", "strand")}
    return pd.DataFrame(columns | text)
