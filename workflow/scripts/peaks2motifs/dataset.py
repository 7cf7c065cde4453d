"""The one place where the layout of dataset.h5 is decided, written and read.

For each split: `x_<split>` one-hot uint8 (n, L, 4), `y_<split>` uint8 (n,), peaks 1 and background
0, and `windows_<split>` with `chrom start end name strand`. Tables of windows here have a column
`label`, which is y.
"""

from collections.abc import Callable

import h5py
import hdf5plugin
import numpy as np
import pandas as pd

from peaks2motifs.joblog import InputError
from peaks2motifs.sequences import ALPHABET, codes_from_one_hot, one_hot
from peaks2motifs.splits import SPLITS

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
) -> None:
    """Write windows of each split, `ROWS` at a time, as `read_codes` gives their codes (n, L).

    `attributes` join those of the layout at the file's root. `blosc` needs hdf5plugin to be read,
    `gzip` and `none` do not. The same input gives the same bytes. Raises ValueError for rows that
    are neither one-hot nor N, InputError for windows without a base.
    """
    with h5py.File(path, "w", locking="best-effort") as file:
        for split, table in windows.items():
            n_bases = _write_split(file, split, table, read_codes, COMPRESSIONS[compression])
            peaks = int(table["label"].sum())
            print(f"{split}: {peaks} peaks, {len(table) - peaks} background, {n_bases} bases N")
        length = file[f"x_{split}"].shape[1]
        layout = {"alphabet": ALPHABET, "axes": "window,position,base", "window": length}
        file.attrs.update(layout | attributes)


def _write_split(
    file: h5py.File,
    split: str,
    table: pd.DataFrame,
    read_codes: Callable[[pd.DataFrame], np.ndarray],
    compression: dict,
) -> int:
    """Write the three datasets of a split; return how many bases are N."""
    length = int(table["end"].iloc[0] - table["start"].iloc[0])
    options = {"chunks": (min(ROWS, len(table)),), **compression}
    file.create_dataset(f"y_{split}", data=table["label"].to_numpy(np.uint8), **options)
    file.create_dataset(f"windows_{split}", data=_to_records(table), **options)
    options["chunks"] += (length, 4)
    x = file.create_dataset(f"x_{split}", (len(table), length, 4), np.uint8, **options)
    n_bases = 0
    for first in range(0, len(table), ROWS):
        rows = table.iloc[first : first + ROWS]
        block = one_hot(read_codes(rows))
        is_n = find_n(block)
        if is_n.all(axis=1).any():
            bad = rows.iloc[int(is_n.all(axis=1).argmax())]
            raise InputError(f"{bad['name']} ({bad.chrom}:{bad.start}-{bad.end}) is nothing but N")
        x[first : first + ROWS] = block
        n_bases += int(is_n.sum())
    return n_bases


def find_n(x: np.ndarray) -> np.ndarray:
    """Say of each position of a uint8 array (n, L, 4) whether it is N, four zeros: bool (n, L).

    Raises ValueError where a position is neither N nor one-hot.
    """
    words = np.ascontiguousarray(x).view(np.uint32)[..., 0]
    # One-hot bytes are words of one set bit, which is the lowest of its byte.
    bad = (words & (words - np.uint32(1))) | (words & np.uint32(0xFEFEFEFE))
    if bad.any():
        row, position = np.argwhere(bad)[0]
        raise ValueError(
            f"row {row}, position {position}: {x[row, position].tolist()} is neither one-hot nor N"
        )
    return words == 0


def read_split(path: str, split: str) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Read a split of dataset.h5: codes uint8 (n, L), y uint8 (n,), windows with `chrom ...`."""
    with h5py.File(path, "r", locking="best-effort") as file:
        x = file[f"x_{split}"]
        codes = np.empty(x.shape[:2], np.uint8)
        for first in range(0, len(x), ROWS):
            codes[first : first + ROWS] = codes_from_one_hot(x[first : first + ROWS])
        return codes, file[f"y_{split}"][:], _from_records(file[f"windows_{split}"][:])


def read_rows(path: str, split: np.ndarray, row: np.ndarray) -> tuple[np.ndarray, pd.DataFrame]:
    """Read the windows of row (n,) in the split (n,) named, in that order: codes and windows."""
    codes, _, windows = zip(*(read_split(path, name) for name in SPLITS), strict=True)
    first = dict(zip(SPLITS, np.cumsum([0, *map(len, codes[:-1])]), strict=True))
    place = row + pd.Series(split).map(first).to_numpy()
    return np.concatenate(codes)[place], pd.concat(windows).iloc[place].reset_index(drop=True)


def _to_records(table: pd.DataFrame) -> np.ndarray:
    """Pack the window columns into a structured array, text as UTF-8 of the length it needs."""
    text = {c: np.char.encode(table[c].to_numpy(str), "utf-8") for c in ("chrom", "name", "strand")}
    columns = {
        "chrom": text["chrom"],
        "start": table["start"].to_numpy(np.int64),
        "end": table["end"].to_numpy(np.int64),
        "name": text["name"],
        "strand": text["strand"],
    }
    records = np.empty(len(table), [(name, values.dtype) for name, values in columns.items()])
    for name, values in columns.items():
        records[name] = values
    return records


def _from_records(records: np.ndarray) -> pd.DataFrame:
    columns = {name: records[name] for name in records.dtype.names}
    text = {c: np.char.decode(columns[c], "utf-8") for c in ("chrom", "name", "strand")}
    return pd.DataFrame(columns | text)
