"""The sample sheet: a table of experiments, each with peaks or with labelled sequences."""

from collections.abc import Mapping
from pathlib import Path

from peaks2motifs.checks.addresses import IN_CELL, Source, at_hand, is_accession, is_remote
from peaks2motifs.checks.errors import InputError, located
from peaks2motifs.checks.files import assembly_of
from peaks2motifs.checks.labelled_files import FILES, sequence_files
from peaks2motifs.checks.options import check_options

# Names of other files and folders in results/ (examples: in logs/), which no experiment may have.
RESERVED = {
    "catalogue",
    "databases",
    "examples",
    "genomes",
    "index.html",
    "inputs",
    "method.html",
    "provenance.json",
    "simulations",
}
_FOREIGN = {"peaks": ("labels", "test", "task"), "sequences": ("genome", "pool")}


def read_sheet(
    path: str, schema: Mapping, genomes: Mapping
) -> tuple[dict[str, dict[str, str]], list[Source]]:
    """Read the sample sheet: its rows by experiment, and the addresses and accessions in them.

    A row has text for every column of the schema but `experiment`, "" if not given. In place of
    addresses and accessions it has the paths to which their files are fetched; an accession of
    peaks also stands for its factor, if none is named. Raises InputError with file and line.
    """
    rows, sources = {}, []
    for number, cells in read_table(path, schema).items():
        with located(f"{path}, line {number}"):
            check_options(cells, schema)
            cells = dict.fromkeys(schema["properties"], "") | cells
            sources += find_sources(cells, f"{path}, line {number}", genomes)
            row = put_paths(cells)
            check_row(row)
            experiment = row.pop("experiment")
            if row["peaks"] and row["genome"] not in genomes:
                known = ", ".join(genomes) or "none"
                raise InputError(f"genome {row['genome']!r} is not among genomes: {known}")
            if experiment in RESERVED:
                raise InputError(f"the name {experiment} is reserved")
            if experiment in rows:
                raise InputError(f"experiment {experiment} occurs twice")
            rows[experiment] = row
    return rows, sources


def read_table(path: str, schema: Mapping) -> dict[int, dict[str, str]]:
    """Read a tab-separated table: the text of each row by column, by line number.

    Lines that begin with `#` are left out. So are spaces and quotes round a cell, which spreadsheet
    programs add. Cells missing at the end of a line are empty. Raises InputError unless the columns
    are those of the schema.
    """
    lines = _read_lines(path)
    columns = lines.pop(min(lines))
    for number, cells in lines.items():
        if len(cells) > len(columns):
            raise InputError(
                f"{path}, line {number}: {len(cells)} columns, the first line has {len(columns)}"
            )
    missing = [column for column in schema["required"] if column not in columns]
    if missing or len(set(columns)) < len(columns):
        raise InputError(
            f"{path}: columns {' | '.join(columns)}, expected tabs between some of "
            f"{' | '.join(schema['properties'])}, each once"
        )
    return {
        number: dict(zip(columns, cells + [""] * (len(columns) - len(cells)), strict=True))
        for number, cells in lines.items()
    }


def _read_lines(path: str) -> dict[int, list[str]]:
    """The cells of each line by its number, the first of them the names of columns."""
    if not Path(path).is_file():
        raise InputError(
            f"experiments: no file {path}; it is the sample sheet, see config/README.md"
        )
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: {error.reason} at byte {error.start}, expected text in UTF-8"
        ) from None
    lines = {
        number: [cell.strip().strip('"').strip() for cell in line.rstrip().split("\t")]
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip() and not line.startswith("#")
    }
    if len(lines) < 2:
        raise InputError(
            f"{path}: {len(lines)} lines, expected a line of column names and one per experiment"
        )
    return lines


def find_sources(row: Mapping[str, str], where: str, genomes: Mapping) -> list[Source]:
    """The addresses and accessions in a row, each with what its file must be.

    Raises InputError for labels that must be read before any file is fetched.
    """
    if is_remote(row["labels"]) and row["task"] != "binary":
        raise InputError(
            f"labels: {row['labels']}: names of classes are needed before it is fetched, "
            "expected a local file, or task binary"
        )
    kind = "bed" if row["peaks"] else ""
    assembly = assembly_of(row["genome"], genomes) if row["genome"] else ""
    return [
        Source(where, match[1].strip(), kind, assembly)
        for column in ("peaks", "pool", *FILES)
        for match in IN_CELL.finditer(row[column])
    ]


def put_paths(row: Mapping[str, str]) -> dict[str, str]:
    """A row with local paths in place of addresses and accessions.

    Where it names no factor, that of an accession is looked up later: the accession stands for it.
    """
    paths = {
        column: IN_CELL.sub(lambda match: at_hand(match[1].strip()), row[column])
        for column in ("peaks", "pool", *FILES)
    }
    unnamed = is_accession(row["peaks"]) and not row["factor"]
    return {**row, **paths, **({"factor": row["peaks"]} if unnamed else {})}


def check_row(row: Mapping[str, str]) -> None:
    """Raise InputError unless a row has peaks or sequences, and what goes with them.

    Of files of sequences see `sequence_files`.
    """
    kinds = [kind for kind in _FOREIGN if row[kind]]
    if len(kinds) != 1:
        raise InputError(f"{' and '.join(kinds) or 'nothing'}, expected either peaks or sequences")
    foreign = [column for column in _FOREIGN[kinds[0]] if row[column]]
    if foreign:
        raise InputError(f"{foreign[0]}: {row[foreign[0]]!r} does not go with {kinds[0]}")
    if row["sequences"]:
        sequence_files(row)
