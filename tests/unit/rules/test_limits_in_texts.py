"""The documents state the limits that the code uses, and the version that it has."""

import re
import tomllib
from math import ceil

import pytest
import yaml
from paths import ROOT
from peaks2motifs.core import limits
from peaks2motifs.pages.numbers import SPELT
from scipy.stats import norm

README, REPORT, METHOD, RULES = "README.md", "docs/report.md", "docs/method.md", "docs/rules.md"
FILES, NETWORK = "docs/files.md", "docs/network.md"
SCHEMA, CAPTION = "workflow/schemas/config.schema.yaml", "workflow/report/calibration.rst"
ALL = ["README.md", "config/README.md", "docs/*.md", "workflow/schemas/*", "workflow/report/*.rst"]
# A limit, the words of its statement, and the texts that state it at least.
STATEMENTS = [
    ("MAX_Q", r"independently enriched[^.]*?q < (\d\.\d+)", [README, REPORT, METHOD]),
    ("MAX_Q", r"\(p < (\d\.\d+)\)", [README, REPORT, METHOD]),
    ("MAX_Q", r"p-value below (\d\.\d+)", [METHOD]),
    ("MAX_Q", r"match the database at q ≤ (\d\.\d+)", [RULES]),
    ("MIN_STANDARD_ERRORS", r"by more than (\d\.\d+) standard errors", [README, REPORT, METHOD]),
    ("LOSS_ERRORS", r"loss is at most (\w+) standard error", [REPORT]),
    ("MIN_NETWORKS", r"at least (\w+) networks learned it", [README, REPORT, METHOD]),
    ("MAX_NAME_Q", r"q-value (?:of|is) at most (\d\.\d+)", [README, REPORT, METHOD]),
    ("MAX_NAME_FDR", r"FDR (?:of )?at most (\d+ %)", [README, REPORT, METHOD, SCHEMA]),
    ("MAX_BACKGROUND_HITS", r"which at most (\d+ %) of training background", [METHOD]),
    ("MAX_SCANNED_TEST", r"At most ([\d,]+) test windows of each class", [METHOD]),
    ("MAX_SCANNED_TRAINING", r"training windows, at most ([\d,]+) of each class", [METHOD]),
    ("BETTER_ERRORS", r"higher by more than (\w+) standard error", [METHOD]),
    ("MIN_ENRICHMENT", r"at least (\w+)(?: times)? as often in peaks", [FILES]),
    ("MIN_ENRICHMENT", r"less than (\w+)(?: times)? as often in peaks", [FILES]),
    ("HELD_OUT", r"about (\d+ %) of the peaks", [SCHEMA]),
    ("CALIBRATION_BINS", r"in (\w+) score bins", [CAPTION]),
    ("KMER_BASES", r"k-mers of (\w+) bases", [NETWORK]),
    ("KMER_WIDTH", r"bases within up to (\w+) positions", [NETWORK]),
    ("BEST_POSITIONS", r"the (\d+) best positions", [RULES, SCHEMA]),
    ("KOO_WIDTH", r"(\d+) bp around the middle of the kernel", [RULES]),
    ("RAW_WORDS", r"the (\d+) words", [RULES]),
]
# Numbers that follow from a limit.
SHUFFLES = ceil(1 / limits.MAX_NAME_FDR)  # for one family; the FDR counts one chance match
BY_CHANCE = round(float(norm.sf(limits.MIN_STANDARD_ERRORS)), 3)  # share that exceeds so many
STATEMENTS = [(name, getattr(limits, name), *statement) for name, *statement in STATEMENTS] + [
    ("MAX_NAME_FDR", SHUFFLES, r"fewer than (\d+) shuffles", [SCHEMA]),
    ("MIN_STANDARD_ERRORS", BY_CHANCE, r"by chance, this happens in (\d+ %) of cases", [METHOD]),
]
WORDS = {word: number for number, word in enumerate(SPELT)} | {"twice": 2}


def stated(pattern: str, text: str) -> list[float]:
    """The numbers that a text states in the words of `pattern`, wherever its lines break."""
    numbers = re.findall(pattern, " ".join(text.split()), re.IGNORECASE)
    return [read_number(number) for number in numbers]


def read_number(text: str) -> float:
    """A number in digits, in per cent, or as a word."""
    if text.endswith("%"):
        return float(text[:-1]) / 100
    return float(WORDS.get(text, text.replace(",", "")))


@pytest.mark.parametrize(("limit", "value", "pattern", "texts"), STATEMENTS)
def test_the_texts_state_the_limits_of_the_code(limit, value, pattern, texts):
    paths = [path for names in ALL for path in ROOT.glob(names)]
    found = {str(path.relative_to(ROOT)): stated(pattern, path.read_text()) for path in paths}
    assert [text for text in texts if not found[text]] == []
    stale = {text: numbers for text, numbers in found.items() if set(numbers) - {value}}
    assert stale == {}, f"{limit} is {value}"


def test_numbers_are_read_in_each_form():
    text = "At least three\nnetworks learned it; its empirical FDR at most\n5 %."
    assert stated(r"at least (\w+) networks", text) == [3]
    assert stated(r"FDR at most (\d+ %)", text) == [0.05]


def test_the_citation_has_the_version_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"]
