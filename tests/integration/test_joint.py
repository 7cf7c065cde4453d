"""One model over the demo's experiments, and each experiment's own page of it."""

import json

import pytest
import yaml
from peaks2motifs.core.tables import read_tsv
from peaks2motifs.data.dataset import read_split

from .conftest import copy_demo, snakemake

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(demo, tmp_path_factory):
    """A copy of the finished demo with two joint models of its experiments."""
    folder = copy_demo(demo, tmp_path_factory.mktemp("joint") / "demo")
    path = folder / "config/config.yaml"
    config = yaml.safe_load(path.read_text()) | {
        "joint": {"all3": {}, "two": {"task": "multiclass", "experiments": ["SRF", "CTCF"]}},
        "training": {"epochs": 12, "replicates": 1},
    }
    path.write_text(yaml.safe_dump(config))
    targets = ["results/all3/index.html", "results/all3/SRF/report.html"]
    targets += ["results/two/metrics.json"]
    snakemake(folder, "--cores", "2", *targets)
    return folder


def test_each_class_has_its_own_motif_first(folder):
    for name in ("SRF", "CTCF", "ZNF410"):
        first = read_tsv(folder / f"results/all3/{name}/families.tsv").iloc[0]
        assert (first["target_name"], first["verdict"]) == (name, "supported")


def test_classes_are_distinguished(folder):
    test = json.loads((folder / "results/two/metrics.json").read_text())["test"]
    assert test["classes"] == ["SRF", "CTCF", "background"]
    assert test["auroc"] > 0.85
    assert test["confusion"][0][1] + test["confusion"][1][0] <= 2
    y = read_split(folder / "results/two/dataset.h5", "test")[1]
    assert (y.sum(axis=1) == 1).all()


def test_the_page_of_a_joint_model_lists_its_classes(folder):
    page = (folder / "results/all3/index.html").read_text()
    for name in ("SRF", "CTCF", "ZNF410"):
        assert f'<a href="{name}/report.html">' in page
    assert "3 classes" in page


def test_links_of_a_class_lead_to_files(folder):
    page = folder / "results/all3/SRF/report.html"
    for path in ("../dataset.h5", "../model.keras", "kernels.tsv", "../peaks.bed"):
        assert f'href="{path}"' in page.read_text()
        assert (page.parent / path).exists()
