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

RESERVED = {"catalogue", "databases", "genomes"}  # folders of results/ that are no experiment


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


def check(options, schema, where):
    """Refuse options that the schema does not allow, in one line that says what it expects."""
    error = best_match(Draft202012Validator(schema).iter_errors(options))
    if error:
        key = ".".join(map(str, error.path)) or "top level"
        meaning = error.schema.get("description", "")
        refuse(f"{where}: {key}: {error.message}. {meaning}".strip())


def read_experiments(path):
    """Read the sample sheet: a table indexed by experiment, with empty text for what is not given."""
    if not Path(path).is_file():
        refuse(f"experiments: no file {path}; it is the sample sheet, see config/README.md")
    sheet = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False, comment="#")
    schema = read_schema("experiments")
    for number, row in enumerate(sheet.to_dict("records"), start=1):
        check(row, schema, f"{path}, row {number}")
        if row["genome"] not in config["genomes"]:
            known = ", ".join(config["genomes"])
            refuse(f"{path}, row {number}: genome {row['genome']!r} is not among genomes: {known}")
        if row["experiment"] in RESERVED:
            refuse(f"{path}, row {number}: the name {row['experiment']} is taken by us")
    twice = sheet["experiment"][sheet["experiment"].duplicated()]
    if len(twice):
        refuse(f"{path}: experiment {twice.iloc[0]} is there twice")
    return sheet.reindex(columns=list(schema["properties"]), fill_value="").set_index("experiment")


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
SHEET = read_experiments(config["experiments"])
EXPERIMENTS = list(SHEET.index)


wildcard_constraints:
    experiment="|".join(map(re.escape, EXPERIMENTS)),
    genome="|".join(map(re.escape, config["genomes"])),
