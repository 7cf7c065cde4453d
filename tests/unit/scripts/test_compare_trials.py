"""compare_trials: the order of trials, a config of the best, the figure and the page."""

import json

import pytest
import yaml
from compare_trials import compare_trials
from paths import ROOT
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.tables import read_tsv
from peaks2motifs.pages.plots import new_axes
from peaks2motifs.pages.trial_figures import set_value_axis

REPORT = ROOT / "workflow/report"
TEMPLATES = {"template": REPORT / "search.html.jinja"}
TEMPLATES |= {"style": REPORT / "style.css", "script": REPORT / "page.js"}
ABOUT = {"experiment": "SRF", "strategy": "random", "seed": 1, "version": "0.1.0"}
ABOUT |= {"command": "snakemake search", "use": "snakemake <more>"}
KEYS = ["training.learning_rate", "model.kernels", "model.kmers"]
TRIALS = [  # learning rate, kernels, k-mers, AUROC, loss
    (1e-05, [[8, 9]], True, 0.81, 0.5),
    (0.5, [[8, 9], [4, 12]], True, None, None),
    (0.002, [[8, 9]], False, 0.9, 0.42),
    (0.00001234, [[8, 9], [4, 12]], False, 0.9, 0.41),
]


def compare(folder, trials=TRIALS) -> dict:
    paths = []
    for number, (*values, auroc, loss) in enumerate(trials):
        trial = {"trial": f"{number:08x}", "values": dict(zip(KEYS, values, strict=True))}
        trial |= {"auroc": auroc, "auprc": auroc, "val_loss": loss}
        trial |= {"epochs": auroc and 5, "parameters": auroc and 100}
        paths.append(folder / f"{number}.json")
        paths[-1].write_text(json.dumps(trial))
    files = ["trials.tsv", "importance.tsv", "search.svg", "search.html", "best.yaml"]
    names = ["trials", "importance", "figure", "page", "best"]
    output = {name: str(folder / file) for name, file in zip(names, files, strict=True)}
    compare_trials(paths, output, TEMPLATES, ABOUT, seed=1)
    return output


def test_the_highest_auroc_comes_first_then_the_lower_loss_and_the_diverged_last(tmp_path):
    output = compare(tmp_path)
    table = read_tsv(output["trials"], dtype={"trial": str})
    assert table["trial"].str[-1].tolist() == ["3", "2", "0", "1"]
    assert table["rank"].tolist() == [1, 2, 3, 4]
    assert table["model.kernels"].tolist()[0] == "[[8, 9], [4, 12]]"
    assert table["auroc"].isna().tolist() == [False, False, False, True]
    lines = (tmp_path / "trials.tsv").read_text().splitlines()
    assert [line.split("\t")[-2:] for line in lines[1:]] == [["5", "100"]] * 3 + [["", ""]]


def test_the_best_is_a_config_that_reads_as_it_was(tmp_path):
    text = (tmp_path / compare(tmp_path)["best"]).read_text()
    assert yaml.safe_load(text) == {
        "training": {"learning_rate": 0.00001234},  # a number, and no text
        "model": {"kernels": [[8, 9], [4, 12]], "kmers": False},
    }
    assert text.startswith("# The best of 4 trials for SRF, by its validation AUROC of 0.900.")


def test_the_page_says_it_all_and_repeats_to_the_byte(tmp_path):
    pages = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        output = compare(folder)
        pages.append((folder / "search.html").read_bytes() + (folder / "search.svg").read_bytes())
        figure = (folder / "search.svg").read_text()
        for words in ("best so far", "validation AUROC", "model.kmers", "[[8, 9], [4, 12]]"):
            assert words in figure
    assert pages[0] == pages[1]
    page = (tmp_path / "a/search.html").read_text()
    for words in ("SRF: 4 trials", "1 diverged", "3 trials, at least 8 are needed"):
        assert words in page
    assert "snakemake &lt;more&gt;" in page
    assert "<more>" not in page
    assert read_tsv(output["importance"])["share"].isna().all()


def test_a_search_of_one_value_or_one_trial_is_compared(tmp_path):
    output = compare(tmp_path, TRIALS[:1])
    assert read_tsv(output["trials"]).shape[0] == 1


def test_without_a_trial_that_learned_there_is_no_best(tmp_path):
    with pytest.raises(InputError, match="none of 1 trials gave scores: all diverged"):
        compare(tmp_path, TRIALS[1:2])


def test_numbers_spread_by_ratio_get_a_logarithmic_axis():
    axes = new_axes("", "", "")
    for values, scale in [
        ([0, 3, 90], "linear"),
        ([0.01, 0.28, 0.6], "linear"),
        ([1e-4, 3e-3, 0.1], "log"),
    ]:
        axes.set_xscale("linear")
        set_value_axis(axes, values)
        assert axes.get_xscale() == scale
