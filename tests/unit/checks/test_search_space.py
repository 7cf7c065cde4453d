"""The space of a search: every value is one that its option allows, and so is every trial."""

import pytest
from paths import ROOT
from peaks2motifs.checks.errors import InputError
from peaks2motifs.checks.network import training_parameters
from peaks2motifs.checks.options import complete_options, read_schemas
from peaks2motifs.checks.search_space import (
    find_trials,
    read_space,
    space_schema,
    trial_training,
)

SCHEMA, _, PRESETS = read_schemas(ROOT / "workflow/schemas")


def search(space: dict, strategy: str = "random", trials: int = 2) -> dict:
    """The section search with its defaults."""
    given = {"space": space, "strategy": strategy, "trials": trials}
    return complete_options({"experiments": "e.tsv", "search": given}, SCHEMA, PRESETS)["search"]


def test_a_space_holds_lists_and_ranges_that_say_whether_numbers_are_whole():
    space = {
        "model.dropout": {"low": 0.0, "high": 0.5},
        "model.hidden": {"low": 1, "high": 8, "scale": "log"},
        "model.kernel_num": {"low": 1, "high": 8},
        "training.optimizer": ["adam", "sgd"],
    }
    assert read_space(search(space), SCHEMA) == {
        "model.dropout": {"low": 0.0, "high": 0.5, "scale": "linear", "integer": False},
        "model.hidden": {"low": 1, "high": 8, "scale": "log", "integer": True},
        "model.kernel_num": {"low": 1, "high": 8, "scale": "linear", "integer": True},
        "training.optimizer": ["adam", "sgd"],
    }


@pytest.mark.parametrize(
    ("space", "strategy", "message"),
    [
        ({"model.hiden": [1]}, "random", r"space: .*'model\.hiden'"),
        ({"model.hidden": [4, -3]}, "random", r"space: model\.hidden\.1: -3 "),
        (
            {"model.hidden": {"low": 0, "high": 1.5}},
            "random",
            r"space: model\.hidden\.high: 1\.5 .*integer",
        ),
        (
            {"model.hidden": {"low": 0, "high": 4}},
            "grid",
            r"space\.model\.hidden: .*range, .* grid",
        ),
        (
            {"model.hidden": {"low": 8, "high": 4}},
            "random",
            r"space\.model\.hidden: low 8, .*high 4",
        ),
        (
            {"model.dropout": {"low": 0.0, "high": 0.5, "scale": "log"}},
            "random",
            r"space\.model\.dropout: low 0\.0, .* log",
        ),
    ],
)
def test_spaces_that_options_do_not_allow_are_refused(space, strategy, message):
    with pytest.raises(InputError, match=rf"^config: search\.{message}"):
        read_space(search(space, strategy), SCHEMA)


def test_every_option_of_the_network_can_be_tried():
    known = space_schema(SCHEMA)["properties"]
    sections = SCHEMA["properties"]
    for section in ("model", "training"):
        assert {f"{section}.{key}" for key in sections[section]["properties"]} <= set(known)
    assert known["model.hidden"]["items"] == sections["model"]["properties"]["hidden"]


def test_trials_are_all_of_a_grid_or_some_drawn():
    space = {"model.hidden": [0, 4], "training.epochs": [1, 2, 3]}
    assert len(find_trials(search(space, "grid"), SCHEMA, 1)) == 6
    drawn = find_trials(search(space, trials=4), SCHEMA, 1)
    assert len(drawn) == 4
    assert drawn.items() <= find_trials(search(space, "grid"), SCHEMA, 1).items()
    assert find_trials(search({}), SCHEMA, 1) == {}


def test_more_trials_than_a_space_holds_are_refused():
    message = r"^config: search\.trials: 3, search\.space .*\b2\b.* grid"
    with pytest.raises(InputError, match=message):
        find_trials(search({"model.hidden": [0, 4]}, trials=3), SCHEMA, 1)


def test_too_many_trials_are_refused_before_they_are_listed():
    space = {"model.hidden": list(range(10_000)), "training.batch_size": list(range(1, 10_001))}
    with pytest.raises(InputError, match=r"^config: search\.space: a grid of 100000000 trials"):
        find_trials(search(space, "grid"), SCHEMA, 1)
    drawn = search({"model.hidden": {"low": 0, "high": 10**9, "scale": "linear"}}, trials=10**9)
    with pytest.raises(InputError, match=r"^config: search\.trials: 1000000000 trials"):
        find_trials(drawn, SCHEMA, 1)


def test_a_trial_is_trained_as_a_config_with_its_values_is():
    given = {"experiments": "e.tsv", "model": {"hidden": 2}, "training": {"roll": 3}}
    trial = {"model.hidden": 4, "training.learning_rate": 0.1}
    found = trial_training(trial, given, SCHEMA, PRESETS, [200])
    same = given | {"model": {"hidden": 4}, "training": {"roll": 3, "learning_rate": 0.1}}
    options = complete_options(same, SCHEMA, PRESETS)
    assert found == training_parameters(options["model"], options["training"], SCHEMA, PRESETS)
    assert given["model"] == {"hidden": 2}


def test_a_trial_may_try_presets():
    found = trial_training({"model.preset": "toy1"}, {}, SCHEMA, PRESETS, [200])
    assert found["architecture"]["kernel_len"] == 17
    assert found["optimizer"]["name"] == "sgd"


@pytest.mark.parametrize(
    ("trial", "message"),
    [
        ({"model.kernel_len": 20}, r"model\.kernel_len: .*preset scan"),
        ({"model.kernels": [[8, 9], [4, 9]]}, r"model\.kernels: .*9, 9.* twice"),
        ({"model.preset": "pysster"}, r"model: .*\b50\b"),
    ],
)
def test_trials_that_cannot_be_are_refused_with_their_values(trial, message):
    (key,) = trial
    with pytest.raises(
        InputError, match=rf"^config: search: trial \w{{8}} \({key} .*\): {message}"
    ):
        trial_training(trial, {}, SCHEMA, PRESETS, [50])
