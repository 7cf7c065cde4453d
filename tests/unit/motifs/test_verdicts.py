"""Verdicts: which families count as found, and why."""

import pandas as pd
import pytest
from peaks2motifs.motifs.verdicts import FOUND, found, judge

GOOD = {
    "reason": "in 80 % of 60 held-out peaks and 5 % of 300 background windows",
    "enrichment_p": 1e-9,
    "own_p": 1e-9,
    "relation": float("nan"),
    "test_auroc": 0.9,
    "test_auroc_se": 0.02,
    "replicates": 3,
    "networks": 3,
    "ablation": 0.2,
    "ablation_se": 0.02,
    "central_width": 21.0,
    "central_p": 1e-6,
}


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, "supported"),
        ({"replicates": 2}, "supported"),
        ({"replicates": 1}, "tentative"),
        ({"replicates": 1, "networks": 1}, "supported"),
        ({"test_auroc": 0.53}, "tentative"),
        ({"test_auroc_se": float("nan")}, "tentative"),
        ({"enrichment_p": 0.03, "own_p": 0.03}, "tentative"),  # q is 0.06
        ({"enrichment_p": 0.3, "own_p": 0.3}, "unsupported"),
        ({"relation": "part of F1"}, "supported"),
        ({"relation": "part of F1", "replicates": 2}, "tentative"),
        ({"relation": "part of F1", "own_p": 0.03}, "redundant"),
        ({"relation": "part of F1", "own_p": 0.4, "enrichment_p": 0.4}, "unsupported"),
    ],
)
def test_verdicts(change, verdict):
    other = GOOD | {"enrichment_p": 0.9, "own_p": 0.9}
    table = judge(pd.DataFrame([GOOD | change, other]))
    assert table["verdict"].tolist() == [verdict, "unsupported"]
    assert found(table).tolist() == [verdict in FOUND, False]


def test_reasons_are_words_with_their_numbers():
    beside = {"relation": "part of F1", "own_p": 2e-9}
    reason = judge(pd.DataFrame([GOOD | beside]))["reason"][0]
    assert reason == (
        "in 80 % of 60 held-out peaks and 5 % of 300 background windows (q = 1e-09); "
        "part of F1; given F1's sites: q = 2e-09; in 3 of 3 networks; AUROC 0.90 ± 0.02; "
        "0.200 ± 0.020 less without it; most often in the middle 21 bp (p = 1e-06)"
    )


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        ({"replicates": 1}, "a second network"),
        ({"relation": "variant of F1", "replicates": 2}, "all 3 networks, as it resembles F1"),
        ({"test_auroc": 0.53}, "AUROC above 0.5 by 1.645 errors"),
        ({"own_p": 0.03, "replicates": 1}, "q < 0.05 of its own and a second network"),
    ],
)
def test_a_tentative_family_is_told_what_it_lacks(change, lacks):
    table = judge(pd.DataFrame([GOOD | change, GOOD | {"own_p": 0.9}]))
    assert table["verdict"].tolist() == ["tentative", "unsupported"]
    assert table["reason"][0].endswith(f"; needs {lacks}")
    assert "needs" not in table["reason"][1]


def test_a_loss_within_its_error_is_none():
    lost = [{"ablation": value, "ablation_se": 0.002} for value in (-0.001, 0.001, 0.004)]
    reasons = judge(pd.DataFrame([GOOD | one for one in lost]))["reason"]
    told = [reason.split("; ")[3] for reason in reasons]
    assert told == ["no loss without it"] * 2 + ["0.004 ± 0.002 less without it"]


def test_no_families_no_verdicts():
    assert judge(pd.DataFrame(columns=list(GOOD))).empty
