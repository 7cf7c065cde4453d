"""Motif files: MEME (minimal) and Tomtom's table, written and read here; columns of sites."""

import re

import numpy as np

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import ALPHABET
from peaks2motifs.core.tables import read_lines, write_text
from peaks2motifs.motifs.motif import Motif

UNIFORM = np.full(4, 0.25)
DECIMALS = 6
DEFAULT_NSITES = 20  # what the MEME Suite assumes where a file does not say
MAX_ROUNDING = 0.03  # by how much a row of probabilities may miss 1: 0.33 three times and worse


def round_rows(ppm: np.ndarray, whole: int = 10**DECIMALS) -> np.ndarray:
    """Round probabilities (w, 4) to integers of which each row sums to exactly `whole`.

    What rounding down leaves over goes to the largest remainders.
    """
    exact = ppm / ppm.sum(axis=1, keepdims=True) * whole
    parts = np.floor(exact).astype(np.int64)
    missing = whole - parts.sum(axis=1, keepdims=True)
    rank = np.argsort(np.argsort(parts - exact, axis=1, kind="stable"), axis=1, kind="stable")
    return parts + (rank < missing)


def write_meme(motifs: list[Motif], path: str, background: np.ndarray = UNIFORM) -> None:
    """Write motifs in the MEME Suite's minimal format, version 5, both strands.

    `background` holds the four letter frequencies. No E-value is written, since none was
    computed: readers take a missing one as 0.
    """
    letters = " ".join(f"{letter} {p:.6f}" for letter, p in zip(ALPHABET, background, strict=True))
    lines = ["MEME version 5", "", f"ALPHABET= {ALPHABET}", "", "strands: + -", ""]
    lines += ["Background letter frequencies", letters, ""]
    for motif in motifs:
        lines += [f"MOTIF {motif.name} {motif.alternate}".rstrip()]
        size = f"w= {len(motif.ppm)}" + (f" nsites= {motif.nsites}" if motif.nsites else "")
        lines += [f"letter-probability matrix: alength= 4 {size}"]
        rows = round_rows(motif.ppm) / 10**DECIMALS
        lines += [" " + "  ".join(f"{p:.{DECIMALS}f}" for p in row) for row in rows]
        lines += [""]
    write_text("\n".join(lines) + "\n", path)


def read_meme(path: str) -> tuple[list[Motif], np.ndarray]:
    """Read a MEME file: its DNA motifs and its background frequencies (4,), uniform if not given.

    Takes versions 4 and 5, minimal or full output, gzipped or not, tabs or spaces, with or without
    `w=`, `nsites=` (0 where missing) and a final newline; log-odds matrices are passed over.
    InputError names the line where a motif has no matrix, a row is not four probabilities, or a
    name comes twice. A file without motifs gives an empty list.
    """
    lines = list(read_lines(path, "MEME motifs").values())
    if not any(line.startswith("MEME version") for line in lines):
        raise InputError(f"{path}: not a MEME motif file: no line begins with 'MEME version'")
    _check_alphabet(path, lines)
    starts = [i for i, line in enumerate(lines) if re.match(r"MOTIF\s", line)]
    ends = [*starts[1:], len(lines)][: len(starts)]
    motifs = [_read_motif(path, lines, a, b) for a, b in zip(starts, ends, strict=True)]
    _check_names(path, motifs, starts)
    return motifs, _read_background(path, lines[: min(starts, default=len(lines))])


def _check_alphabet(path: str, lines: list[str]) -> None:
    for number, line in enumerate(lines, 1):
        if line.startswith("ALPHABET"):
            if not re.search(r"\bACGT\b|\bDNA\b", line):
                found = line.strip()
                raise InputError(f"{path}, line {number}: '{found}', expected 'ALPHABET= ACGT'")
            return


def _check_names(path: str, motifs: list[Motif], starts: list[int]) -> None:
    seen: set[str] = set()
    for motif, start in zip(motifs, starts, strict=True):
        if motif.name in seen:
            raise InputError(f"{path}, line {start + 1}: second motif named '{motif.name}'")
        seen.add(motif.name)


def _read_background(path: str, lines: list[str]) -> np.ndarray:
    """Read the letters and frequencies that follow the background's heading, on any lines."""
    first = next((i for i, x in enumerate(lines) if x.startswith("Background letter freq")), None)
    if first is None:
        return UNIFORM
    fields = " ".join(lines[first + 1 :]).split()[:8]
    try:
        found = dict(zip(fields[::2], map(float, fields[1::2]), strict=True))
        return np.array([found[letter] for letter in ALPHABET])
    except (ValueError, KeyError):
        raise InputError(
            f"{path}, line {first + 2}: '{' '.join(fields)}', expected background frequencies "
            "as in 'A 0.3 C 0.2 G 0.2 T 0.3'"
        ) from None


def _read_motif(path: str, lines: list[str], first: int, end: int) -> Motif:
    """Read the motif whose MOTIF line is lines[first] and whose last line is before `end`."""
    named = re.split(r"\swidth\s*=", lines[first])[0]  # full output goes on with width and sites
    name, alternate = [*named.split()[1:3], "", ""][:2]
    matrix = (i for i in range(first, end) if lines[i].startswith("letter-probability matrix"))
    head = next(matrix, None)
    if not name or head is None:
        raise InputError(
            f"{path}, line {first + 1}: motif '{name}' has no 'letter-probability matrix:' line"
        )
    width = _value("w", lines[head])
    rows = _read_rows(path, lines, head + 1, end, width and int(width))
    nsites = _value("nsites", lines[head])
    return Motif(name, alternate, rows, round(nsites or 0))


def _value(key: str, line: str) -> float | None:
    found = re.search(rf"\b{key}=\s*([0-9.eE+]+)", line)
    return float(found[1]) if found else None


def _read_rows(path: str, lines: list[str], first: int, end: int, width: int | None) -> np.ndarray:
    """Read `width` rows of probabilities, or all up to the first line that is not numbers."""
    rows: list[list[float]] = []
    for number in range(first, end):
        try:
            row = [float(field) for field in lines[number].split()]
        except ValueError:
            row = []
        if not row and (rows or lines[number].strip()):
            break
        if row and (len(row) != 4 or not abs(sum(row) - 1) < MAX_ROUNDING or min(row) < 0):
            found = lines[number].strip()
            raise InputError(f"{path}, line {number + 1}: '{found}', expected 4 probabilities")
        rows += [row] if row else []
        if len(rows) == width:
            break
    if not rows or (width and len(rows) != width):
        raise InputError(
            f"{path}, line {first}: {len(rows)} rows follow, expected {width or 'some'}"
        )
    ppm = np.array(rows)
    return ppm / ppm.sum(axis=1, keepdims=True)


def read_motifs(path: str) -> dict[str, Motif]:
    """Read the motifs of a MEME file by name."""
    return {motif.name: motif for motif in read_meme(path)[0]}
