"""Every rule that runs something says what it asks a cluster for."""

import re
from pathlib import Path

import pytest

RULES = Path(__file__).resolve().parents[2] / "workflow/rules"


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
