"""The network: presets, and options that disagree with each other or with windows."""

import pytest
from paths import ROOT
from peaks2motifs.checks.errors import InputError
from peaks2motifs.checks.network import (
    apply_preset,
    check_network,
    training_parameters,
    window_lengths,
)
from peaks2motifs.checks.options import complete_options, read_schemas

SCHEMA, _, PRESETS = read_schemas(ROOT / "workflow/schemas")


def sections(**model) -> dict[str, dict]:
    options = complete_options({"experiments": "e.tsv", "model": model}, SCHEMA, PRESETS)
    return {section: options[section] for section in ("model", "training")}


def test_a_preset_gives_way_to_the_user():
    given = {"model": {"preset": "toy1", "kernel_len": 9}, "training": {"epochs": 2}}
    options = apply_preset(given, SCHEMA, PRESETS)
    assert options["model"] == PRESETS["toy1"]["model"] | given["model"]
    assert options["training"] == PRESETS["toy1"]["training"] | {"epochs": 2}
    assert apply_preset({}, SCHEMA, PRESETS) == {"model": {}, "training": {}}  # scan sets nothing


@pytest.mark.parametrize(("preset", "key"), [("toy1", "zones"), ("scan", "kernel_len")])
def test_an_option_of_another_network_is_refused(preset, key):
    message = f"^model.{key}: the preset {preset} knows no such option$"
    with pytest.raises(InputError, match=message):
        apply_preset({"model": {"preset": preset, key: 1}}, SCHEMA, PRESETS)


@pytest.mark.parametrize(
    ("peaks", "sequences", "length", "expected"),
    [(True, False, 50, [200]), (False, True, 50, [50]), (True, True, 50, [200, 50]),
     (True, True, None, [200]), (False, True, None, [])],
)  # fmt: skip
def test_windows_are_as_long_as_options_say(peaks, sequences, length, expected):
    options = {"windows": {"length": 200}, "sequences": {"length": length}}
    assert window_lengths(options, peaks, sequences) == expected


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ({"kernels": [[8, 9], [4, 9]]}, r"^model.kernels: \[9, 9\] names a width twice"),
        ({"zones": [50, 20]}, r"^model.zones: \[50, 20\], expected increasing distances"),
        ({"kernels": [[8, 60]]}, "^model: kernels: width 60, windows are only 50 bp"),
        ({"preset": "pysster"}, "^model: no position is left of the window: 50"),
        ({"preset": "toy1", "kernel_len": [1, 2]}, r"^model: kernel_len: \[1, 2\] are 2 values"),
    ],
)
def test_networks_that_cannot_be_are_refused(model, message):
    check_network(sections()["model"], PRESETS, [200, 50])
    check_network(sections(preset="toy1")["model"], PRESETS, [50])
    with pytest.raises(InputError, match=message):
        check_network(sections(**model)["model"], PRESETS, [50])


def test_training_is_given_the_options_of_its_own_network():
    options = sections(preset="toy1")
    parameters = training_parameters(**options, schema=SCHEMA, presets=PRESETS)
    assert parameters["architecture"]["network"] == "stack"
    assert parameters["architecture"]["kernel_len"] == 17
    assert parameters["architecture"]["replicates"] == 1
    assert not {"preset", "zones", "kernels"} & set(parameters["architecture"])
    assert parameters["optimizer"] == {
        "name": "sgd", "learning_rate": 0.01, "momentum": 0.9, "nesterov": True, "clipnorm": None,
    }  # fmt: skip
    assert parameters["loss"] == "auto_softmax"
    used = [*parameters["training"], *parameters["keras"], *parameters["optimizer"]]
    assert set(used) - {"name"} | {"optimizer", "loss", "replicates"} == set(options["training"])
