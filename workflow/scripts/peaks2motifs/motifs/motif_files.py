"""Motif files of JASPAR, TRANSFAC and HOMER, written and read here; any motif file, by its content.

JASPAR and TRANSFAC hold counts: those written are `nsites` times the probabilities, rounded so that
the four of each column sum to `nsites`; a pseudocount in the probabilities may so move a count by
one. HOMER holds probabilities and the score above which a word is a site.
"""

import re

import numpy as np

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import ALPHABET
from peaks2motifs.core.tables import read_lines, write_text
from peaks2motifs.motifs.meme import DECIMALS, DEFAULT_NSITES, UNIFORM, read_meme, round_rows
from peaks2motifs.motifs.motif import Motif, consensus

HOMER_LEAST = 0.001  # HOMER writes no smaller probability, as its scores are logarithms
HOMER_P = 1e-4  # of a random word to be called a site; FIMO's default
HOMER_STEP = 0.01  # resolution of scores, in nats
PER_CENT = 100  # what columns sum to where a motif was not made of sites

Lines = dict[int, str]  # by their numbers from 1


def write_jaspar(motifs: list[Motif], path: str) -> None:
    """Write counts as JASPAR does: a title, and a line for each base."""
    lines = []
    for motif in motifs:
        counts = round_rows(motif.ppm, motif.nsites or PER_CENT).T
        lines += [f">{motif.name} {motif.alternate}".rstrip()]
        lines += [
            f"{letter}  [{' '.join(f'{count:6d}' for count in row)} ]"
            for letter, row in zip(ALPHABET, counts, strict=True)
        ]
    write_text("".join(f"{line}\n" for line in lines), path)


def write_transfac(motifs: list[Motif], path: str) -> None:
    """Write counts as TRANSFAC does: AC and ID are the name, NA the second name if there is one."""
    lines = []
    for motif in motifs:
        lines += [f"AC  {motif.name}", "XX", f"ID  {motif.name}", "XX"]
        lines += [f"NA  {motif.alternate}", "XX"] if motif.alternate else []
        lines += ["P0  " + "".join(f"{letter:>7}" for letter in ALPHABET)]
        counts = round_rows(motif.ppm, motif.nsites or PER_CENT)
        for place, (row, letter) in enumerate(zip(counts, consensus(motif.ppm), strict=True), 1):
            lines += [
                f"{place:02d}  " + "".join(f"{count:7d}" for count in row) + f"      {letter}"
            ]
        lines += ["XX", f"BA  {motif.nsites} sites"] if motif.nsites else []
        lines += ["XX", "//"]
    write_text("".join(f"{line}\n" for line in lines), path)


def write_homer(motifs: list[Motif], path: str, background: np.ndarray = UNIFORM) -> None:
    """Write probabilities as HOMER does, none below 0.001, with the threshold of `homer_threshold`.

    The title is consensus, name and threshold; as with HOMER's own motifs the second name, where
    there is one, stands before the name: SRF/F1.
    """
    lines = []
    for motif in motifs:
        ppm = round_rows(np.maximum(motif.ppm, HOMER_LEAST)) / 10**DECIMALS
        threshold = homer_threshold(ppm, background)
        name = "/".join(filter(None, [motif.alternate, motif.name]))
        lines += [f">{consensus(motif.ppm)}\t{name}\t{threshold:.6f}"]
        lines += ["\t".join(f"{p:.{DECIMALS}f}" for p in row) for row in ppm]
    write_text("".join(f"{line}\n" for line in lines), path)


def homer_threshold(ppm: np.ndarray, background: np.ndarray) -> float:
    """The lowest log-odds score that at most one in 10,000 random words has.

    A word's score is HOMER's: ln(p / 0.25) summed over the columns of ppm (w, 4), p > 0; random
    words have bases of frequencies `background` (4,), one by one. The distribution of their scores
    is summed up column by column, scores rounded to `HOMER_STEP`. A motif so short or weak that
    even its best word is less rare gets that word's score. Never below 0, where a word is as likely
    by chance as in the motif, which long sharp motifs would be.
    """
    scores = np.log(ppm / 0.25)
    steps = np.rint(scores / HOMER_STEP).astype(int)
    least = steps.min(axis=1, keepdims=True)
    chance = np.ones(1)
    for shifts in steps - least:
        grown = np.zeros(len(chance) + shifts.max())
        for shift, p in zip(shifts, background, strict=True):
            grown[shift : shift + len(chance)] += p * chance
        chance = grown
    rarity = chance[::-1].cumsum()[::-1]
    best = float(scores.max(axis=1).sum()) - 10.0**-DECIMALS  # it passes, whatever is rounded
    if rarity[-1] > HOMER_P:
        return best
    return min(best, max(0, HOMER_STEP * float((rarity <= HOMER_P).argmax() + least.sum())))


def read_any(path: str) -> list[Motif]:
    """Read the motifs of a MEME, JASPAR, TRANSFAC or HOMER file, gzipped or not.

    The content says which it is. JASPAR files may have a letter before each line of counts or none;
    titled matrices of other than four lines have a line for each position. nsites is the largest
    sum of a column's counts, 20 where a file has probabilities. InputError, with the line, for what
    is none of these, for what no motif can be made of, and for names that come twice.
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
    seen: dict[str, int] = {}
    for number, motif in motifs:
        if motif.name in seen:
            raise InputError(f"{path}, line {number}: second motif named '{motif.name}'")
        seen[motif.name] = number
    return [motif for _, motif in motifs]


def _read_transfac(path: str, lines: Lines) -> list[tuple[int, Motif]]:
    """Read TRANSFAC records, each with the line of its matrix; the last may lack its `//`."""
    found, fields, rows, head = [], {}, [], 0
    for number, line in [*lines.items(), (len(lines) + 1, "//")]:
        key, *words = line.split() or [""]
        if key == "//" and head:
            name = fields.get("AC") or fields.get("ID", "")
            alternate = fields.get("NA") or fields.get("ID", "")
            found.append((head, _motif(path, head, name, alternate, rows)))
        if key == "//":
            fields, rows, head = {}, [], 0
        elif key in ("P0", "PO"):
            if head or [word.upper() for word in words[:4]] != list(ALPHABET):
                raise InputError(f"{path}, line {number}: '{line.strip()}', expected 'P0 A C G T'")
            head = number
        elif head and key.isdigit():
            rows.append(_numbers(path, number, words[:4]))
        else:
            fields.setdefault(key, "_".join(words))
    return found


def _read_titled(path: str, lines: Lines) -> list[tuple[int, Motif]]:
    """Read matrices with titles that begin with `>`, each with the line of its title."""
    titles = [number for number, line in lines.items() if line.startswith(">")]
    found = []
    for title, end in zip(titles, [*titles[1:], len(lines) + 1], strict=True):
        name, alternate, is_homer = _read_title(lines[title][1:])
        words = {n: re.sub(r"[][|:]", " ", lines[n]).split() for n in range(title + 1, end)}
        words = {n: row for n, row in words.items() if row}
        letters = "".join(row[0].upper() for row in words.values() if row[0].isalpha())
        rows = [_numbers(path, n, row[bool(letters) :]) for n, row in words.items()]
        if letters not in ("", ALPHABET) or (letters and len(rows) != 4):
            raise InputError(f"{path}, line {title}: rows {letters or 'none'}, expected {ALPHABET}")
        if not is_homer and len(rows) == 4:
            if len({len(row) for row in rows}) > 1:
                raise InputError(f"{path}, line {title}: rows of different lengths follow")
            rows = list(zip(*rows, strict=True))
        found.append((title, _motif(path, title, name, alternate, rows)))
    return found


def _read_title(title: str) -> tuple[str, str, bool]:
    """The names in a title, and whether it is HOMER's: consensus, name and threshold, by tabs.

    HOMER's names begin with the factor, as in AP-1(bZIP)/ThioMac-PU.1-ChIP-Seq(GSE21512)/Homer.
    """
    fields = title.rstrip().split("\t")
    if len(fields) > 2 and re.fullmatch(r"-?[0-9.]+(e[-+]?[0-9]+)?", fields[2].strip(), re.I):
        name = "_".join(fields[1].split())
        factor = re.split(r"[(/]", name)[0]
        return name, "" if factor == name else factor, True
    name, alternate = [*title.split(None, 1), "", ""][:2]
    return name, "_".join(alternate.split()), False


def _numbers(path: str, number: int, words: list[str]) -> list[float]:
    try:
        return [float(word) for word in words]
    except ValueError:
        raise InputError(f"{path}, line {number}: '{' '.join(words)}', expected numbers") from None


def _motif(path: str, number: int, name: str, alternate: str, rows: list) -> Motif:
    """Make a motif of counts or probabilities, a row for each position; refuse what is neither."""
    if not name or not rows or {len(row) for row in rows} != {4}:
        found = f"{len(rows)} positions" if name else "no name"
        raise InputError(
            f"{path}, line {number}: motif '{name}': {found}, expected a name and four numbers "
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
