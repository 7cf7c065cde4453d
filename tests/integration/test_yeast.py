"""Real yeast data in one command, beside the AUROC of LS-GKM that comes with the data.

Every other factor of the example, or all ten with YEAST=all: `make test-yeast`.
"""

import csv
import json
import os
import shutil
import time

import pytest
import yaml
from peaks2motifs.checks.addresses import local_path
from peaks2motifs.core.tables import read_tsv

from .conftest import copy_project, snakemake

pytestmark = pytest.mark.slow

# AUROC of LS-GKM on the same windows and split, from the README of the data.
LSGKM = {
    "Reb1": 0.861,
    "Abf1": 0.817,
    "Rap1": 0.935,
    "Cbf1": 0.890,
    "Mcm1": 0.826,
    "Fkh1": 0.837,
    "Sko1": 0.931,
    "Hsf1": 0.647,
    "Swi4": 0.893,
    "Ume6": 0.954,
}
FACTORS = list(LSGKM) if os.environ.get("YEAST") == "all" else list(LSGKM)[1::2]


@pytest.fixture(scope="module")
def yeast(tmp_path_factory, shared_data):
    """A copy of the project in which the yeast example has run; prints how long that took."""
    project = copy_project(tmp_path_factory.mktemp("yeast"))
    put_downloads(project, shared_data / "yeast")
    start = time.perf_counter()
    names = ("metrics.json", "families.tsv", "tomtom.tsv", "chromosomes.tsv", "peaks.qc.tsv")
    targets = [f"results/{factor}/{name}" for factor in FACTORS for name in names]
    targets.append("results/Reb1/peaks.bed")  # whose chromosomes have other names
    options = ["--cores", "2", "--configfile", "config/examples/yeast/config.yaml"]
    snakemake(project, *targets, *options)
    print(f"\nyeast example: {time.perf_counter() - start:.0f} s")
    return project


def put_downloads(project, data):
    """Put copies of the files at hand where those that the example names by address are kept."""
    example = project / "config/examples/yeast"
    with open(example / "experiments.tsv") as sheet:
        rows = csv.DictReader(sheet, delimiter="\t")
        copies = {row["peaks"]: f"peaks/{row['factor']}.bed" for row in rows}
    config = yaml.safe_load((example / "config.yaml").read_text())
    copies[config["genomes"]["sacCer3"]["fasta"]] = "S_cerevisiae.fa.gz"
    for address, copy in copies.items():
        kept = project / local_path(address).replace("results", "resources", 1)
        kept.parent.mkdir(parents=True)
        shutil.copy(data / copy, kept)


def test_networks_do_better_than_gkm_svm(yeast):
    paths = {f: yeast / f"results/{f}/metrics.json" for f in FACTORS}
    auroc = {f: json.loads(path.read_text())["test"]["auroc"] for f, path in paths.items()}
    print({factor: round(value, 3) for factor, value in auroc.items()})
    gain = {factor: value - LSGKM[factor] for factor, value in auroc.items()}
    assert sum(gain.values()) / len(gain) >= 0.051  # a mean AUROC of 0.91 for all ten
    assert min(gain.values()) >= -0.02


def test_factors_find_their_own_motif(yeast):
    """By name: a significant match of the first family to the factor's profile.

    JASPAR's profile of Hsf1 is not the TTCnnGAA that its first family shows.
    """
    found = {}
    for factor in FACTORS:
        families = read_tsv(yeast / f"results/{factor}/families.tsv").head(1)
        matches = read_tsv(yeast / f"results/{factor}/tomtom.tsv", comment="#")
        database = (yeast / "results/databases/motifs.meme").read_text().splitlines()
        own = {
            line.split()[1]
            for line in database
            if line.startswith("MOTIF") and line.split()[2].upper() == factor.upper()
        }
        good = matches[matches["q-value"] < 0.01]
        good = good[good["Query_ID"].isin(families["representative"])]
        found[factor] = bool(own & set(good["Target_ID"]))
    print(found)
    assert sum(found.values()) >= len(FACTORS) - 1


def test_chromosome_names_are_repaired(yeast):
    names = read_tsv(yeast / "results/Reb1/chromosomes.tsv").set_index("peaks_name")
    assert names.loc["chr4", "genome_name"] == "chrIV"
    assert names.loc["chr10", "genome_name"] == "chrX"
    qc = read_tsv(yeast / "results/Reb1/peaks.qc.tsv").set_index("what")["count"]
    assert qc["kept"] == qc["peaks_read"] == 1078
