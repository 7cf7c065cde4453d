"""TF-MoDISco's patterns, trimmed and named; it finds some in test_pictures.py."""

import numpy as np
import pandas as pd
import pytest
from peaks2motifs.core.sequences import encode, one_hot
from peaks2motifs.motifs import modisco
from peaks2motifs.motifs.motif import Motif
from peaks2motifs.motifs.similarity import nearest_families

UNIFORM = np.full(4, 0.25)


def motif(sequence: str, name: str, alternate: str = "") -> Motif:
    return Motif(name, alternate, one_hot(encode([sequence]))[0] * 0.9 + 0.025, 20)


def test_too_few_windows_have_no_patterns():
    none = np.zeros((3, 80), np.uint8)
    assert modisco.find_patterns(none, np.zeros((3, 80, 4)), 1) == []


def test_patterns_without_information_are_left_out():
    strong = np.array([[0, 0, 0, 0], [40, 0, 0, 0], [0, 40, 0, 0], [10, 10, 10, 10.0]])
    found = [(1, 40, strong), (-1, 40, np.full((4, 4), 10.0))]
    motifs, table = modisco.pattern_motifs(found, UNIFORM, 0.25, 0)
    assert table.to_dict("records") == [
        {"pattern": "pattern1", "sign": 1, "seqlets": 40, "width": 2, "consensus": "AC"}
    ]
    assert motifs[0].ppm.tolist() == [[1, 0, 0, 0], [0, 1, 0, 0]]


ALIKE = {"max_p": 1e-4, "min_overlap": 0.6}


def test_patterns_are_named_after_families_and_known_motifs():
    """The second is the first family on the other strand, the third like neither."""
    words = ["GATTACAGCA", "CCGATTTTAC", "CACACACACA"]
    found = [motif(word, f"pattern{i}") for i, word in enumerate(words, 1)]
    families = [motif("GTAAAATCGG", "F1", "k002"), motif("GATTACAGCA", "F2", "k001")]
    targets = [motif(s, f"MA{i}", s) for i, s in enumerate(["GATTACAG", "TTTTTTTT", "ACACACAC"])]
    table = pd.DataFrame({"pattern": [one.name for one in found]})
    named = modisco.name_patterns(table, found, families, targets, ALIKE, 1)
    assert named["family"].tolist() == ["F2", "F1", ""]
    assert (named["family_p"] < 1e-4).tolist() == [True, True, False]
    assert named["family_p"].isna().tolist() == [False, False, True]
    assert named["target_name"].tolist()[::2] == ["GATTACAG", "ACACACAC"]
    assert named["target_p"][0] < 1e-3 < named["target_p"][1]
    # Three targets, each in two orientations, of which none is as good as the first.
    assert named["target_q"][0] == pytest.approx(named["target_p"][0] * 6)


@pytest.mark.parametrize(
    ("max_p", "min_overlap", "nearest"), [(1e-4, 0.6, 1), (1e-4, 0.7, 0), (1e-99, 0.6, 0)]
)
def test_a_pattern_is_like_a_family_as_options_say(max_p, min_overlap, nearest):
    """They share 10 columns of 16."""
    found, family = [motif("CCGGTTGATTACAGCA", "pattern1")], [motif("GATTACAGCATTGGCC", "F1")]
    alike = {"max_p": max_p, "min_overlap": min_overlap}
    assert nearest_families(found, family, alike, 1)[0].tolist() == [nearest]


def test_without_families_or_patterns_there_are_the_same_columns():
    target = [motif("GATTACAG", "MA1")]
    found = [motif("GATTACAG", "pattern1")]
    table = pd.DataFrame({"pattern": ["pattern1"]})
    named = modisco.name_patterns(table, found, [], target, ALIKE, 1)
    assert named[["family", "target_name"]].to_numpy().tolist() == [["", "MA1"]]
    none = modisco.name_patterns(table[:0], [], found, target, ALIKE, 1)
    assert list(none) == list(named)
    assert len(none) == 0
