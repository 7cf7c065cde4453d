"""Options: the schema that describes them, their defaults, and options that exclude each other."""

import math
import shutil
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator, TypeChecker, validators
from jsonschema.exceptions import ValidationError, best_match

from peaks2motifs.checks.errors import InputError
from peaks2motifs.checks.network import apply_preset

FILES = ("config.schema.yaml", "network.schema.yaml", "verbs.schema.yaml")
FILES += ("experiments.schema.yaml", "presets.yaml")


def is_integer(_: TypeChecker, value: object) -> bool:
    """Whether a value is a whole number and written as one: JSON Schema would also take 200.0."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(checker: TypeChecker, value: object) -> bool:
    """Whether a value is a finite number: YAML also has .nan and .inf, which pass any limit."""
    return is_integer(checker, value) or (isinstance(value, float) and math.isfinite(value))


Validator = validators.extend(
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"integer": is_integer, "number": is_number}
    ),
)


def read_schemas(folder: Path) -> tuple[dict, dict, dict]:
    """Read `FILES`: the schema of the config, in three of them, that of the sheet, and presets."""
    config, network, verbs, sheet, presets = (
        yaml.safe_load((folder / name).read_text()) for name in FILES
    )
    config["properties"] |= network["properties"] | verbs["properties"]
    return config, sheet, presets


def complete_options(config: Mapping, schema: Mapping, presets: Mapping) -> dict:
    """Return the config with all its options: the user's, the preset's, then the defaults.

    Raises InputError for what schema, preset or another option does not allow.
    """
    check_options(config, schema)
    options = fill_defaults({**config, **apply_preset(config, schema, presets)}, schema)
    check_names(options)
    check_together(options)
    return options


def check_options(options: Mapping, schema: Mapping) -> None:
    """Raise InputError, with key, fault and the option's meaning, for what the schema forbids."""
    error = best_match(Validator(schema).iter_errors(options))
    if error:
        key = ".".join(map(str, error.absolute_path)) or "top level"
        meaning = error.schema.get("description", "")
        raise InputError(f"{key}: {error.message}. {suggest_key(error)}{meaning}".strip())


def suggest_key(error: ValidationError) -> str:
    """A question whether a similar key was meant, where the fault is an unknown key."""
    known = error.schema.get("properties", {})
    if error.validator != "additionalProperties":
        return ""
    unknown = [key for key in error.instance if key not in known]
    similar = get_close_matches(str(unknown[0]), known, n=1)
    return f"Did you mean {similar[0]}? " if similar else ""


def fill_defaults(options: Mapping, schema: Mapping) -> dict:
    """Return the options with the schema's default for each missing one, at any depth.

    The order of the given options is kept; missing ones follow in the order of the schema.
    """
    properties, others = schema.get("properties", {}), schema.get("additionalProperties")
    defaults = {key: part["default"] for key, part in properties.items() if "default" in part}
    filled = {**options, **{key: defaults[key] for key in defaults if key not in options}}
    for key, value in filled.items():
        part = properties.get(key, others)
        if isinstance(value, dict) and isinstance(part, dict):
            filled[key] = fill_defaults(value, part)
    return filled


def check_names(options: Mapping) -> None:
    """Raise InputError for names that YAML reads as numbers: names in sheets and files are text."""
    for section in ("genomes", "predict", "simulate"):
        for name in options[section]:
            if not isinstance(name, str):
                raise InputError(
                    f"{section}: {name!r} is not text, expected a name or quotes round it"
                )


def check_together(options: Mapping) -> None:
    """Raise InputError for options that are valid one by one but exclude each other."""
    splits = options["splits"]
    if splits["strategy"] == "random" and {str(splits["valid"]), str(splits["test"])} != {"auto"}:
        raise InputError(
            "splits.strategy: random takes no named chromosomes, expected auto for both"
        )
    training = options["training"]
    optimizer, momentum = training["optimizer"], training["momentum"]
    if momentum and optimizer == "adam":
        raise InputError(f"training.momentum: {momentum}, adam takes none, expected sgd or rmsprop")
    if training["nesterov"] and (optimizer != "sgd" or not momentum):
        raise InputError(
            f"training.nesterov: true with {optimizer}, momentum {momentum}; sgd needs both"
        )


def check_programs(tomtom: bool, by_conda: bool) -> None:
    """Raise InputError if bedtools, or the MEME Suite's tomtom if needed, is not on the PATH.

    Conda environments bring bedtools; none brings tomtom.
    """
    if not by_conda and not shutil.which("bedtools"):
        raise InputError(
            "bedtools is not on the PATH: apt-get install bedtools, or conda install -c "
            "conda-forge -c bioconda bedtools, or run snakemake with --sdm conda"
        )
    if tomtom and not shutil.which("tomtom"):
        raise InputError(
            "config: names.tomtom_html: tomtom is not on the PATH, expected the MEME Suite: conda "
            "install -c conda-forge -c bioconda meme, or false"
        )


def choose(named: str | Sequence[str], known: Sequence[str]) -> list[str]:
    """The experiments that an option names: all of the known ones, one, or a list.

    Raises InputError for others.
    """
    experiments = known if named == "all" else [named] if isinstance(named, str) else named
    for experiment in experiments:
        if experiment not in known:
            raise InputError(f"{experiment!r}, expected all or some of {', '.join(known)}")
    return list(experiments)
