"""The index after a run that failed: failures on top, finished experiments below."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from list_failures import list_failures
from made_experiment import SETTINGS, family, make_experiment, templates
from paths import ROOT

LOG = """[Sat Nov 21 10:00:00 2026]
Error in rule prepare_peaks:
    jobid: 3
    log: logs/B/prepare_peaks.log (check log file(s) for error details)
[Sat Nov 21 10:00:01 2026]
Error in rule train_model:
    jobid: 4
    log: logs/C/train_model.log (check log file(s) for error details)
"""
FILES = {"metrics": "metrics.json", "families": "families.tsv", "families_meme": "families.meme"}


def failed_index(names: list[str], pending: set[str], log: str = LOG) -> str:
    """Write and read the index over experiments, in the folder of a run that failed."""
    Path("snakemake.log").write_text(log)
    Path("logs/B").mkdir(parents=True, exist_ok=True)
    Path("logs/B/prepare_peaks.log").write_text("ERROR: B.bed, line 2: start is 'five' & more\n")
    files = {key: [f"results/{name}/{file}" for name in names] for key, file in FILES.items()}
    files |= templates("index") | {"records": ["not fetched.json"]}
    params = SETTINGS | {"experiments": names, "factors": [""] * len(names)}
    params |= {"genomes": ["hg38"] * len(names)}
    list_failures("snakemake.log", files, params, "results/index.html", pending)
    return Path("results/index.html").read_text()


@pytest.fixture(scope="module")
def experiment(tmp_path_factory) -> Path:
    """The files of a finished experiment."""
    folder = tmp_path_factory.mktemp("results") / "A"
    return make_experiment(folder, [family(1, "supported", "REB1", 1e-9)])


@pytest.fixture(autouse=True)
def finished(experiment, tmp_path, monkeypatch):
    """A folder in which one experiment, A, is finished, and D has files of an earlier run."""
    monkeypatch.chdir(tmp_path)
    for name in ("A", "D"):
        shutil.copytree(experiment, tmp_path / "results" / name)


def test_what_failed_and_what_is_not_finished_stand_above_what_is():
    pending = {f"results/{name}/{file}" for name in "BC" for file in FILES.values()}
    page = failed_index(["A", "B", "C", "D"], pending | {"results/D/report.html"})
    top, below = page.split("<main")
    assert "<code>prepare_peaks</code>" in top
    assert "ERROR: B.bed, line 2: start is &#39;five&#39; &amp; more" in top
    assert 'href="../logs/B/prepare_peaks.log"' in top
    train_model = top.split("<code>train_model</code>")[1].split("</tr>")[0]
    assert "train_model.log" not in train_model  # there is no such file
    assert "(3): B, C, D." in top
    assert 'class="index' not in top  # the page's script makes all of these sortable
    assert 'href="A/report.html"' in below
    assert 'href="D/report.html"' not in below
    assert "catalogue/index.html" not in page  # the catalogue needs all of them


def test_a_run_that_was_interrupted_leaves_what_is_finished():
    page = failed_index(["A", "B"], {"results/B/metrics.json"}, log="Will exit after finishing\n")
    assert "(1): B." in page
    assert "<table>" not in page.split("<main")[0]
    assert 'href="A/report.html"' in page


def test_before_anything_is_finished_there_are_failures_only():
    page = failed_index(["B"], {"results/B/metrics.json"})
    assert "ERROR: B.bed, line 2" in page
    assert "<main" not in page


def test_the_next_run_makes_the_page_anew_and_none_is_half_written():
    failed_index(["A"], set())
    made = Path("results/index.html").stat().st_mtime
    assert made < Path("results/A/metrics.json").stat().st_mtime
    assert [path.name for path in Path("results").iterdir() if path.is_file()] == ["index.html"]


def test_it_needs_no_more_than_the_python_that_runs_snakemake_has():
    """pandas, which brings numpy, for the sample sheet; Snakemake itself needs jinja2."""
    others = [
        "scipy",
        "h5py",
        "hdf5plugin",
        "matplotlib",
        "logomaker",
        "pyfaidx",
        "memelite",
        "Bio",
    ]
    blocked = "".join(f"sys.modules[{name!r}] = None\n" for name in others)
    code = f"import sys\n{blocked}import list_failures"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT / "workflow/scripts", check=True)
