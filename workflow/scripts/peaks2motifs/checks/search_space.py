"""What `snakemake search` tries: the space of its options, checked, and the trials from it."""

import math
from collections.abc import Iterable, Mapping

from peaks2motifs.checks.errors import InputError, located
from peaks2motifs.checks.network import SECTIONS, apply_preset, check_network, training_parameters
from peaks2motifs.checks.options import check_options, fill_defaults
from peaks2motifs.checks.trials import grid_trials, random_trials, trial_in_words, trial_name

MAX_TRIALS = 10_000  # per experiment; Snakemake has a job for each, and lists them all first


def find_trials(search: Mapping, schema: Mapping, seed: int) -> dict[str, dict]:
    """The trials of the section search by name, none where its space is empty.

    Raises InputError for a bad space, and for more trials than a space holds.
    """
    if not search["space"]:
        return {}
    space = read_space(search, schema)
    is_grid = search["strategy"] == "grid"
    number = math.prod(map(len, space.values())) if is_grid else search["trials"]
    if number > MAX_TRIALS:
        place = "space: a grid of" if is_grid else "trials:"
        raise InputError(f"config: search.{place} {number} trials, expected at most {MAX_TRIALS}")
    if is_grid:
        trials = grid_trials(space)
    else:
        trials = random_trials(space, search["trials"], seed)
        if len(trials) < search["trials"]:
            raise InputError(
                f"config: search.trials: {search['trials']}, search.space holds only {len(trials)} "
                "different ones; strategy grid takes them all"
            )
    return {trial_name(trial): trial for trial in trials}


def read_space(search: Mapping, schema: Mapping) -> dict[str, list | dict]:
    """The space of the section search; InputError unless every value by itself is allowed."""
    with located("config: search.space"):
        check_options(search["space"], space_schema(schema))
    space = {}
    for key, values in search["space"].items():
        with located(f"config: search.space.{key}"):
            if isinstance(values, dict):
                _check_range(values, search["strategy"])
                values = values | {"integer": _is_integer(key, schema)}
        space[key] = values
    return space


def space_schema(schema: Mapping) -> dict:
    """The schema of a space: a value must be one that the option's own section allows."""
    parts = {
        f"{section}.{option}": part
        for section in SECTIONS
        for option, part in schema["properties"][section]["properties"].items()
    }
    ends = {key: {"low": part, "high": part} for key, part in parts.items()}
    return {
        "description": "Keys are options of model and training, such as training.learning_rate.",
        "properties": {k: {"items": part, "properties": ends[k]} for k, part in parts.items()},
        "additionalProperties": False,
    }


def _is_integer(key: str, schema: Mapping) -> bool:
    """Tell whether a number among the values of an option must be an integer."""
    section, option = key.split(".")
    part = schema["properties"][section]["properties"][option]
    return any("integer" in kind.get("type", "") for kind in [part, *part.get("anyOf", [])])


def _check_range(values: Mapping, strategy: str) -> None:
    low, high = values["low"], values["high"]
    if strategy == "grid":
        raise InputError("a range, expected a list of values, as search.strategy is grid")
    if not low < high:
        raise InputError(f"low {low}, expected less than high {high}")
    if values["scale"] == "log" and low <= 0:
        raise InputError(f"low {low}, expected more than 0, as scale is log")


def trial_training(
    trial: Mapping, given: Mapping, schema: Mapping, presets: Mapping, lengths: Iterable[int]
) -> dict[str, object]:
    """The parameters of a trial's training, from options complete and checked as the config's are.

    `given` is the config as the user wrote it, `lengths` are those of windows in bp.
    """
    options = {section: dict(given.get(section, {})) for section in SECTIONS}
    for key, value in trial.items():
        section, option = key.split(".")
        options[section][option] = value
    with located(f"config: search: trial {trial_name(trial)} ({trial_in_words(trial)})"):
        options = apply_preset(options, schema, presets)
        for section in SECTIONS:
            options[section] = fill_defaults(options[section], schema["properties"][section])
        check_network(options["model"], presets, lengths)
    return training_parameters(**options, schema=schema, presets=presets)
