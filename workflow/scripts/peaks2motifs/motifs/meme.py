"""Write and read motif files in MEME format."""

import re

import numpy as np

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import ALPHABET
from peaks2motifs.core.tables import read_lines, write_text
from peaks2motifs.motifs.motif import Motif

UNIFORM = np.full(4, 0.25)
DECIMALS = 6
DEFAULT_NSITES = 20  # the MEME Suite's assumption if a file does not say
MAX_ROUNDING = 0.03  # largest deviation from 1 of the sum of a row, as with 0.33 three times


def round_rows(ppm: np.ndarray, total: int = 10**DECIMALS) -> np.ndarray:
    """Convert probabilities (w, 4) to integers, so that each row sums to exactly `total`.

    Values are rounded down. Then the values with the largest remainders are increased by one.
    """
    exact = ppm / ppm.sum(axis=1, keepdims=True) * total
    floor = np.floor(exact).astype(np.int64)
    missing = total - floor.sum(axis=1, keepdims=True)
    rank = np.argsort(np.argsort(floor - exact, axis=1, kind="stable"), axis=1, kind="stable")
    return floor + (rank < missing)


def write_meme(motifs: list[Motif], path: str, background: np.ndarray = UNIFORM) -> None:
    """Write motifs in the MEME Suite's minimal format, version 5, both strands.

    `background` (4,) holds the base frequencies. No E-value is written, because none is computed;
    readers take a missing one as 0.
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
    """Read a MEME file: its DNA motifs and its background frequencies (4,), uniform if missing.

    Accepts versions 4 and 5, minimal or full output, gzipped or not, with tabs or spaces. `w=`,
    `nsites=` (0 if missing) and the final newline are optional. Log-odds matrices are skipped. A
    file without motifs gives an empty list. Raises InputError, with the line, if a motif has no
    matrix, a row is not four probabilities or two motifs share a name.
    """
    lines = list(read_lines(path, "MEME motifs").values())
    if not any(line.startswith("MEME version") for line in lines):
        raise InputError(f"{path}: not a MEME motif file: no line begins with 'MEME version'")
    _check_alphabet(path, lines)
    starts = [i for i, line in enumerate(lines) if re.match(r"MOTIF\s", line)]
    ends = [*starts[1:], len(lines)][: len(starts)]
    motifs = [_read_motif(path, lines, start, end) for start, end in zip(starts, ends, strict=True)]
    _check_names(path, motifs, starts)
    return motifs, _read_background(path, lines[: min(starts, default=len(lines))])


def _check_alphabet(path: str, lines: list[str]) -> None:
    """Raise InputError if the first alphabet of a MEME file is not DNA."""
    for number, line in enumerate(lines, 1):
        if line.startswith("ALPHABET"):
            if not re.search(r"\bACGT\b|\bDNA\b", line):
                raise InputError(
                    f"{path}, line {number}: '{line.strip()}', expected 'ALPHABET= ACGT'"
                )
            return


def _check_names(path: str, motifs: list[Motif], starts: list[int]) -> None:
    """Raise InputError if two motifs, which begin at lines `starts`, share a name."""
    names: set[str] = set()
    for motif, start in zip(motifs, starts, strict=True):
        if motif.name in names:
            raise InputError(f"{path}, line {start + 1}: second motif named '{motif.name}'")
        names.add(motif.name)


def _read_background(path: str, lines: list[str]) -> np.ndarray:
    """Read the base frequencies after the heading of the background, on one line or several."""
    first = next(
        (i for i, line in enumerate(lines) if line.startswith("Background letter freq")), None
    )
    if first is None:
        return UNIFORM
    fields = " ".join(lines[first + 1 :]).split()[:8]
    try:
        frequencies = dict(zip(fields[::2], map(float, fields[1::2]), strict=True))
        return np.array([frequencies[letter] for letter in ALPHABET])
    except (ValueError, KeyError):
        raise InputError(
            f"{path}, line {first + 2}: '{' '.join(fields)}', expected background frequencies "
            "as in 'A 0.3 C 0.2 G 0.2 T 0.3'"
        ) from None


def _read_motif(path: str, lines: list[str], first: int, end: int) -> Motif:
    """Read the motif on lines [first, end), of which the first is its MOTIF line."""
    # In full output, width and number of sites follow the names on this line.
    names = re.split(r"\swidth\s*=", lines[first])[0]
    name, alternate = [*names.split()[1:3], "", ""][:2]
    heads = (i for i in range(first, end) if lines[i].startswith("letter-probability matrix"))
    head = next(heads, None)
    if not name or head is None:
        raise InputError(
            f"{path}, line {first + 1}: motif '{name}' has no 'letter-probability matrix:' line"
        )
    width = _read_value("w", lines[head])
    rows = _read_rows(path, lines, head + 1, end, width and int(width))
    nsites = _read_value("nsites", lines[head])
    return Motif(name, alternate, rows, round(nsites or 0))


def _read_value(key: str, line: str) -> float | None:
    """Read a number such as `w= 10` from a line; None if it is missing."""
    match = re.search(rf"\b{key}=\s*([0-9.eE+]+)", line)
    return float(match[1]) if match else None


def _read_rows(path: str, lines: list[str], first: int, end: int, width: int | None) -> np.ndarray:
    """Read `width` rows of probabilities; without a width, all rows up to the first other line."""
    rows: list[list[float]] = []
    for number in range(first, end):
        try:
            row = [float(field) for field in lines[number].split()]
        except ValueError:
            row = []
        if not row and (rows or lines[number].strip()):
            break
        if row and (len(row) != 4 or not abs(sum(row) - 1) < MAX_ROUNDING or min(row) < 0):
            line = lines[number].strip()
            raise InputError(f"{path}, line {number + 1}: '{line}', expected 4 probabilities")
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
    """Read the motifs of a MEME file, by name."""
    return {motif.name: motif for motif in read_meme(path)[0]}
