"""What options request beside the standard results."""

import pytest
from peaks2motifs.checks import requested


def config(kernels=False, attributions=False, modisco=False, inputs=None, **others) -> dict:
    """The sections that are read, in which nothing is requested."""
    return {
        "seed": 3,
        "pictures": {"classes": "all", "kernels": kernels, "attributions": attributions},
        "attribution": {"modisco": modisco, "inputs": inputs or {}},
        "motifs": {"compare": [], "basset_trim": 1, "eugene_above": 2, "max_background": 0.1},
        "names": {"tomtom_html": False},
    } | others


ALL = config(kernels=True, attributions=True, modisco=True, inputs={"logit": [0]})


def test_scan_is_the_rule_that_needs_no_model():
    assert requested.published(["scan", "basset", "raw"]) == ["basset", "raw"]


@pytest.mark.parametrize(
    ("rule", "options"),
    [
        ("basset", {"basset_trim": 1}),
        ("eugene", {"eugene_above": 2}),
        ("raw", {"max_background": 0.1}),
        ("pysster", {"seed": 3}),
        ("deepbind", {}),
    ],
)
def test_a_rule_takes_its_own_options(rule, options):
    assert requested.rule_options(rule, config()) == options


def test_pictures_are_those_that_options_request():
    assert requested.requested_pictures(config()) == []
    assert requested.requested_pictures(ALL) == ["kernels", "attributions", "modisco", "inputs"]


PAGES, MODELS = ["m/a", "b"], ["m", "b"]


@pytest.mark.parametrize(
    ("asked", "rules"),
    [
        ({}, {}),
        ({"kernels": True}, {"explain_model": PAGES, "draw_kernels": PAGES}),
        ({"attributions": True}, {"explain_model": PAGES, "draw_attributions": PAGES}),
        ({"modisco": True}, {"attribute_peaks": PAGES, "find_patterns": PAGES}),
        ({"inputs": {"logit": [0]}}, {"optimise_inputs": MODELS, "draw_inputs": MODELS}),
    ],
)
def test_pictures_are_of_pages_and_inputs_of_models(asked, rules):
    assert requested.picture_rules(config(**asked), PAGES, MODELS) == rules


def test_patterns_are_there_if_requested():
    assert requested.patterns("e", config()) == {}
    assert requested.patterns("e", ALL) == {"patterns": "results/e/modisco.tsv"}


@pytest.mark.parametrize(
    ("asked", "files"),
    [
        ({}, {}),
        ({"motifs": {"compare": ["raw"]}}, {"rules": "results/e/rules.tsv"}),
        ({"names": {"tomtom_html": True}}, {"tomtom": "results/e/tomtom"}),
        ({"modisco": True}, {"patterns": "results/e/modisco.tsv"}),
    ],
)
def test_a_report_shows_what_options_request(asked, files):
    assert requested.requested_files("e", config(**asked)) == files
