"""Verdicts: which families count as found, and why."""

import pandas as pd
import pytest
from peaks2motifs.verdicts import FOUND, found, judge

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
    reason = judge(pd.DataFrame([GOOD | {"relation": "part of F1"}]))["reason"][0]
    assert reason == (
        "in 80 % of 60 held-out peaks and 5 % of 300 background windows (q = 1e-09); "
        "part of F1, beside which q = 1e-09; in 3 of 3 networks; AUROC 0.90 ± 0.02; "
        "0.20 ± 0.02 less without it; most often in the middle 21 bp (p = 1e-06)"
    )


def test_no_families_no_verdicts():
    assert judge(pd.DataFrame(columns=list(GOOD))).empty
