"""The embedded demo, end to end: what it finds against what was planted."""

import json
import os
import zipfile

import h5py
import hdf5plugin  # noqa: F401 (registers the compression of dataset.h5)
import numpy as np
import pandas as pd
import pytest
from peaks2motifs.core.tables import SITE_COLUMNS, read_bed, read_tsv
from peaks2motifs.data.splits import OTHERS, SPLITS
from peaks2motifs.motifs.meme import read_meme
from pybedtools import BedTool

from .conftest import copy_demo, snakemake

EXPERIMENTS = ["SRF", "CTCF", "ZNF410"]
PARTNERS = {"SRF": "CTCF", "CTCF": "SRF"}
SHARED = "NRF1"  # planted in the peaks of all three
CONTRACT = [
    *("peaks.bed", "background.bed", "dataset.h5", "model.keras", "history.tsv"),
    *("metrics.json", "predictions.tsv.gz", "kernels.tsv", "kernels.h5", "motifs.meme"),
    *("families.meme", "families.tsv", "tomtom.tsv", "sites.bed.gz", "report.html"),
    *("score.tsv", "kmers.tsv", "plots/score.svg", "others.bed", "others.qc.tsv"),
    *(f"{x}.{y}" for x in ("motifs", "families") for y in ("jaspar", "transfac", "homer")),
    *("peak_families.tsv.gz", "spacing.tsv", "known.tsv", "family_motifs_without_test.meme"),
]


@pytest.fixture(params=EXPERIMENTS)
def experiment(request) -> str:
    return request.param


def truth_of(demo, experiment, role):
    truth = read_tsv(demo / "resources/demo/truth.tsv", dtype={"experiment": str, "peak": str})
    return truth[(truth["experiment"] == experiment) & (truth["role"] == role)]


def test_every_file_of_the_contract_is_there(demo, experiment):
    missing = [f for f in CONTRACT if not (demo / "results" / experiment / f).is_file()]
    assert not missing
    names = ["catalogue.tsv", "members.tsv", "similarity.tsv", "tree.tsv", "cobinding.tsv"]
    names += ["heatmap.tsv", "motifs_without_test.meme"]
    names += ["motifs.homer", "motifs.meme", "tree.svg", "heatmap.svg", "heatmap.png", "index.html"]
    for path in ("index.html", *(f"catalogue/{name}" for name in names)):
        assert (demo / "results" / path).stat().st_size > 50


def test_snakemakes_own_report_shows_pages_figures_and_tables_with_captions(demo, tmp_path):
    """The report keeps what it shows in a script: `var results = {...};`."""
    snakemake(demo, "--report", str(tmp_path / "report.zip"))
    with zipfile.ZipFile(tmp_path / "report.zip") as file:
        page = file.read("report/report.html").decode()
    results, _ = json.JSONDecoder().raw_decode(page, page.index("var results = {") + 14)
    for file in ("report.html", "families.tsv", "kernels.tsv", "peaks.qc.tsv", "plots/roc.svg"):
        assert {f"results/{experiment}/{file}" for experiment in EXPERIMENTS} <= set(results)
    assert {"results/index.html", "results/method.html"} <= set(results)
    for path, result in results.items():
        assert result["caption"].startswith("<p>"), path
        experiment = path.split("/")[1]
        if experiment in EXPERIMENTS:
            assert experiment in result["caption"], path
    assert any(path.startswith("results/SRF/logos") for path in results)


def test_a_second_run_has_nothing_to_do(demo):
    assert "Nothing to be done" in snakemake(demo, "--cores", "2")


def test_the_planted_motif_is_the_first_family_by_name(demo, experiment):
    first = read_tsv(demo / f"results/{experiment}/families.tsv").iloc[0]
    assert first["target_name"] == experiment
    assert first["target_q"] < 1e-3
    assert first["verdict"] == "supported"
    assert 0 < first["empirical_fdr"] <= 0.1
    assert first["replicates"] == first["networks"] == 3
    if experiment != "ZNF410":  # whose second copy other kernels see
        assert first["ablation"] > 3 * first["ablation_se"]
    assert first["central_p"] < 1e-6


def test_no_family_is_found_but_that_of_the_planted_motif(demo, experiment):
    """Neither the decoy, nor parts of the planted motif, nor what was learned by heart.

    ZNF410's sites are two copies in a row, so a second family may show both copies.
    """
    families = read_tsv(demo / f"results/{experiment}/families.tsv")
    supported = families[families["verdict"] == "supported"]
    own = supported[~supported["target_name"].str.upper().isin([SHARED, PARTNERS.get(experiment)])]
    assert own["family"].iloc[0] == "F1"
    assert set(own["target_name"]) == {experiment}
    assert set(own["kind"]) == {"specific"}
    if experiment != "ZNF410":
        assert len(own) == 1
    assert own["others_auroc"].min() > 0.85


def test_the_motif_in_all_peaks_is_called_shared(demo, experiment):
    families = read_tsv(demo / f"results/{experiment}/families.tsv")
    supported = families[families["verdict"] == "supported"]
    shared = supported[supported["target_name"].str.upper() == SHARED]
    assert shared["kind"].tolist() == ["shared"]
    first = shared.iloc[0]
    assert set(first["shared_with"].split(",")) == set(EXPERIMENTS) - {experiment}
    assert first["test_auroc"] > first["others_auroc"] + 0.05


@pytest.mark.parametrize("experiment", PARTNERS)
def test_the_motif_of_a_partner_is_found_or_called_co_binding(demo, experiment):
    pairs = read_tsv(demo / "results/catalogue/cobinding.tsv")
    is_pair = (pairs["name"] == PARTNERS[experiment]) & (pairs["experiment"] == experiment)
    pair = pairs[is_pair].iloc[0]
    assert pair["call"] in ("found", "co-binding")
    assert 0.2 < pair["peaks_share"] < 0.45


def test_the_motif_of_a_partner_is_shared_with_it(demo):
    """SRF's in CTCF's peaks. CTCF's 33 bp are not learned well from the third of SRF's peaks."""
    families = read_tsv(demo / "results/CTCF/families.tsv")
    family = families[families["target_name"] == "SRF"].iloc[0]
    assert family["verdict"] == "supported"
    assert family["kind"] == "shared"
    assert "SRF" in family["shared_with"].split(",")


def test_the_second_contrast_is_learned(demo, experiment):
    metrics = json.loads((demo / f"results/{experiment}/metrics.json").read_text())
    assert metrics["test"]["others"]["auroc"] > 0.85
    qc = read_tsv(demo / f"results/{experiment}/others.qc.tsv").set_index("what")["value"]
    for what in ("overlaps_with_peaks", "overlaps_with_blacklist", "overlaps_with_each_other"):
        assert float(qc[what]) == 0
    names = read_bed(demo / f"results/{experiment}/others.bed")["name"]
    assert set(names) == set(EXPERIMENTS) - {experiment}


def test_the_catalogue_gives_each_planted_motif_to_its_experiment(demo, experiment):
    motifs = read_tsv(demo / "results/catalogue/catalogue.tsv")
    first = motifs.drop_duplicates("name").set_index("name")["motif"][experiment]
    members = read_tsv(demo / "results/catalogue/members.tsv")
    binding = {experiment, *([PARTNERS[experiment]] if experiment in PARTNERS else [])}
    assert experiment in set(members[members["motif"] == first]["experiment"]) <= binding
    pairs = read_tsv(demo / "results/catalogue/cobinding.tsv")
    pairs = pairs[pairs["motif"] == first].set_index("experiment")
    assert pairs["auroc"].idxmax() == experiment
    assert (pairs["call"].drop(binding) == "none").all()


def test_sites_lie_where_they_were_planted(demo, experiment):
    sites = read_bed(
        demo / f"results/{experiment}/sites.bed.gz",
        SITE_COLUMNS,
    )
    sites = sites[sites["name"] == "F1"]
    planted = truth_of(demo, experiment, "planted")
    pairs = sites.merge(planted, on="chrom", suffixes=("", "_planted"))
    inside = (pairs["start"] < pairs["end_planted"]) & (pairs["start_planted"] < pairs["end"])
    hit = pairs[inside][["chrom", "start", "strand"]].drop_duplicates()
    assert len(hit) > 0.9 * len(sites)


def test_positions_are_right_to_the_base(demo):
    """SRF's profile is symmetric and 16 bp wide, and so is what is found."""
    sites = read_bed(
        demo / "results/SRF/sites.bed.gz",
        SITE_COLUMNS,
    )
    sites = sites[sites["name"] == "F1"]
    pairs = sites.merge(truth_of(demo, "SRF", "planted"), on="chrom", suffixes=("", "_planted"))
    pairs = pairs[(pairs["start"] - pairs["start_planted"]).abs() < 16]
    assert (pairs["start"] == pairs["start_planted"]).mean() > 0.95


def test_background_shares_no_base_with_peaks(demo, experiment):
    qc = read_tsv(demo / f"results/{experiment}/background.qc.tsv").set_index("what")["value"]
    for what in ("overlaps_with_peaks", "overlaps_with_blacklist", "overlaps_with_each_other"):
        assert float(qc[what]) == 0
    assert float(qc["gc_distance_after"]) < float(qc["gc_distance_before"])


def test_every_peak_is_accounted_for(demo, experiment):
    qc = read_tsv(demo / f"results/{experiment}/peaks.qc.tsv").set_index("what")["count"]
    dropped = qc[qc.index.str.startswith("dropped_")]
    assert qc["peaks_read"] == qc["kept"] + dropped.sum()
    assert qc["dropped_unknown_chromosome"] == 1
    assert qc["dropped_blacklisted"] >= 2
    assert qc["kept"] == len(read_bed(demo / f"results/{experiment}/peaks.bed"))


def test_the_dataset_keeps_its_promises(demo, experiment):
    with h5py.File(demo / f"results/{experiment}/dataset.h5") as file:
        assert file.attrs["alphabet"] == "ACGT"
        chromosomes = {}
        for split in ("train", "valid", "test"):
            x = file[f"x_{split}"]
            assert x.dtype == np.uint8
            assert x.shape[1:] == (200, 4)
            assert len(file[f"y_{split}"]) == len(x)
            chromosomes[split] = set(file[f"windows_{split}"]["chrom"])
        assert not chromosomes["train"] & chromosomes["test"]
        assert not chromosomes["train"] & chromosomes["valid"]
        assert not chromosomes["valid"] & chromosomes["test"]


def test_the_model_is_judged_on_chromosomes_it_never_saw(demo, experiment):
    metrics = json.loads((demo / f"results/{experiment}/metrics.json").read_text())
    low, high = metrics["test"]["interval"]["auroc"]
    assert low <= metrics["test"]["auroc"] <= high
    assert metrics["test"]["auroc"] > 0.85
    predictions = pd.read_csv(demo / f"results/{experiment}/predictions.tsv.gz", sep="\t")
    assert predictions["score"].between(0, 1).all()
    assert set(predictions["split"]) == {*SPLITS, *OTHERS}


def test_every_kernel_is_listed(demo, experiment):
    kernels = read_tsv(demo / f"results/{experiment}/kernels.tsv")
    assert set(kernels["status"]) <= {"motif", "dead", "low_information", "too_few_sites"}
    assert kernels["kernel"].is_unique
    assert kernels.loc[kernels["status"] != "motif", "reason"].notna().all()
    with h5py.File(demo / f"results/{experiment}/kernels.h5") as file:
        assert len(file["counts"]) == len(kernels)


def test_names_used_across_files_agree(demo, experiment):
    folder = demo / "results" / experiment
    motifs, of_families = (
        [m.name for m in read_meme(str(folder / f"{name}.meme"))[0]]
        for name in ("motifs", "families")
    )
    families = read_tsv(folder / "families.tsv")
    assert families["representative"].tolist() == of_families
    assert {m for members in families["members"] for m in members.split(",")} <= set(motifs)
    assert set(read_tsv(folder / "tomtom.tsv", comment="#")["Query_ID"]) == {*motifs, *of_families}
    assert set(read_bed(folder / "sites.bed.gz", SITE_COLUMNS)["name"]) == set(of_families)


def test_every_rule_leaves_a_log_and_a_benchmark(demo, experiment):
    logs = {path.stem for path in (demo / "logs" / experiment).iterdir()}
    assert logs == {path.stem for path in (demo / "benchmarks" / experiment).iterdir()}
    assert {"prepare_peaks", "train_model", "group_families", "write_report"} <= logs
    assert "Total params" in (demo / f"logs/{experiment}/train_model.log").read_text()


def test_every_peak_has_its_families(demo, experiment):
    folder = demo / "results" / experiment
    table = read_tsv(folder / "peak_families.tsv.gz")
    assert set(table["name"]) == set(read_bed(folder / "peaks.bed")["name"])
    own = table[table["F1_score"].notna()]
    assert own["families"].str.split(",").str[0].eq("F1").all()
    sites = read_bed(folder / "sites.bed.gz", SITE_COLUMNS)
    copies = 2 if experiment == "ZNF410" else 1
    found = sites["name"].eq("F1").sum()
    # Members may find two places in a peak, or miss a second copy; peaks share some places.
    assert 0.85 < copies * len(own) / found < 1.4
    assert own["F1_position"].abs().median() < 30
    assert set(own["F1_strand"]) == {"+", "-"}


def test_sites_load_into_bedtools_within_their_windows(demo, experiment):
    folder = demo / "results" / experiment
    sites = BedTool(str(folder / "sites.bed.gz"))
    assert sites.file_type == "bed"
    inside = sites.intersect(str(folder / "peaks.bed"), f=1, u=True)
    assert inside.count() == sites.count()
    assert all(0 <= int(site.score) <= 1000 for site in sites)


def test_the_meme_suites_own_tomtom_runs_where_asked_for(demo, tmp_path, monkeypatch):
    (tmp_path / "tomtom").write_text('#!/bin/sh\nmkdir -p "$7" && cp "$8" "$7/tomtom.html"\n')
    (tmp_path / "tomtom").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    folder = copy_demo(demo, tmp_path / "demo")
    config = (folder / "config/config.yaml").read_text()
    asked = config.replace("names:\n", "names:\n  tomtom_html: true\n")
    (folder / "tomtom.yaml").write_text(asked)
    target = "results/SRF/tomtom"
    snakemake(folder, target, "--cores", "2", "--configfile", "tomtom.yaml")
    assert "MOTIF" in (folder / target / "tomtom.html").read_text()
    assert "run_tomtom" in snakemake(folder, "--dry-run", "--configfile", "tomtom.yaml")
