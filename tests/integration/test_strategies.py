"""Every way to make background and splits, from the peak file to dataset.h5 through the rules."""

import h5py
import hdf5plugin  # noqa: F401 (registers the compression of dataset.h5)
import pytest
import yaml
from peaks2motifs.core.tables import read_tsv

from .conftest import copy_demo, snakemake


@pytest.fixture
def project(demo, tmp_path):
    """A copy of the finished demo: its genome and peaks need not be made again."""
    return copy_demo(demo, tmp_path / "demo")


def run(project, **options) -> tuple[dict, dict]:
    """Make SRF's dataset; return the attributes of dataset.h5 and background.qc.tsv."""
    path = project / "config/config.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | options))
    snakemake(project, "--cores", "2", "results/SRF/dataset.h5")
    with h5py.File(project / "results/SRF/dataset.h5") as file:
        attributes = dict(file.attrs)
        assert all(set(file[f"y_{split}"][:]) == {0, 1} for split in ("train", "valid", "test"))
    qc = read_tsv(project / "results/SRF/background.qc.tsv").set_index("what")["value"]
    return attributes, qc.to_dict()


def test_dinucleotide_shuffle(project):
    attributes, qc = run(project, background={"strategy": "dinucleotide_shuffle", "ratio": 2})
    assert attributes["background"] == qc["strategy"] == "dinucleotide_shuffle"
    assert int(qc["found_train"]) == int(qc["asked_train"])
    assert float(qc["gc_distance_after"]) == 0


def test_a_bed_file_of_the_users_own(project):
    starts = range(10_000, 190_000, 500)
    rows = [f"chr{n}\t{start}\t{start + 300}\n" for n in range(1, 9) for start in starts]
    (project / "own.bed").write_text("".join(rows))
    sheet = project / "config/experiments.tsv"
    lines = sheet.read_text().splitlines()
    sheet.write_text(f"{lines[0]}\tbackground\n{lines[1]}\town.bed\n")
    attributes, qc = run(project)
    assert attributes["background"] == qc["strategy"] == "bed"
    assert int(qc["intervals_read"]) == len(rows)
    assert int(qc["overlaps_with_peaks"]) == int(qc["overlaps_with_each_other"]) == 0


def test_random_blocks(project):
    run(project, splits={"strategy": "random"})
    log = (project / "logs/SRF/assign_splits.log").read_text()
    assert "WARNING" in log


@pytest.mark.parametrize("compression", ["gzip", "none"])
def test_compressions_that_need_no_plugin(project, compression):
    run(project, dataset={"compression": compression})
    with h5py.File(project / "results/SRF/dataset.h5") as file:
        assert file["x_train"].compression == (None if compression == "none" else "gzip")
