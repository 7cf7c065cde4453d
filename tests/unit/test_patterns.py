"""TF-MoDISco's patterns, trimmed, named and joined; it finds some in test_pictures.py."""

import numpy as np
import pandas as pd
from peaks2motifs import patterns
from peaks2motifs.formats import Motif
from peaks2motifs.sequences import encode, one_hot

UNIFORM = np.full(4, 0.25)


def motif(sequence: str, name: str, alternate: str = "") -> Motif:
    return Motif(name, alternate, one_hot(encode([sequence]))[0] * 0.9 + 0.025, 20)


def test_too_few_windows_have_no_patterns():
    none = np.zeros((3, 80), np.uint8)
    assert patterns.find_patterns(none, np.zeros((3, 80, 4)), 1) == []


def test_patterns_without_information_are_left_out():
    strong = np.array([[0, 0, 0, 0], [40, 0, 0, 0], [0, 40, 0, 0], [10, 10, 10, 10.0]])
    found = [(1, 40, strong), (-1, 40, np.full((4, 4), 10.0))]
    motifs, table = patterns.pattern_motifs(found, UNIFORM, 0.25, 0)
    assert table.to_dict("records") == [
        {"pattern": "pattern1", "sign": 1, "seqlets": 40, "width": 2, "consensus": "AC"}
    ]
    assert motifs[0].ppm.tolist() == [[1, 0, 0, 0], [0, 1, 0, 0]]


def test_patterns_are_named_after_families_and_known_motifs():
    found = [motif("GATTACAG", "pattern1"), motif("CCCGGTTT", "pattern2")]
    table = pd.DataFrame({"pattern": ["pattern1", "pattern2"]})
    families = [motif("AAACCGGG", "F1", "k002"), motif("GATTACAG", "F2", "k001")]
    targets = [motif(s, f"MA{i}", s) for i, s in enumerate(["GATTACAG", "TTTTTTTT", "ACACACAC"])]
    named = patterns.name_patterns(table, found, families, targets, 1)
    assert named["family"].tolist() == ["F2", "F1"]
    assert named["target_name"][0] == "GATTACAG"
    assert named["target_p"][0] < 1e-3 < named["target_p"][1]


def test_without_families_or_patterns_there_are_the_same_columns():
    target = [motif("GATTACAG", "MA1")]
    found = [motif("GATTACAG", "pattern1")]
    named = patterns.name_patterns(pd.DataFrame({"pattern": ["pattern1"]}), found, [], target, 1)
    assert named[["family", "target_name"]].to_numpy().tolist() == [["", "MA1"]]
    none = patterns.name_patterns(pd.DataFrame({"pattern": []}), [], found, target, 1)
    assert list(none) == list(named)
    assert len(none) == 0


def test_patterns_join_the_family_that_they_resemble():
    families = pd.DataFrame({"family": ["F1", "F2"]})
    table = pd.DataFrame(
        {
            "pattern": ["pattern1", "pattern2", "pattern3"],
            "family": ["F2", "F2", "F1"],
            "family_p": [1e-6, 1e-5, 0.3],
        }
    )
    joined = patterns.join_families(families, table, 1e-4)
    assert joined["patterns"].tolist() == ["", "pattern1,pattern2"]
