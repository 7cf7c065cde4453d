"""Known motifs in the windows of an experiment: planted or not, the factor's own or not."""

import numpy as np
import pandas as pd
import pytest
from made_motifs import motif
from peaks2motifs.core.sequences import N_CODE, encode
from peaks2motifs.motifs.known_motifs import COLUMNS, is_own, judge_profiles

PLANTED, OTHER = "TTACCCGGAT", "GGCATTGACA"
LENGTH = 60


def windows(number: int, word: str = "", seed: int = 0) -> np.ndarray:
    """Base codes of random windows, with a word in their middle."""
    codes = np.random.default_rng(seed).integers(0, 4, (number, LENGTH)).astype(np.uint8)
    if word:
        first = (LENGTH - len(word)) // 2
        codes[:, first : first + len(word)] = encode([word])
    return codes


TRAIN = windows(200, PLANTED, 1), windows(200, seed=2)
TEST = windows(100, PLANTED, 3), windows(100, seed=4)


def judge(profiles, train=TRAIN, test=TEST, has_summits=True, factor="") -> pd.DataFrame:
    """The table of these profiles, by name."""
    return judge_profiles(profiles, train, test, has_summits, factor).set_index("motif")


def test_a_planted_motif_separates_peaks_and_a_random_one_does_not():
    known = judge([motif(OTHER), motif(PLANTED)])
    assert known.index.tolist() == [PLANTED, OTHER]  # the best first
    planted, other = known.loc[PLANTED], known.loc[OTHER]
    assert planted["auroc"] > 0.99
    assert planted["train_auroc"] > 0.99
    assert (planted["peaks_hit"], planted["peaks"], planted["background"]) == (100, 100, 100)
    assert planted["background_hit"] < 15
    assert planted["enrichment_q"] < 1e-20
    assert other["auroc"] < 0.6
    assert other["enrichment_q"] > 0.05
    assert other["peaks_hit"] < 20


def test_sites_at_the_summits_are_centrally_enriched():
    known = judge([motif(PLANTED), motif(OTHER)])
    assert known.loc[PLANTED, "central_width"] == 1
    assert known.loc[PLANTED, "central_p"] < 1e-50
    assert known.loc[OTHER, "central_p"] > 0.01
    without = judge([motif(PLANTED)], has_summits=False)
    assert without[["central_width", "central_p"]].isna().all(axis=None)


def test_thresholds_and_their_base_frequencies_come_from_training_background_alone():
    profiles = [motif(PLANTED), motif(OTHER)]
    thresholds = judge(profiles)["threshold"]
    other_test = windows(90, OTHER, 5), windows(80, OTHER, 6)
    assert judge(profiles, test=other_test)["threshold"].to_dict() == thresholds.to_dict()
    other_peaks = windows(150, OTHER, 7), TRAIN[1]
    assert judge(profiles, train=other_peaks)["threshold"].to_dict() == thresholds.to_dict()
    other_background = TRAIN[0], windows(200, OTHER, 8)
    assert judge(profiles, train=other_background)["threshold"][OTHER] > thresholds[OTHER]


def test_q_values_are_over_all_profiles():
    known = judge([motif(PLANTED), motif(OTHER)])
    p, q = known["enrichment_p"], known["enrichment_q"]
    assert q[PLANTED] == pytest.approx(2 * p[PLANTED])
    assert q[OTHER] == pytest.approx(p[OTHER])


def test_an_empty_database_gives_an_empty_table():
    known = judge_profiles([], TRAIN, TEST, True, "CTCF")
    assert list(known) == COLUMNS
    assert known.empty


def test_unknown_bases_hit_nothing():
    unknown = np.full((5, LENGTH), N_CODE, np.uint8)
    known = judge([motif(PLANTED)], test=(unknown, TEST[1]))
    assert known["peaks_hit"].tolist() == [0]
    assert known["auroc"].iloc[0] < 0.1  # nearly all background windows hold a better match
    assert known["central_p"].isna().all()


def test_a_profile_wider_than_the_window_is_judged_by_what_lies_inside():
    known = judge([motif("." * 40 + PLANTED + "." * 40)])
    assert known["auroc"].iloc[0] > 0.99
    assert known["central_p"].isna().all()


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("REB1", "Reb1"),
        ("NKX2-5", "NKX2.5"),
        ("FOS::JUN", "jun"),
        ("FOS::JUN", "FOS"),
        ("FOS::JUN", "FOS-JUN"),
        ("FOS::JUN(var.2)", "JUN"),
        ("CTCF(Zf)/CD4+-CTCF-ChIP-Seq/Homer", "CTCF"),
        ("CTCF_HUMAN.H11MO.0.A", "CTCF"),
        ("CTCF.H12CORE.0.P.B", "CTCF"),
        ("(GATA1)_(Homo_sapiens)_(DBD_1.00)", "GATA1"),
        ("Su(H)", "Su(H)"),
        ("ADNP", "eGFP-ADNP"),
    ],
)
def test_a_profile_is_the_factors_own_by_name(name, factor):
    assert is_own(name, factor)


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("REB1", ""),
        ("", "REB1"),
        ("", ""),
        ("FOSL1::JUNB", "JUN"),
        ("EWSR1-FLI1", "FLI1"),
        ("CTCFL", "CTCF"),
        ("GATA1", "GATA"),
    ],
)
def test_a_profile_of_another_name_is_not_the_factors_own(name, factor):
    assert not is_own(name, factor)


def test_own_profiles_are_marked_by_the_second_name_where_there_is_one():
    first = motif(PLANTED)._replace(name="MA0363.3", alternate="REB1")
    second = motif(OTHER)._replace(name="Reb1.2")
    known = judge([first, second, motif("GATAAG")], factor="Reb1")
    assert known["own"].to_dict() == {"MA0363.3": 1, "Reb1.2": 1, "GATAAG": 0}
    assert known["name"].to_dict() == {"MA0363.3": "REB1", "Reb1.2": "Reb1.2", "GATAAG": "GATAAG"}
