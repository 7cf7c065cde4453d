"""The documents state the limits that the code uses, and the version that it has."""

import re
import tomllib

import pytest
import yaml
from paths import ROOT
from peaks2motifs.core import limits

TEXTS = ["README.md", "docs/report.md", "docs/method.md"]
STATEMENTS = {
    "MAX_Q": r"independently enriched[^.]*?q < (\d\.\d+)",
    "MIN_STANDARD_ERRORS": r"exceeds 0\.5 by more than (\d\.\d+) standard errors",
    "MIN_NETWORKS": r"at least (\w+) networks learned it",
    "MAX_NAME_Q": r"q-value (?:of|is) at most (\d\.\d+)",
    "MAX_NAME_FDR": r"empirical FDR (?:of )?at most (\d+ %)",
}
ENRICHMENT = r"enriched, (?:at least|but less than) (\w+) as often in peaks"
WORDS = {"two": 2, "three": 3, "four": 4, "twice": 2}


def stated(pattern: str, text: str) -> list[float]:
    """The numbers that a text states in the words of `pattern`, wherever its lines break."""
    numbers = re.findall(pattern, " ".join(text.split()), re.IGNORECASE)
    return [read_number(number) for number in numbers]


def read_number(text: str) -> float:
    """A number in digits, in per cent, or as a word."""
    if text.endswith("%"):
        return float(text[:-1]) / 100
    return float(WORDS.get(text, text))


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("limit", STATEMENTS)
def test_a_text_states_the_limit_of_the_code(text, limit):
    numbers = stated(STATEMENTS[limit], (ROOT / text).read_text())
    assert set(numbers) == {getattr(limits, limit)}


def test_the_files_page_states_the_enrichment_that_calls_need():
    numbers = stated(ENRICHMENT, (ROOT / "docs/files.md").read_text())
    assert numbers == [limits.MIN_ENRICHMENT] * 2


def test_numbers_are_read_in_each_form():
    text = "At least three\nnetworks learned it; its empirical FDR at most\n5 %."
    assert stated(STATEMENTS["MIN_NETWORKS"], text) == [3]
    assert stated(STATEMENTS["MAX_NAME_FDR"], text) == [0.05]


def test_the_citation_has_the_version_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"]
