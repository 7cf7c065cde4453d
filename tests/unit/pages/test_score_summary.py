"""What the score rests on, in one sentence: its numbers and its conclusion, case by case."""

import re

import pandas as pd
import pytest
from peaks2motifs.pages.score_summary import describe_score

# The half-way point from chance to a model of 0.88 is 0.69.
WEAK = {"composition": 0.52, "dinucleotides": 0.55, "4-mers": 0.6, "F1": 0.68, "all": 0.88}


def describe(error: float = 0.02, **auroc: float) -> str:
    """Describe the parts of `WEAK`, with other AUROCs, all with the same standard error."""
    rows = [(part, value, error) for part, value in (WEAK | auroc).items() if value]
    return describe_score(pd.DataFrame(rows, columns=["part", "auroc", "auroc_se"]))


def words(auroc: float) -> dict[str, float]:
    return {"4-mers": auroc}


@pytest.mark.parametrize(
    ("auroc", "conclusion"),
    [
        ({}, "neither motifs nor short words explain half of the score"),
        ({"F1": 0.8}, "most of the score comes from one motif"),
        ({"F1": 0.8, "families": 0.82}, "most of the score comes from one motif"),
        ({"known": 0.8}, "most of the score comes from one motif"),
        (
            {"F1": 0.8} | words(0.83),
            "within the errors, one motif explains the score as well as short words",
        ),
        ({"F1": 0.7} | words(0.8), "short words explain more of the score than one motif"),
        (words(0.8), "most of the score comes from short words, not from one motif"),
        (
            {"composition": 0.8, "families": 0.72} | words(0.84),
            "most of the score comes from base composition and short words, not from one motif",
        ),
        (
            {"F1": 0.7, "families": 0.85},
            "several motifs together explain more of the score than one motif",
        ),
        ({"F1": None} | words(0.8), "most of the score comes from short words"),
        ({"F1": None}, "neither motifs nor short words explain half of the score"),
    ],
)
def test_the_conclusion_follows_from_the_numbers(auroc, conclusion):
    assert describe(**auroc).split(": ")[1] == f"{conclusion}."


def test_larger_errors_hide_a_difference():
    auroc = {"F1": 0.72} | words(0.8)  # 0.08 is 1.9 and 1.6 standard errors of the difference
    assert describe(0.03, **auroc).endswith("more of the score than one motif.")
    assert describe(0.035, **auroc).split(": ")[1].startswith("within the errors")


@pytest.mark.parametrize(
    ("auroc", "numbers"),
    [
        ({}, [0.68, 0.6, 0.88]),
        ({"families": 0.72}, [0.68, 0.72, 0.6, 0.88]),
        ({"families": 0.68}, [0.68, 0.6, 0.88]),  # F1 is the only one
        ({"known": 0.67}, [0.68, 0.6, 0.88]),
        ({"known": 0.7}, [0.68, 0.7, 0.6, 0.88]),
        ({"composition": 0.7}, [0.68, 0.7, 0.6, 0.88]),  # it explains half
        ({"F1": None}, [0.6, 0.88]),
    ],
)
def test_the_sentence_states_what_it_compares(auroc, numbers):
    sentence = describe(**auroc)
    assert [float(number) for number in re.findall(r"\d\.\d\d", sentence)] == numbers
    assert sentence[0].isupper()


def test_a_model_at_chance_has_no_score_to_explain():
    assert "0.53, not clearly above chance" in describe(0.02, all=0.53)
    assert "0.53, not clearly above chance" not in describe(0.01, all=0.53)


def test_the_whole_sentence():
    sentence = describe(**{"composition": 0.8, "families": 0.72, "4-mers": 0.84})
    assert sentence == (
        "F1 alone reaches a test AUROC of 0.68, all supported families together 0.72, base "
        "composition 0.80, a regression on 4-mers 0.84 and the model 0.88: most of the score "
        "comes from base composition and short words, not from one motif."
    )
