"""Interval files of users (BED, narrowPeak, broadPeak), and operations on intervals.

Tables hold `chrom start end`, 0-based half-open; tables read from files are indexed by line number.
bedtools sorts, merges and intersects them, in the order of the genome's index.
"""

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd
import pybedtools
from pybedtools import BedTool

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.tables import read_bed, read_decompressed, read_lines

BED3 = ["chrom", "start", "end"]
_SKIPPED = re.compile(r"\s*(#|(track|browser)(\s|$)|$)")


def read_peaks(path: str) -> tuple[pd.DataFrame, int]:
    """Read a BED, narrowPeak, broadPeak or MACS summits file, gzipped or not.

    Returns the peaks, indexed by line number, and the number of skipped lines (blank, `#`, `track`
    and `browser` lines). Columns: `chrom start end name signal strand summit summit_from`. The
    signal is signalValue in narrowPeak and broadPeak, else the score, else 0; summits are those of
    `_locate_summits`. Raises InputError with file and line.
    """
    rows, skipped = _read_rows(path)
    if rows.empty:
        raise InputError(f"{path}: no peaks in it, expected lines of chrom, start, end")
    peaks = _bounds(rows, path)
    _refuse(
        peaks["start"] < 0, path, lambda line: f"start is {peaks['start'][line]}, expected >= 0"
    )
    file_format = _peak_format(rows, peaks)
    peaks["name"] = rows.get(3, ".")
    peaks["signal"] = _numbers(rows, 6 if file_format != "bed" else 4, path)
    peaks["strand"] = rows[5].where(rows[5].isin(["+", "-"]), ".") if 5 in rows else "."
    offset = pd.Series(-1, index=rows.index)
    if file_format == "narrowpeak":
        offset = _integers(rows, 9, "peak (column 10)", path)
    peaks["summit"], peaks["summit_from"] = _locate_summits(peaks, offset, path)
    return peaks, skipped


def _locate_summits(
    peaks: pd.DataFrame, offset: pd.Series, path: str
) -> tuple[pd.Series, np.ndarray]:
    """Return the summit of each peak and its origin: `column_10`, `1bp` or `midpoint`.

    The summit is `start + offset` if the offset is not negative, the base of peaks of 1 bp, else
    the midpoint. Raises InputError for offsets beyond the peak.
    """
    width = peaks["end"] - peaks["start"]
    # ENCODE's files contain a few summits one base beyond the last, at `end`: accept them.
    _refuse(
        offset > width,
        path,
        lambda line: f"peak (column 10) is {offset[line]}, beyond the {width[line]} bp of the peak",
    )
    has_offset, single = offset >= 0, width == 1
    middle = (peaks["start"] + peaks["end"]) // 2
    summit = middle.mask(single, peaks["start"]).mask(has_offset, peaks["start"] + offset)
    return summit, np.select([has_offset, single], ["column_10", "1bp"], "midpoint")


def read_intervals(path: str) -> pd.DataFrame:
    """Read `chrom start end` from a BED-like file, ignoring other columns.

    Bounds beyond the chromosome's ends are kept.
    """
    rows, _ = _read_rows(path, equal_widths=False)
    if rows.empty:
        return pd.DataFrame({"chrom": pd.Series(dtype=str), "start": [], "end": []})
    return _bounds(rows, path)


def clip(table: pd.DataFrame, sizes: pd.Series) -> pd.DataFrame:
    """Clip intervals (columns BED3) to their chromosomes; drop those entirely outside."""
    start = table["start"].clip(lower=0)
    end = np.minimum(table["end"], sizes[table["chrom"]].to_numpy())
    clipped = table.assign(start=start, end=end)
    return clipped[clipped["start"] < clipped["end"]]


def merge(table: pd.DataFrame, index: str) -> pd.DataFrame:
    """Sort intervals by the order of a FASTA index (.fai) and merge those that touch."""
    if table.empty:
        return table[BED3]
    with _bedtools_folder():
        merged = BedTool.from_dataframe(table[BED3]).sort(g=index).merge()
        return read_bed(merged.fn, BED3)


def overlaps(table: pd.DataFrame, others: str, index: str) -> np.ndarray:
    """Return which intervals (n,) share a base with any in the BED file `others`.

    Both must be sorted by the order of the FASTA index.
    """
    numbered = table[BED3].assign(row=np.arange(len(table)))
    is_hit = np.zeros(len(table), bool)
    if len(table) and read_decompressed(others):
        with _bedtools_folder():
            hits = BedTool.from_dataframe(numbered).intersect(others, u=True, sorted=True, g=index)
            is_hit[read_bed(hits.fn, [*BED3, "row"])["row"].astype(int)] = True
    return is_hit


@contextmanager
def _bedtools_folder() -> Iterator[None]:
    """Keep temporary files of pybedtools in a folder that is deleted when the block ends."""
    before = pybedtools.get_tempdir()
    with tempfile.TemporaryDirectory() as folder:
        pybedtools.set_tempdir(folder)
        try:
            yield
        finally:
            pybedtools.set_tempdir(before)


def _read_rows(path: str, equal_widths: bool = True) -> tuple[pd.DataFrame, int]:
    """Split a file into text fields, one row per line number; also count the skipped lines.

    `equal_widths` requires the same number of fields in all lines; else only three are read.
    """
    lines = read_lines(path, "BED, narrowPeak or broadPeak")
    kept = {number: _fields(line) for number, line in lines.items() if not _SKIPPED.match(line)}
    width = pd.Series({number: len(fields) for number, fields in kept.items()}, dtype=int)
    _refuse(
        width < 3,
        path,
        lambda line: (
            f"{width[line]} columns in {lines[line].strip()[:40]!r}, "
            "expected chrom, start, end at least"
        ),
    )
    _refuse(
        equal_widths & (width != width[:1].sum()),
        path,
        lambda line: f"{width[line]} columns, expected {width.iloc[0]} as in line {width.index[0]}",
    )
    fields = kept.values() if equal_widths else (fields[:3] for fields in kept.values())
    return pd.DataFrame(list(fields), index=list(kept), dtype=str), len(lines) - len(kept)


def _fields(line: str) -> list[str]:
    return [field.strip() for field in line.split("\t")] if "\t" in line else line.split()


def _bounds(rows: pd.DataFrame, path: str) -> pd.DataFrame:
    start, end = _integers(rows, 1, "start", path), _integers(rows, 2, "end", path)
    _refuse(
        end <= start,
        path,
        lambda line: f"end is {end[line]}, start is {start[line]}, expected end > start",
    )
    return pd.DataFrame({"chrom": rows[0], "start": start, "end": end})


def _peak_format(rows: pd.DataFrame, peaks: pd.DataFrame) -> str:
    """Recognise `narrowpeak`, `broadpeak` or `bed` by the columns from 7 on.

    A narrowPeak has numbers in columns 7 and 10, a broadPeak in columns 7 and 9, except for some
    bad lines. Column 7 may also hold missing values (`.`, `nan`, ...) or decimal commas. BED9 and
    BED12 may have numbers there too, but their thickStart and thickEnd lie in the peak or are
    equal. BED10 does not exist.
    """
    columns = rows.shape[1]
    if columns < 9:
        return "bed"
    first, second, last = (
        pd.to_numeric(rows[column], errors="coerce") for column in (6, 7, min(columns, 10) - 1)
    )
    signal = rows[6].str.fullmatch(r"[-+.,\deE]+|[+-]?(nan|na|inf|infinity)", flags=re.IGNORECASE)
    thick = (first >= peaks["start"]) & (second >= first) & (second <= peaks["end"])
    thick |= first == second
    if signal.mean() < 0.5 or last.isna().mean() > 0.5 or (columns != 10 and thick.all()):
        return "bed"
    return "narrowpeak" if columns >= 10 else "broadpeak"


def _integers(rows: pd.DataFrame, column: int, label: str, path: str) -> pd.Series:
    text = rows[column]
    _refuse(
        ~text.str.fullmatch(r"[+-]?\d{1,18}").astype(bool),
        path,
        lambda line: f"{label} is {text[line]!r}, expected a whole number",
    )
    return text.astype(np.int64)


def _numbers(rows: pd.DataFrame, column: int, path: str) -> pd.Series:
    """Read a column as numbers, `.` as 0; all are 0 if the column is missing or has no number."""
    if column not in rows:
        return pd.Series(0.0, index=rows.index)
    text = rows[column].mask(rows[column] == ".", "0")
    number = pd.to_numeric(text, errors="coerce").astype(float)
    if number.isna().all():
        print(f"{path}: column {column + 1} holds no numbers; all peaks get signal 0")
        return pd.Series(0.0, index=rows.index)
    _refuse(
        number.isna(),
        path,
        lambda line: f"column {column + 1} is {text[line]!r}, expected a number",
    )
    return number


def _refuse(bad: pd.Series | bool, path: str, message: Callable[[int], str]) -> None:
    """Raise InputError with file, line and message for the first bad line."""
    if np.any(bad):
        line = bad.idxmax()
        raise InputError(f"{path}, line {line}: {message(line)}")
