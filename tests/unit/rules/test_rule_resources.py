"""Every rule that runs something says what it asks a cluster for."""

import re

import pytest
from paths import ROOT
from peaks2motifs.checks import resources

TEXTS = [path.read_text() for path in sorted(ROOT.glob("workflow/rules/*.smk"))]
RULES = {
    rule: text
    for file in TEXTS
    for rule, text in re.findall(r"^rule (\w+):(.*(?:\n(?: .*)?)*)", file, re.MULTILINE)
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_with_a_script_has_resources_of_its_own(rule):
    assert ("script:" in RULES[rule]) == (f'**needs("{rule}"),' in RULES[rule])


def test_a_row_of_resources_is_that_of_a_rule_with_a_script():
    assert set(resources.NEEDS) == {rule for rule in RULES if "script:" in RULES[rule]}


@pytest.mark.parametrize("rules", [resources.BY_EPOCH, resources.WHOLE_GENOME, resources.ON_GPU])
def test_rules_of_a_kind_have_rows(rules):
    assert set(rules) <= set(resources.NEEDS)
