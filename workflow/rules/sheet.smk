# The sample sheet, checked, and the files that it and the config name.

import pandas as pd

# Names in results/ (and, for examples, logs/) that are no experiment's.
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


def read_table(path):
    """Read a tab-separated table: columns, and rows of text by line number, without `#` lines.

    Spaces and quotes round a cell go, as spreadsheet programs put them there; missing cells at the
    end of a line are empty.
    """
    try:
        lines = enumerate(Path(path).read_text(encoding="utf-8-sig").split("\n"), start=1)
    except UnicodeDecodeError as error:
        refuse(f"{path}: {error.reason} at byte {error.start}, expected text in UTF-8")
    rows = {
        number: [cell.strip().strip('"').strip() for cell in line.rstrip().split("\t")]
        for number, line in lines
        if line.strip() and not line.startswith("#")
    }
    if len(rows) < 2:
        refuse(f"{path}: {len(rows)} lines, expected a line of column names and one per experiment")
    columns = rows.pop(min(rows))
    for number, row in rows.items():
        if len(row) > len(columns):
            refuse(f"{path}, line {number}: {len(row)} columns, the first line has {len(columns)}")
        row += [""] * (len(columns) - len(row))
    return columns, rows


def read_experiments(path):
    """Read the sample sheet: a table indexed by experiment, with empty text for what is not given."""
    if not Path(path).is_file():
        refuse(f"experiments: no file {path}; it is the sample sheet, see config/README.md")
    schema = read_schema("experiments.schema")
    columns, rows = read_table(path)
    missing = [column for column in schema["required"] if column not in columns]
    if missing or len(set(columns)) < len(columns):
        found, expected = " | ".join(columns), " | ".join(schema["properties"])
        refuse(f"{path}: columns {found}, expected tabs between some of {expected}, each once")
    rules = library("sheet")
    checked = []
    for number, cells in rows.items():
        where = f"{path}, line {number}"
        row = dict(zip(columns, cells))
        check(row, schema, where)
        row = read_sources(dict.fromkeys(schema["properties"], "") | row, where)
        checked.append(row)
        try:
            rules.check_row(row)
        except ValueError as error:
            refuse(f"{where}: {error}")
        if row["peaks"] and row["genome"] not in config["genomes"]:
            known = ", ".join(config["genomes"]) or "none"
            refuse(f"{where}: genome {row['genome']!r} is not among genomes: {known}")
        if row["experiment"] in RESERVED:
            refuse(f"{where}: the name {row['experiment']} is taken by us")
    sheet = pd.DataFrame(checked, index=list(rows))
    twice = sheet["experiment"].duplicated()
    if twice.any():
        name = sheet["experiment"][twice.idxmax()]
        refuse(f"{path}, line {twice.idxmax()}: experiment {name} is there twice")
    return sheet.set_index("experiment")


def read_sources(row, where):
    """A row of the sheet with paths in place of addresses and accessions, which rules will fetch.

    Where it names no factor, that of an accession is looked up: the accession stands for it.
    """
    assembly = assembly_of(row["genome"]) if row["genome"] else ""

    def take(found):
        return at_hand(found[1].strip(), where, "bed" if row["peaks"] else "", assembly)

    if SOURCES.is_accession(row["peaks"]) and not row["factor"]:
        row = row | {"factor": row["peaks"]}
    if SOURCES.is_remote(row["labels"]) and row["task"] != "binary":
        refuse(
            f"{where}: labels: {row['labels']}: names of classes are needed before it is fetched, "
            "expected a local file, or task binary"
        )
    columns = ("peaks", *library("sheet").FILES)
    return row | {column: SOURCES.IN_CELL.sub(take, row[column]) for column in columns}


def named_files():
    """Go through the files that sheet and config name: where, and the path or nothing."""
    for experiment in PEAK_ROWS:
        yield f"experiment {experiment}: peaks", SHEET.peaks[experiment]
        yield f"experiment {experiment}: background", SHEET.background[experiment]
    for experiment, (_, files) in SEQUENCE_ROWS.items():
        for column, paths in files.items():
            yield from ((f"experiment {experiment}: {column}", path) for path in paths)
    predicted = [part["genome"] for part in config["predict"].values() if "genome" in part]
    for genome in dict.fromkeys(genomes_used() + predicted):
        for key, path in genome_files(genome).items():
            yield f"config: genomes.{genome}.{key}", path
    for name, part in config["predict"].items():
        for key in ("sequences", "regions"):
            where = f"config: predict.{name}.{key}"
            yield where, at_hand(part.get(key, ""), where)
    for name, simulation in config["simulate"].items():
        if simulation["database"] != "jaspar":
            where = f"config: simulate.{name}.database"
            yield where, at_hand(simulation["database"], where)
    yield from (("config: names.database", path) for path in database_files())


def database_sources():
    """Where known motifs come from, a list: jaspar, which comes with its package, and paths."""
    sources = config["names"]["database"]
    sources = [sources] if isinstance(sources, str) else sources
    return [at_hand(source, "config: names.database") for source in sources]


def database_files():
    """The user's own files of known motifs."""
    return [source for source in database_sources() if source != "jaspar"]


def check_files():
    """Refuse paths where nothing is, unless rules may make them: an example's, or a module's."""
    made = ("resources/demo/",)
    made += tuple(f"results/simulations/{name}/" for name in config["simulate"])
    is_module = workflow.modifier.parent_modifier is not None
    for where, path in named_files():
        made_by_us = path.startswith(made) or path in FETCHED
        if path and not (is_module or made_by_us or Path(path).exists()):
            refuse(f"{where}: no file {path}")


def genomes_used():
    """The genomes that the sample sheet names, each once."""
    return [genome for genome in dict.fromkeys(SHEET.genome) if genome]


SHEET = read_experiments(config["experiments"])
EXPERIMENTS = list(SHEET.index)
PEAK_ROWS = [e for e in EXPERIMENTS if SHEET.peaks[e]]
SEQUENCE_ROWS = {  # classes and files of each
    e: library("sheet").sequence_files(SHEET.loc[e]) for e in EXPERIMENTS if SHEET.sequences[e]
}
check_network(config["model"])
check_files()
