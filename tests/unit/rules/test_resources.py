"""Every rule that runs something says what it asks a cluster for."""

import os
import re
from functools import cache
from types import SimpleNamespace

import pytest
from paths import ROOT

RULES = ROOT / "workflow/rules"


def rules() -> list[tuple[str, str]]:
    """Each rule and its text."""
    texts = [path.read_text() for path in sorted(RULES.glob("*.smk"))]
    return [
        found
        for text in texts
        for found in re.findall(r"^rule (\w+):(.*(?:\n(?: .*)?)*)", text, re.M)
    ]


@pytest.mark.parametrize(("rule", "text"), rules(), ids=[rule for rule, _ in rules()])
def test_a_rule_with_a_script_has_resources_of_its_own(rule, text):
    assert ("script:" in text) == (f'**needs("{rule}"),' in text)


@pytest.fixture
def needs():
    """The function `needs` of resources.smk, for one experiment of 1,000 peaks on 5 Mb."""
    names = {
        "cache": cache,
        "os": os,
        "config": {
            "windows": {"length": 200, "max_peaks": 1000},
            "background": {"ratio": 5},
            "training": {"epochs": 10, "replicates": 3, "device": "cpu"},
        },
        "ROWS": {"e": {"peaks": "later.bed", "genome": ""}},
        "PAGES": ["e"],
        "JOINT": {},
        "SEQUENCE_ROWS": {},
        "model_of": lambda wildcards: wildcards.experiment,
    }
    exec((RULES / "resources.smk").read_text(), names)
    return names["needs"]


@pytest.mark.parametrize("rule", ["train_model", "build_dataset", "write_index"])
def test_each_attempt_asks_for_more_memory_and_time(needs, rule):
    of_all = SimpleNamespace() if rule == "write_index" else SimpleNamespace(experiment="e")
    resources = needs(rule)
    for name in ("mem_mb", "runtime"):
        first, second, third = (resources[name](of_all, attempt=n) for n in (1, 2, 3))
        assert first > 0
        assert (second, third) == (2 * first, 3 * first)
