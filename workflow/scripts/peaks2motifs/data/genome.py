"""Genome FASTA files: index, checksum, names, and windows read without loading the genome."""

import csv
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from pyfaidx import Faidx, FastaIndexingError

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import IS_NOT_DNA, N_CODE, encode_bytes
from peaks2motifs.data.chromosomes import count_chromosomes, read_aliases

INDEX_COLUMNS = ["chrom", "length", "offset", "line_bases", "line_bytes"]
DESCRIPTION = re.compile(r"\bchromosome (\w+)(?=,|$)|\b(mitochondrion)\b")
_READABLE_NAME = r"(?!#|track|browser)[!#-~]+"


def index_fasta(fasta: str, source: str) -> None:
    """Write the index `fasta`.fai of an uncompressed FASTA file, without empty sequences.

    Raises InputError, naming the user's file `source`, if names repeat or bedtools cannot read
    them, no sequence has a base, lines of a sequence differ in length, or a letter is not one of
    IUPAC's for DNA.
    """
    Path(f"{fasta}.fai").unlink(missing_ok=True)
    try:
        Faidx(fasta).close()
    except (FastaIndexingError, ValueError, RuntimeError) as error:
        raise InputError(f"{source}: not a regular FASTA file: {error}") from None
    drop_empty_sequences(fasta, source)
    check_names(fasta, source)
    check_letters(fasta, source)


def drop_empty_sequences(fasta: str, source: str) -> None:
    """Remove sequences without a base from an index, since bedtools rejects them.

    Raises InputError if no sequence has a base.
    """
    index = read_index(fasta)
    kept = index[index["length"] > 0]
    if kept.empty:
        raise InputError(
            f"{source}: no base in its {len(index)} sequences, expected lines of DNA (ended by \\n "
            "or \\r\\n) after '>name'"
        )
    if len(kept) < len(index):
        print(f"{source}: {len(index) - len(kept)} sequences without a base are left out")
        plain = {"sep": "\t", "index": False, "header": False, "quoting": csv.QUOTE_NONE}
        kept.to_csv(f"{fasta}.fai", **plain)


def check_names(fasta: str, source: str) -> None:
    """Raise InputError if an indexed FASTA file has a name that bedtools misreads."""
    names = read_index(fasta)["chrom"]
    odd = names[~names.str.fullmatch(_READABLE_NAME).astype(bool)]
    if len(odd):
        raise InputError(
            f"{source}: sequence name {odd.iloc[0]!r}, expected ASCII characters without spaces "
            "and quotes; #, track and browser at the start are reserved in BED files"
        )


def check_letters(fasta: str, source: str) -> None:
    """Raise InputError if the index of a FASTA file points to anything but letters of DNA.

    This also finds a last line that is longer than the others, which indexing does not.
    """
    letters = np.memmap(fasta, np.uint8, mode="r")
    for entry in read_index(fasta).itertuples():
        place = (entry.length, entry.offset, entry.line_bases, entry.line_bytes)
        for block in _sequence_bytes(letters, *place):
            not_dna = block[IS_NOT_DNA[block]]
            if len(not_dna):
                raise InputError(
                    f"{source}: sequence {entry.chrom} holds {chr(not_dna[0])!r} within a line or "
                    "has lines of different lengths; expected IUPAC letters of DNA in equal lines"
                )


def _sequence_bytes(
    letters: np.ndarray, length: int, offset: int, line_bases: int, line_bytes: int
) -> Iterator[np.ndarray]:
    """Yield the bytes of one sequence without line ends, about 16 MB at a time."""
    full = (length - 1) // line_bases
    step = max(1, (1 << 24) // max(1, line_bytes))
    for first in range(0, full, step):
        begin, end = (offset + line * line_bytes for line in (first, min(first + step, full)))
        yield letters[begin:end].reshape(-1, line_bytes)[:, :line_bases]
    begin = offset + full * line_bytes
    yield letters[begin : begin + length - full * line_bases]


def read_index(fasta: str) -> pd.DataFrame:
    """Read `fasta`.fai: one row per sequence in file order, columns `INDEX_COLUMNS`."""
    return pd.read_csv(
        f"{fasta}.fai",
        sep="\t",
        names=INDEX_COLUMNS,
        dtype={"chrom": str},
        keep_default_na=False,
        quoting=csv.QUOTE_NONE,
    )


def chrom_sizes(fasta: str) -> pd.Series:
    """Return the sequence lengths of an indexed FASTA file, by name, in file order."""
    return read_index(fasta).set_index("chrom")["length"]


def described_chromosomes(fasta: str) -> dict[str, str]:
    """Map the chromosomes that FASTA headers describe to the headers' names.

    `>NC_001133.9 Saccharomyces cerevisiae S288C chromosome I, complete sequence` gives
    {"I": "NC_001133.9"}. Descriptions shared by two sequences are omitted.
    """
    names_by_label: dict[str, list[str]] = {}
    with open(fasta, "rb") as handle:
        for entry in read_index(fasta).itertuples():
            first = max(0, entry.offset - 1000)
            handle.seek(first)
            before = handle.read(entry.offset - first).rstrip(b"\r\n")
            header = before.rpartition(b"\n")[2].decode(errors="replace")
            if label := DESCRIPTION.search(header):
                names_by_label.setdefault(label[1] or label[2], []).append(entry.chrom)
    return {label: names[0] for label, names in names_by_label.items() if len(names) == 1}


def rename_chromosomes(
    table: pd.DataFrame, fasta: str, aliases: str | None, source: str, least: float = 0.5
) -> pd.DataFrame:
    """Replace the names in the column chrom, in place, by the genome's; unknown ones by NaN.

    `aliases` is a file for `read_aliases`. Returns the table of `count_chromosomes`.
    """
    pairs = read_aliases(aliases) if aliases else None
    names = count_chromosomes(
        table["chrom"], chrom_sizes(fasta).index, pairs, described_chromosomes(fasta), source, least
    )
    table["chrom"] = table["chrom"].map(names.set_index("peaks_name")["genome_name"])
    return names


def sha256(path: str) -> str:
    """Return the hexadecimal SHA-256 digest of a file."""
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def fetch_codes(
    fasta: str, chroms: np.ndarray, starts: np.ndarray, length: int, rows: int = 1 << 10
) -> np.ndarray:
    """Read windows of one length from an indexed, uncompressed FASTA file.

    chroms (n,) are names and starts (n,) 0-based positions. Returns uint8 base codes (n, length);
    positions outside a sequence are code 4 (N). The file is memory-mapped and `rows` windows are
    read at a time, so that memory grows only with the result. Raises KeyError for a name that is
    not in the index.
    """
    index = read_index(fasta).set_index("chrom")
    entry = index.loc[np.asarray(chroms, dtype=object)].to_numpy(np.int64)
    letters = np.memmap(fasta, np.uint8, mode="r")
    codes = np.empty((len(entry), length), np.uint8)
    for first in range(0, len(entry), rows):
        block = slice(first, first + rows)
        size, offset, line_bases, line_bytes = entry[block].T[:, :, None]
        position = np.asarray(starts, np.int64)[block, None] + np.arange(length)
        inside = (position >= 0) & (position < size)
        position = np.where(inside, position, 0)  # any valid position: the result is N
        byte = offset + position // line_bases * line_bytes + position % line_bases
        codes[block] = np.where(inside, encode_bytes(letters[byte]), N_CODE)
    return codes
