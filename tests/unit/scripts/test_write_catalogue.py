"""The catalogue, from files of experiments to its page; index and catalogue in a browser."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from build_catalogue import build_catalogue
from call_cobinding import call_cobinding
from made_experiment import SETTINGS, family, make_experiment, templates
from made_motifs import motif
from peaks2motifs.core import limits
from peaks2motifs.core.sequences import encode
from peaks2motifs.core.tables import read_tsv
from peaks2motifs.data.dataset import write_dataset
from peaks2motifs.motifs.meme import read_meme, write_meme
from peaks2motifs.motifs.verdicts import SUPPORTED
from peaks2motifs.pages.index_page import write_index
from scan_catalogue import scan_catalogue
from write_catalogue import write_catalogue

REB1, ABF1, HALF = "TTACCCGGAT", "ATCACGAGACG", "GGCATTGAC"
CATALOGUE = {"motifs": "motifs.meme", "table": "groups.tsv", "members": "members.tsv"}
CATALOGUE |= {name: f"motifs.{name}" for name in ("jaspar", "transfac", "homer")}
CATALOGUE |= {"without_test": "motifs_without_test.meme"}
CATALOGUE |= {"similarity": "similarity.tsv", "tree": "tree.svg", "forks": "tree.tsv"}
MAPS = {"table": "cobinding.tsv", "heatmap": "heatmap.tsv", "svg": "heatmap.svg"}
MAPS |= {"png": "heatmap.png", "catalogue": "catalogue.tsv"}


def write_windows(path: Path, words: list[str]) -> None:
    """Write a dataset.h5 of 60 windows in each split, every other a peak with all the words."""
    rng = np.random.default_rng(0)
    tables, codes = {}, rng.integers(0, 4, (60, 60)).astype(np.uint8)
    for i, word in enumerate(words):
        codes[1::2, 15 * i : 15 * i + len(word)] = encode([word])
    row = np.arange(60)
    for split in ("train", "valid", "test"):
        table = pd.DataFrame({"chrom": split, "start": row * 60, "end": row * 60 + 60})
        tables[split] = table.assign(name="w", strand=".", label=row % 2)
    write_dataset(str(path), tables, lambda rows: codes[rows["start"] // 60], {}, "none")


def make_catalogue(folder: Path, experiments: dict[str, tuple[list[str], list[str]]]) -> Path:
    """Run the rules of the catalogue on experiments, each with motifs found and words in peaks."""
    names = list(experiments)
    for name, (words, in_peaks) in experiments.items():
        rows = [family(i, SUPPORTED[0], f"TF {word}", 1e-9) for i, word in enumerate(words, 1)]
        columns = [{"representative": word, "test_auroc_se": 0.03} for word in words]
        rows = [row | more for row, more in zip(rows, columns, strict=True)]
        if rows:
            rows.append(family(9, "not found", "REST", 1e-9) | {"representative": HALF})
        make_experiment(folder / name, [family(1, "", "", 1)])
        pd.DataFrame(rows, columns=[*family(1, "", "", 1), "test_auroc_se"]).to_csv(
            folder / name / "families.tsv", sep="\t", index=False
        )
        for file, nsites in (("families.meme", 100), ("without_test.meme", 80)):
            write_meme([motif(word, nsites) for word in [*words, HALF]], folder / name / file)
        write_windows(folder / name / "dataset.h5", in_peaks)
    files = [[str(folder / name / file) for name in names] for file in FILES]
    out = folder / "catalogue"
    out.mkdir()
    output = {key: str(out / name) for key, name in CATALOGUE.items()}
    build_catalogue(names, [None] * len(names), *files, output, max_p=1e-4, min_share=0.7)
    hits = [str(folder / name / "catalogue_hits.tsv") for name in names]
    for name, path in zip(names, hits, strict=True):
        scan_catalogue(str(folder / name / "dataset.h5"), output["without_test"], path, 20)
    known = [output[key] for key in ("table", "members", "similarity")]
    maps = {key: str(out / name) for key, name in MAPS.items()}
    call_cobinding(names, [None] * len(names), hits, *known, maps)
    inputs = templates("catalogue") | {key: output[key] for key in ("motifs", "members", "tree")}
    inputs |= {"catalogue": maps["catalogue"], "cobinding": maps["table"], "heatmap": maps["svg"]}
    write_catalogue(inputs, names, str(out / "index.html"), SETTINGS | {"windows": 20})
    return out


FILES = ["families.tsv", "families.meme", "without_test.meme", "metrics.json"]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory) -> Path:
    """Reb1's motif found in two experiments, Abf1's in one; both are in the peaks of b."""
    experiments = {"a": ([REB1], [REB1]), "b": ([REB1], [REB1, ABF1]), "m/c": ([ABF1], [ABF1])}
    return make_catalogue(tmp_path_factory.mktemp("results"), experiments)


def test_motifs_found_are_one_each_with_their_provenance(catalogue):
    table = read_tsv(catalogue / "catalogue.tsv")
    assert table["motif"].tolist() == ["M001", "M002"]
    assert table["consensus"].tolist() == [REB1, ABF1]
    assert table["experiments"].tolist() == [2, 1]
    members = read_tsv(catalogue / "members.tsv")
    assert members["members"].tolist() == ["k001,k000"] * 3
    assert members["experiment"].tolist() == ["a", "b", "m/c"]
    metrics = json.loads((catalogue.parent / "a/metrics.json").read_text())["test"]
    assert members["model_auroc"][0] == pytest.approx(metrics["auroc"], rel=1e-5)
    reb1, abf1 = read_meme(str(catalogue / "motifs.meme"))[0]
    assert (reb1.name, reb1.alternate, reb1.nsites) == ("M001", f"TF_{REB1}", 200)
    assert abf1.nsites == 100
    judged = read_meme(str(catalogue / "motifs_without_test.meme"))[0]
    assert [(m.name, m.alternate, m.nsites) for m in judged] == [
        ("M001", f"TF_{REB1}", 160),
        ("M002", f"TF_{ABF1}", 80),
    ]


def test_a_motif_in_the_peaks_of_another_is_called(catalogue):
    pairs = read_tsv(catalogue / "cobinding.tsv").set_index(["motif", "experiment"])
    assert pairs["call"].to_dict() == {
        ("M001", "a"): "found",
        ("M001", "b"): "found",
        ("M001", "m/c"): "none",
        ("M002", "a"): "none",
        ("M002", "b"): "co-binding",
        ("M002", "m/c"): "found",
    }
    assert pairs.loc[("M002", "b"), ["peaks", "background", "peaks_share"]].tolist() == [20, 20, 1]
    areas = read_tsv(catalogue / "heatmap.tsv").set_index("experiment")
    assert areas.loc["b", "M002"] == pytest.approx(1)
    assert areas.loc["a", "M002"] == pytest.approx(pairs.loc[("M002", "a"), "auroc"])


def test_both_aurocs_of_a_motif_are_in_table_and_page_with_their_errors(catalogue):
    """That of the matrix, as co-binding has it, and that of the kernels, as reports have it."""
    first = read_tsv(catalogue / "catalogue.tsv").iloc[0]
    pairs = read_tsv(catalogue / "cobinding.tsv").set_index(["motif", "experiment"])
    scan = pairs.loc[("M001", first["matrix_experiment"])]
    assert first["matrix_auroc"] == pairs.loc["M001"].loc[["a", "b"], "auroc"].max()
    assert first["matrix_auroc_se"] == scan["auroc_se"]
    families = read_tsv(catalogue.parent / first["kernels_experiment"] / "families.tsv")
    kernels = families.loc[0, ["test_auroc", "test_auroc_se"]].tolist()
    assert first[["kernels_auroc", "kernels_auroc_se"]].tolist() == kernels
    page = (catalogue / "index.html").read_text()
    for name in ("matrix", "kernels"):
        auroc, error = (f"{first[column]:.3f}" for column in (f"{name}_auroc", f"{name}_auroc_se"))
        assert f'>{auroc} <span class="soft">± {error}</span>' in page


def test_the_page_links_motifs_experiments_and_pairs(catalogue):
    page = (catalogue / "index.html").read_text()
    assert "2 motifs of 3 experiments" in page
    assert 'href="../m/c/report.html#F1"' in page
    assert 'href="#pair=M002">1</a>' in page
    assert page.count('<tr id="M00') == 2
    assert page.count("co-binding</td>") == 1


def test_the_page_states_the_limits_that_decide(catalogue, monkeypatch):
    values = {"MAX_BACKGROUND_HITS": 0.067, "MIN_ENRICHMENT": 43, "MAX_LISTED_P": 0.0321}
    for name, value in (values | {"MAX_TREE_LOG_P": 47}).items():
        monkeypatch.setattr(limits, name, value)
    files = {"motifs": "motifs.meme", "members": "members.tsv", "catalogue": "catalogue.tsv"}
    files |= {"cobinding": "cobinding.tsv", "tree": "tree.svg", "heatmap": "heatmap.svg"}
    inputs = templates("catalogue") | {key: str(catalogue / file) for key, file in files.items()}
    page = catalogue / "other.html"
    write_catalogue(inputs, ["a", "b", "m/c"], str(page), SETTINGS | {"windows": 20})
    text = page.read_text()
    for words in ("that 6.7 % of", "least 43 times", "p ≤ 0.032:", "(p) / 47,"):
        assert words in text


@pytest.mark.parametrize("motifs", [[], [REB1]])
def test_a_catalogue_of_one_experiment_or_of_nothing_has_no_cobinding(motifs, tmp_path):
    out = make_catalogue(tmp_path, {"a": (motifs, [REB1])})
    page = (out / "index.html").read_text()
    assert f"<h1>{len(motifs)} motif" in page
    assert page.count('<tr id="M00') == len(motifs)
    assert ("<main" in page) == bool(motifs)
    assert 'id="cobinding"' not in page
    assert len(read_tsv(out / "cobinding.tsv")) == len(motifs)


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> Path:
    """The index of 500 experiments on two genomes, 50 factors, with AUROCs of 0.5 to 0.996."""
    folder = make_experiment(
        tmp_path_factory.mktemp("results") / "x", [family(1, SUPPORTED[0], "REB1", 1e-9)]
    )
    metrics = json.loads((folder / "metrics.json").read_text())
    files = {"families": "families.tsv", "families_meme": "families.meme"}
    rows = []
    for i in range(500):
        path = folder / f"{i}.json"
        metrics["test"]["auroc"] = 0.5 + 0.001 * (i * 7 % 497)
        path.write_text(json.dumps(metrics))
        row = {"experiment": f"e{i:03}", "factor": f"TF{i % 50}", "metrics": str(path)}
        row |= {"genome": ["hg38", "mm10"][i % 2]}
        rows.append(row | {key: str(folder / name) for key, name in files.items()})
    write_index(rows, str(folder / "index.html"), templates("index"), SETTINGS)
    return folder / "index.html"


def open_in_browser(page: Path, fragment: str = "", script: str = "") -> str:
    """The page as headless Chromium shows it, after a script of the test's own has run in it."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("neither chromium nor google-chrome on the PATH")
    copy = page.with_name("opened.html")
    copy.write_text(page.read_text().replace("</body>", f"<script>{script}</script></body>"))
    command = [chromium, "--headless", "--no-sandbox", "--virtual-time-budget=5000"]
    command += ["--dump-dom", f"file://{copy}{fragment}"]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def visible_rows(page: str) -> list[str]:
    """The experiments or motifs of rows that are not hidden, in their order."""
    rows = re.findall(r"<tr ([^>]*)>\s*<th[^>]*><a [^>]*>([^<]+)</a>", page)
    return [name for attributes, name in rows if "hidden" not in attributes]


def test_the_address_filters_and_sorts_500_rows(index):
    page = open_in_browser(index, "#q=e1+tf&genome=mm10&auroc=0.9&sort=-test+AUROC")
    rows = {f"e{i:03}": 0.5 + 0.001 * (i * 7 % 497) for i in range(101, 500, 2)}
    kept = [e for e, a in rows.items() if "e1" in e and a >= 0.9]
    assert visible_rows(page) == sorted(kept, key=rows.get, reverse=True)
    assert f"{len(kept)} of 500 shown" in page


def test_typing_and_choosing_filter_and_are_kept_in_the_address(index):
    script = """
      const slash = new KeyboardEvent("keydown", { key: "/", bubbles: true });
      document.body.dispatchEvent(slash);
      const focused = document.activeElement.name;
      const set = (name, value) => {
        const control = document.querySelector(`[name=${name}]`);
        control.value = value;
        control.dispatchEvent(new Event("input"));
      };
      set("factor", "TF7");
      set("auroc", "0.8");
      document.querySelectorAll("th button")[1].click();
      document.title = focused + " " + location.hash;
    """
    page = open_in_browser(index, script=script)
    assert "<title>q #factor=TF7&amp;auroc=0.8&amp;sort=factor</title>" in page
    kept = [i for i in range(7, 500, 50) if i * 7 % 497 >= 300]
    assert visible_rows(page) == [f"e{i:03}" for i in kept]
    cleared = open_in_browser(
        index, "#q=nothing", 'document.querySelector(".tools button").click();'
    )
    assert len(visible_rows(cleared)) == 500
    assert "500 shown" in cleared


def test_a_link_to_the_pairs_of_a_motif_filters_them(catalogue):
    page = open_in_browser(catalogue / "index.html", "#pair=M001")
    motifs, pairs = page.split('id="cobinding"')
    assert visible_rows(motifs) == ["M001", "M002"]
    assert visible_rows(pairs) == []
    assert "none of 1 match" in pairs


def test_a_phone_needs_no_horizontal_scrolling(index, catalogue):
    script = """
      document.currentScript.remove();
      const frame = document.createElement("iframe");
      Object.assign(frame, { width: 390, height: 800, srcdoc: document.documentElement.outerHTML });
      frame.onload = () => {
        const { scrollWidth, clientWidth } = frame.contentDocument.documentElement;
        const parts = [...frame.contentDocument.querySelectorAll(".scroll:not(.map)")];
        const wide = parts.filter((part) => part.scrollWidth > part.clientWidth).length;
        document.title = `${scrollWidth - clientWidth} beyond ${clientWidth > 300}, ${wide} wide`;
      };
      document.body.replaceChildren(frame);
    """
    for page in (index, catalogue / "index.html"):
        assert "<title>0 beyond true, 0 wide</title>" in open_in_browser(page, script=script)
