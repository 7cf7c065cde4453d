"""Copies of the project in which Snakemake runs, as a user would run it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from paths import ROOT

PARTS = ["Snakefile", "workflow", "docs", "config", "envs", "profiles", "resources"]
PARTS += ["pyproject.toml"]


def snakemake(folder: Path, *arguments: str, fails: bool = False) -> str:
    """Run Snakemake in a folder and return all that it prints; `fails` says whether it should."""
    command = [str(Path(sys.executable).with_name("snakemake")), *arguments]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | {"PATH": path},
        check=False,
    )
    assert (done.returncode != 0) == fails, done.stdout[-5000:]
    return done.stdout


def copy_project(folder: Path) -> Path:
    """Copy what a clone holds, without the results of earlier runs."""
    folder.mkdir(exist_ok=True)
    generated = shutil.ignore_patterns(
        "__pycache__", "*.gz", "blacklist.bed", "truth.tsv", "inputs"
    )
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            ignore = None if part == "config" else generated
            shutil.copytree(source, folder / part, ignore=ignore)
        else:
            shutil.copy(source, folder / part)
    return folder


@contextmanager
def edited_module(folder: Path, module: str) -> Iterator[None]:
    """Have a module of the library edited, for a while."""
    path = folder / f"workflow/scripts/peaks2motifs/{module}.py"
    before = path.read_text()
    try:
        path.write_text(before + "\n# an edit\n")
        yield
    finally:
        path.write_text(before)


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Path:
    """A copy of the project in which the embedded demo has run, with two cores."""
    folder = copy_project(tmp_path_factory.mktemp("demo"))
    snakemake(folder, "--cores", "2")
    return folder


@pytest.fixture
def project(tmp_path) -> Path:
    """A fresh copy of the project."""
    return copy_project(tmp_path)
