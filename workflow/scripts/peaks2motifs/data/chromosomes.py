"""Chromosome names: match the `chr4`, `4` or `chrIV` of a peak file to the genome's names."""

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
# X, V and I also name sex chromosomes and linkage groups; these three are always numerals.
ROMAN_EVIDENCE = {"II", "III", "IV"}
ADVICE = "genomes.<name>.aliases takes a two-column file of names"

ASSEMBLY_MISMATCHES = {  # signs that peaks and genome are of different assemblies
    "past_chromosome_end": "extend past the end of a chromosome",
    "unknown_chromosome": "lie on chromosomes that are not in the genome",
}

Key = Callable[[str], Hashable | None]
Matches = dict[str, tuple[set[str], str]]  # by name: candidates in the genome, rule


def match_chromosomes(
    peak_names: Iterable[str],
    genome_names: Iterable[str],
    aliases: Iterable[tuple[str, str]] | None = None,
    described: dict[str, str] | None = None,
    source: str = "peaks",
) -> pd.DataFrame:
    """Find the genome's name for each name of a peak file: `peaks_name genome_name rule`.

    The rules, in order, are:

    - `identical`
    - `alias`: pairs of names, in both directions
    - `prefix` (chr, Chr or CHR dropped or added), `mitochondrial` (M, MT, Mito, ...) and `roman`
      (10 for X, only if one side is clearly Roman and the other Arabic), which must agree
    - `header`: the same rules on `described`, such as {"I": "NC_001133.9"} from FASTA headers

    A name without a match has rule `unknown` and no genome_name. Rows keep the order of peak_names.
    Raises InputError if a name matches two sequences or two names match one.
    """
    peak_names, genome_names = list(dict.fromkeys(peak_names)), list(genome_names)
    matches = _match_exactly(peak_names, genome_names, aliases or [])
    unmatched = [name for name in peak_names if name not in matches]
    matches |= _infer_matches(peak_names, unmatched, {name: name for name in genome_names})
    if described:
        unmatched = [name for name in unmatched if name not in matches]
        by_header = _infer_matches(unmatched, unmatched, described)
        matches |= {name: (names, "header") for name, (names, _) in by_header.items()}
    examples = f"first names in the file: {first_names(peak_names)}; "
    examples += f"in the genome: {first_names(genome_names)}"
    _refuse_ambiguous(matches, source, examples)
    table = _tabulate_matches(peak_names, matches)
    _refuse_repeated(table, source, examples)
    return table


def _tabulate_matches(peak_names: list[str], matches: Matches) -> pd.DataFrame:
    """Tabulate `peaks_name genome_name rule` from matches of one candidate each."""
    matched = [matches.get(name, ({None}, "unknown")) for name in peak_names]
    return pd.DataFrame(
        {
            "peaks_name": peak_names,
            "genome_name": [next(iter(candidates)) for candidates, _ in matched],
            "rule": [
                "identical" if candidates == {name} else rule
                for name, (candidates, rule) in zip(peak_names, matched, strict=True)
            ],
        }
    )


def _refuse_ambiguous(matches: Matches, source: str, examples: str) -> None:
    """Raise InputError if a name has several candidates."""
    for name, (candidates, _) in matches.items():
        if len(candidates) > 1:
            raise InputError(
                f"{source}: chromosome {name} may mean {' or '.join(sorted(candidates))} "
                f"({examples}); {ADVICE}"
            )


def _refuse_repeated(table: pd.DataFrame, source: str, examples: str) -> None:
    """Raise InputError if two names match one sequence of the genome."""
    twice = table[table["genome_name"].notna() & table["genome_name"].duplicated(keep=False)]
    if len(twice):
        target = twice["genome_name"].iloc[0]
        names = twice.loc[twice["genome_name"] == target, "peaks_name"]
        raise InputError(
            f"{source}: chromosomes {' and '.join(names)} would both be the genome's {target} "
            f"({examples}); use one naming per file; {ADVICE}"
        )


def count_chromosomes(
    chroms: pd.Series,
    genome_names: Iterable[str],
    aliases: Iterable[tuple[str, str]] | None = None,
    described: dict[str, str] | None = None,
    source: str = "peaks",
    least: float = 0.5,
) -> pd.DataFrame:
    """Match a column of chromosome names and count its rows: `peaks_name genome_name rule peaks`.

    Rows are in genome order, unknown names last. Raises InputError if no peak, or less than the
    fraction `least`, lies on a chromosome of the genome: a wrong genome, or another naming.
    """
    genome_names = list(genome_names)
    counts = chroms.value_counts()
    table = match_chromosomes(sorted(counts.index), genome_names, aliases, described, source)
    table["peaks"] = counts[table["peaks_name"]].to_numpy()
    n_known = int(table.loc[table["rule"] != "unknown", "peaks"].sum())
    if n_known == 0 or n_known < least * len(chroms):
        raise InputError(
            f"{source}: only {n_known} of {len(chroms)} intervals are on a known chromosome; "
            f"first names in the file: {first_names(chroms.unique())}; "
            f"in the genome: {first_names(genome_names)}; {ADVICE}"
        )
    rank = {name: position for position, name in enumerate(genome_names)}
    order = table["genome_name"].map(rank).fillna(len(rank))
    return table.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def read_aliases(path: str) -> list[tuple[str, str]]:
    """Read pairs of names from the first two columns of a text file; skip `#` lines."""
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


def warn_of_other_assembly(counts: Mapping[str, int], total: int, what: str) -> None:
    """Warn of each of `ASSEMBLY_MISMATCHES` that concerns more than 1 % of `total`.

    `what` names the counted rows, such as "windows of peaks.bed".
    """
    for reason, problem in ASSEMBLY_MISMATCHES.items():
        if counts.get(reason, 0) > 0.01 * total:
            print(
                f"WARNING: {counts[reason]} of {total} {what} {problem}; is the genome of another "
                "assembly?"
            )


def first_names(names: Iterable[str], count: int = 3) -> str:
    """List the first names, for a message."""
    names = list(names)
    return ", ".join(names[:count]) + (", ..." if len(names) > count else "")


def _match_exactly(
    peak_names: list[str], genome_names: list[str], aliases: Iterable[tuple[str, str]]
) -> Matches:
    """Match names that are in the genome themselves or by an alias.

    Among Roman numerals X means ten. If the genome is numbered in Arabic, its X is probably another
    chromosome, so that identical numerals do not match.
    """
    in_peaks, in_genome = set(peak_names), set(genome_names)
    numberings = _numbering(peak_names), _numbering(genome_names)
    ambiguous = ROMAN if numberings == ("roman", "arabic") else {}
    same = [name for name in peak_names if name in in_genome and _core(name) not in ambiguous]
    identical = {name: ({name}, "identical") for name in same}
    by_alias: dict[str, set[str]] = {}
    for pair in aliases:
        for alias, name in (pair, pair[::-1]):
            if name in in_genome and alias in in_peaks and alias not in in_genome:
                by_alias.setdefault(alias, set()).add(name)
    return identical | {alias: (names, "alias") for alias, names in by_alias.items()}


def _infer_matches(peak_names: list[str], unmatched: list[str], genome: dict[str, str]) -> Matches:
    """Match each unmatched name to all sequences that any rule allows; name the first rule.

    `genome` maps the names to compare with to the names to return. All of peak_names is evidence
    for the kind of numbering.
    """
    matches: Matches = {}
    for rule, peak_key, genome_key in _rules(peak_names, genome):
        by_key: dict[Hashable, set[str]] = {}
        for label, name in genome.items():
            by_key.setdefault(genome_key(label), set()).add(name)
        by_key.pop(None, None)
        for name in unmatched:
            if candidates := by_key.get(peak_key(name)):
                earlier, first_rule = matches.get(name, (set(), rule))
                matches[name] = (earlier | candidates, first_rule)
    return matches


def _rules(peak_names: Iterable[str], genome_names: Iterable[str]) -> list[tuple[str, Key, Key]]:
    """List the rules for two sets of names: rule, key of a peak file's name, of a genome's name."""
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
