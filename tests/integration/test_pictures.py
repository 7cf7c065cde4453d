"""Pictures that the demo does not draw unless asked: one experiment's, and what remakes them."""

import xml.etree.ElementTree as ET

import h5py
import hdf5plugin  # noqa: F401 (registers the compression of attributions.h5)
import numpy as np
import pytest
import yaml
from peaks2motifs.core.sequences import decode
from peaks2motifs.core.tables import read_tsv

from .conftest import copy_demo, edited_module, snakemake
from .test_reruns import planned

pytestmark = pytest.mark.slow

ASKED = {
    "pictures": {"kernels": True, "attributions": True},
    "attribution": {
        "top": 3,
        "steps": 20,
        "modisco": True,
        "inputs": {"logit": [0], "kernels_16": [3]},
        "inputs_steps": 50,
    },
}
RULES = {  # with an option of each and another value for it
    "explain_model": ("attribution", "steps", 30),
    "attribute_peaks": ("attribution", "windows", 50),
    "optimise_inputs": ("attribution", "inputs_bound", 0.2),
}
TARGETS = ["kernels", "attributions", "families.tsv", "plots/inputs.svg"]
TARGETS = [f"results/SRF/{target}" for target in TARGETS]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def folder(demo, tmp_path_factory):
    """A copy of the finished demo with all pictures of SRF."""
    folder = copy_demo(demo, tmp_path_factory.mktemp("pictures") / "demo")
    configure(folder, ASKED)
    snakemake(folder, "--cores", "2", *TARGETS)
    return folder


def configure(folder, options):
    path = folder / "config/config.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | options))


def test_each_motif_has_its_picture(folder):
    kernels = read_tsv(folder / "results/SRF/kernels.tsv").set_index("kernel")["status"]
    drawn = {path.stem: path for path in (folder / "results/SRF/kernels").glob("*.svg")}
    assert set(drawn) == set(kernels[kernels == "motif"].index)
    texts = [text.text for text in ET.parse(next(iter(drawn.values()))).iter(f"{SVG}text")]
    assert {"peaks", "background"} <= set(texts)
    assert (folder / "results/SRF/plots/clustering.png").stat().st_size > 10_000


def test_mutagenesis_finds_the_planted_motif_where_it_is(folder):
    """SRF's profile is CCATATATGG at its core, its own reverse complement."""
    with h5py.File(folder / "results/SRF/attributions.h5") as file:
        codes, changes = file["codes"][:], file["mutagenesis"][:]
        shares, difference = file["integrated_gradients"][:], file["difference"][:]
    assert codes.shape == (3, 200)
    loss = -changes.sum(axis=2)
    best = np.lib.stride_tricks.sliding_window_view(loss, 10, axis=1).sum(axis=2).argmax(axis=1)
    cores = decode(codes[np.arange(3)[:, None], best[:, None] + np.arange(10)])
    assert [core for core in cores if core.startswith("CC") and core.endswith("GG")] == cores
    assert shares.sum(axis=(1, 2)) == pytest.approx(difference, abs=0.2)
    assert len(list((folder / "results/SRF/attributions").glob("window*.svg"))) == 3


def test_modisco_finds_the_planted_motif(folder):
    first = read_tsv(folder / "results/SRF/modisco.tsv").iloc[0]
    assert (first["sign"], first["family"], first["target_name"]) == (1, "F1", "SRF")
    assert first["target_q"] < 1e-3
    assert "MOTIF pattern1" in (folder / "results/SRF/modisco.meme").read_text()
    families = read_tsv(folder / "results/SRF/families.tsv").set_index("family")
    assert families["patterns"]["F1"].split(",")[0] == "pattern1"


def test_options_and_edits_remake_pictures_and_nothing_else(folder):
    draws = {"draw_kernels", "draw_attributions", "find_patterns", "name_motifs", "draw_inputs"}
    options = {section: dict(ASKED[section]) for section in ASKED}
    for section, option, value in RULES.values():
        options[section][option] = value
    configure(folder, options)
    printed = snakemake(folder, "--dry-run", *TARGETS)
    assert planned(printed, "Params have changed") == set(RULES)
    assert planned(printed) == {*RULES, *draws}
    configure(folder, ASKED | {"pictures": ASKED["pictures"] | {"classes": ["peaks"]}})
    with edited_module(folder, "pages/attribution_figures"):
        printed = snakemake(folder, "--dry-run", *TARGETS)
    configure(folder, ASKED)
    assert planned(printed) == {"draw_kernels", "draw_attributions", "draw_inputs"}


def test_all_experiments_have_the_pictures_that_the_config_asks_for_and_pages_link_them(folder):
    asked = {"draw_kernels", "find_patterns", "draw_inputs", "draw_attributions", "write_report"}
    asked |= {"name_motifs", "build_catalogue"}
    assert asked <= planned(snakemake(folder, "--dry-run"))
