"""Prediction: cut new sequences, regions or genomes into windows and score them in blocks.

A record is a sequence of a FASTA file, a region or a chromosome. Tables of records have the columns
`chrom start end name`; `first` and `size`, the interval to cut into windows; and `note`, a key of
`UNSCORED` if the record cannot be scored, else empty. Their index numbers the records.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from peaks2motifs.core.sequences import N_CODE, reverse_complement
from peaks2motifs.data.chromosomes import count_chromosomes, read_aliases
from peaks2motifs.data.fasta import read_fasta
from peaks2motifs.data.genome import chrom_sizes, described_chromosomes, fetch_codes
from peaks2motifs.data.intervals import read_peaks
from peaks2motifs.data.windows import sort_by_genome

UNSCORED = {
    "unknown_chromosome": "the genome has no such chromosome",
    "past_chromosome_end": "the region, or a window on its middle, leaves its chromosome",
    "no_bases": "a sequence without a base",
    "too_many_n": "more N than windows.max_n_fraction",
}
PADDED = "padded"  # the note of a scored window that is longer than its sequence
BLOCK_BASES = 1 << 22  # total length of the windows of a block
MAX_WINDOWS = 1 << 18  # of a chromosome, with positions in memory at a time

Score = Callable[[np.ndarray], np.ndarray]  # codes (n, length) to probabilities (n,)


class Windows(NamedTuple):
    """Windows of some records: window i belongs to row record[i] and starts at start[i].

    `read` takes the numbers (n,) of windows and returns their codes (n, length).
    """

    records: pd.DataFrame
    record: np.ndarray
    start: np.ndarray
    read: Callable[[np.ndarray], np.ndarray]


def cut_source(source: dict[str, str], length: int, stride: int) -> Iterator[Windows]:
    """Cut sequences, regions or a genome into windows.

    `source` holds paths: `sequences`, a FASTA file; or `fasta`, an indexed genome, with optional
    `regions` and `aliases`.
    """
    if "sequences" in source:
        return sequence_windows(source["sequences"], length, stride)
    fasta = source["fasta"]
    if "regions" not in source:
        return genome_windows(fasta, length, stride)
    records = read_regions(source["regions"], fasta, source.get("aliases"), length)
    return region_windows(records, fasta, length, stride)


def cut_records(records: pd.DataFrame, length: int, stride: int) -> tuple[np.ndarray, np.ndarray]:
    """Cut records into windows: the row of the record (m,) and the start (m,) of each window.

    Windows start every `stride` bases. The last one ends with its record, off the stride if
    necessary. A record shorter than a window lies in the middle of a single one.
    """
    surplus = records["size"].to_numpy() - length
    counts = np.maximum(-(-surplus // stride), 0) + 1
    record = np.repeat(np.arange(len(surplus)), counts)
    step = np.arange(len(record)) - np.repeat(np.cumsum(counts) - counts, counts)
    start = records["first"].to_numpy() - np.maximum(-surplus, 0) // 2
    return record, start[record] + np.minimum(step * stride, np.maximum(surplus, 0)[record])


def sequence_windows(path: str, length: int, stride: int) -> Iterator[Windows]:
    """Cut the sequences of a FASTA file, gzipped or not, one block of the file at a time."""
    number = 0
    for names, sizes, codes in read_fasta(path):
        records = pd.DataFrame({"chrom": names, "start": 0, "end": sizes, "name": names})
        records = records.assign(first=0, size=sizes, note=np.where(sizes, "", "no_bases"))
        records.index += number
        number += len(records)
        yield cut_sequences(records, codes, length, stride)


def cut_sequences(records: pd.DataFrame, codes: np.ndarray, length: int, stride: int) -> Windows:
    """Cut concatenated sequences, `codes`; windows that extend beyond a sequence are padded with N.

    `records` lists the sequences in order.
    """
    record, start = cut_records(records, length, stride)
    size = records["size"].to_numpy()
    offset = np.cumsum(size) - size

    def read(windows: np.ndarray) -> np.ndarray:
        rows = record[windows, None]
        position = start[windows, None] + np.arange(length)
        inside = (position >= 0) & (position < size[rows])
        window_codes = np.full(position.shape, N_CODE, np.uint8)
        window_codes[inside] = codes[(offset[rows] + position)[inside]]
        return window_codes

    return Windows(records, record, start, read)


def region_windows(
    records: pd.DataFrame, fasta: str, length: int, stride: int
) -> Iterator[Windows]:
    """Cut regions, from `read_regions`, one chromosome at a time; windows are sorted by start."""
    for chrom, table in records.groupby("chrom", sort=False):
        record, start = cut_records(table, length, stride)
        order = np.argsort(start, kind="stable")
        yield chromosome_windows(table, record[order], start[order], fasta, chrom, length)


def genome_windows(
    fasta: str, length: int, stride: int, max_windows: int = MAX_WINDOWS
) -> Iterator[Windows]:
    """Cut all chromosomes of an indexed genome, at most `max_windows` windows at a time."""
    for number, (chrom, size) in enumerate(chrom_sizes(fasta).items()):
        chromosome = {"chrom": chrom, "start": 0, "end": size, "name": chrom}
        chromosome["note"] = "past_chromosome_end" if size < length else ""
        step = max_windows * stride
        for first in range(0, max(size - length, 0) + 1, step):
            is_last = first + step > size - length
            end = max(size, length) if is_last else first + step - stride + length
            interval = {"first": first, "size": end - first}
            records = pd.DataFrame(chromosome | interval, index=[number])
            record, start = cut_records(records, length, stride)
            yield chromosome_windows(records, record, start, fasta, chrom, length)


def chromosome_windows(
    records: pd.DataFrame,
    record: np.ndarray,
    start: np.ndarray,
    fasta: str,
    chrom: str,
    length: int,
) -> Windows:
    """Return windows of one chromosome, sorted by start, that are read from the genome."""

    def read(windows: np.ndarray) -> np.ndarray:
        starts = start[windows]
        if len(starts) == 0 or starts[-1] - starts[0] > len(starts) * length:
            return fetch_codes(fasta, np.full(len(starts), chrom, object), starts, length)
        # Windows overlap, so each base is fetched once.
        span = fetch_codes(fasta, [chrom], starts[:1], starts[-1] - starts[0] + length)[0]
        return np.lib.stride_tricks.sliding_window_view(span, length)[starts - starts[0]]

    return Windows(records, record, start, read)


def read_regions(path: str, fasta: str, aliases: str | None, length: int) -> pd.DataFrame:
    """Read a BED-like file into records, with the genome's chromosome names and order.

    A region no wider than `length` gets one window, centred on its summit (column 10 of a
    narrowPeak) or its middle; wider regions are cut. If names are missing or not unique, regions
    are named `region_<line number>`. Regions on unknown chromosomes keep the chromosome name of the
    file and come last. Raises InputError if no region lies on the genome.
    """
    regions, skipped = read_peaks(path)
    sizes = chrom_sizes(fasta)
    pairs = read_aliases(aliases) if aliases else None
    names = count_chromosomes(
        regions["chrom"], sizes.index, pairs, described_chromosomes(fasta), path, least=0
    )
    print(names.rename(columns={"peaks": "regions"}).to_string(index=False, na_rep=""))
    print(f"{path}: {len(regions)} regions, {skipped} other lines skipped")
    chrom = regions["chrom"].map(names.set_index("peaks_name")["genome_name"])
    records = sort_by_genome(region_records(regions, chrom, sizes, length), sizes)
    chrom = records["chrom"].fillna(regions["chrom"])
    return records.assign(chrom=chrom).reset_index(drop=True)


def region_records(
    regions: pd.DataFrame, chrom: pd.Series, sizes: pd.Series, length: int
) -> pd.DataFrame:
    """Build records of regions; `chrom` holds their chromosomes in the genome, NaN if unknown."""
    has_names = regions["name"].is_unique and not regions["name"].isin([".", ""]).any()
    width = regions["end"] - regions["start"]
    first = regions["start"].mask(width <= length, regions["summit"] - length // 2)
    end = first + width.clip(lower=length)
    is_past_end = (first < 0) | (np.maximum(end, regions["end"]) > chrom.map(sizes))
    note = np.select([chrom.isna(), is_past_end], ["unknown_chromosome", "past_chromosome_end"], "")
    return regions[["start", "end"]].assign(
        chrom=chrom,
        name=regions["name"] if has_names else [f"region_{line}" for line in regions.index],
        first=first.where(note == "", regions["start"]),
        size=(end - first).where(note == "", length),
        note=note,
    )


def score_blocks(
    windows: Windows, score: Score, length: int, max_n_fraction: float
) -> Iterator[pd.DataFrame]:
    """Score windows, a block at a time: `chrom start end name score note`.

    The score is NaN where `note` gives the reason for a missing one. The index is the number of the
    record. Coordinates are clipped to the record; a record that cannot be cut is a single row with
    its original coordinates.
    """
    size = max(1, BLOCK_BASES // length)
    for first in range(0, len(windows.start), size):
        numbers = np.arange(first, min(first + size, len(windows.start)))
        table = windows.records.iloc[windows.record[numbers]]
        scores, note = _score_block(windows, numbers, score, length, max_n_fraction)
        start, end = _clip_to_records(table, windows.start[numbers], length)
        table = table[["chrom", "name"]].assign(start=start, end=end, score=scores, note=note)
        yield table[["chrom", "start", "end", "name", "score", "note"]]


def _score_block(
    windows: Windows, numbers: np.ndarray, score: Score, length: int, max_n_fraction: float
) -> tuple[np.ndarray, np.ndarray]:
    """Score the windows with these numbers (m,); return scores and notes, both (m,).

    N that pad a short sequence do not count as N.
    """
    table = windows.records.iloc[windows.record[numbers]]
    scores, note = np.full(len(numbers), np.nan), table["note"].to_numpy(object, copy=True)
    cut = np.flatnonzero(note == "")
    bases = np.minimum(table["size"].to_numpy()[cut], length)
    codes = windows.read(numbers[cut])
    unknown = (codes == N_CODE).sum(axis=1) - (length - bases)
    is_scored = unknown <= max_n_fraction * bases
    if is_scored.any():
        scores[cut[is_scored]] = score(codes[is_scored])
    note[cut[bases < length]] = PADDED
    note[cut[~is_scored]] = "too_many_n"
    return scores, note


def _clip_to_records(
    table: pd.DataFrame, start: np.ndarray, length: int
) -> tuple[np.ndarray, np.ndarray]:
    """Clip windows to their records, the rows of `table`; an uncut record keeps its coordinates."""
    first, size = table["first"].to_numpy(), table["size"].to_numpy()
    is_cut = (table["note"] == "").to_numpy()
    end = np.minimum(start + length, first + size)
    start = np.maximum(start, first)
    return np.where(is_cut, start, table["start"]), np.where(is_cut, end, table["end"])


def summarise_records(records: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """Summarise a block of `score_blocks` by record.

    Columns: `chrom start end name windows scored score note`. `scored` is the number of windows
    with a score, `score` the highest of them. `note` is empty, or the reason why no window has one.
    """
    groups = windows.groupby(level=0, sort=False)
    table = records.loc[groups.size().index, ["chrom", "start", "end", "name"]]
    table["windows"], table["scored"] = groups.size(), groups["score"].count()
    table["score"] = groups["score"].max()
    return table.assign(note=groups["note"].min())  # "", of scored windows, sorts first


def merge_summaries(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Merge the tables of `summarise_records` of several blocks, one row for each record."""
    aggregation = dict.fromkeys(["chrom", "start", "end", "name"], "first")
    aggregation |= {"windows": "sum", "scored": "sum", "score": "max", "note": "min"}
    return pd.concat(tables).groupby(level=0, sort=False).agg(aggregation)


def count_windows(notes: Counter, records: int) -> pd.DataFrame:
    """Tabulate `what count note`: records, windows, scored windows, and the others by reason."""
    unscored = [(reason, notes[reason], note) for reason, note in UNSCORED.items()]
    scored = notes.total() - sum(count for _, count, _ in unscored)
    rows = [
        ("records", records, "sequences, regions or chromosomes"),
        ("windows", notes.total(), ""),
        ("scored", scored, ""),
        (PADDED, notes[PADDED], "of the scored: shorter than the window, N on both sides"),
    ]
    return pd.DataFrame(rows + unscored, columns=["what", "count", "note"])


def average_strands(score: Score) -> Score:
    """Return a score that is the mean over a window and its reverse complement."""
    return lambda codes: (score(codes) + score(reverse_complement(codes))) / 2
