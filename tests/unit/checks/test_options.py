"""Options: their schema, their defaults, and what is refused."""

from pathlib import Path

import pytest
import yaml
from paths import ROOT
from peaks2motifs.checks.errors import InputError
from peaks2motifs.checks.options import (
    FILES,
    check_names,
    check_options,
    check_programs,
    check_together,
    choose,
    complete_options,
    fill_defaults,
    read_schemas,
)

SCHEMAS = ROOT / "workflow/schemas"
SCHEMA, _, PRESETS = read_schemas(SCHEMAS)
DEMO = yaml.safe_load((ROOT / "config/config.yaml").read_text())


def complete(**sections) -> dict:
    return complete_options({"experiments": "e.tsv"} | sections, SCHEMA, PRESETS)


def test_the_folder_holds_the_schemas_and_nothing_else():
    assert sorted(FILES) == sorted(path.name for path in SCHEMAS.iterdir())


def test_a_section_is_described_once():
    sections = [yaml.safe_load((SCHEMAS / name).read_text())["properties"] for name in FILES[:3]]
    assert sum(map(len, sections)) == len(SCHEMA["properties"]) > 20


def described(schema: dict, path: str = "") -> dict[str, dict]:
    """Every option of a schema, of any depth, by its path."""
    options = {}
    for key, part in schema.get("properties", {}).items():
        options |= {f"{path}{key}": part} | described(part, f"{path}{key}.")
    others = schema.get("additionalProperties")
    return options | (described(others, f"{path}*.") if isinstance(others, dict) else {})


def test_every_option_has_a_description():
    options = described(SCHEMA)
    assert len(options) > 130
    assert [key for key, part in options.items() if not part.get("description")] == []


def test_a_config_is_checked_completed_and_not_changed():
    given = {"experiments": "e.tsv", "model": {"preset": "toy1"}, "genomes": {"g": {"fasta": "f"}}}
    before = repr(given)
    options = complete_options(given, SCHEMA, PRESETS)
    assert repr(given) == before
    assert options["windows"]["length"] == 200
    assert options["model"]["kernel_len"] == 17  # the preset's
    assert options["model"]["neuron_num"] == 100  # the schema's
    assert options["training"]["momentum"] == 0.9
    assert list(options)[:3] == ["experiments", "model", "genomes"]
    assert set(options) == set(SCHEMA["properties"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"windowz": {}}, r"^top level: .* \('windowz' was unexpected\)\. Did you mean windows\?$"),
        ({"zzz": {}}, r"^top level: Additional properties .* \('zzz' was unexpected\)\.$"),
        ({"windows": {"lenght": 9}}, r"^windows: .*\('lenght' .*\)\. Did you mean length\? "),
        ({"windows": {"length": 4}}, r"^windows.length: 4 is less .* 40. Length of a window in bp"),
        ({"splits": {"valid": [1]}}, "^splits.valid.0: 1 is not of type 'string'"),
        ({"windows": {"length": 200.0}}, "^windows.length: 200.0 is not of type 'integer'"),
        ({"seed": 2**32}, "^seed: 4294967296 is greater .* 4294967295"),
        ({"seed": True}, "^seed: True is not of type 'integer'"),
        ({"training": {"learning_rate": float("inf")}}, "^training.learning_rate: inf is not "),
        ({"background": {"min_found": float("nan")}}, "^background.min_found: nan is not "),
    ],
)
def test_options_that_the_schema_forbids_are_refused_with_their_meaning(options, message):
    check_options(DEMO, SCHEMA)
    with pytest.raises(InputError, match=message):
        check_options({"experiments": "e.tsv"} | options, SCHEMA)


def test_defaults_are_filled_in_at_any_depth_and_by_any_name():
    schema = {
        "properties": {
            "a": {"default": 1},
            "b": {"default": {}, "properties": {"c": {"default": 2}}},
        },
        "additionalProperties": {"properties": {"d": {"default": 3}}},
    }
    given = {"x": {}, "y": 4, "b": {"e": 5}}
    filled = {"x": {"d": 3}, "y": 4, "b": {"e": 5, "c": 2}, "a": 1}
    assert fill_defaults(given, schema) == filled
    assert list(fill_defaults(given, schema)) == list(filled)
    assert fill_defaults({}, schema) == {"a": 1, "b": {"c": 2}}
    assert given == {"x": {}, "y": 4, "b": {"e": 5}}
    assert schema["properties"]["b"]["default"] == {}


@pytest.mark.parametrize("section", ["genomes", "predict", "simulate"])
def test_names_that_are_numbers_are_refused(section):
    options = {"genomes": {"7": {}}, "predict": {}, "simulate": {}}
    check_names(options)
    with pytest.raises(InputError, match=rf"^{section}: 7 .*text"):
        check_names(options | {section: {7: {}}})


@pytest.mark.parametrize(
    ("section", "changes", "message"),
    [
        ("splits", {"strategy": "random", "valid": ["chr1"]}, r"^splits\.strategy: random "),
        ("splits", {"strategy": "random", "test": ["chr1"]}, r"^splits\.strategy: random "),
        ("training", {"momentum": 0.9}, r"^training\.momentum: 0\.9, adam "),
        ("training", {"nesterov": True}, r"^training\.nesterov: true .*adam, .*\b0; sgd"),
        (
            "training",
            {"nesterov": True, "optimizer": "rmsprop", "momentum": 0.9},
            r"^training\.nesterov: true .*rmsprop, .*\b0\.9; sgd",
        ),
        (
            "training",
            {"nesterov": True, "optimizer": "sgd"},
            r"^training\.nesterov: true .*sgd, .*\b0;",
        ),
    ],
)
def test_options_that_exclude_each_other_are_refused(section, changes, message):
    options = complete()
    with pytest.raises(InputError, match=message):
        check_together(options | {section: options[section] | changes})


def test_options_that_go_together_are_taken():
    sgd = {"optimizer": "sgd", "momentum": 0.9, "nesterov": True}
    assert complete(splits={"strategy": "random"}, training=sgd)["training"]["nesterov"]


def test_programs_are_looked_for_unless_conda_brings_them(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    check_programs(tomtom=False, by_conda=True)
    with pytest.raises(InputError, match=r"^bedtools .*PATH"):
        check_programs(tomtom=False, by_conda=False)
    with pytest.raises(InputError, match=r"names\.tomtom_html: tomtom .*PATH"):
        check_programs(tomtom=True, by_conda=True)
    for program in ("bedtools", "tomtom"):
        Path(tmp_path / program).touch(mode=0o755)
    check_programs(tomtom=True, by_conda=False)


def test_experiments_are_chosen_by_name():
    assert choose("all", ["a", "b"]) == ["a", "b"]
    assert choose("b", ["a", "b"]) == ["b"]
    assert choose(["b", "a"], ["a", "b"]) == ["b", "a"]
    with pytest.raises(InputError, match=r"^'c', .*\ba, b$"):
        choose(["a", "c"], ["a", "b"])
