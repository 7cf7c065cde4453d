"""FASTA as it comes, of any size, gzipped or not: sequences of DNA or RNA, some at a time."""

import gzip
import zlib
from collections.abc import Iterator
from itertools import chain

import numpy as np
from Bio.SeqIO.FastaIO import SimpleFastaParser

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import IS_FOREIGN, encode_bytes

Block = tuple[list[str], np.ndarray, np.ndarray]  # names (n,), lengths (n,), codes end to end


def read_fasta(path: str, letters: int = 1 << 24) -> Iterator[Block]:
    """Read whole sequences, in blocks of at least so many `letters`.

    U is read as T, names are as `record_name` says.
    Raises InputError where a file is not FASTA or a letter not one of IUPAC's for DNA or RNA.
    """
    names, texts, held = [], [], 0
    for number, (title, text) in enumerate(_read_records(path), start=1):
        names.append(record_name(title, number))
        texts.append(text)
        held += len(text)
        if held >= letters:
            yield _encode_block(path, names, texts)
            names, texts, held = [], [], 0
    if names:
        yield _encode_block(path, names, texts)


def record_name(title: str, number: int) -> str:
    """The first word of a header, or `sequence_<number>` where there is none."""
    return next(iter(title.split()), f"sequence_{number}")


def _encode_block(path: str, names: list[str], texts: list[str]) -> Block:
    joined = "".join(texts).upper().replace("U", "T").encode("ascii", "replace")
    found, sizes = np.frombuffer(joined, np.uint8), np.array([len(text) for text in texts])
    foreign = np.flatnonzero(IS_FOREIGN[found])
    if len(foreign):
        name = names[np.searchsorted(sizes.cumsum(), foreign[0], side="right")]
        letter = "".join(texts)[foreign[0]]
        raise InputError(
            f"{path}, sequence {name}: {letter!r}, expected IUPAC letters of DNA or RNA"
        )
    return names, sizes, encode_bytes(found)


def _read_records(path: str) -> Iterator[tuple[str, str]]:
    """Read headers and sequences; whatever ends a line will do."""
    try:
        with open(path, "rb") as file:
            is_gzip = file.peek(2)[:2] == b"\x1f\x8b"
        opener = gzip.open if is_gzip else open
        with opener(path, "rt", encoding="utf-8-sig", errors="replace") as lines:
            first = next((line for line in lines if line.strip()), "")
            if not first.startswith(">"):
                found = f"starts with {first[0]!r}" if first else "is empty"
                raise InputError(f"{path}: {found}, expected FASTA: a first line '>name'")
            yield from SimpleFastaParser(chain([first], lines))
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{path}: broken or truncated gzip file: {error}") from None
