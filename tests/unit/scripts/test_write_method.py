"""The page on method: each test that it names exists, and it is a page."""

import re

import pytest
from paths import ROOT
from peaks2motifs.checks.options import read_schemas
from write_method import write_method

TEXT = ROOT / "docs/method.md"
NAMED = sorted(set(re.findall(r"`(test_\w+\.py)::(\w+)`", TEXT.read_text())))


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_named_tests_exist(file, test):
    (path,) = ROOT.glob(f"tests/**/{file}")
    assert re.search(rf"^def {test}\(", path.read_text(), re.MULTILINE)


def test_every_section_but_the_first_names_tests():
    _, *sections = TEXT.read_text().split("\n## ")
    assert len(sections) > 7
    assert all("::test_" in section for section in sections)


def test_defaults_are_those_of_the_schema():
    schema, _, _ = read_schemas(ROOT / "workflow/schemas")
    stated = re.findall(r"`(\w+)\.(\w+)`, ([^`()]+?)\s+by\s+default", TEXT.read_text())
    assert len(stated) > 7
    for section, option, told in stated:
        default = schema["properties"][section]["properties"][option]["default"]
        assert re.findall(r"[\d.]+", told) == re.findall(r"[\d.]+", f"{default}"), option


def test_the_page_is_the_text(tmp_path):
    names = {"template": "method.html.jinja", "style": "style.css", "script": "page.js"}
    templates = {key: str(ROOT / "workflow/report" / name) for key, name in names.items()}
    write_method(str(TEXT), str(tmp_path / "method.html"), templates, "0.1.0")
    page = (tmp_path / "method.html").read_text()
    assert page.count("<h2 id=") == TEXT.read_text().count("\n## ")
    assert '<h2 id="what-nsites-counts">' in page
    named = page.split('<h2 id="what-nsites-counts">')[1].split("<h2")[0]
    text, notes = named.split('<div class="tests">')
    assert text.count("<sup>(") == notes.count("<li>") > 3
    assert "::test_" not in text
    assert "<code>test_kernel_sites.py::test_unknown_bases_are_not_counted</code>" in notes
    assert "<p>" in page
    assert "src=" not in page
