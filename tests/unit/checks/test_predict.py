"""Predictions: whose networks, and one kind of input."""

import pytest
from peaks2motifs.checks.errors import InputError
from peaks2motifs.checks.predict import read_predictions

PAGES = ["a", "b", "j/a"]


@pytest.mark.parametrize(
    "part", [{"sequences": "s.fa"}, {"genome": "g"}, {"genome": "g", "regions": "r.bed"}]
)
def test_each_kind_of_input_is_taken(part):
    assert read_predictions({"p": {"experiment": "j/a"} | part}, PAGES, ["g"]) == {"p": ["j/a"]}
    assert read_predictions({"p": {"experiment": "all"} | part}, PAGES, ["g"]) == {"p": PAGES}


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"experiment": "c"}, r"p\.experiment: 'c', .*\ba, b, j/a"),
        ({}, "p: no input, .*sequences.* regions.* genome"),
        ({"regions": "r.bed"}, "p: regions, .*sequences"),
        ({"sequences": "s.fa", "genome": "g"}, "p: sequences and genome, .*either"),
        ({"genome": "h"}, r"p\.genome: 'h' .*\bg$"),
    ],
)
def test_predictions_that_cannot_be_are_refused(part, message):
    with pytest.raises(InputError, match=rf"^config: predict\.{message}"):
        read_predictions({"p": {"experiment": ["a"]} | part}, PAGES, ["g"])
