"""Trials of a hyperparameter search: which values they try, and what they are called.

A space holds, for each option, a list of values or a range, {"low", "high", "scale", "integer"}; a
trial is one value for each.
"""

import hashlib
import itertools
import json
import math
import random

MEASURES = (
    "auroc",
    "auprc",
    "val_loss",
    "epochs",
    "parameters",
)  # of a trial; None if not measured
DRAWS_PER_TRIAL = 100  # limit of draws; by then almost every possible trial has been drawn


def grid_trials(space: dict) -> list[dict]:
    """All combinations of the listed values; the last option varies fastest."""
    return [dict(zip(space, values, strict=True)) for values in itertools.product(*space.values())]


def random_trials(space: dict, number: int, seed: int) -> list[dict]:
    """Draw `number` different trials; fewer where the space holds no more.

    A larger number only adds trials after the first ones. An option's values do not depend on what
    other options there are.
    """
    found = {}
    for draw in range(DRAWS_PER_TRIAL * number):
        if len(found) == number:
            break
        trial = {
            key: value_at(random.Random(f"{seed} {draw} {key}").random(), values)
            for key, values in space.items()
        }
        found.setdefault(trial_name(trial), trial)
    return list(found.values())


def value_at(fraction: float, values: list | dict) -> object:
    """The value that lies this far, 0 to below 1, along a list or a range.

    Numbers that need not be integers keep four digits, as more would only be hard to read.
    """
    if isinstance(values, list):
        return values[int(fraction * len(values))]
    low, high = values["low"], values["high"]
    end = high + 1 if values["integer"] else high
    if values["scale"] == "log":
        value = low * math.exp(fraction * math.log(end / low))
    else:
        value = low + fraction * (end - low)
    return min(max(int(value) if values["integer"] else float(f"{value:.4g}"), low), high)


def trial_name(trial: dict) -> str:
    """The name of a trial; equal values give the same eight hexadecimal digits."""
    return hashlib.sha256(json.dumps(trial, sort_keys=True).encode()).hexdigest()[:8]


def trial_in_words(trial: dict) -> str:
    """A trial in words."""
    return ", ".join(f"{key} {json.dumps(value)}" for key, value in trial.items())
