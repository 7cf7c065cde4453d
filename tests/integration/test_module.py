"""The workflow loaded as a module of another one, from a folder or a git repository."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from .conftest import ROOT, copy_project, snakemake

SNAKEFILE = """
import yaml
from pathlib import Path

module peaks2motifs:
    snakefile: "{root}/Snakefile"
    config: yaml.safe_load(Path("own.yaml").read_text())

use rule * from peaks2motifs as p2m_*

rule everything:
    default_target: True
    input: rules.p2m_all.input
"""
DIFFERS = {"provenance.json"}  # it names the checked-out commit


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a folder, by path."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in DIFFERS
    }


@pytest.mark.slow
def test_a_module_makes_the_same_results_with_another_number_of_cores(demo, tmp_path):
    (tmp_path / "Snakefile").write_text(SNAKEFILE.format(root=ROOT))
    shutil.copy(ROOT / "config/config.yaml", tmp_path / "own.yaml")
    (tmp_path / "config").mkdir()
    shutil.copy(ROOT / "config/experiments.tsv", tmp_path / "config")
    files = ["report.html", "motifs.homer", "logos"]
    snakemake(tmp_path, "--cores", "1", *(f"results/SRF/{name}" for name in files))
    expected, found = (checksums(folder / "results/SRF") for folder in (demo, tmp_path))
    del expected["catalogue_hits.tsv"]  # of motifs of all experiments
    assert set(found) == set(expected)
    assert [path for path in expected if found[path] != expected[path]] == []


TWO = """
import yaml
from pathlib import Path

OWN = yaml.safe_load(Path("own.yaml").read_text())

module first:
    snakefile: {source}
    config: OWN
    prefix: "first"

module second:
    snakefile: {source}
    config: OWN | {{"experiments": "config/other.tsv", "seed": 2}}
    prefix: "second"

use rule * from first as first_*
use rule * from second as second_*

rule everything:
    default_target: True
    input: rules.first_all.input, rules.second_all.input
"""


@pytest.fixture(scope="module")
def repository(tmp_path_factory) -> Path:
    """A git repository of the workflow, with a tag."""
    folder = copy_project(tmp_path_factory.mktemp("repository"))
    me = ["-c", "user.name=me", "-c", "user.email=me@localhost"]
    for command in (["init", "-q"], ["add", "-A"], [*me, "commit", "-qm", "All"], ["tag", "v1"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


@pytest.fixture
def offline(repository, tmp_path, monkeypatch) -> None:
    """A machine on which github.com/me/peaks2motifs is that repository, and nothing is cached."""
    address = "https://github.com/me/peaks2motifs"
    (tmp_path / "gitconfig").write_text(f'[url "file://{repository}"]\n  insteadOf = {address}\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def write_two(folder: Path, source: str) -> None:
    """A workflow of two instances, each with a prefix, experiments and options of its own."""
    (folder / "Snakefile").write_text(TWO.format(source=source))
    shutil.copy(ROOT / "config/config.yaml", folder / "own.yaml")
    (folder / "config").mkdir()
    sheet = (ROOT / "config/experiments.tsv").read_text()
    (folder / "config/experiments.tsv").write_text(sheet)
    (folder / "config/other.tsv").write_text(sheet.replace("SRF\t", "another\t"))


GITHUB = 'github("me/peaks2motifs", path="{}", tag="v1")'


@pytest.mark.parametrize(
    "source", [f'"{ROOT}/Snakefile"', GITHUB.format("Snakefile"), '"gh:me/peaks2motifs@v1"']
)
def test_two_instances_live_under_prefixes_of_their_own(source, offline, tmp_path):
    write_two(tmp_path, source)
    printed = snakemake(tmp_path, "--dry-run", "--cores", "1")
    for output in ("first/results/SRF/model.keras", "second/results/another/model.keras"):
        assert f"output: {output}" in printed
    assert "localrules directive" not in printed


def test_a_remote_module_brings_its_scripts_and_makes_the_same_windows(demo, offline, tmp_path):
    write_two(tmp_path, GITHUB.format("Snakefile"))
    made = ["first/results/SRF/dataset.h5", "second/results/another/dataset.h5"]
    snakemake(tmp_path, "--cores", "1", *made)
    assert (tmp_path / made[1]).is_file()
    found, expected = (checksums(folder / "results/SRF") for folder in (tmp_path / "first", demo))
    assert "dataset.h5" in found
    assert found.items() <= expected.items()
