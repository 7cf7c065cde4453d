"""Verdicts: which families count as supported, and why."""

import pandas as pd
import pytest
from peaks2motifs.motifs import verdicts
from peaks2motifs.motifs.motif import Limits
from peaks2motifs.motifs.verdicts import (
    SUPPORTED,
    family_clauses,
    is_named,
    is_needed,
    is_supported,
    judge_families,
    kernel_reason,
    write_reason,
)

GOOD = {
    "peaks_hit": 48,
    "test_peaks": 60,
    "background_hit": 15,
    "test_background": 300,
    "enrichment_p": 1e-9,
    "own_p": 1e-9,
    "relation": float("nan"),
    "relation_to": float("nan"),
    "test_auroc": 0.9,
    "test_auroc_se": 0.02,
    "replicates": 3,
    "networks": 3,
    "ablation": 0.2,
    "ablation_se": 0.02,
    "central_width": 21.0,
    "central_p": 1e-6,
    "others_p": float("nan"),
    "others_auroc": float("nan"),
    "others_auroc_se": float("nan"),
    "shared_with": "",
}
SPECIFIC = {"others_p": 1e-6, "others_auroc": 0.8, "others_auroc_se": 0.03, "shared_with": ""}
PART = {"relation": "part of", "relation_to": "F1"}


@pytest.mark.parametrize(
    ("change", "verdict", "lacks"),
    [
        ({}, "supported", ""),
        ({"replicates": 2}, "supported", ""),
        ({"replicates": 1}, "tentative", "networks"),
        ({"replicates": 1, "networks": 1}, "supported", ""),
        ({"test_auroc": 0.53}, "tentative", "auroc"),
        ({"test_auroc_se": float("nan")}, "tentative", "auroc"),
        ({"enrichment_p": 0.03, "own_p": 0.03}, "tentative", "enrichment"),  # q is 0.06
        ({"own_p": 0.03, "replicates": 1}, "tentative", "enrichment,networks"),
        ({"enrichment_p": 0.3, "own_p": 0.3}, "unsupported", "enrichment"),
        (PART, "supported", ""),
        (PART | {"replicates": 2}, "tentative", "networks"),
        (PART | {"own_p": 0.03}, "redundant", "enrichment"),
        (PART | {"own_p": 0.4, "enrichment_p": 0.4}, "unsupported", "enrichment"),
    ],
)
def test_verdicts(change, verdict, lacks):
    other = GOOD | {"enrichment_p": 0.9, "own_p": 0.9}
    table = judge_families(pd.DataFrame([GOOD | change, other]))
    assert table["verdict"].tolist() == [verdict, "unsupported"]
    assert table["lacks"].tolist() == [lacks, "enrichment"]
    assert is_supported(table).tolist() == [verdict in SUPPORTED, False]


def test_reasons_are_words_with_their_numbers():
    reason = judge_families(pd.DataFrame([GOOD | PART | {"own_p": 2e-9}]))["reason"][0]
    clauses = reason.split("; ")
    numbers = [
        ["80 % of 60", "5 % of 300", "q = 1e-09"],
        ["part of F1"],
        ["F1", "q = 2e-09"],
        ["3 of 3 networks"],
        ["AUROC 0.90 ± 0.02"],
        ["0.200 ± 0.020"],
        ["21 bp", "p = 1e-06"],
    ]
    for clause, expected in zip(clauses, numbers, strict=True):
        assert all(number in clause for number in expected), clause


def test_a_page_writes_the_same_reason_with_its_own_form_of_numbers():
    (row,) = judge_families(pd.DataFrame([GOOD])).to_dict("records")
    clauses = family_clauses(row)
    assert write_reason(clauses, "<{:.0e}>".format) == row["reason"].replace(
        "q = 1e-09", "q = <1e-09>"
    ).replace("p = 1e-06", "p = <1e-06>")


@pytest.mark.parametrize(
    ("change", "kind", "numbers"),
    [
        ({}, "specific", ["against other peaks", "AUROC 0.80", "q = 2e-06"]),
        ({"shared_with": "A,B,C,D"}, "specific", ["also in A, B, C and 1 more"]),
        ({"others_p": 0.2, "shared_with": "A"}, "shared", ["shared with A:", "q = 0.4"]),
        ({"others_auroc": 0.53, "shared_with": "A,B"}, "shared", ["shared with A, B:"]),
        ({"others_p": 0.2}, "regional", ["feature of the regions"]),
        ({"others_p": 0.2, "enrichment_p": 0.9}, "", ["against other peaks"]),
    ],
)
def test_a_family_is_specific_shared_or_regional(change, kind, numbers):
    other = GOOD | SPECIFIC | {"others_p": 0.9}
    table = judge_families(pd.DataFrame([GOOD | SPECIFIC | change, other]))
    assert table["kind"][0] == kind
    assert all(number in table["reason"][0] for number in numbers), table["reason"][0]


def test_without_other_experiments_families_are_of_no_kind():
    table = judge_families(pd.DataFrame([GOOD]))
    assert table["kind"].tolist() == [""]
    assert table["others_q"].isna().all()
    assert "other peaks" not in table["reason"][0]


@pytest.mark.parametrize(
    ("change", "needs"),
    [
        ({"replicates": 1}, ["at least 2 networks"]),
        (PART | {"replicates": 2}, ["all 3 networks", "F1"]),
        ({"test_auroc": 0.53}, ["AUROC", "1.645", "0.5"]),
        ({"own_p": 0.03, "replicates": 1}, ["q < 0.05", "and", "at least 2 networks"]),
    ],
)
def test_reason_of_a_tentative_family_ends_with_what_it_lacks(change, needs):
    table = judge_families(pd.DataFrame([GOOD | change, GOOD | {"own_p": 0.9}]))
    assert table["verdict"].tolist() == ["tentative", "unsupported"]
    last = table["reason"][0].split("; ")[-1]
    assert last.startswith("needs ")
    assert all(word in last for word in needs)
    assert "needs" not in table["reason"][1]


def test_a_family_lacks_as_many_networks_as_decide(monkeypatch):
    monkeypatch.setattr(verdicts, "MIN_NETWORKS", 3)
    table = judge_families(pd.DataFrame([GOOD | {"replicates": 2, "networks": 5}]))
    assert table["reason"][0].endswith("needs at least 3 networks")


def test_a_tentative_family_shows_the_q_value_that_decides():
    """Without a related family, its own q-value is shown nowhere else."""
    families = [GOOD | {"enrichment_p": 0.03, "own_p": 0.03}, GOOD | {"own_p": 0.9}]
    table = judge_families(pd.DataFrame(families))
    assert table["enrichment_q"][0] < 0.05 < table["own_q"][0]
    assert table["reason"][0].endswith("(q < 0.05, here 0.06)")


@pytest.mark.parametrize(("loss", "needed"), [(-0.001, False), (0.001, False), (0.004, True)])
def test_a_loss_within_its_error_is_none(loss, needed):
    row = GOOD | {"ablation": loss, "ablation_se": 0.002}
    assert is_needed(row) == needed
    reason = judge_families(pd.DataFrame([row]))["reason"][0]
    assert ("0.004 ± 0.002" in reason) == needed
    assert ("no loss" in reason) != needed


def test_reason_of_a_kernel_beyond_max_families_names_the_option():
    kernel = GOOD | {"status": "motif", "family": float("nan")}
    limits = Limits(10, 5, 5, 0.25, 1)
    assert "motifs.max_families" in kernel_reason(kernel, limits)
    assert "motifs.max_families" not in kernel_reason(kernel | {"family": "F1"}, limits)


def test_no_families_no_verdicts():
    assert judge_families(pd.DataFrame(columns=list(GOOD))).empty


@pytest.mark.parametrize(
    ("q", "fdr", "named"),
    [(0.01, 0.1, True), (0.05, 0.25, True), (0.06, 0, False), (0.01, 0.3, False), (None, 0, False)],
)
def test_a_name_needs_a_low_q_value_and_an_fdr_that_chance_does_not_explain(q, fdr, named):
    assert is_named({"target_q": q, "empirical_fdr": fdr}) is named
