"""Labelled sequences in text files: FASTA or one sequence per line.

`LabelledSequences` holds them before they are split; `labelled_hdf5` makes one from arrays. Letters
are A C G T in either case; U is read as T, IUPAC's other letters and `-` are read as N.
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
from peaks2motifs.core.tables import read_decompressed
from peaks2motifs.data.fasta import record_name
from peaks2motifs.data.labels import code_labels

_COMPLEMENT = bytes.maketrans(b"ACGT", b"TGCA")
_LETTERS = b"ACGTUNRYKMSWBDHV-"
_TO_ACGTN = bytes.maketrans(b"URYKMSWBDHV-", b"TNNNNNNNNNNN")
_BLOCK = 1 << 22  # bases decoded at a time
_MAX_LENGTH = 100_000  # the maximum of the option sequences.length


class LabelledSequences(NamedTuple):
    """Labelled sequences before they are split.

    table: a row per sequence with `name` (unique), `start` and `end` (its part in the window),
    `file_split` (the split of its file), `key` (one number for all copies and reverse complements)
    and `bases` (the number of bases other than N in the window). y: class numbers (n,) or labels
    (n, T). read_codes: row numbers (m,) to codes (m, length). counts: letters and lengths changed
    while reading, for the table of counts.
    """

    table: pd.DataFrame
    y: np.ndarray
    length: int
    read_codes: Callable[[np.ndarray], np.ndarray]
    counts: dict[str, int]


class LabelledFile(NamedTuple):
    """Sequences of one file as upper-case letters, their labels, and the split of the file."""

    split: str
    names: list[str]
    sequences: list[bytes]
    labels: list[str]


def read_text_sequences(
    files: dict[str, list[str]], classes: list[str], length: int | None
) -> LabelledSequences:
    """Read a file of `sequences` with its `background` or `labels`, or one file per class.

    `files` are those of `labelled_files.sequence_files`, `classes` of its `known_classes`; `test`
    holds the same files, in that order, of a held-out set. Windows have `length`, or the length of
    the longest sequence. Raises InputError if sequences and labels differ in number, and as in
    `code_labels` and `check_longest`.
    """
    paths = [*files["sequences"], *files["background"], *files["labels"]]
    sets = [("train", paths)] + [("test", files["test"])] * bool(files["test"])
    if files["labels"]:
        return _join([_read_with_labels(split, *pair) for split, pair in sets], classes, length)
    names = classes or ["1", "0"]
    class_files = [
        _read_class(split, name, path)
        for split, group in sets
        for name, path in zip(names, group, strict=True)
    ]
    return _join(class_files, classes, length)


def _read_class(split: str, name: str, path: str) -> LabelledFile:
    names, sequences = read_sequences(path)
    return LabelledFile(split, names, sequences, [name] * len(names))


def _read_with_labels(split: str, path: str, label_path: str) -> LabelledFile:
    names, sequences = read_sequences(path)
    labels = read_words(label_path)
    if len(labels) != len(names):
        raise InputError(
            f"{path} holds {len(names)} sequences and {label_path} {len(labels)} labels, "
            "expected one label per sequence"
        )
    return LabelledFile(split, names, sequences, labels)


def read_sequences(path: str) -> tuple[list[str], list[bytes]]:
    """Read names and upper-case letters from FASTA or one sequence per line, gzipped or not.

    A file that starts with > is FASTA; lines are named `sequence_<line>`. Raises InputError for a
    file without sequences and for letters other than IUPAC's for DNA or RNA.
    """
    data = _read_text(path)
    is_fasta = data.lstrip()[:1] == b">"
    names, sequences = _split_fasta(data) if is_fasta else _split_lines(path, data)
    for number, sequence in enumerate(sequences):
        if foreign := sequence.translate(None, _LETTERS):
            place = f"sequence {names[number]}" if is_fasta else f"line {number + 1}"
            raise InputError(
                f"{path}, {place}: {chr(foreign[0])!r}, expected IUPAC letters of DNA or RNA in "
                "FASTA or one sequence per line"
            )
    if not sequences:
        raise InputError(f"{path}: no sequence, expected FASTA or one sequence per line")
    return names, sequences


def read_words(path: str) -> list[str]:
    """Read a text file of one word per line, such as labels; only the end may be blank."""
    return [line.decode(errors="replace") for line in _lines(path, _read_text(path))]


def _read_text(path: str) -> bytes:
    """Read a text file without byte order mark; all line ends become \\n."""
    data = read_decompressed(path).removeprefix(b"\xef\xbb\xbf")
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
    """Return stripped lines; raise InputError for a blank line before the end."""
    lines = [line.strip() for line in data.rstrip().split(b"\n")] if data.strip() else []
    if b"" in lines:
        raise InputError(
            f"{path}, line {lines.index(b'') + 1}: blank, expected one entry on each line"
        )
    return lines


def _join(files: list[LabelledFile], classes: list[str], length: int | None) -> LabelledSequences:
    """Join the sequences of all files."""
    y = code_labels([label for file in files for label in file.labels], classes)
    sequences = [sequence for file in files for sequence in file.sequences]
    size = np.array([len(sequence) for sequence in sequences])
    length = length or check_longest(int(size.max()))
    counts = _count_changes(sequences, size, length)
    sequences = [sequence.translate(_TO_ACGTN) for sequence in sequences]
    letters = np.frombuffer(b"".join(sequences) or b"N", np.uint8)
    first = np.cumsum(size) - size

    def read_codes(rows: np.ndarray) -> np.ndarray:
        return crop_or_pad(letters, first[rows], size[rows], length)

    names = pd.Series([name for file in files for name in file.names], dtype=object)
    start, end = window_extents(size, length)
    table = pd.DataFrame(
        {
            "name": make_unique(names),
            "start": start,
            "end": end,
            "file_split": [file.split for file in files for _ in file.names],
            "key": sequence_keys(sequences),
            "bases": _count_bases(read_codes, len(names), length),
        }
    )
    return LabelledSequences(table, y, length, read_codes, counts)


def _count_changes(sequences: list[bytes], size: np.ndarray, length: int) -> dict[str, int]:
    """Count the letters read as T or N, and the sequences padded or cropped to `length`."""
    return {
        "letters_u_read_as_t": sum(sequence.count(b"U") for sequence in sequences),
        "letters_read_as_n": sum(len(s.translate(None, b"ACGTUN")) for s in sequences),
        "padded": int((size < length).sum()),
        "cropped": int((size > length).sum()),
    }


def check_longest(longest: int) -> int:
    """Return the length of the longest sequence; raise InputError if it is too long."""
    if longest > _MAX_LENGTH:
        raise InputError(
            f"sequences of up to {longest} bp, expected at most {_MAX_LENGTH}, or the option "
            "sequences.length to crop them to their middles"
        )
    return longest


def window_extents(size: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which part of sequences of these sizes (n,) is in their windows: starts and ends."""
    start = np.maximum(size - length, 0) // 2
    return start, start + np.minimum(size, length)


def crop_or_pad(
    letters: np.ndarray, first: np.ndarray, size: np.ndarray, length: int
) -> np.ndarray:
    """Crop sequences to their middle, or pad them with N on both sides: codes (n, length).

    letters (m,) are ASCII bytes; sequence i has `size[i]` of them from `first[i]` on. An odd N is
    added, or an odd base removed, at the end.
    """
    skip = np.where(size < length, -((length - size) // 2), (size - length) // 2)
    position = skip[:, None] + np.arange(length)
    inside = (position >= 0) & (position < size[:, None])
    byte = np.where(inside, first[:, None] + position, 0)
    return np.where(inside, encode_bytes(letters[byte]), np.uint8(N_CODE))


def sequence_keys(sequences: list[bytes]) -> np.ndarray:
    """Return a number (n,), int64, that copies and reverse complements of a sequence share.

    Sequences consist of the letters ACGTN; N at their ends are ignored.
    """
    stripped = (sequence.strip(b"N") for sequence in sequences)
    canonical = (min(s, s.translate(_COMPLEMENT)[::-1]) for s in stripped)
    digests = (hashlib.blake2b(sequence, digest_size=8).digest() for sequence in canonical)
    return np.frombuffer(b"".join(digests), "<i8").astype(np.int64)


def make_unique(names: pd.Series) -> pd.Series:
    """Add /2, /3 ... to repeated names."""
    n_before = names.groupby(names).cumcount()
    return names.where(n_before == 0, names + "/" + (n_before + 1).astype(str))


def _count_bases(
    read_codes: Callable[[np.ndarray], np.ndarray], number: int, length: int
) -> np.ndarray:
    """Count the bases other than N in each window (n,), some windows at a time."""
    step = max(1, _BLOCK // length)
    bases = np.empty(number, np.int64)
    for first in range(0, number, step):
        rows = np.arange(first, min(first + step, number))
        bases[rows] = (read_codes(rows) < N_CODE).sum(axis=1)
    return bases
