"""Write and read motif files of JASPAR, TRANSFAC and HOMER; read any motif file by its content.

JASPAR and TRANSFAC files contain counts. We write `nsites` times the probabilities, rounded so that
each column sums to `nsites`. If the probabilities include a pseudocount, a count may differ by one.
HOMER files contain probabilities and the lowest score of a site.
"""

import re

import numpy as np

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import ALPHABET
from peaks2motifs.core.tables import read_lines, write_text
from peaks2motifs.motifs.meme import DECIMALS, DEFAULT_NSITES, UNIFORM, read_meme, round_rows
from peaks2motifs.motifs.motif import Motif, consensus

HOMER_MIN_PROBABILITY = 0.001  # as in HOMER, because scores are logarithms
HOMER_MAX_P = 1e-4  # p-value of a random word that is called a site, as in FIMO
HOMER_RESOLUTION = 0.01  # of scores, in nats
DEFAULT_TOTAL = 100  # sum of a column's counts if the number of sites is unknown

Lines = dict[int, str]  # lines by number, from 1


def write_jaspar(motifs: list[Motif], path: str) -> None:
    """Write counts in JASPAR format: a title and a line for each base."""
    lines = []
    for motif in motifs:
        counts = round_rows(motif.ppm, motif.nsites or DEFAULT_TOTAL).T
        lines += [f">{motif.name} {motif.alternate}".rstrip()]
        lines += [
            f"{letter}  [{' '.join(f'{count:6d}' for count in row)} ]"
            for letter, row in zip(ALPHABET, counts, strict=True)
        ]
    write_text("".join(f"{line}\n" for line in lines), path)


def write_transfac(motifs: list[Motif], path: str) -> None:
    """Write counts in TRANSFAC format: AC and ID are the name, NA is the second name, if any."""
    lines = []
    for motif in motifs:
        lines += [f"AC  {motif.name}", "XX", f"ID  {motif.name}", "XX"]
        lines += [f"NA  {motif.alternate}", "XX"] if motif.alternate else []
        lines += ["P0  " + "".join(f"{letter:>7}" for letter in ALPHABET)]
        counts = round_rows(motif.ppm, motif.nsites or DEFAULT_TOTAL)
        for position, (row, letter) in enumerate(zip(counts, consensus(motif.ppm), strict=True), 1):
            lines += [
                f"{position:02d}  " + "".join(f"{count:7d}" for count in row) + f"      {letter}"
            ]
        lines += ["XX", f"BA  {motif.nsites} sites"] if motif.nsites else []
        lines += ["XX", "//"]
    write_text("".join(f"{line}\n" for line in lines), path)


def write_homer(motifs: list[Motif], path: str, background: np.ndarray = UNIFORM) -> None:
    """Write probabilities in HOMER format, at least `HOMER_MIN_PROBABILITY`.

    The title line contains consensus, name and the threshold of `homer_threshold`. As in HOMER's
    own files, the second name comes before the name, if there is one: SRF/F1.
    """
    lines = []
    for motif in motifs:
        ppm = round_rows(np.maximum(motif.ppm, HOMER_MIN_PROBABILITY)) / 10**DECIMALS
        threshold = homer_threshold(ppm, background)
        name = "/".join(filter(None, [motif.alternate, motif.name]))
        lines += [f">{consensus(motif.ppm)}\t{name}\t{threshold:.6f}"]
        lines += ["\t".join(f"{p:.{DECIMALS}f}" for p in row) for row in ppm]
    write_text("".join(f"{line}\n" for line in lines), path)


def homer_threshold(ppm: np.ndarray, background: np.ndarray) -> float:
    """Find the lowest score that at most a fraction `HOMER_MAX_P` of random words reaches.

    As in HOMER, the score of a word is the sum of ln(p / 0.25) over the columns of ppm (w, 4), with
    p > 0. Random words have independent bases of frequencies `background` (4,). The distribution of
    their scores is computed column by column, with scores rounded to `HOMER_RESOLUTION`. For a
    short or weak motif even the best word may be more frequent; then the threshold is the score of
    this word. It is never below 0, where a word is as probable by chance as in the motif.
    """
    scores = np.log(ppm / 0.25)
    steps = np.rint(scores / HOMER_RESOLUTION).astype(int)
    lowest = steps.min(axis=1, keepdims=True)
    distribution = np.ones(1)
    for shifts in steps - lowest:
        longer = np.zeros(len(distribution) + shifts.max())
        for shift, p in zip(shifts, background, strict=True):
            longer[shift : shift + len(distribution)] += p * distribution
        distribution = longer
    p_value = distribution[::-1].cumsum()[::-1]
    # The best word must pass, although scores are rounded.
    best = float(scores.max(axis=1).sum()) - 10.0**-DECIMALS
    if p_value[-1] > HOMER_MAX_P:
        return best
    threshold = HOMER_RESOLUTION * float((p_value <= HOMER_MAX_P).argmax() + lowest.sum())
    return min(best, max(0, threshold))


def read_motif_file(path: str) -> list[Motif]:
    """Read the motifs of a MEME, JASPAR, TRANSFAC or HOMER file, gzipped or not.

    The content decides on the format. JASPAR files may have a letter before each line of counts. A
    titled matrix that does not have four lines has a line for each position. nsites is the largest
    column sum of counts, or `DEFAULT_NSITES` if the file contains probabilities. Raises InputError,
    with the line, if the format is unknown, a motif is invalid or two motifs share a name.
    """
    lines = read_lines(path, "motifs")
    first = next((line for line in lines.values() if line.strip()), "")
    if any(line.startswith("MEME version") for line in lines.values()):
        return read_meme(path)[0]
    if any(re.match(r"P[0O]\s", line) for line in lines.values()):
        motifs = _read_transfac(path, lines)
    elif first.startswith(">"):
        motifs = _read_titled(path, lines)
    else:
        raise InputError(
            f"{path}: not a file of motifs: expected a line that begins with 'MEME version' (MEME) "
            "or 'P0' (TRANSFAC), or a first one with '>' (JASPAR, HOMER)"
        )
    names: set[str] = set()
    for number, motif in motifs:
        if motif.name in names:
            raise InputError(f"{path}, line {number}: second motif named '{motif.name}'")
        names.add(motif.name)
    return [motif for _, motif in motifs]


def _read_transfac(path: str, lines: Lines) -> list[tuple[int, Motif]]:
    """Read TRANSFAC records with the line number of each matrix; the last `//` may be missing."""
    motifs, fields, rows, head = [], {}, [], 0
    for number, line in [*lines.items(), (len(lines) + 1, "//")]:
        key, *words = line.split() or [""]
        if key == "//" and head:
            name = fields.get("AC") or fields.get("ID", "")
            alternate = fields.get("NA") or fields.get("ID", "")
            motifs.append((head, _make_motif(path, head, name, alternate, rows)))
        if key == "//":
            fields, rows, head = {}, [], 0
        elif key in ("P0", "PO"):
            if head or [word.upper() for word in words[:4]] != list(ALPHABET):
                raise InputError(f"{path}, line {number}: '{line.strip()}', expected 'P0 A C G T'")
            head = number
        elif head and key.isdigit():
            rows.append(_parse_numbers(path, number, words[:4]))
        else:
            fields.setdefault(key, "_".join(words))
    return motifs


def _read_titled(path: str, lines: Lines) -> list[tuple[int, Motif]]:
    """Read matrices whose titles begin with `>`, with the line number of each title."""
    titles = [number for number, line in lines.items() if line.startswith(">")]
    motifs = []
    for title, end in zip(titles, [*titles[1:], len(lines) + 1], strict=True):
        name, alternate, is_homer = _read_title(lines[title][1:])
        words = {n: re.sub(r"[][|:]", " ", lines[n]).split() for n in range(title + 1, end)}
        words = {n: row for n, row in words.items() if row}
        letters = "".join(row[0].upper() for row in words.values() if row[0].isalpha())
        rows = [_parse_numbers(path, n, row[bool(letters) :]) for n, row in words.items()]
        if letters not in ("", ALPHABET) or (letters and len(rows) != 4):
            raise InputError(f"{path}, line {title}: rows {letters or 'none'}, expected {ALPHABET}")
        if not is_homer and len(rows) == 4:
            if len({len(row) for row in rows}) > 1:
                raise InputError(f"{path}, line {title}: rows of different lengths follow")
            rows = list(zip(*rows, strict=True))
        motifs.append((title, _make_motif(path, title, name, alternate, rows)))
    return motifs


def _read_title(title: str) -> tuple[str, str, bool]:
    """Read name and second name from a title, and whether the title is HOMER's.

    HOMER's titles contain consensus, name and threshold, separated by tabs. Its names begin with
    the factor, as in AP-1(bZIP)/ThioMac-PU.1-ChIP-Seq(GSE21512)/Homer.
    """
    fields = title.rstrip().split("\t")
    if len(fields) > 2 and re.fullmatch(r"-?[0-9.]+(e[-+]?[0-9]+)?", fields[2].strip(), re.I):
        name = "_".join(fields[1].split())
        factor = re.split(r"[(/]", name)[0]
        return name, "" if factor == name else factor, True
    name, alternate = [*title.split(None, 1), "", ""][:2]
    return name, "_".join(alternate.split()), False


def _parse_numbers(path: str, number: int, words: list[str]) -> list[float]:
    """Convert the words of a line to numbers; raise InputError if that fails."""
    try:
        return [float(word) for word in words]
    except ValueError:
        raise InputError(f"{path}, line {number}: '{' '.join(words)}', expected numbers") from None


def _make_motif(path: str, number: int, name: str, alternate: str, rows: list) -> Motif:
    """Make a motif from counts or probabilities, one row for each position; refuse other rows."""
    if not name or not rows or {len(row) for row in rows} != {4}:
        problem = f"{len(rows)} positions" if name else "no name"
        raise InputError(
            f"{path}, line {number}: motif '{name}': {problem}, expected a name and four numbers "
            "for each position"
        )
    counts = np.array(rows, float)
    total = counts.sum(axis=1)
    if not (np.isfinite(counts).all() and counts.min() >= 0 and total.min() > 0):
        raise InputError(
            f"{path}, line {number}: motif '{name}': negative numbers or a position of zeros, "
            "expected counts or probabilities (scores are not read)"
        )
    nsites = round(total.max()) if total.max() >= 1.5 else DEFAULT_NSITES
    alternate = "" if alternate == name else alternate
    return Motif(name, alternate, counts / total[:, None], nsites)
