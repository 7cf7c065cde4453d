"""The method page: the tests and defaults that it names exist, and it shows the whole text."""

import re

import pytest
from made_experiment import templates
from paths import ROOT
from peaks2motifs.checks.options import read_schemas
from write_method import write_method

TEXT = ROOT / "docs/method.md"
NAMED_TESTS = sorted(set(re.findall(r"`(test_\w+\.py)::(\w+)`", TEXT.read_text())))


@pytest.mark.parametrize(("file", "test"), NAMED_TESTS)
def test_named_tests_exist(file, test):
    (path,) = ROOT.glob(f"tests/**/{file}")
    assert re.search(rf"^def {test}\(", path.read_text(), re.MULTILINE)


def test_every_section_but_the_first_has_footnotes():
    _, *sections = TEXT.read_text().split("\n## ")
    assert len(sections) > 7
    assert all(re.search(r"\[\^test_\w+\](?!:)", section) for section in sections)


def test_footnotes_and_their_tests_have_the_same_names():
    text = TEXT.read_text()
    defined = re.findall(r"^\[\^(\w+)\]: `test_\w+\.py::(\w+)`$", text, re.MULTILINE)
    assert all(footnote == test for footnote, test in defined)
    assert {test for _, test in defined} == set(re.findall(r"\[\^(\w+)\](?!:)", text))
    assert len(defined) == len(NAMED_TESTS)


def test_defaults_are_those_of_the_schema():
    schema, _, _ = read_schemas(ROOT / "workflow/schemas")
    stated = re.findall(r"`(\w+)\.(\w+)`, ([^`()]+?)\s+by\s+default", TEXT.read_text())
    assert len(stated) > 7
    for section, option, value in stated:
        default = schema["properties"][section]["properties"][option]["default"]
        assert re.findall(r"[\d.]+", value) == re.findall(r"[\d.]+", f"{default}"), option


def write_page(folder, text: str) -> str:
    """Write and read the method page of a Markdown text."""
    (folder / "method.md").write_text(text)
    paths = [str(folder / name) for name in ("method.md", "method.html")]
    write_method(*paths, templates("method"), "0.1.0")
    return (folder / "method.html").read_text()


def test_the_page_is_the_text(tmp_path):
    page = write_page(tmp_path, TEXT.read_text())
    assert page.count("<h2 id=") == TEXT.read_text().count("\n## ") > 7
    assert "::test_" not in re.sub(r'<div class="tests">.*?</div>', "", page, flags=re.DOTALL)
    assert {f"{file}::{test}" for file, test in NAMED_TESTS} <= set(
        re.findall(r"<code>(test_\w+\.py::\w+)</code>", page)
    )
    assert "src=" not in page


def test_tests_become_notes_of_their_section(tmp_path):
    text = "# Method\n\n## What `nsites` counts\n\nOne,[^test_x][^test_y]\ntwo.[^test_z]\n\n"
    text += "## More\n\nThree.\n\n[^test_x]: `test_a.py::test_x`\n"
    text += "[^test_y]: `test_a.py::test_y`\n[^test_z]: `test_b.py::test_z`\n"
    page = write_page(tmp_path, text)
    section, more = page.split('<h2 id="what-nsites-counts">')[1].split('<h2 id="more">')
    body, notes = section.split('<div class="tests">')
    assert body.count("<sup>(") == notes.count("<li>") == 2
    assert "test_" not in body
    assert re.findall(r"test_\w\.py::test_(\w)", notes) == ["x", "y", "z"]
    assert "test" not in more.split("<footer")[0]
