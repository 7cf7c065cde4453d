"""Chromosome names: which sequence of the genome a peak file's `chr4`, `4` or `chrIV` means."""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping

import pandas as pd

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.tables import read_lines

MITOCHONDRIAL = {"m", "mt", "mito", "mitochondrion", "mtdna"}
ROMAN = {
    ten + one: 10 * tens + ones
    for tens, ten in enumerate(["", "X", "XX", "XXX"])
    for ones, one in enumerate(["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"])
    if ten + one
}
# X, V and I name sex chromosomes and linkage groups too; these three are numerals and nothing else.
ROMAN_EVIDENCE = {"II", "III", "IV"}
ADVICE = "genomes.<name>.aliases may give a two-column file of names"

MISFITS = {  # signs of a genome of another assembly
    "past_chromosome_end": "run past a chromosome's end",
    "unknown_chromosome": "lie on chromosomes that the genome has not",
}

Key = Callable[[str], Hashable | None]


def match_chromosomes(
    peak_names: Iterable[str],
    genome_names: Iterable[str],
    aliases: Iterable[tuple[str, str]] | None = None,
    described: dict[str, str] | None = None,
    source: str = "peaks",
) -> pd.DataFrame:
    """Find the genome's name for each name of a peak file: `peaks_name genome_name rule`.

    The rules, in order: `identical`; `alias`, pairs of names read in both directions; then
    `prefix` (chr, Chr or CHR dropped or added), `mitochondrial` (M, MT, Mito, ...) and `roman`
    (10 for X, only where one side is plainly Roman and the other Arabic), which must agree on one
    name; last `header`, the same rules on `described`: {"I": "NC_001133.9"} as the FASTA headers
    say. A name without a counterpart has rule `unknown` and no genome_name. Rows keep the order of
    peak_names. Raises InputError when a name could mean two sequences or two names mean one.
    """
    peak_names, genome_names = list(dict.fromkeys(peak_names)), list(genome_names)
    both = f"first names there: {first_names(peak_names)}; "
    both += f"in the genome: {first_names(genome_names)}"
    found = _exact(peak_names, genome_names, aliases or [])
    left = [name for name in peak_names if name not in found]
    found |= _inferred(peak_names, left, {name: name for name in genome_names})
    if described:
        left = [name for name in left if name not in found]
        by_header = _inferred(left, left, described)
        found |= {name: (names, "header") for name, (names, _) in by_header.items()}
    for name, (candidates, _) in found.items():
        if len(candidates) > 1:
            raise InputError(
                f"{source}: chromosome {name} may mean {' or '.join(sorted(candidates))} ({both}); "
                + ADVICE
            )
    matched = [found.get(name, ({None}, "unknown")) for name in peak_names]
    table = pd.DataFrame(
        {
            "peaks_name": peak_names,
            "genome_name": [next(iter(candidates)) for candidates, _ in matched],
            "rule": [
                "identical" if candidates == {name} else rule
                for name, (candidates, rule) in zip(peak_names, matched, strict=True)
            ],
        }
    )
    twice = table[table["genome_name"].notna() & table["genome_name"].duplicated(keep=False)]
    if len(twice):
        target = twice["genome_name"].iloc[0]
        names = twice.loc[twice["genome_name"] == target, "peaks_name"]
        raise InputError(
            f"{source}: chromosomes {' and '.join(names)} would both be the genome's {target} "
            f"({both}); use one naming per file; {ADVICE}"
        )
    return table


def count_chromosomes(
    chroms: pd.Series,
    genome_names: Iterable[str],
    aliases: Iterable[tuple[str, str]] | None = None,
    described: dict[str, str] | None = None,
    source: str = "peaks",
    least: float = 0.5,
) -> pd.DataFrame:
    """Match the chromosome column of a table of peaks: `peaks_name genome_name rule peaks`.

    Rows are in genome order, unknown names last. Raises InputError when none, or less than the
    fraction `least`, lie on a chromosome that the genome has: wrong genome, or another naming.
    """
    genome_names = list(genome_names)
    counts = chroms.value_counts()
    table = match_chromosomes(sorted(counts.index), genome_names, aliases, described, source)
    table["peaks"] = counts[table["peaks_name"]].to_numpy()
    known = int(table.loc[table["rule"] != "unknown", "peaks"].sum())
    if known == 0 or known < least * len(chroms):
        raise InputError(
            f"{source}: only {known} of {len(chroms)} intervals lie on a chromosome of the genome; "
            f"first names there: {first_names(chroms.unique())}; "
            f"in the genome: {first_names(genome_names)}; {ADVICE}"
        )
    rank = {name: position for position, name in enumerate(genome_names)}
    order = table["genome_name"].map(rank).fillna(len(rank))
    return table.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def read_aliases(path: str) -> list[tuple[str, str]]:
    """Read pairs of names from the first two columns of a text file; `#` lines are skipped."""
    pairs = []
    for number, line in read_lines(path, "two columns of names").items():
        fields = line.split()
        if not fields or fields[0].startswith("#"):
            continue
        if len(fields) < 2:
            raise InputError(
                f"{path}, line {number}: one column, expected two: a chromosome's two names"
            )
        pairs.append((fields[0], fields[1]))
    return pairs


def warn_of_misfits(counts: Mapping[str, int], total: int, what: str) -> None:
    """Print a line for each of `MISFITS` that more than one in a hundred of `total` are.

    `what` says of what, such as "windows of peaks.bed".
    """
    for reason, said in MISFITS.items():
        if counts.get(reason, 0) > 0.01 * total:
            print(
                f"WARNING: {counts[reason]} of {total} {what} {said}; was the genome of another "
                "assembly?"
            )


def first_names(names: Iterable[str], count: int = 3) -> str:
    """The first names of a list, for a message."""
    names = list(names)
    return ", ".join(names[:count]) + (", ..." if len(names) > count else "")


def _exact(
    peak_names: list[str], genome_names: list[str], aliases: Iterable[tuple[str, str]]
) -> dict[str, tuple[set[str], str]]:
    """Names that the genome has as they are, or for which an alias names a sequence it has.

    X among Roman chromosomes is a ten: where the genome counts in Arabic, its X may be another.
    """
    wanted, known = set(peak_names), set(genome_names)
    counts = _numbering(peak_names), _numbering(genome_names)
    unsure = ROMAN if counts == ("roman", "arabic") else {}
    same = [name for name in peak_names if name in known and _core(name) not in unsure]
    found = {name: ({name}, "identical") for name in same}
    by_alias: dict[str, set[str]] = {}
    for one, other in aliases:
        for alias, name in ((one, other), (other, one)):
            if name in known and alias in wanted and alias not in known:
                by_alias.setdefault(alias, set()).add(name)
    return found | {alias: (names, "alias") for alias, names in by_alias.items()}


def _inferred(
    peak_names: list[str], left: list[str], genome: dict[str, str]
) -> dict[str, tuple[set[str], str]]:
    """All sequences that each name `left` may mean, and the first rule that says so.

    `genome` maps the names to compare with to the names to return; all of peak_names is evidence
    for the kind of numbering.
    """
    found: dict[str, tuple[set[str], str]] = {}
    for rule, peak_key, genome_key in _rules(peak_names, genome):
        targets: dict[Hashable, set[str]] = {}
        for label, name in genome.items():
            targets.setdefault(genome_key(label), set()).add(name)
        targets.pop(None, None)
        for name in left:
            if candidates := targets.get(peak_key(name)):
                earlier, first_rule = found.get(name, (set(), rule))
                found[name] = (earlier | candidates, first_rule)
    return found


def _rules(peak_names: Iterable[str], genome_names: Iterable[str]) -> list[tuple[str, Key, Key]]:
    """The rules that apply to two sets of names: rule, key of a peaks' name, key of a genome's."""
    rules: list[tuple[str, Key, Key]] = [
        ("prefix", _core, _core),
        ("mitochondrial", _mitochondrial, _mitochondrial),
    ]
    peaks, genome = _numbering(peak_names), _numbering(genome_names)
    if (peaks, genome) == ("arabic", "roman"):
        rules.append(("roman", _arabic_number, _roman_number))
    if (peaks, genome) == ("roman", "arabic"):
        rules.append(("roman", _roman_number, _arabic_number))
    return rules


def _numbering(names: Iterable[str]) -> str | None:
    cores = {_core(name) for name in names}
    if cores & ROMAN_EVIDENCE:
        return "roman"
    return "arabic" if any(core.isdecimal() for core in cores) else None


def _core(name: str) -> str:
    return re.sub(r"^(chr|Chr|CHR)(?=.)", "", name)


def _mitochondrial(name: str) -> bool | None:
    return True if _core(name).lower() in MITOCHONDRIAL else None


def _roman_number(name: str) -> int | None:
    return ROMAN.get(_core(name))


def _arabic_number(name: str) -> int | None:
    core = _core(name)
    return int(core) if core.isdecimal() else None
