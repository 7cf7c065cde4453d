"""Each profile is understood by Snakemake, and its groups hold together whatever is asked for."""

import re

import pytest
import yaml

from .conftest import ROOT, snakemake

EVERYTHING = {  # every option that adds rules between a network and its page
    "attribution": {"methods": ["saliency"], "modisco": True},
    "joint": {"j": {}, "k": {"task": "multiclass"}},
}


def profile(name: str) -> dict:
    """What a profile sets."""
    return yaml.safe_load((ROOT / f"profiles/{name}/config.yaml").read_text())


@pytest.mark.parametrize("name", ["slurm", "slurm-generic"])
def test_a_profile_is_understood(project, name):
    printed = snakemake(project, "--dry-run", "--workflow-profile", name)
    assert f"profiles/{name}" in printed
    assert re.search(r"rule train_model:(.*\n)+?.*mem_mb=\d{4}", printed)


def test_sbatch_runs_the_same_groups_as_the_executor_for_slurm():
    assert profile("slurm")["groups"] == profile("slurm-generic")["groups"]


def test_training_is_in_no_group():
    assert not {"train_model", "apply_model"} & set(profile("slurm")["groups"])


def test_kubernetes_has_options_that_snakemake_or_its_plugin_know(project):
    known = set(re.findall(r"--([a-z][a-z-]+)", snakemake(project, "--help")))
    of_plugin = {"kubernetes-namespace"}
    assert set(profile("kubernetes")) <= known | of_plugin
