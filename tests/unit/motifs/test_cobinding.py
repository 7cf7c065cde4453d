"""Known motifs in any windows: scores by hand, thresholds, evidence and what it is called."""

import numpy as np
import pandas as pd
import pytest
from peaks2motifs.core.sequences import encode
from peaks2motifs.motifs import cobinding
from peaks2motifs.motifs.motif import Motif

UNIFORM = np.full(4, 0.25)


def scores(*rows: list[list[float]]) -> np.ndarray:
    """Scores (K, W, 4)."""
    return np.array(rows, np.float32)


def test_log_odds_are_bits_over_the_background():
    ppm = np.array([[0.5, 0.5, 0, 0], [0.25, 0.25, 0.25, 0.25]])
    narrow = Motif("b", "", ppm[:1], 3)
    found = cobinding.log_odds([Motif("a", "", ppm, 3), narrow], UNIFORM)
    # Of 3 sites and one pseudocount: A 1.75 / 4, G 0.25 / 4.
    expected = np.rint(256 * np.log2(np.array([1.75, 1.75, 0.25, 0.25]))) / 256
    assert found[0, 0] == pytest.approx(expected)
    assert found[0, 1] == pytest.approx(np.zeros(4))
    assert found[1] == pytest.approx(found[0] * [[1], [0]])


def test_the_best_site_is_found_on_either_strand_and_over_the_edge():
    gat = scores([[-3, -3, 1, -3], [2, -3, -3, -3], [-3, -3, -3, 4]])
    windows = encode(["CCGATC", "CCATCC", "CCCCGA", "NNNNNN", "CGNTCC"])
    # GAT whole; ATC, the same on the other strand; the T of that strand alone, GA beyond the edge;
    # nothing; G.T
    assert cobinding.best_scores(windows, gat)[:, 0].tolist() == [7, 7, 4, 0, 5]


def test_scores_of_many_windows_are_those_of_each(monkeypatch):
    rng = np.random.default_rng(0)
    windows, pwms = rng.integers(0, 5, (9, 30)).astype(np.uint8), rng.normal(size=(3, 6, 4))
    pwms = (np.rint(256 * pwms) / 256).astype(np.float32)
    one_by_one = [cobinding.best_scores(window[None], pwms)[0] for window in windows]
    monkeypatch.setattr(cobinding, "_VALUES_AT_ONCE", 4000)
    assert (cobinding.best_scores(windows, pwms) == one_by_one).all()
    assert cobinding.best_scores(windows[:0], pwms).shape == (0, 3)
    assert cobinding.best_scores(windows, pwms[:0]).shape == (9, 0)


def test_motifs_are_judged_at_a_threshold_from_other_windows():
    other = np.arange(100.0)[:, None]
    threshold = cobinding.hit_thresholds(other)
    assert threshold.tolist() == [95]
    best = np.array([[99], [97], [3], [98], [2], [1]])
    found = cobinding.judge_motifs(best, np.array([1, 1, 1, 0, 0, 0]), threshold)
    assert found[["peaks_hit", "peaks", "background_hit", "background"]].to_numpy().tolist() == [
        [2, 3, 1, 3]
    ]
    assert found["auroc"][0] == pytest.approx(7 / 9)
    # Of the other class each window is on the right side of 1, 2/3, 2/3 and of 1/3, 1, 1 (DeLong).
    assert found["auroc_se"][0] == pytest.approx((5 / 81) ** 0.5)
    # 3 of 6 windows are hit; 2 or more of them peaks: (3 * 3 + 1) of 20 ways.
    assert found["enrichment_p"][0] == pytest.approx(0.5)


def test_pairs_are_called_in_words():
    rows = [
        ("M1", "a", 1e-30, 90, 5),  # found there
        ("M2", "a", 1e-20, 40, 5),  # like what was found there
        ("M3", "a", 1e-20, 40, 5),
        ("M4", "a", 1e-3, 8, 5),
        ("M5", "a", 0.9, 5, 5),
    ]
    pairs = pd.DataFrame(
        rows, columns=["motif", "experiment", "enrichment_p", "peaks_hit", "background_hit"]
    ).assign(peaks=100, background=100)
    called = cobinding.call_pairs(pairs, {("M1", "a"), ("M2", "b")}, {"M2": ["M1"], "M3": ["M2"]})
    assert called["call"].tolist() == ["found", "similar", "co-binding", "weak", "none"]
    assert called["similar_to"].tolist() == ["", "M1", "", "", ""]
    assert called["q"][1:].tolist() == pytest.approx([2e-20, 2e-20, 1e-3 * 4 / 3, 0.9])
    assert np.isnan(called["q"][0])


def test_motifs_in_their_own_peaks_lower_no_q():
    """Twenty sure pairs would make 0.04 a q of 0.042."""
    motifs = [f"M{i}" for i in range(20)]
    own = pd.DataFrame({"motif": motifs, "experiment": motifs, "enrichment_p": 1e-40})
    asked = pd.DataFrame({"motif": "M0", "experiment": ["M1", "M2"], "enrichment_p": [0.04, 0.8]})
    pairs = pd.concat([own, asked], ignore_index=True)
    pairs = pairs.assign(peaks_hit=20, peaks=100, background_hit=5, background=100)
    called = cobinding.call_pairs(pairs, set(zip(motifs, motifs, strict=True)), {})
    assert called["q"].isna().tolist() == [True] * 20 + [False] * 2
    assert called["q"][20:].tolist() == pytest.approx([0.08, 0.8])
    assert called["call"][20:].tolist() == ["none"] * 2
