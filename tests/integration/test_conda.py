"""The conda environments hold what jobs need; a stand-in for conda takes PyPI's packages.

`make test-conda` runs all of these: it fetches packages and takes some minutes.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from check_envs import CHOSEN, modules_of, rules_of

from .conftest import ROOT, snakemake

STAND_IN = Path(__file__).parent / "conda/bin"
ALL = os.environ.get("TEST_CONDA") == "1"


@pytest.fixture(autouse=True)
def conda(monkeypatch):
    """The stand-in, as `conda` on the path."""
    monkeypatch.setenv("PATH", f"{STAND_IN}{os.pathsep}{os.environ['PATH']}")


def modules_by_env() -> dict[Path, set[str]]:
    """The modules that the scripts of each environment import, themselves or by the library."""
    needed = {}
    for smk in (ROOT / "workflow/rules").glob("*.smk"):
        for script, env in rules_of(smk.read_text()).values():
            if env:
                modules = modules_of((smk.parent / script).resolve()) - CHOSEN
                needed.setdefault((smk.parent / env).resolve(), set()).update(modules)
    return needed


def test_a_container_holds_every_environment(project):
    printed = snakemake(project, "--containerize")
    copied = re.findall(r"^COPY envs/(\S+) ", printed, re.MULTILINE)
    assert copied == sorted(path.name for path in project.glob("envs/*.yaml"))


@pytest.mark.slow
@pytest.mark.skipif(not ALL, reason="fetches packages: make test-conda")
def test_the_demo_runs_in_its_environments(project):
    printed = snakemake(project, "--sdm", "conda", "--cores", "2")
    assert "Running post-deploy script" in printed
    assert "Activating conda environment" in printed
    assert (project / "results/index.html").is_file()
    needed = modules_by_env()
    for made in (project / ".snakemake/conda").glob("*.yaml"):
        (env,) = [path for path in needed if path.read_text() == made.read_text()]
        # -I: without what Snakemake adds of its own environment to the path of each script.
        python, modules = made.with_suffix("") / "bin/python", ", ".join(sorted(needed[env]))
        done = subprocess.run([python, "-I", "-c", f"import {modules}"], capture_output=True)
        assert done.returncode == 0, (env.name, done.stderr)


def test_an_image_named_in_the_config_is_asked_for(project):
    (project / "more.yaml").write_text("container: lab.sif\n")
    arguments = ["--dry-run", "--sdm", "conda", "apptainer", "--configfile", "config/config.yaml"]
    snakemake(project, *arguments)
    if not (shutil.which("apptainer") or shutil.which("singularity")):
        printed = snakemake(project, *arguments, "more.yaml", fails=True)
        assert "apptainer or singularity command has to be available" in printed
