"""FASTA files of DNA or RNA, gzipped or not, read in blocks of sequences."""

import gzip
from collections.abc import Iterator
from itertools import chain

import numpy as np
from Bio.SeqIO.FastaIO import SimpleFastaParser

from peaks2motifs.core.compression import is_gzip, refuse_broken_gzip
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import IS_NOT_DNA, encode_bytes

Block = tuple[list[str], np.ndarray, np.ndarray]  # names (n,), lengths (n,), joined codes


def read_fasta(path: str, letters: int = 1 << 24) -> Iterator[Block]:
    """Read whole sequences in blocks of at least `letters` letters.

    U is read as T; names are those of `record_name`. Raises InputError if a file is not FASTA, or
    holds letters other than IUPAC's for DNA or RNA.
    """
    names, texts, size = [], [], 0
    for number, (title, text) in enumerate(_read_records(path), start=1):
        names.append(record_name(title, number))
        texts.append(text)
        size += len(text)
        if size >= letters:
            yield _encode_block(path, names, texts)
            names, texts, size = [], [], 0
    if names:
        yield _encode_block(path, names, texts)


def record_name(title: str, number: int) -> str:
    """Return the first word of a header, or `sequence_<number>` for an empty one."""
    return next(iter(title.split()), f"sequence_{number}")


def refuse_other_than_fasta(first: str, path: str) -> None:
    """Raise InputError unless the first character of a file is >."""
    if first != ">":
        problem = f"starts with {first!r}" if first else "is empty"
        raise InputError(f"{path}: {problem}, expected FASTA: a first line '>name'")


def _encode_block(path: str, names: list[str], texts: list[str]) -> Block:
    joined = "".join(texts).upper().replace("U", "T").encode("ascii", "replace")
    letters, sizes = np.frombuffer(joined, np.uint8), np.array([len(text) for text in texts])
    not_dna = np.flatnonzero(IS_NOT_DNA[letters])
    if len(not_dna):
        name = names[np.searchsorted(sizes.cumsum(), not_dna[0], side="right")]
        letter = "".join(texts)[not_dna[0]]
        raise InputError(
            f"{path}, sequence {name}: {letter!r}, expected IUPAC letters of DNA or RNA"
        )
    return names, sizes, encode_bytes(letters)


def _read_records(path: str) -> Iterator[tuple[str, str]]:
    """Read headers and sequences, with any line ends."""
    opener = gzip.open if is_gzip(path) else open
    with (
        refuse_broken_gzip(path),
        opener(path, "rt", encoding="utf-8-sig", errors="replace") as lines,
    ):
        first = next((line for line in lines if line.strip()), "")
        refuse_other_than_fasta(first[:1], path)
        yield from SimpleFastaParser(chain([first], lines))
