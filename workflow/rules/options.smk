# Before any rule: options and sample sheet, checked; what is wrong stops Snakemake with one line.

import re
import shutil
import sys
from pathlib import Path

import pandas as pd
import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from snakemake.settings.types import DeploymentMethod

# Names in results/ (and, for examples, logs/) that are no experiment's.
RESERVED = {
    "catalogue",
    "databases",
    "examples",
    "genomes",
    "index.html",
    "provenance.json",
    "simulations",
}


EXAMPLES = ("resources/demo/", "resources/yeast/")  # files that rules of examples.smk make


def refuse(message):
    """End Snakemake with one line; an exception would add a traceback of rule files."""
    sys.exit(f"ERROR: {message}")


def read_schema(name):
    """Read a schema of workflow/schemas."""
    return yaml.safe_load(Path(workflow.source_path(f"../schemas/{name}.schema.yaml")).read_text())


def fill_defaults(options, schema):
    """Set, in place, every option that is missing and has a default, at any depth."""
    for key, part in schema.get("properties", {}).items():
        if "default" in part:
            options.setdefault(key, part["default"])
        if isinstance(options.get(key), dict):
            fill_defaults(options[key], part)
    if isinstance(each := schema.get("additionalProperties"), dict):
        for key in options.keys() - schema.get("properties", {}).keys():
            if isinstance(options[key], dict):
                fill_defaults(options[key], each)


def check(options, schema, where):
    """Refuse options that the schema does not allow, in one line that says what it expects."""
    error = best_match(Draft202012Validator(schema).iter_errors(options))
    if error:
        key = ".".join(map(str, error.absolute_path)) or "top level"
        meaning = error.schema.get("description", "")
        refuse(f"{where}: {key}: {error.message}. {meaning}".strip())


def check_names(section):
    """Refuse names that YAML reads as numbers: those of the sample sheet and of files are text."""
    for name in config[section]:
        if not isinstance(name, str):
            refuse(f"config: {section}: {name!r} is not text, expected a name or quotes round it")


def check_together(options):
    """Refuse options that are right one by one and cannot go together."""
    widths = [width for _, width in options["model"]["kernels"]]
    length = options["windows"]["length"]
    if max(widths) > length:
        refuse(f"config: model.kernels: width {max(widths)}, windows.length is only {length}")
    if len(set(widths)) < len(widths):
        refuse(f"config: model.kernels: {widths} names a width twice, expected each width once")
    zones = options["model"]["zones"]
    if zones != sorted(zones):
        refuse(f"config: model.zones: {zones}, expected distances that rise")
    splits = options["splits"]
    if splits["strategy"] == "random" and {str(splits["valid"]), str(splits["test"])} != {"auto"}:
        refuse("config: splits.strategy: random takes no named chromosomes, expected auto for both")


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
    schema = read_schema("experiments")
    columns, rows = read_table(path)
    missing = [column for column in schema["required"] if column not in columns]
    if missing or len(set(columns)) < len(columns):
        found, expected = " | ".join(columns), " | ".join(schema["properties"])
        refuse(f"{path}: columns {found}, expected tabs between some of {expected}, each once")
    sheet = pd.DataFrame(list(rows.values()), index=list(rows), columns=columns)
    for number, row in zip(rows, sheet.to_dict("records")):
        check(row, schema, f"{path}, line {number}")
        if row["genome"] not in config["genomes"]:
            known = ", ".join(config["genomes"])
            refuse(f"{path}, line {number}: genome {row['genome']!r} is not among genomes: {known}")
        if row["experiment"] in RESERVED:
            refuse(f"{path}, line {number}: the name {row['experiment']} is taken by us")
    twice = sheet["experiment"].duplicated()
    if twice.any():
        name = sheet["experiment"][twice.idxmax()]
        refuse(f"{path}, line {twice.idxmax()}: experiment {name} is there twice")
    return sheet.reindex(columns=list(schema["properties"]), fill_value="").set_index("experiment")


def check_files():
    """Refuse paths where nothing is, unless rules may make them: an example's, or a module's."""
    named = {f"experiment {e}: peaks": path for e, path in SHEET.peaks.items()}
    named |= {f"experiment {e}: background": path for e, path in SHEET.background.items()}
    for genome in dict.fromkeys(SHEET.genome):
        files = config["genomes"][genome].items()
        named |= {f"config: genomes.{genome}.{key}": path for key, path in files}
    for name, part in config["predict"].items():
        named |= {
            f"config: predict.{name}.{key}": part.get(key) for key in ("sequences", "regions")
        }
        files = config["genomes"].get(part.get("genome"), {}).items()
        named |= {f"config: genomes.{part.get('genome')}.{key}": path for key, path in files}
    for name, simulation in config["simulate"].items():
        if simulation["database"] != "jaspar":
            named[f"config: simulate.{name}.database"] = simulation["database"]
    if config["names"]["database"] != "jaspar":
        named["config: names.database"] = config["names"]["database"]
    is_module = workflow.modifier.parent_modifier is not None
    for where, path in named.items():
        if path and not (is_module or path.startswith(EXAMPLES) or Path(path).exists()):
            refuse(f"{where}: no file {path}")


def need_bedtools():
    """Stop before any job when bedtools is not there; conda environments bring their own."""
    by_conda = DeploymentMethod.CONDA in workflow.deployment_settings.deployment_method
    if not by_conda and not shutil.which("bedtools"):
        refuse(
            "bedtools is not on the PATH: apt-get install bedtools, or conda install -c conda-forge "
            "-c bioconda bedtools, or run snakemake with --sdm conda"
        )


need_bedtools()
fill_defaults(config, schema := read_schema("config"))
check(config, schema, "config")
for names in ("genomes", "predict", "simulate"):
    check_names(names)
check_together(config)
SHEET = read_experiments(config["experiments"])
EXPERIMENTS = list(SHEET.index)
check_files()


wildcard_constraints:
    experiment="|".join(map(re.escape, EXPERIMENTS)),
    genome="|".join(map(re.escape, config["genomes"])),
