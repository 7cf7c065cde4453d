"""Sequences that come with their labels, in text: FASTA files or one sequence per line.

Whatever files they came from, a `Source` holds them before they are split; `hdf5_inputs` makes one
from arrays. Letters: A C G T in either case, U read as T, IUPAC's other letters and `-` read as N.
"""

import hashlib
import io
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from Bio.SeqIO.FastaIO import SimpleFastaParser

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import N_CODE, encode_bytes
from peaks2motifs.core.tables import read_bytes
from peaks2motifs.data.fasta import record_name
from peaks2motifs.data.labels import code_labels

_COMPLEMENT = bytes.maketrans(b"ACGT", b"TGCA")
_KNOWN = b"ACGTUNRYKMSWBDHV-"
_PLAIN = bytes.maketrans(b"URYKMSWBDHV-", b"TNNNNNNNNNNN")
_BLOCK = 1 << 22  # bases decoded at a time
_MAX_LENGTH = 100_000  # as that of the option sequences.length


class Source(NamedTuple):
    """Labelled sequences before they are split.

    table: a row per sequence with `name` (its own; none twice), `start` and `end` (what of it is in
    its window), `part` (the split that its file is for), `key` (one number for a sequence, its
    copies and reverse complements) and `bases` (how many of its window are not N). y: class numbers
    (n,) or labels (n, T). read_codes: row numbers (m,) to codes (m, length). counts: what befell
    sequences as they were read, for the table of counts.
    """

    table: pd.DataFrame
    y: np.ndarray
    length: int
    read_codes: Callable[[np.ndarray], np.ndarray]
    counts: dict[str, int]


class Labelled(NamedTuple):
    """Sequences of one file as upper-case letters, and their labels, of one part."""

    part: str
    names: list[str]
    sequences: list[bytes]
    labels: list[str]


def text_source(files: dict[str, list[str]], classes: list[str], length: int | None) -> Source:
    """Read a file of `sequences` with its `background` or its `labels`, or one for each of classes.

    `files` are those of `labelled_files.sequence_files`, `classes` of its `known_classes`; `test`
    holds the same files, in that order, of a held-out set. Windows are `length` long, or as the
    longest sequence. Raises InputError when sequences and labels differ in number, and as
    `code_labels` and `window_length`.
    """
    paths = [*files["sequences"], *files["background"], *files["labels"]]
    sets = [("train", paths)] + [("test", files["test"])] * bool(files["test"])
    if files["labels"]:
        return _join([_with_labels(part, *pair) for part, pair in sets], classes, length)
    names = classes or ["1", "0"]
    labelled = [
        _of_class(part, name, path)
        for part, group in sets
        for name, path in zip(names, group, strict=True)
    ]
    return _join(labelled, classes, length)


def _of_class(part: str, name: str, path: str) -> Labelled:
    names, sequences = read_sequences(path)
    return Labelled(part, names, sequences, [name] * len(names))


def _with_labels(part: str, path: str, labels: str) -> Labelled:
    names, sequences = read_sequences(path)
    found = read_words(labels)
    if len(found) != len(names):
        raise InputError(
            f"{path} holds {len(names)} sequences and {labels} {len(found)} labels, "
            "expected one label per sequence"
        )
    return Labelled(part, names, sequences, found)


def read_sequences(path: str) -> tuple[list[str], list[bytes]]:
    """Read names and upper-case letters from FASTA or one sequence per line, gzipped or not.

    A file whose first sign is > is FASTA; lines are named `sequence_<line>`. Raises InputError for
    a file without sequences and for a letter that is none of DNA or RNA.
    """
    data = _read_text(path)
    is_fasta = data.lstrip()[:1] == b">"
    names, sequences = _split_fasta(data) if is_fasta else _split_lines(path, data)
    for number, sequence in enumerate(sequences):
        if foreign := sequence.translate(None, _KNOWN):
            where = f"sequence {names[number]}" if is_fasta else f"line {number + 1}"
            raise InputError(
                f"{path}, {where}: {chr(foreign[0])!r}, expected IUPAC letters of DNA or RNA in "
                "FASTA or one sequence per line"
            )
    if not sequences:
        raise InputError(f"{path}: no sequence, expected FASTA or one sequence per line")
    return names, sequences


def read_words(path: str) -> list[str]:
    """Read a text file of one word per line, such as labels; blank lines may only end it."""
    return [line.decode(errors="replace") for line in _lines(path, _read_text(path))]


def _read_text(path: str) -> bytes:
    """Read a text file with \\n for every way to end a line, without a byte order mark."""
    data = read_bytes(path).removeprefix(b"\xef\xbb\xbf")
    if b"\0" in data:
        raise InputError(f"{path}: a binary file, expected text: FASTA or one entry per line")
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _split_fasta(data: bytes) -> tuple[list[str], list[bytes]]:
    records = list(SimpleFastaParser(io.StringIO(data.decode(errors="replace"))))
    names = [record_name(title, number) for number, (title, _) in enumerate(records, start=1)]
    return names, [text.upper().encode() for _, text in records]


def _split_lines(path: str, data: bytes) -> tuple[list[str], list[bytes]]:
    lines = _lines(path, data)
    return [f"sequence_{i}" for i in range(1, len(lines) + 1)], [line.upper() for line in lines]


def _lines(path: str, data: bytes) -> list[bytes]:
    """The lines of text without spaces round them; InputError for a blank one before the end."""
    lines = [line.strip() for line in data.rstrip().split(b"\n")] if data.strip() else []
    if b"" in lines:
        raise InputError(
            f"{path}, line {lines.index(b'') + 1}: blank, expected one entry on each line"
        )
    return lines


def _join(parts: list[Labelled], classes: list[str], length: int | None) -> Source:
    """Make one source of all that was read."""
    labels = [label for part in parts for label in part.labels]
    y = code_labels(labels, classes)
    sequences = [sequence for part in parts for sequence in part.sequences]
    counts = {
        "letters_u_read_as_t": sum(sequence.count(b"U") for sequence in sequences),
        "letters_read_as_n": sum(len(s.translate(None, b"ACGTUN")) for s in sequences),
    }
    sequences = [sequence.translate(_PLAIN) for sequence in sequences]
    size = np.array([len(sequence) for sequence in sequences])
    length = length or window_length(int(size.max()))
    counts |= {"padded": int((size < length).sum()), "cropped": int((size > length).sum())}
    letters = np.frombuffer(b"".join(sequences) or b"N", np.uint8)
    first = np.cumsum(size) - size

    def read_codes(rows: np.ndarray) -> np.ndarray:
        return centred_windows(letters, first[rows], size[rows], length)

    names = pd.Series([name for part in parts for name in part.names], dtype=object)
    start, end = extents(size, length)
    table = pd.DataFrame(
        {
            "name": make_unique(names),
            "start": start,
            "end": end,
            "part": [part.part for part in parts for _ in part.names],
            "key": sequence_keys(sequences),
            "bases": _count_bases(read_codes, len(names), length),
        }
    )
    return Source(table, y, length, read_codes, counts)


def window_length(longest: int) -> int:
    """The length of windows that hold the longest sequence; InputError where they would be huge."""
    if longest > _MAX_LENGTH:
        raise InputError(
            f"sequences of up to {longest} bp, expected at most {_MAX_LENGTH}, or the option "
            "sequences.length to take their middles"
        )
    return longest


def extents(size: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
    """What of sequences of so many bases lies in their windows: starts and ends, 0-based."""
    start = np.maximum(size - length, 0) // 2
    return start, start + np.minimum(size, length)


def centred_windows(
    letters: np.ndarray, first: np.ndarray, size: np.ndarray, length: int
) -> np.ndarray:
    """Cut codes (n, length) from the middle of sequences, or put N round shorter ones.

    letters (m,) are ASCII bytes in which sequence i takes `size[i]` from `first[i]`. Where sizes
    differ by an odd number, the end gets the odd N, and the end loses the odd base.
    """
    skip = np.where(size < length, -((length - size) // 2), (size - length) // 2)
    position = skip[:, None] + np.arange(length)
    inside = (position >= 0) & (position < size[:, None])
    byte = np.where(inside, first[:, None] + position, 0)
    return np.where(inside, encode_bytes(letters[byte]), np.uint8(N_CODE))


def sequence_keys(sequences: list[bytes]) -> np.ndarray:
    """Give copies and reverse complements of a sequence one number: int64 (n,).

    Sequences are of the letters ACGTN; N at their ends do not count.
    """
    stripped = (sequence.strip(b"N") for sequence in sequences)
    canonical = (min(s, s.translate(_COMPLEMENT)[::-1]) for s in stripped)
    digests = (hashlib.blake2b(sequence, digest_size=8).digest() for sequence in canonical)
    return np.frombuffer(b"".join(digests), "<i8").astype(np.int64)


def make_unique(names: pd.Series) -> pd.Series:
    """Add /2, /3 ... to names that were there before."""
    again = names.groupby(names).cumcount()
    return names.where(again == 0, names + "/" + (again + 1).astype(str))


def _count_bases(
    read_codes: Callable[[np.ndarray], np.ndarray], number: int, length: int
) -> np.ndarray:
    """Count the bases that are not N in each window (n,), some windows at a time."""
    step = max(1, _BLOCK // length)
    bases = np.empty(number, np.int64)
    for first in range(0, number, step):
        rows = np.arange(first, min(first + step, number))
        bases[rows] = (read_codes(rows) < N_CODE).sum(axis=1)
    return bases
