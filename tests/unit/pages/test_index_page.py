"""The index: a row for each experiment, and the methods."""

from pathlib import Path

from made_experiment import SETTINGS, templates
from made_study import SCHEMA, STUDY, TRAINED
from peaks2motifs.checks.options import fill_defaults
from peaks2motifs.pages.index_page import write_index


def index(folders: list[Path], page: Path, **options) -> str:
    """Write and read the index over experiments."""
    files = {"metrics": "metrics.json", "families": "families.tsv"}
    files |= {"families_meme": "families.meme"}
    rows = [
        {"experiment": folder.name, "factor": None, "genome": "sacCer3"}
        | {key: str(folder / name) for key, name in files.items()}
        for folder in folders
    ]
    write_index(rows, str(page), templates("index"), SETTINGS, **options)
    return page.read_text()


def test_index_has_a_row_for_each_experiment(experiment, empty, tmp_path):
    page = index([experiment, empty], tmp_path / "index.html")
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    assert body.count("<tr data-factor=") == 2
    assert 'href="Reb1/report.html"' in body
    assert 'href="Reb1/report.html#F1">REB1</a>' in body
    assert body.count("/report.html#F1") == 1  # the other experiment has no motif
    assert "120 peaks on sacCer3;" in page
    assert 'data-label="supported families" data-value="1">1</td>' in body
    assert '<span class="range">FDR 0 %</span>' in body


def test_index_holds_the_methods_to_paste(experiment, tmp_path):
    config = fill_defaults({"model": {"preset": "scan"}}, SCHEMA)
    study = STUDY | {"network": "scan"}
    methods_input = {"options": config, "study": study, "trained": [TRAINED]}
    page = index([experiment], tmp_path / "index.html", methods_input=methods_input)
    assert "200-bp windows" in page
    assert "1. Quinlan AR" in page
    assert 'data-copy="methods-text"' in page
    assert "methods-text" not in index([experiment], tmp_path / "index.html").split("<script")[0]
