"""Reports and what lies beside them, made from small tables."""

import json
import re
import shutil
import zipfile

import numpy as np
import pandas as pd
import pytest
from draw_logos import draw_logos
from made_experiment import DATA, evaluate, family, kernel, known, make_experiment, report
from made_html import cells_of
from peaks2motifs.core import limits
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.tables import read_tsv, write_tsv
from peaks2motifs.pages.report_sections import METRICS
from write_provenance import write_provenance


def row_heads(page: str) -> list[str]:
    """The texts of all row headers."""
    return re.findall(r'<th scope="row">([^<]+)</th>', page)


def tile(page: str, title: str) -> str:
    """The text of a tile at the top of the report."""
    text = page.split(f'<div class="what">{title}</div>')[1].split("</header>")[0]
    return " ".join(re.sub(r"<.*?>", " ", text.split('<div class="tile">')[0]).split())


def test_evaluation_has_the_promised_keys(experiment):
    metrics = json.loads((experiment / "metrics.json").read_text())
    assert list(metrics) == ["train", "valid", "test"]
    test = metrics["test"]
    assert (test["n"], test["peaks"], test["background"]) == (40, 20, 20)
    assert isinstance(test["auroc"], float)
    low, high = test["interval"]["auroc"]
    assert low < test["auroc"] < high
    intervals = {"auroc", "auprc", "accuracy", "mcc", "log_loss", "brier"}
    intervals |= {"precision", "recall", "calibration_error"}
    assert intervals <= set(test["interval"])
    assert len({metrics[split]["threshold"] for split in metrics}) == 1
    curves = read_tsv(experiment / "curves.tsv")
    assert list(curves) == ["split", "curve", "x", "y", "low", "high"]
    assert len(curves) == 3 * 2 * 201


def test_evaluation_without_both_classes_names_file_and_split(experiment, tmp_path):
    path = tmp_path / "predictions.tsv.gz"
    table = read_tsv(experiment / "predictions.tsv.gz")
    write_tsv(table.assign(label=table["label"].where(table["split"] != "test", 1)), path)
    (tmp_path / "plots").mkdir()
    with pytest.raises(InputError, match=r"predictions.tsv.gz: split test holds 40 peaks and 0"):
        evaluate(tmp_path)


def test_report_shows_the_families_apart_and_needs_no_other_file(experiment):
    page = report(experiment)
    supported, others = page.split('<details class="fold">', 1)
    assert "REB1" in supported
    assert "3.0&nbsp;×&nbsp;10<sup>−12</sup>" in supported
    assert "nearest: GAT1" not in supported
    assert "nearest: GAT1" in others
    assert page.count('aria-label="Logo TGA"') == 3
    assert page.count('href="#logo-k000"') == 1
    assert page.count('id="logo-k000"') == 1
    assert page.count("data:image/svg+xml;base64,") == 8
    assert cells_of(page, "F1, F2")[:3] == ["2", "+8 bp", "same"]
    # The one site's centre, 200.5, is half a base right of its window's.
    assert "±0 bp" in supported
    assert 'src="http' not in page
    assert "<link" not in page
    assert "in 60\xa0% of 20 held-out peaks" in page
    assert "q = 1.0&nbsp;×&nbsp;10<sup>−8</sup>" in page
    assert cells_of(page, "dropped blacklisted")[0] == "3"
    assert {name for _, name in METRICS} <= set(row_heads(page))
    assert "<td>chr1</td><td>chrI</td><td>roman</td>" in page
    assert "<td>chrIV</td><td>chrIV</td>" not in page


def test_report_of_sequences_counts_those_kept_and_dropped(experiment, tmp_path):
    folder = tmp_path / "Reb1"
    shutil.copytree(experiment, folder)
    qc = [("sequences_read", 1234, ""), ("dropped_nothing_but_n", 3, "no base"), ("kept", 1231, "")]
    write_tsv(pd.DataFrame(qc, columns=["what", "count", "note"]), folder / "sequences.qc.tsv")
    windows = pd.DataFrame([("chrI", 190, 240)], columns=["chrom", "start", "end"])
    write_tsv(windows, folder / "windows.tsv")
    page = report(folder, {"sequences_qc": "sequences.qc.tsv", "predictions": "windows.tsv"})
    assert cells_of(page, "sequences read")[0] == "1,234"
    assert cells_of(page, "dropped nothing but N")[0] == "3"
    assert cells_of(page, "kept")[0] == "1,231"
    assert "±14 bp" in page  # 214.5 is the centre of its sequence
    assert 'href="sequences.qc.tsv"' in page
    assert 'href="peaks.qc.tsv"' not in page
    assert "sacCer3" not in page


def test_report_links_optional_results(experiment):
    assert "rules.tsv" not in report(experiment)
    assert "kernels/" not in report(experiment)
    page = report(experiment, DATA | {"rules": "rules.tsv"}, ("kernels",))
    assert 'href="rules.tsv"' in page
    assert 'href="kernels/k001.svg"' in page
    assert 'href="kernels/k002.svg"' not in page  # a dead kernel


def test_report_counts_kernels_of_families_beyond_the_limit(tmp_path):
    rows = [
        kernel("k000", "motif"),
        kernel("k004", "motif", family="", reason="beyond motifs.max_families"),
    ]
    families = [family(1, "supported", "REB1", 3e-12, members="k000")]
    page = report(make_experiment(tmp_path / "Reb1", families, rows))
    assert re.findall(r"\d+", tile(page, "supported families")) == ["1", "1", "1"]
    page = report(make_experiment(tmp_path / "all", families, rows[:1]))
    assert re.findall(r"\d+", tile(page, "supported families")) == ["1", "1"]


def test_report_shows_known_motifs_and_says_if_one_is_better_than_the_first_family(tmp_path):
    folder = make_experiment(tmp_path / "Reb1", [family(1, "supported", "REB1", 3e-12)])
    section = known_section(report(folder))
    rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', section, re.DOTALL)
    cells = [" ".join(re.sub(r"<.*?>", " ", row).split()) for row in rows]
    assert cells[0].startswith("REB1 MA1, the factor’s own 1 0.790 ± 0.020 45 % 5 % 1.0&nbsp;×")
    assert [cell.split()[0] for cell in cells] == ["REB1", "RAP1", "ABF1"]
    assert "better than" not in section  # 0.79 against 0.8
    better = known("MA9", "MCM1", 0.9)
    write_tsv(pd.DataFrame([better]), folder / "known.tsv")
    sentence = known_section(report(folder)).split("<p>")[1].split("</p>")[0]
    assert re.findall(r"MCM1|MA9|F1|\d\.\d+", sentence) == ["MCM1", "MA9", "0.900", "F1", "0.800"]
    write_tsv(pd.DataFrame([better])[:0], folder / "known.tsv")
    assert '<th scope="row">' not in known_section(report(folder))


def test_report_compares_with_the_peaks_of_other_experiments(experiment, tmp_path):
    folder = tmp_path / "x"
    shutil.copytree(experiment, folder)
    assert "other experiments" not in report(folder).split('id="motifs"')[0]
    metrics = json.loads((folder / "metrics.json").read_text())
    metrics["test"]["others"] = {"auroc": 0.8127, "auroc_se": 0.0312, "windows": 1234}
    (folder / "metrics.json").write_text(json.dumps(metrics))
    qc = pd.DataFrame([("near_CTCF", 17, "of its peaks")], columns=["what", "value", "note"])
    write_tsv(qc, folder / "others.qc.tsv")
    page = report(folder, data=DATA | {"others_qc": "others.qc.tsv"})
    headline, rest = page.split('id="motifs"')
    assert all(text in headline for text in ("against other peaks", "0.813", "0.031", "1,234"))
    assert "<dt>specific</dt>" in rest
    assert "near CTCF" in rest
    assert "no second contrast" not in rest
    del metrics["test"]["others"]
    (folder / "metrics.json").write_text(json.dumps(metrics))
    assert "no second contrast" in report(folder, data=DATA | {"others_qc": "others.qc.tsv"})
    assert "no second contrast" not in report(folder)


def test_report_says_if_no_known_motif_has_the_name_of_the_factor(experiment, tmp_path):
    folder = tmp_path / "x"
    shutil.copytree(experiment, folder)
    assert "No known motif" not in report(folder, factor="Reb1")
    write_tsv(read_tsv(folder / "known.tsv").assign(own=0), folder / "known.tsv")
    assert "No known motif is named Reb1" in report(folder, factor="Reb1")
    assert "No known motif" not in report(folder)  # the sheet names no factor


def known_section(page: str) -> str:
    """The section of known motifs."""
    return page.split('<section id="known">')[1].split("</section>")[0]


def test_report_lists_every_kernel_with_its_logo_where_it_has_one(experiment):
    kernels = report(experiment).split('<table class="kernels">')[1].split("</table>")[0]
    assert kernels.count("<tr id=") == 4
    dead = kernels.split('<tr id="k002">')[1].split("</tr>")[0]
    assert "why dead" in dead
    assert "<svg" not in dead
    assert '<a href="#F1">F1</a>' in dead


def test_report_states_the_limits_that_decide(experiment, monkeypatch):
    limits_stated = {"MAX_Q": 0.033, "MIN_STANDARD_ERRORS": 2.345, "MIN_NETWORKS": 43}
    before = report(experiment)
    for name, value in limits_stated.items():
        assert str(value) not in before.split("<dt>verdict</dt>")[1].split("</dd>")[0]
        monkeypatch.setattr(limits, name, value)
    verdict = report(experiment).split("<dt>verdict</dt>")[1].split("</dd>")[0]
    assert [value for value in limits_stated.values() if str(value) not in verdict] == []


def test_report_states_the_bins_of_its_figures(experiment, monkeypatch):
    assert "in 41 bins" in report(experiment)
    assert "in ten score bins" in report(experiment)
    monkeypatch.setattr(limits, "HISTOGRAM_BINS", 47)
    monkeypatch.setattr(limits, "CALIBRATION_BINS", 6)
    assert "in 47 bins" in report(experiment)
    assert "in six score bins" in report(experiment)


def test_report_says_what_the_score_rests_on(experiment):
    section = report(experiment).split('<section id="score">')[1].split("</section>")[0]
    numbers = re.findall(r"0\.\d\d", section.split("<p>")[1].split("</p>")[0])
    assert numbers == ["0.75", "0.76", "0.64", "0.80"]
    assert 'href="score.tsv"' in section
    assert 'alt="What the score rests on"' in section


def test_report_lists_kmers_of_some_share_and_links_similar_families(experiment, empty):
    section = report(experiment).split('<section id="score">')[1].split("</section>")[0]
    rows = re.findall(r"<tr><th scope=\"row\"><code>(.*?)</code>.*?<td>(.*?)</td></tr>", section)
    assert rows == [("TGANTCA", '<a href="#F1">F1</a> supported'), ("AAAAAA", "none")]
    assert "kmers.tsv" not in report(empty).split('<section id="motifs">')[0]


def test_report_without_motifs_shows_no_family_and_no_spacing(empty, experiment):
    page = report(empty)
    assert tile(page, "supported families") == "0 of 0 listed"
    assert 'class="family"' not in page
    assert "plots/spacing.svg" not in page
    assert 'class="family"' in report(experiment)
    assert "plots/spacing.svg" in report(experiment)


def test_report_links_the_pictures_that_were_asked_for(experiment):
    page = report(experiment, pictures=("kernels", "modisco"))
    for link in ("plots/clustering.svg", "modisco.tsv", "maps.h5"):
        assert f'href="{link}"' in page
    assert "attributions/" not in page
    assert "Attributions" not in report(experiment)


def test_report_lists_patterns_and_those_that_resemble_no_family(tmp_path):
    folder = make_experiment(tmp_path / "Reb1", [family(1, "supported", "REB1", 3e-12)])
    table = read_tsv(folder / "families.tsv").assign(patterns="pattern1")
    write_tsv(table, folder / "families.tsv")
    patterns = pd.DataFrame({"pattern": ["pattern1", "pattern2"], "family": ["F1", ""]})
    patterns = patterns.assign(consensus="TGA", seqlets=30, target_name="RAP1", target_q=0.2)
    write_tsv(patterns, folder / "modisco.tsv")
    page = report(folder, pictures=("modisco",), optional={"patterns": "modisco.tsv"})
    assert "<dt>TF-MoDISco</dt><dd>pattern1</dd>" in page
    summary = page.split('<p class="soft">TF-MoDISco found ')[1].split("</p>")[0]
    assert re.findall(r"\b\d+\b", summary.split(":")[0]) == ["2", "1"]
    assert re.findall(r"pattern\d", summary) == ["pattern2"]
    write_tsv(patterns[:1], folder / "modisco.tsv")
    page = report(folder, pictures=("modisco",), optional={"patterns": "modisco.tsv"})
    summary = page.split('<p class="soft">TF-MoDISco found ')[1].split("</p>")[0]
    assert re.findall(r"\b\d+\b", summary.split("Data:")[0]) == ["1", "0"]
    assert not re.findall(r"pattern\d", summary)


def test_report_links_the_page_of_tomtom_where_there_is_one(experiment, empty):
    link = 'href="tomtom/tomtom.html"'
    assert link in report(experiment, optional={"tomtom": "tomtom"})
    assert link not in report(experiment)
    assert link not in report(empty, optional={"tomtom": "tomtom"})


def test_pages_repeat_to_the_byte(experiment):
    assert report(experiment) == report(experiment)


def test_logos_are_named_after_families(experiment, empty, tmp_path):
    draw_logos(
        str(experiment / "families.tsv"), str(experiment / "families.meme"), str(tmp_path / "a")
    )
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == ["F1.png", "F1.svg", "F2.png", "F2.svg"]
    draw_logos(str(empty / "families.tsv"), str(empty / "families.meme"), str(tmp_path / "b"))
    assert list((tmp_path / "b").iterdir()) == []


def test_provenance_holds_options_versions_and_checksums(tmp_path):
    (tmp_path / "peaks.bed").write_text("abc")
    used = {"keras": "3.15.1", "device": "CPU"}
    with zipfile.ZipFile(tmp_path / "model.keras", "w") as model:
        model.writestr("metadata.json", json.dumps({"trained_with": used}))
    write_provenance(
        inputs=[str(tmp_path / "peaks.bed")],
        models={"A": str(tmp_path / "model.keras")},
        output=str(tmp_path / "provenance.json"),
        config={"seed": 0},
        fetched={str(tmp_path / "peaks.bed"): "ENCFF660GHM"},
        digests={"config": "a", "dataset": "b"},
        release="0.1.0",
        snakemake_release="9.27.1",
        folder=str(tmp_path),
        threads=2,
    )
    record = json.loads((tmp_path / "provenance.json").read_text())
    # The SHA-256 of "abc", from FIPS 180-2.
    assert next(iter(record["inputs"].values())).startswith("ba7816bf8f01cfea414140de5dae2223")
    assert record["fetched"] == {str(tmp_path / "peaks.bed"): "ENCFF660GHM"}
    assert record["config"] == {"seed": 0}
    assert record["training"] == {"A": used}
    assert record["packages"]["snakemake"] == "9.27.1"
    assert record["packages"]["numpy"] == np.__version__
    assert record["peaks2motifs"] == {"version": "0.1.0", "commit": None, "modified": None}
