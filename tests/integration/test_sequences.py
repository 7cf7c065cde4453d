"""Sequences that come with labels, as FASTA and as HDF5, through the whole chain; and refusals."""

import json
import re

import h5py
import numpy as np
import pytest
import yaml
from made_html import cells_of
from peaks2motifs.core.sequences import encode, one_hot
from peaks2motifs.core.tables import BED6, SITE_COLUMNS, read_bed, read_tsv

from .conftest import copy_project, edited_module, snakemake
from .test_reruns import PAGES, planned

pytestmark = pytest.mark.slow

CONFIG = {
    "experiments": "sheet.tsv",
    "sequences": {"length": 50, "alphabet": "AGCT"},
    "simulate": {
        "own": {"motifs": ["MA0139.1"], "length": 40, "sequences": 400, "background": 400}
    },
    "model": {"kernels": [[6, 10]], "zones": [], "kmers": False},
    "training": {"replicates": 1, "epochs": 15, "learning_rate": 0.02, "roll": 0},
    "names": {"taxa": ["vertebrates"]},
}
SHEET = """experiment\tsequences\tbackground\tfactor
fasta\tresults/simulations/own/sequences.fa\tresults/simulations/own/background.fa\tCTCF
hdf5\town.h5\t\t
"""
WORD = "TGACTCAGCA"


def write_hdf5(path, rng):
    """Random sequences of 60 bp, every other one with `WORD`, as (n, 4, length) in A,G,C,T."""
    codes = rng.integers(0, 4, (800, 60), np.uint8)
    y = np.arange(800) % 2
    codes[y == 1, 30 : 30 + len(WORD)] = encode([WORD])
    with h5py.File(path, "w") as file:
        file["x_train"] = one_hot(codes)[..., [0, 2, 1, 3]].transpose(0, 2, 1)
        file["y_train"] = y


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of the project in which both rows have run, in windows of 50 bp."""
    folder = copy_project(tmp_path_factory.mktemp("sequences"))
    (folder / "sheet.tsv").write_text(SHEET)
    (folder / "config/config.yaml").write_text(yaml.safe_dump(CONFIG))
    write_hdf5(folder / "own.h5", np.random.default_rng(1))
    snakemake(folder, "--cores", "2")
    return folder


def test_networks_learn_what_was_planted(folder):
    for name in ("fasta", "hdf5"):
        metrics = json.loads((folder / f"results/{name}/metrics.json").read_text())
        assert metrics["test"]["auroc"] > 0.95
    families = read_tsv(folder / "results/hdf5/families.tsv")
    assert families["consensus"][0] in (WORD, "TGCTGAGTCA")  # not so if C and G were exchanged


def test_sites_of_padded_sequences_have_the_coordinates_of_the_users_own(folder):
    planted = read_bed(folder / "results/simulations/own/sites.bed", BED6)
    sites = read_bed(folder / "results/fasta/sites.bed.gz", SITE_COLUMNS)
    assert sites["start"].min() >= 0
    assert sites["end"].max() <= 40
    both = sites[sites["name"] == "F1"].merge(planted, on="chrom", suffixes=("", "_planted"))
    middle = (both["start"] + both["end"]) / 2
    inside = (middle > both["start_planted"]) & (middle < both["end_planted"])
    assert len(both) > 300
    assert inside.mean() > 0.95


def test_pages_hold_the_number_of_sequences(folder):
    report = (folder / "results/fasta/report.html").read_text()
    assert [cells_of(report, row)[0] for row in ("sequences read", "kept")] == ["800", "800"]
    index = (folder / "results/index.html").read_text()
    assert re.search(r">800 [a-z ]*sequences;", index)  # of label 1, 400 in each experiment
    assert re.findall(r'data-label="peaks" data-value="(\d+)"', index) == ["400", "400"]
    provenance = json.loads((folder / "results/provenance.json").read_text())
    assert {"own.h5", "results/simulations/own/background.fa"} <= set(provenance["inputs"])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("length", 40),
        ("alphabet", "ACGT"),
        ("axes", "channels_first"),
        ("valid", 0.2),
        ("test", 0.1),
    ],
)
def test_options_reach_their_rule_and_no_other(folder, key, value):
    config = CONFIG | {"sequences": CONFIG["sequences"] | {key: value}}
    (folder / "changed.yaml").write_text(yaml.safe_dump(config))
    printed = snakemake(folder, "--dry-run", "--configfile", "changed.yaml")
    assert planned(printed, "Params have changed") - PAGES == {"import_sequences"}


MODULES = ["data/labelled_hdf5", "data/labelled_splits", "data/labelled_text", "data/labels"]


@pytest.mark.parametrize("module", [*MODULES, "checks/labelled_files"])
def test_an_edit_of_a_module_reruns_what_it_touches(folder, module):
    with edited_module(folder, module):
        printed = snakemake(folder, "--dry-run")
    assert planned(printed, "Params have changed") == {"import_sequences"}


@pytest.mark.parametrize(
    ("row", "changes", "message"),
    [
        ("own.h5\tpeaks.bed\t\t", {}, "sheet.tsv, line 2: peaks and sequences"),
        ("config/config.yaml\t\t\t", {}, "line 2: sequences: "),
        ("own.h5\t\tdemo\t", {}, "line 2: genome: 'demo'"),
        ("A=own.fa;B=Snakefile\t\t\t", {}, "no file own.fa"),
        ("results/simulations/x/dataset.h5\t\t\t", {}, "no file results/simulations/x/dataset.h5"),
        ("own.h5\t\t\tclasses", {}, "line 2: task: 'classes'"),
        ("Snakefile\t\t\t", {"sequences": {"alphabet": "ACGG"}}, "sequences.alphabet: 'ACGG'"),
        (
            "results/simulations/own/dataset.h5\t\t\t",
            {"sequences": {"length": 10}, "model": {"kernels": [[6, 12]]}},
            "config: model: kernels: width 12",
        ),
    ],
)
def test_bad_rows_and_options_are_refused_before_any_job(project, row, changes, message):
    columns = "experiment\tsequences\tpeaks\tgenome\ttask"
    (project / "sheet.tsv").write_text(f"{columns}\nnew\t{row}\n")
    (project / "config/config.yaml").write_text(yaml.safe_dump(CONFIG | changes))
    assert message in snakemake(project, "--dry-run", fails=True)
