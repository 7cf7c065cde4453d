"""Text files: other people's, read whatever their packing; ours, the same bytes for one content."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import numpy as np
import pandas as pd

from peaks2motifs.core.joblog import InputError

BED6 = ["chrom", "start", "end", "name", "score", "strand"]


def read_bytes(path: str) -> bytes:
    """Read a file, decompressed where its first bytes say gzip, whatever its name says."""
    try:
        with open(path, "rb") as handle:
            data = handle.read()
        return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{path}: broken or truncated gzip file: {error}") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def read_lines(path: str, expected: str) -> dict[int, str]:
    """Read a text file, gzipped or not, as lines by their numbers from 1.

    UTF-8, with or without a byte order mark; any other bytes in it become U+FFFD. Raises
    InputError, saying what was `expected`, for a binary file.
    """
    data = read_bytes(path)
    if b"\0" in data:
        raise InputError(f"{path}: a binary file, expected text: {expected}")
    # With newline=None all of \n, \r\n and \r end a line, and nothing else does.
    text = io.StringIO(data.decode("utf-8-sig", errors="replace"), newline=None)
    return dict(enumerate(text, 1))


def write_text(text: str, path: str) -> None:
    """Write `text`, gzipped without name or time stamp when `path` ends in .gz."""
    data = text.encode()
    if str(path).endswith(".gz"):
        data = gzip.compress(data, compresslevel=6, mtime=0)
    Path(path).write_bytes(data)


@contextmanager
def open_gz(path: str) -> Iterator[TextIO]:
    """Open a text file to be written piece by piece, gzipped without name or time stamp."""
    with (
        open(path, "wb") as file,
        gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="") as text,
    ):
        yield text


def write_tsv(table: pd.DataFrame, path: str, float_format: str = "%.6g") -> None:
    """Write a table with a header line; missing values are empty fields."""
    write_text(table.to_csv(sep="\t", index=False, float_format=float_format), path)


def read_tsv(path: str, **kwargs) -> pd.DataFrame:
    """Read what `write_tsv` wrote; only empty fields are missing values (a factor may be "NA")."""
    return pd.read_csv(path, sep="\t", keep_default_na=False, na_values=[""], **kwargs)


def write_bed(table: pd.DataFrame, path: str) -> None:
    """Write BED rows, without header, with the columns the table has; scores as %g."""
    plain = {"sep": "\t", "index": False, "header": False, "quoting": csv.QUOTE_NONE}
    write_text(table.to_csv(float_format="%g", **plain), path)


def read_bed(path: str, columns: list[str] = BED6) -> pd.DataFrame:
    """Read our own BED file, plain or .gz, with the named columns; an empty file gives no rows."""
    opener = gzip.open if str(path).endswith(".gz") else open
    with opener(path, "rb") as handle:
        data = handle.read()
    dtypes = {"chrom": str, "name": str, "strand": str, "start": int, "end": int, "score": float}
    table = pd.read_csv(
        io.BytesIO(data or b""),
        sep="\t",
        names=columns,
        dtype={c: dtypes.get(c, str) for c in columns},
        keep_default_na=False,
        quoting=csv.QUOTE_NONE,
    )
    return table


SITE_COLUMNS = [*BED6, "kernel", "activation"]  # of sites.bed.gz


def is_missing(value: object) -> bool:
    """Whether a table's cell holds nothing."""
    return value is None or value == "" or (isinstance(value, float) and np.isnan(value))
