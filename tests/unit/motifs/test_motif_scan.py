"""Motifs in windows: scores and places by hand, thresholds and evidence."""

import numpy as np
import pytest
from peaks2motifs.core.sequences import encode
from peaks2motifs.motifs import motif_scan
from peaks2motifs.motifs.motif import Motif

UNIFORM = np.full(4, 0.25)


GAT = np.array([[-3, -3, 1, -3], [2, -3, -3, -3], [-3, -3, -3, 4]], np.float32)


def random_scores(widths: list[int], seed: int = 0) -> list[np.ndarray]:
    """Scores of motifs of these widths, in whole steps."""
    rng = np.random.default_rng(seed)
    return [np.rint(256 * rng.normal(size=(w, 4))).astype(np.float32) / 256 for w in widths]


def test_log_odds_are_bits_over_the_background():
    ppm = np.array([[0.5, 0.5, 0, 0], [0.25, 0.25, 0.25, 0.25]])
    wide, narrow = motif_scan.log_odds(
        [Motif("a", "", ppm, 3), Motif("b", "", ppm[:1], 3)], UNIFORM
    )
    # Of 3 sites and one pseudocount: A 1.75 / 4, G 0.25 / 4.
    expected = np.rint(256 * np.log2(np.array([1.75, 1.75, 0.25, 0.25]))) / 256
    assert wide.tolist() == [expected.tolist(), [0, 0, 0, 0]]
    assert narrow.tolist() == [expected.tolist()]


def test_a_motif_without_a_number_of_sites_has_the_20_of_the_meme_suite():
    unknown, known = (Motif("a", "", np.array([[1.0, 0, 0, 0]]), nsites) for nsites in (0, 20))
    first, second = motif_scan.log_odds([unknown, known], UNIFORM)
    assert first.tolist() == second.tolist()
    assert first[0, 0] > 1.9


def test_the_best_site_is_found_on_either_strand_and_over_the_edge():
    windows = encode(["CCGATC", "CCATCC", "CCCCGA", "NNNNNN", "CGNTCC", "GATATC"])
    matches = motif_scan.best_matches(windows, [GAT])
    # GAT whole; ATC, the same on the other strand; the T of that strand alone, GA beyond the edge;
    # nothing; G.T; both, of which the forward strand counts
    assert matches.score[:, 0].tolist() == [7, 7, 4, 0, 5, 7]
    assert matches.start[[0, 1, 2, 4, 5], 0].tolist() == [2, 2, 5, 1, 0]


def test_a_motif_wider_than_the_window_is_matched_with_what_lies_inside():
    wide = np.concatenate([np.zeros((4, 4), np.float32), GAT, np.zeros((4, 4), np.float32)])
    matches = motif_scan.best_matches(encode(["CGATC", "CATCC"]), [wide, GAT])
    assert matches.score.tolist() == [[7, 7], [7, 7]]
    assert matches.start.tolist() == [[-3, 1], [-3, 1]]


def test_no_best_score_is_below_0():
    assert motif_scan.best_matches(encode(["CC"]), [-np.ones((3, 4), np.float32)]).score == [[0]]


def test_scores_of_many_windows_are_those_of_each(monkeypatch):
    windows = np.random.default_rng(0).integers(0, 5, (9, 30)).astype(np.uint8)
    scores = random_scores([6, 3, 6, 40])
    one_by_one = [motif_scan.best_matches(window[None], scores) for window in windows]
    monkeypatch.setattr(motif_scan, "_VALUES_AT_ONCE", 4000)
    for together, each in zip(
        motif_scan.best_matches(windows, scores), zip(*one_by_one, strict=True), strict=True
    ):
        assert (together == np.concatenate(each)).all()
    assert motif_scan.best_matches(windows[:0], scores).score.shape == (0, 4)
    assert motif_scan.best_matches(windows, []).score.shape == (9, 0)


def test_motifs_of_several_widths_are_matched_as_each_alone():
    windows = np.random.default_rng(1).integers(0, 5, (5, 30)).astype(np.uint8)
    scores = random_scores([6, 3, 8, 3, 6])
    for k, alone in enumerate(motif_scan.best_matches(windows, [score]) for score in scores):
        matches = motif_scan.best_matches(windows, scores)
        assert (matches.score[:, [k]] == alone.score).all()
        assert (matches.start[:, [k]] == alone.start).all()


def test_motifs_are_judged_at_a_threshold_from_other_windows():
    other = np.arange(100.0)[:, None]
    threshold = motif_scan.hit_thresholds(other)
    assert threshold.tolist() == [95]
    best = np.array([[99], [97], [3], [98], [2], [1]])
    found = motif_scan.judge_motifs(best, np.array([1, 1, 1, 0, 0, 0]), threshold)
    assert found[["peaks_hit", "peaks", "background_hit", "background"]].to_numpy().tolist() == [
        [2, 3, 1, 3]
    ]
    assert found["auroc"][0] == pytest.approx(7 / 9)
    # Of the other class each window is on the right side of 1, 2/3, 2/3 and of 1/3, 1, 1 (DeLong).
    assert found["auroc_se"][0] == pytest.approx((5 / 81) ** 0.5)
    # 3 of 6 windows are hit; 2 or more of them peaks: (3 * 3 + 1) of 20 ways.
    assert found["enrichment_p"][0] == pytest.approx(0.5)
