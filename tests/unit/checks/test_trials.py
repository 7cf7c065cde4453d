"""Trials of a search: which values they try, in which order, and what they are called."""

import math

import pytest
from peaks2motifs.checks.trials import (
    grid_trials,
    random_trials,
    trial_in_words,
    trial_name,
    value_at,
)

RATE = {"low": 0.0001, "high": 0.1, "scale": "log", "integer": False}
UNITS = {"low": 1, "high": 8, "scale": "linear", "integer": True}
SPACE = {"training.learning_rate": RATE, "model.hidden": [0, 32], "model.kernels": [[[8, 9]]]}


def test_a_grid_holds_every_combination_once():
    trials = grid_trials({"a": [1, 2], "b": ["x", "y", "z"]})
    assert trials[:4] == [{"a": 1, "b": "x"}, {"a": 1, "b": "y"}, {"a": 1, "b": "z"},
                          {"a": 2, "b": "x"}]  # fmt: skip
    assert len({trial_name(trial) for trial in trials}) == 6


def test_a_wider_grid_keeps_the_names_of_what_it_held():
    before = grid_trials({"a": [1, 2], "b": [3]})
    after = grid_trials({"b": [5, 3], "a": [2, 1, 0]})
    assert {trial_name(t) for t in before} < {trial_name(t) for t in after}


def test_names_tell_values_apart_and_do_not_change():
    assert trial_name({"model.hidden": 32}) == "398b7292"
    different = [{"a": 1}, {"a": True}, {"a": "1"}, {"a": None}, {"b": 1}, {"a": [1]}]
    assert len({trial_name(trial) for trial in different}) == len(different)


def test_more_trials_begin_with_the_same_ones():
    few, many = (random_trials(SPACE, n, seed=1) for n in (5, 40))
    assert few == many[:5]
    assert random_trials(SPACE, 5, seed=2) != few


def test_an_options_values_do_not_depend_on_the_others():
    rate = {"training.learning_rate": RATE}
    alone, among = (random_trials(space, 10, seed=1) for space in (rate, SPACE))
    key = "training.learning_rate"
    assert [trial[key] for trial in alone] == [trial[key] for trial in among]


def test_trials_are_drawn_until_the_space_is_empty():
    space = {"a": [1, 2, 3], "b": UNITS}
    trials = random_trials(space, 24, seed=1)
    assert sorted((t["a"], t["b"]) for t in trials) == [
        (a, b) for a in (1, 2, 3) for b in range(1, 9)
    ]
    assert len(random_trials(space, 25, seed=1)) == 24


@pytest.mark.parametrize(
    ("fraction", "values", "expected"),
    [
        (0.0, [5, 6, 7], 5),
        (0.34, [5, 6, 7], 6),
        (0.999, [5, 6, 7], 7),
        (0.0, UNITS, 1),
        (0.999, UNITS, 8),
        (0.5, UNITS, 5),  # 1 to 4 are the lower half
        (0.5, UNITS | {"scale": "log"}, 3),  # the middle of 1 to 9 by ratio
        (0.0, RATE, 0.0001),
        (0.5, RATE, 0.003162),
        (1 - 1e-16, RATE | {"high": 0.123456}, 0.123456),
        (0.0, RATE | {"low": 0.123446, "high": 1}, 0.123446),  # rounded down it would lie outside
        (0.25, {"low": 0, "high": 1, "scale": "linear", "integer": False}, 0.25),
    ],
)
def test_values_lie_along_lists_and_ranges(fraction, values, expected):
    value = value_at(fraction, values)
    assert value == expected
    assert type(value) is type(expected)


def test_ratios_are_drawn_evenly_on_a_log_scale():
    trials = random_trials({"x": RATE}, 400, seed=3)
    below = sum(trial["x"] < math.sqrt(0.0001 * 0.1) for trial in trials)
    assert 160 < below < 240


def test_a_trial_is_described_as_yaml_has_it():
    trial = {"model.kernels": [[8, 9]], "model.kmers": False}
    assert trial_in_words(trial) == "model.kernels [[8, 9]], model.kmers false"
