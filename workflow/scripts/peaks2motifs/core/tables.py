"""Text files and tables, gzipped or not; the same content is written as the same bytes."""

import csv
import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import numpy as np
import pandas as pd

from peaks2motifs.core.compression import GZIP_START, refuse_broken_gzip
from peaks2motifs.core.joblog import InputError

BED6 = ["chrom", "start", "end", "name", "score", "strand"]


def read_decompressed(path: str) -> bytes:
    """Read a file; decompress it if its first bytes are those of gzip, whatever its name."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    with refuse_broken_gzip(path):
        return gzip.decompress(data) if data.startswith(GZIP_START) else data


def read_lines(path: str, expected: str) -> dict[int, str]:
    """Read a text file, gzipped or not: lines by line number, from 1.

    The text is UTF-8, with or without a byte order mark; invalid bytes become U+FFFD. Raises
    InputError, naming the `expected` content, for a binary file.
    """
    data = read_decompressed(path)
    if b"\0" in data:
        raise InputError(f"{path}: a binary file, expected text: {expected}")
    # With newline=None only \n, \r\n and \r end a line.
    text = io.StringIO(data.decode("utf-8-sig", errors="replace"), newline=None)
    return dict(enumerate(text, 1))


def write_text(text: str, path: str) -> None:
    """Write `text`; if `path` ends in .gz, gzipped without name or time stamp."""
    data = text.encode()
    if str(path).endswith(".gz"):
        data = gzip.compress(data, compresslevel=6, mtime=0)
    Path(path).write_bytes(data)


@contextmanager
def open_gz(path: str) -> Iterator[TextIO]:
    """Open a gzipped text file, without name or time stamp, for writing in pieces."""
    with (
        open(path, "wb") as file,
        gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0) as compressed,
        io.TextIOWrapper(compressed, encoding="utf-8", newline="") as text,
    ):
        yield text


def write_tsv(table: pd.DataFrame, path: str, float_format: str = "%.6g") -> None:
    """Write a table with a header line; missing values become empty fields."""
    write_text(table.to_csv(sep="\t", index=False, float_format=float_format), path)


def read_tsv(path: str, **kwargs) -> pd.DataFrame:
    """Read a table of `write_tsv`; only empty fields are missing (a factor may be "NA")."""
    return pd.read_csv(path, sep="\t", keep_default_na=False, na_values=[""], **kwargs)


def write_bed(table: pd.DataFrame, path: str) -> None:
    """Write all columns of a table as BED, without header; scores as %g."""
    csv_options = {"sep": "\t", "index": False, "header": False, "quoting": csv.QUOTE_NONE}
    write_text(table.to_csv(float_format="%g", **csv_options), path)


def read_bed(path: str, columns: list[str] = BED6) -> pd.DataFrame:
    """Read one of our BED files, plain or .gz, with these columns; an empty file has no rows."""
    opener = gzip.open if str(path).endswith(".gz") else open
    with opener(path, "rb") as handle:
        data = handle.read()
    dtypes = {"chrom": str, "name": str, "strand": str, "start": int, "end": int, "score": float}
    table = pd.read_csv(
        io.BytesIO(data),
        sep="\t",
        names=columns,
        dtype={c: dtypes.get(c, str) for c in columns},
        keep_default_na=False,
        quoting=csv.QUOTE_NONE,
    )
    return table


SITE_COLUMNS = [*BED6, "kernel", "activation"]  # columns of sites.bed.gz


def is_missing(value: object) -> bool:
    """Return whether a table cell is empty: None, "" or NaN."""
    return value is None or value == "" or (isinstance(value, float) and np.isnan(value))
