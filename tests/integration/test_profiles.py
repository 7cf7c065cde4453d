"""Each profile is understood by Snakemake, and its groups hold together whatever is asked for."""

import os
import re
import subprocess

import pytest
import yaml
from peaks2motifs.checks.resources import ON_GPU

from .conftest import ROOT, snakemake

EVERYTHING = {  # what adds rules between a network and its page
    "attribution": {"modisco": True, "inputs": {"logit": [0]}},
    "motifs": {"compare": ["koo"]},
    "joint": {"j": {}},
}


def profile(name: str) -> dict:
    """What a profile sets."""
    return yaml.safe_load((ROOT / f"profiles/{name}/config.yaml").read_text())


@pytest.mark.parametrize("name", ["slurm", "slurm-generic"])
def test_a_profile_is_understood(project, name):
    config = yaml.safe_load((project / "config/config.yaml").read_text())
    (project / "all.yaml").write_text(yaml.safe_dump(config | EVERYTHING))
    arguments = ["--dry-run", "--workflow-profile", name, "--configfile", "all.yaml"]
    printed = snakemake(project, *arguments)
    assert f"profiles/{name}" in printed
    assert "rule find_patterns" in printed


def test_sbatch_runs_the_same_groups_as_the_executor_for_slurm():
    assert profile("slurm")["groups"] == profile("slurm-generic")["groups"]


@pytest.mark.parametrize(
    ("state", "word"), [("COMPLETED", "success"), ("PENDING", "running"), ("TIMEOUT", "failed")]
)
def test_job_states_are_read_in_any_folder(tmp_path, state, word):
    scontrol = tmp_path / "scontrol"
    scontrol.write_text(f'#!/bin/sh\n[ "$4" = 17 ] && echo JobId=17 JobState={state} Reason=None\n')
    scontrol.chmod(0o755)
    command = profile("slurm-generic")["cluster-generic-status-cmd"]
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    run = ["sh", "-c", f"{command} '17'"]
    done = subprocess.run(run, cwd=tmp_path, env={"PATH": path}, capture_output=True, text=True)
    assert done.stdout == f"{word}\n"


def test_training_is_in_no_group():
    assert not {"train_model", "apply_model"} & set(profile("slurm")["groups"])


def test_every_rule_that_asks_for_a_gpu_can_be_sent_to_a_partition_of_them():
    text = (ROOT / "profiles/slurm/config.yaml").read_text()
    told = re.findall(r"^#   (\w+): {slurm_partition: gpu}$", text, re.MULTILINE)
    assert sorted(told) == sorted(ON_GPU)


def test_kubernetes_has_options_that_snakemake_or_its_plugin_know(project):
    known = set(re.findall(r"--([a-z][a-z-]+)", snakemake(project, "--help")))
    of_plugin = {"kubernetes-namespace"}
    assert set(profile("kubernetes")) <= known | of_plugin


def asked(printed: str, rule: str, resource: str) -> int:
    """What the only job of a rule asks for."""
    (job,) = re.findall(rf"^rule {rule}:\n(?:    .*\n)+", printed, re.MULTILINE)
    return int(re.search(rf"\b{resource}=(\d+)", job)[1])


def test_a_job_asks_for_the_more_the_more_peaks_it_has(project):
    rows = (project / "config/experiments.tsv").read_text().splitlines()[:2]
    name, _, *others = rows[1].split("\t")
    (project / "config/experiments.tsv").write_text(
        "\n".join([rows[0], "\t".join([name, "p.bed", *others])])
    )
    found = []
    for lines in (1_000, 100_000):
        (project / "p.bed").write_text("chr1\t100\t200\n" * lines)
        printed = snakemake(project, "--dry-run")
        found.append([asked(printed, "train_model", name) for name in ("mem_mb", "runtime")])
    assert found == [[1823, 41], [4140, 1153]]  # 20 bytes are a peak, 9 windows, 240 epochs
