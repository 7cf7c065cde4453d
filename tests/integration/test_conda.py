"""The conda environments hold what jobs need; a stand-in for conda takes PyPI's packages.

`make test-conda` runs all of these: it fetches packages and takes some minutes.
"""

import os
import re
import shutil
from pathlib import Path

import pytest

from .conftest import snakemake

STAND_IN = Path(__file__).parent / "conda/bin"
ALL = os.environ.get("TEST_CONDA") == "1"


@pytest.fixture(autouse=True)
def conda(monkeypatch):
    """The stand-in, as `conda` on the path."""
    monkeypatch.setenv("PATH", f"{STAND_IN}{os.pathsep}{os.environ['PATH']}")


def test_a_container_holds_every_environment(project):
    printed = snakemake(project, "--containerize")
    copied = re.findall(r"^COPY envs/(\S+) ", printed, re.MULTILINE)
    assert copied == sorted(path.name for path in project.glob("envs/*.yaml"))


@pytest.mark.skipif(not ALL, reason="fetches packages: make test-conda")
def test_the_demo_runs_in_its_environments(project):
    printed = snakemake(project, "--sdm", "conda", "--cores", "2")
    assert "Running post-deploy script" in printed
    assert "Activating conda environment" in printed
    assert (project / "results/index.html").is_file()


def test_an_image_named_in_the_config_is_asked_for(project):
    (project / "more.yaml").write_text("container: lab.sif\n")
    arguments = ["--dry-run", "--sdm", "conda", "apptainer", "--configfile", "config/config.yaml"]
    snakemake(project, *arguments)
    if not (shutil.which("apptainer") or shutil.which("singularity")):
        printed = snakemake(project, *arguments, "more.yaml", fails=True)
        assert "apptainer or singularity command has to be available" in printed
