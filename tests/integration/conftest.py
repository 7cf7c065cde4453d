"""Copies of the project in which Snakemake runs, as a user would run it."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from paths import ROOT

PARTS = ["Snakefile", "workflow", "docs", "config", "envs", "profiles", "resources"]
PARTS += ["pyproject.toml"]


@cache
def forking() -> subprocess.Popen:
    """The process from which each Snakemake is forked, until pytest ends."""
    script = Path(__file__).with_name("forked_snakemake.py")
    command = [sys.executable, str(script)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def snakemake(folder: Path, *arguments: str, fails: bool = False) -> str:
    """Run Snakemake in a folder and return all that it prints; `fails` says whether it should."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = {"arguments": arguments, "environment": os.environ | {"PATH": path}}
    with NamedTemporaryFile("r") as file:
        command |= {"folder": str(folder), "printed": file.name}
        print(json.dumps(command), file=forking().stdin, flush=True)
        status = int(forking().stdout.readline())
        printed = file.read()
    assert (status != 0) == fails, printed[-5000:]
    return printed


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
    """A copy of the project in which the embedded demo has run; tests write into copies of it.

    The first of pytest's workers to need it makes it, the others wait.
    """
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    with open(folder / "demo.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "demo").exists():
            snakemake(copy_project(folder / "demo"), "--cores", "2")
    return folder / "demo"


def copy_demo(demo: Path, folder: Path) -> Path:
    """Copy the finished demo, without what Snakemake keeps of a run while it lasts."""
    passing = shutil.ignore_patterns("auxiliary", "incomplete", "locks", "log")
    shutil.copytree(demo, folder, symlinks=True, ignore=passing)
    return folder


@pytest.fixture
def project(tmp_path) -> Path:
    """A fresh copy of the project."""
    return copy_project(tmp_path)
