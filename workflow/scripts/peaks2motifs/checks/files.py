"""Files that sample sheet and config name: their paths, and which of them are missing."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from peaks2motifs.checks.addresses import Source, at_hand
from peaks2motifs.checks.errors import InputError, located

# The files of a genome, each with its format in the words of the ENCODE portal.
_KINDS = {"fasta": "fasta", "blacklist": "bed", "aliases": ""}


def assembly_of(genome: str, genomes: Mapping) -> str:
    """The assembly of a genome: as the config says, or the genome's name."""
    return genomes.get(genome, {}).get("assembly", genome)


def genome_files(genomes: Mapping) -> dict[str, dict[str, str]]:
    """The paths of each genome's files by name; blacklist and aliases only when given."""
    files = {}
    for genome, given in genomes.items():
        with located(f"config: genomes.{genome}"):
            files[genome] = {key: at_hand(given[key]) for key in _KINDS if key in given}
    return files


def databases(names: Mapping) -> list[str]:
    """The sources of known motifs: jaspar, which comes with its package, and the user's files."""
    sources = names["database"]
    return [sources] if isinstance(sources, str) else sources


def config_sources(config: Mapping, genomes: Iterable[str]) -> Iterator[Source]:
    """Go through the files that the config names; of genomes, those used and those predicted."""
    predict = config["predict"]
    predicted = [part["genome"] for part in predict.values() if "genome" in part]
    for genome in dict.fromkeys([*genomes, *predicted]):
        given = config["genomes"].get(genome, {})
        assembly = assembly_of(genome, config["genomes"])
        for key in filter(given.get, _KINDS):
            yield Source(f"config: genomes.{genome}.{key}", given[key], _KINDS[key], assembly)
    for name, part in predict.items():
        for key in ("sequences", "regions"):
            if key in part:
                yield Source(f"config: predict.{name}.{key}", part[key])
    for name, part in config["simulate"].items():
        if part["database"] != "jaspar":
            yield Source(f"config: simulate.{name}.database", part["database"])
    for source in databases(config["names"]):
        if source != "jaspar":
            yield Source("config: names.database", source)


def sheet_files(rows: Mapping, sequences: Mapping) -> Iterator[tuple[str, str]]:
    """Go through the files of the rows: where each is named, and its path.

    `sequences` are the files by column of experiments that have no peaks.
    """
    for experiment, row in rows.items():
        for column in ("peaks", "background"):
            if row["peaks"] and row[column]:
                yield f"experiment {experiment}: {column}", row[column]
    for experiment, files in sequences.items():
        for column, paths in files.items():
            yield from ((f"experiment {experiment}: {column}", path) for path in paths)


def check_files(named: Iterable[tuple[str, str]], fetched: Collection[str], made: tuple) -> None:
    """Raise InputError for the first path without a file, unless a rule will fetch or make it.

    `named` are places and paths; `made` are the folders in which rules make files.
    """
    for where, path in named:
        if not (path in fetched or path.startswith(made) or Path(path).exists()):
            raise InputError(f"{where}: no file {path}")
