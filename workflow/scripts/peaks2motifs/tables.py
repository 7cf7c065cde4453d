"""Tab-separated tables and gzip files whose bytes depend on their content alone."""

import gzip
import io
from pathlib import Path

import pandas as pd

BED6 = ["chrom", "start", "end", "name", "score", "strand"]


def write_text(text: str, path: str) -> None:
    """Write `text`, gzipped without name or time stamp when `path` ends in .gz."""
    data = text.encode()
    if str(path).endswith(".gz"):
        data = gzip.compress(data, compresslevel=6, mtime=0)
    Path(path).write_bytes(data)


def write_tsv(table: pd.DataFrame, path: str, float_format: str = "%.6g") -> None:
    """Write a table with a header line; missing values are empty fields."""
    write_text(table.to_csv(sep="\t", index=False, float_format=float_format), path)


def read_tsv(path: str, **kwargs) -> pd.DataFrame:
    """Read what `write_tsv` wrote; only empty fields are missing values (a factor may be "NA")."""
    return pd.read_csv(path, sep="\t", keep_default_na=False, na_values=[""], **kwargs)


def write_bed(table: pd.DataFrame, path: str) -> None:
    """Write BED rows, without header, with the columns the table has; scores as %g."""
    write_text(table.to_csv(sep="\t", index=False, header=False, float_format="%g"), path)


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
    )
    return table
