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


def database_files(names: Mapping) -> list[str]:
    """Where known motifs come from, by the section names: jaspar, which is no file, and paths."""
    with located("config: names.database"):
        return [at_hand(source) for source in _databases(names)]


def _databases(names: Mapping) -> list[str]:
    sources = names["database"]
    return [sources] if isinstance(sources, str) else sources


def config_sources(config: Mapping, rows: Mapping) -> Iterator[Source]:
    """Go through the files that the config names; of genomes only those of rows and predictions."""
    predict = config["predict"]
    genomes = [part.get("genome", "") for part in (*rows.values(), *predict.values())]
    for genome in dict.fromkeys(genomes):
        given = config["genomes"].get(genome, {})
        assembly = assembly_of(genome, config["genomes"])
        for key in filter(given.get, _KINDS):
            yield Source(f"config: genomes.{genome}.{key}", given[key], _KINDS[key], assembly)
    if config["background"]["pool"]:
        yield Source("config: background.pool", config["background"]["pool"])
    for name, part in predict.items():
        for key in ("sequences", "regions"):
            if key in part:
                yield Source(f"config: predict.{name}.{key}", part[key])
    for name, part in config["simulate"].items():
        if part["database"] != "jaspar":
            yield Source(f"config: simulate.{name}.database", part["database"])
    for source in _databases(config["names"]):
        if source != "jaspar":
            yield Source("config: names.database", source)


def sheet_sources(rows: Mapping, sequences: Mapping) -> Iterator[Source]:
    """Go through the files that the rows of the sample sheet name.

    `sequences` are what `labelled_files.sequence_files` gives for each row of sequences.
    """
    for experiment, row in rows.items():
        for column in ("peaks", "background", "pool"):
            if row["peaks"] and row[column]:
                yield Source(f"experiment {experiment}: {column}", row[column])
    for experiment, (_, paths) in sequences.items():
        for column in paths:
            for path in paths[column]:
                yield Source(f"experiment {experiment}: {column}", path)


def check_files(
    sources: Iterable[Source], fetched: Collection[str], simulate: Iterable[str]
) -> None:
    """Raise InputError for the first source without a file, unless a rule will fetch or make it.

    `fetched` are the paths of fetched files, `simulate` the names of simulations.
    """
    made = ("resources/demo/", *(f"results/simulations/{name}/" for name in simulate))
    for source in sources:
        path = at_hand(source.text)
        if not (path in fetched or path.startswith(made) or Path(path).exists()):
            raise InputError(f"{source.where}: no file {path}")
