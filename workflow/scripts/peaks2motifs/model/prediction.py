"""New sequences and genomes, cut into a model's windows and scored block by block.

A record is what is asked about: a sequence of a FASTA file, a region, a chromosome. Tables of
records hold `chrom start end name`, in `first` and `size` the stretch that is cut into windows, and
in `note` why there is nothing to cut, one of `UNSCORED`, or nothing. They are indexed by number.
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
PADDED = "padded"  # the note of a window longer than its sequence, which has a score
BASES = 1 << 22  # of all windows in a block together
PART = 1 << 18  # windows of a chromosome whose positions are in memory at a time

Score = Callable[[np.ndarray], np.ndarray]  # codes (n, length) to probabilities (n,)


class Part(NamedTuple):
    """Windows of some records: window i is of row record[i] and begins at position start[i].

    `read` gives the codes (n, length) of the windows whose numbers (n,) it is given.
    """

    records: pd.DataFrame
    record: np.ndarray
    start: np.ndarray
    read: Callable[[np.ndarray], np.ndarray]


def cut_source(source: dict[str, str], length: int, stride: int) -> Iterator[Part]:
    """Cut what is to be scored into windows.

    `source` holds the path `sequences` of a FASTA file; or `fasta`, an indexed genome, and the
    paths `regions` and `aliases` if there are any.
    """
    if "sequences" in source:
        return sequence_parts(source["sequences"], length, stride)
    fasta = source["fasta"]
    if "regions" not in source:
        return genome_parts(fasta, length, stride)
    records = read_regions(source["regions"], fasta, source.get("aliases"), length)
    return region_parts(records, fasta, length, stride)


def cut_records(records: pd.DataFrame, length: int, stride: int) -> tuple[np.ndarray, np.ndarray]:
    """Cut records into windows: the row (m,) and the start (m,) of each.

    Windows begin every `stride` bases; the last one ends where its record ends, off the stride if
    need be. A record shorter than the window lies in the middle of one, which begins before it.
    """
    spare = records["size"].to_numpy() - length
    counts = np.maximum(-(-spare // stride), 0) + 1
    record = np.repeat(np.arange(len(spare)), counts)
    step = np.arange(len(record)) - np.repeat(np.cumsum(counts) - counts, counts)
    start = records["first"].to_numpy() - np.maximum(-spare, 0) // 2
    return record, start[record] + np.minimum(step * stride, np.maximum(spare, 0)[record])


def sequence_parts(path: str, length: int, stride: int) -> Iterator[Part]:
    """Cut the sequences of a FASTA file, gzipped or not, one block of the file at a time."""
    number = 0
    for names, sizes, codes in read_fasta(path):
        records = pd.DataFrame({"chrom": names, "start": 0, "end": sizes, "name": names})
        records = records.assign(first=0, size=sizes, note=np.where(sizes, "", "no_bases"))
        records.index += number
        number += len(records)
        yield sequence_part(records, codes, length, stride)


def sequence_part(records: pd.DataFrame, codes: np.ndarray, length: int, stride: int) -> Part:
    """Cut sequences that lie end to end in `codes`; windows that leave one are padded with N."""
    record, start = cut_records(records, length, stride)
    size = records["size"].to_numpy()
    begin = np.cumsum(size) - size

    def read(windows: np.ndarray) -> np.ndarray:
        rows = record[windows, None]
        position = start[windows, None] + np.arange(length)
        inside = (position >= 0) & (position < size[rows])
        found = np.full(position.shape, N_CODE, np.uint8)
        found[inside] = codes[(begin[rows] + position)[inside]]
        return found

    return Part(records, record, start, read)


def region_parts(records: pd.DataFrame, fasta: str, length: int, stride: int) -> Iterator[Part]:
    """Cut regions, as `read_regions` gives them, one chromosome at a time, windows by start."""
    for chrom, table in records.groupby("chrom", sort=False):
        record, start = cut_records(table, length, stride)
        order = np.argsort(start, kind="stable")
        yield genome_part(table, record[order], start[order], fasta, chrom, length)


def genome_parts(fasta: str, length: int, stride: int, windows: int = PART) -> Iterator[Part]:
    """Cut all chromosomes of an indexed genome, at most so many `windows` at a time."""
    for number, (chrom, size) in enumerate(chrom_sizes(fasta).items()):
        whole = {"chrom": chrom, "start": 0, "end": size, "name": chrom}
        whole["note"] = "past_chromosome_end" if size < length else ""
        step = windows * stride
        for first in range(0, max(size - length, 0) + 1, step):
            is_last = first + step > size - length
            end = max(size, length) if is_last else first + step - stride + length
            stretch = {"first": first, "size": end - first}
            records = pd.DataFrame(whole | stretch, index=[number])
            record, start = cut_records(records, length, stride)
            yield genome_part(records, record, start, fasta, chrom, length)


def genome_part(
    records: pd.DataFrame,
    record: np.ndarray,
    start: np.ndarray,
    fasta: str,
    chrom: str,
    length: int,
) -> Part:
    """Join windows of one chromosome, sorted by start, to a way to read them from the genome."""

    def read(windows: np.ndarray) -> np.ndarray:
        starts = start[windows]
        if len(starts) == 0 or starts[-1] - starts[0] > len(starts) * length:
            return fetch_codes(fasta, np.full(len(starts), chrom, object), starts, length)
        # Windows that overlap: each base is fetched once.
        stretch = fetch_codes(fasta, [chrom], starts[:1], starts[-1] - starts[0] + length)[0]
        return np.lib.stride_tricks.sliding_window_view(stretch, length)[starts - starts[0]]

    return Part(records, record, start, read)


def read_regions(path: str, fasta: str, aliases: str | None, length: int) -> pd.DataFrame:
    """Read a BED-like file into records, in the genome's own names and order.

    A region no wider than `length` is seen through one window, centred on its summit (column 10 of
    a narrowPeak) or its middle; wider ones are cut. Names that do not tell regions apart become
    `region_<line number>`. Regions on unknown chromosomes keep their file's name for it and come
    last. Raises InputError when no region lies on the genome.
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
    named = regions["name"].is_unique and not regions["name"].isin([".", ""]).any()
    width = regions["end"] - regions["start"]
    first = regions["start"].mask(width <= length, regions["summit"] - length // 2)
    end = first + width.clip(lower=length)
    past = (first < 0) | (np.maximum(end, regions["end"]) > chrom.map(sizes))
    note = np.select([chrom.isna(), past], ["unknown_chromosome", "past_chromosome_end"], "")
    records = regions[["start", "end"]].assign(
        chrom=chrom,
        name=regions["name"] if named else [f"region_{line}" for line in regions.index],
        first=first.where(note == "", regions["start"]),
        size=(end - first).where(note == "", length),
        note=note,
    )
    records = sort_by_genome(records, sizes)
    chrom = records["chrom"].fillna(regions["chrom"])
    return records.assign(chrom=chrom).reset_index(drop=True)


def score_part(
    part: Part, score: Score, length: int, max_n_fraction: float
) -> Iterator[pd.DataFrame]:
    """Score the windows of a part, a block at a time: `chrom start end name score note`.

    The score is empty where `note` says why a window has none. N that pad a short sequence do not
    count. Rows are indexed by their records' numbers; windows lie within their records, and a
    record that is not cut is one row, as it was given.
    """
    rows = max(1, BASES // length)
    listed = (part.records["note"] != "").to_numpy()
    own = np.minimum(part.records["size"].to_numpy(), length)
    for first in range(0, len(part.start), rows):
        windows = np.arange(first, min(first + rows, len(part.start)))
        record = part.record[windows]
        table = part.records.iloc[record]
        scores = np.full(len(windows), np.nan)
        cut = np.flatnonzero(~listed[record])
        bases, codes = own[record[cut]], part.read(windows[cut])
        is_clear = (codes == N_CODE).sum(axis=1) - (length - bases) <= max_n_fraction * bases
        if is_clear.any():
            scores[cut[is_clear]] = score(codes[is_clear])
        note = table["note"].to_numpy(object, copy=True)
        note[cut[bases < length]] = PADDED
        note[cut[~is_clear]] = "too_many_n"
        start, end = _extents(table, part.start[windows], length)
        table = table[["chrom", "name"]].assign(start=start, end=end, score=scores, note=note)
        yield table[["chrom", "start", "end", "name", "score", "note"]]


def _extents(table: pd.DataFrame, start: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Where windows lie, without padding; for each a row with its record, whole if not cut."""
    first, size = table["first"].to_numpy(), table["size"].to_numpy()
    is_cut = (table["note"] == "").to_numpy()
    end = np.minimum(start + length, first + size)
    start = np.maximum(start, first)
    return np.where(is_cut, start, table["start"]), np.where(is_cut, end, table["end"])


def best_scores(records: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """Sum up windows by record: `chrom start end name windows scored score note`.

    The score is the highest of the record's windows, `scored` tells how many have one; `note` says
    why none has. `windows` are what `score_part` gives of one block.
    """
    groups = windows.groupby(level=0, sort=False)
    table = records.loc[groups.size().index, ["chrom", "start", "end", "name"]]
    table["windows"], table["scored"] = groups.size(), groups["score"].count()
    table["score"] = groups["score"].max()
    return table.assign(note=groups["note"].min())  # a scored window has none, and "" comes first


def join_best(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Join what `best_scores` says of several blocks, one row for each record."""
    first = dict.fromkeys(["chrom", "start", "end", "name"], "first")
    how = first | {"windows": "sum", "scored": "sum", "score": "max", "note": "min"}
    return pd.concat(tables).groupby(level=0, sort=False).agg(how)


def count_windows(notes: Counter, records: int) -> pd.DataFrame:
    """Tabulate `what count note`: records, windows, those scored, and the others by reason."""
    unscored = [(reason, notes[reason], note) for reason, note in UNSCORED.items()]
    scored = notes.total() - sum(count for _, count, _ in unscored)
    rows = [
        ("records", records, "sequences, regions or chromosomes"),
        ("windows", notes.total(), ""),
        ("scored", scored, ""),
        (PADDED, notes[PADDED], "of the scored: shorter than the window, N on both sides"),
    ]
    return pd.DataFrame(rows + unscored, columns=["what", "count", "note"])


def strand_mean(score: Score) -> Score:
    """Make of a score one that is the mean over a window and its reverse complement."""
    return lambda codes: (score(codes) + score(reverse_complement(codes))) / 2
