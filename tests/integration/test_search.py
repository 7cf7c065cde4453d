"""`snakemake search` on one experiment of the demo: trials, their comparison, and going on."""

import json
import re

import pytest
import yaml
from peaks2motifs.core.tables import read_tsv

from .conftest import copy_demo, edited_module, snakemake
from .test_reruns import planned

pytestmark = pytest.mark.slow

SMALL = {
    "model": {"kernels": [[4, 9]]},
    "training": {"replicates": 1, "epochs": 2, "batch_size": 128},
}
SPACE = {
    "training.learning_rate": {"low": 0.002, "high": 0.02, "scale": "log"},
    "model.hidden": [0, 4],
}
SEARCH = {"experiments": "SRF", "trials": 1, "space": SPACE}
COMMAND = ["search", "--configfile", "search.yaml"]


def write_config(folder, **search):
    config = yaml.safe_load((folder / "config/config.yaml").read_text()) | SMALL
    (folder / "search.yaml").write_text(yaml.safe_dump(config | {"search": SEARCH | search}))


def trials_of(folder) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in (folder / "results/SRF/search/trials").iterdir()}


@pytest.fixture(scope="module")
def folder(demo, tmp_path_factory):
    """A copy of the demo in which one trial has run."""
    folder = copy_demo(demo, tmp_path_factory.mktemp("search") / "demo")
    write_config(folder)
    snakemake(folder, *COMMAND, "--cores", "2")
    return folder


def test_more_trials_run_what_is_new_and_nothing_else(folder):
    assert "Nothing to be done" in snakemake(folder, *COMMAND)
    before = trials_of(folder)
    write_config(folder, trials=2)
    printed = snakemake(folder, *COMMAND)
    assert planned(printed) == {"run_trial", "compare_trials", "search"}
    assert printed.count("rule run_trial:") == 1
    after = trials_of(folder)
    assert len(after) == 2
    assert before.items() <= after.items()
    table = read_tsv(folder / "results/SRF/search/trials.tsv", dtype={"trial": str})
    assert {f"{name}.json" for name in table["trial"]} == set(after)
    assert table["auroc"].is_monotonic_decreasing


def test_the_best_trial_is_a_config_that_the_chain_takes(folder):
    search = folder / "results/SRF/search"
    best = yaml.safe_load((search / "best.yaml").read_text())
    row = read_tsv(search / "trials.tsv").iloc[0]
    assert best["training"]["learning_rate"] == row["training.learning_rate"]
    trial = json.loads((search / f"trials/{row['trial']}.json").read_text())
    configs = ["--configfile", "search.yaml", "results/SRF/search/best.yaml"]
    snakemake(folder, "results/SRF/history.tsv", *configs)
    history = read_tsv(folder / "results/SRF/history.tsv")
    assert history["val_loss"].min() == pytest.approx(trial["val_loss"], rel=1e-5)


@pytest.mark.parametrize(
    ("search", "rules"),
    [
        ({"trials": 1}, {"compare_trials"}),
        ({"strategy": "grid", "space": {"model.hidden": [0, 4]}}, {"run_trial", "compare_trials"}),
        ({"experiments": ["SRF", "CTCF"]}, {"run_trial", "compare_trials"}),
    ],
)
def test_options_of_the_search_reach_its_rules(folder, search, rules):
    write_config(folder, **search)
    printed = snakemake(folder, "--dry-run", *COMMAND)
    assert planned(printed) == {*rules, "search"}


def test_an_edit_of_a_module_reruns_what_it_touches(folder):
    write_config(folder, trials=2)
    with edited_module(folder, "core/effect_sizes"):
        printed = snakemake(folder, "--dry-run", *COMMAND)
    assert planned(printed) == {"compare_trials", "search"}


@pytest.mark.parametrize(
    ("search", "message"),
    [
        ({"space": {}}, "config: search.space: "),
        ({"space": {"model.hiden": [1, 2]}}, "search.space: .*'model.hiden' was unexpected"),
        ({"space": {"model.hidden": [4, -3]}}, "search.space: model.hidden.1: -3"),
        (
            {"space": {"model.hidden": {"low": 0, "high": 1.5}}},
            "search.space: model.hidden.high: 1.5",
        ),
        (
            {"space": {"model.dropout": {"low": 0.0, "high": 0.5, "scale": "log"}}},
            "search.space.model.dropout: low 0.0",
        ),
        (
            {"space": {"model.hidden": {"low": 8, "high": 4}}},
            "search.space.model.hidden: low 8, .* 4",
        ),
        (
            {"strategy": "grid", "space": {"model.hidden": {"low": 0, "high": 4}}},
            "search.space.model.hidden: a range",
        ),
        (
            {"trials": 3, "space": {"model.hidden": [0, 4]}},
            "search.trials: 3, .* 2 ",
        ),
        (
            {"strategy": "grid", "space": {"model.kernels": [[[8, 9], [4, 9]]]}},
            r"search: trial \w{8} \(model.kernels .*\): model.kernels: ",
        ),
        (
            {"space": {"model.kernel_len": [20]}},
            "search: trial .*: model.kernel_len: ",
        ),
        ({"experiments": ["X"]}, "config: search.experiments: 'X'"),
    ],
)
def test_bad_searches_stop_before_any_job(project, search, message):
    write_config(project, **search)
    printed = snakemake(project, "--dry-run", *COMMAND, fails=True)
    lines = [line for line in printed.splitlines() if line.startswith("ERROR")]
    assert len(lines) == 1
    assert re.search(message, lines[0])
    assert "Job stats" not in printed
