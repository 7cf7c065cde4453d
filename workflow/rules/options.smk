# Before any rule: the config, checked; what is wrong stops Snakemake with one line.

import importlib.util
import re
import shutil
import sys
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from snakemake.settings.types import DeploymentMethod

NETWORK_SECTIONS = ("model", "training")


def refuse(message):
    """End Snakemake with one line; an exception would add a traceback of rule files."""
    sys.exit(f"ERROR: {message}")


def read_schema(name):
    """Read a file of workflow/schemas."""
    return yaml.safe_load(Path(workflow.source_path(f"../schemas/{name}.yaml")).read_text())


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


def library(module):
    """Import a module of the library that needs nothing but Python."""
    path = workflow.source_path(f"../scripts/peaks2motifs/checks/{module}.py")
    spec = importlib.util.spec_from_file_location(module, path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def apply_preset(options, where="config"):
    """Set, in place, what the model's preset sets and the user does not."""
    name = options.get("model", {}).get("preset", "scan")
    preset = PRESETS[name]
    for key in options.get("model", {}):
        if MODEL[key].get("network", preset["network"]) != preset["network"]:
            refuse(f"{where}: model.{key}: the preset {name} knows no such option")
    for section in NETWORK_SECTIONS:
        options[section] = preset.get(section, {}) | options.get(section, {})


def network_options(model):
    """The arguments of `architectures.build` that options of the section model give."""
    network = PRESETS[model["preset"]]["network"]
    known = {k for k, part in MODEL.items() if part.get("network", network) == network}
    return {"network": network} | {k: v for k, v in model.items() if k in known - {"preset"}}


def check_network(model, where="config"):
    """Refuse networks whose options disagree, or that windows are too short for."""
    network = PRESETS[model["preset"]]["network"]
    if network == "scan":
        widths = [width for _, width in model["kernels"]]
        if len(set(widths)) < len(widths):
            refuse(f"{where}: model.kernels: {widths} names a width twice, expected each once")
        if (zones := model["zones"]) != sorted(zones):
            refuse(f"{where}: model.zones: {zones}, expected distances that rise")
    else:
        try:
            library("stack_options").expand(model)
        except ValueError as error:
            refuse(f"{where}: model: {error}")
    lengths = [config["windows"]["length"] if PEAK_ROWS else None]
    lengths += [config["sequences"]["length"] if SEQUENCE_ROWS else None]
    for length in filter(None, lengths):
        try:
            library("stack_options").check_length(length, network, model)
        except ValueError as error:
            refuse(f"{where}: model: {error}")


def one_of(names):
    """The pattern of a wildcard that is one of these names."""
    return "|".join(map(re.escape, names)) or "(?!)"


def check_names(section):
    """Refuse names that YAML reads as numbers: those of the sample sheet and of files are text."""
    for name in config[section]:
        if not isinstance(name, str):
            refuse(f"config: {section}: {name!r} is not text, expected a name or quotes round it")


def check_together(options):
    """Refuse options that are right one by one and cannot go together."""
    splits = options["splits"]
    if splits["strategy"] == "random" and {str(splits["valid"]), str(splits["test"])} != {"auto"}:
        refuse("config: splits.strategy: random takes no named chromosomes, expected auto for both")
    training = options["training"]
    optimizer, momentum = training["optimizer"], training["momentum"]
    if momentum and optimizer == "adam":
        refuse(f"config: training.momentum: {momentum}, adam takes none, expected sgd or rmsprop")
    if training["nesterov"] and (optimizer != "sgd" or not momentum):
        refuse(
            f"config: training.nesterov: true with {optimizer}, momentum {momentum}; sgd needs both"
        )


def need_bedtools():
    """Stop before any job when bedtools is not there; conda environments bring their own."""
    by_conda = DeploymentMethod.CONDA in workflow.deployment_settings.deployment_method
    if not by_conda and not shutil.which("bedtools"):
        refuse(
            "bedtools is not on the PATH: apt-get install bedtools, or conda install -c conda-forge "
            "-c bioconda bedtools, or run snakemake with --sdm conda"
        )


def need_tomtom():
    """Stop before any job when the MEME Suite is asked for and not there; no environment has it."""
    if config["names"]["tomtom_html"] and not shutil.which("tomtom"):
        refuse(
            "config: names.tomtom_html: tomtom is not on the PATH, expected the MEME Suite: conda "
            "install -c conda-forge -c bioconda meme, or false"
        )


need_bedtools()
SCHEMA = read_schema("config.schema")
MODEL = SCHEMA["properties"]["model"]["properties"]
PRESETS = read_schema("presets")
check(config, SCHEMA, "config")
GIVEN = {section: config.get(section, {}) for section in NETWORK_SECTIONS}  # by the user alone
apply_preset(config)
fill_defaults(config, SCHEMA)
for names in ("genomes", "predict", "simulate"):
    check_names(names)
check_together(config)
need_tomtom()
