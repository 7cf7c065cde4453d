"""The second contrast: what families show in windows at the peaks of other experiments."""

import numpy as np
import pytest
from peaks2motifs.model.activations import Activations
from peaks2motifs.motifs.contrast import Others, find_shared, others_evidence
from peaks2motifs.motifs.family_table import order_families
from peaks2motifs.motifs.grouping import Members

RNG = np.random.default_rng(3)
TWO = Members(  # each of two kernels is a family of its own
    family=np.array([1, 2]),
    offset=np.zeros(2, int),
    reverse=np.zeros(2, bool),
    pooled=np.ones(2, bool),
    leader=np.array([0, 1]),
    medoid=np.array([0, 1]),
)


def activations(best: np.ndarray, label: np.ndarray, split: np.ndarray) -> Activations:
    n, k = best.shape
    return Activations(
        best=best.astype(np.float32),
        position=np.zeros((n, k), np.int16),
        reverse=np.zeros((n, k), bool),
        label=label.astype(np.uint8),
        row=np.arange(n),
        split=split,
        kernel=np.array([f"k{i}" for i in range(k)]),
        width=np.full(k, 8, np.int16),
        layer=np.full(k, "kernels_8"),
        replicate=np.zeros(k, int),
    )


@pytest.fixture
def study() -> tuple[Activations, Others]:
    """The first kernel reads a word of all peaks, the second one of this experiment's alone."""
    split = np.tile(np.repeat(["train", "valid", "test"], [60, 60, 60]), 2)
    label = np.repeat([1, 0], 180)
    best = RNG.normal(size=(360, 2)) + 3 * label[:, None]
    others = RNG.normal(size=(180, 2)) + np.array([3, 0])
    windows = activations(others, np.zeros(180), split[:180])
    return activations(best, label, split), Others(windows, np.repeat(["A", "B"], 90))


def test_a_word_of_all_peaks_is_shared_and_one_of_its_own_is_not(study):
    own, others = study
    found = others_evidence(own, np.array([1.5, 1.5]), TWO, own, others)
    assert found["others_auroc"][0] == pytest.approx(0.5, abs=0.12)
    assert found["others_auroc"][1] > 0.95
    assert found["others_p"][0] > 0.01
    assert found["others_p"][1] < 1e-10
    assert found["test_others"].tolist() == [60, 60]
    assert found["shared_with"][1] == ""
    assert set(found["shared_with"][0].split(",")) == {"A", "B"}


def test_the_smaller_of_two_importances_decides_the_order(study):
    own, others = study
    members, importances = order_families(own, TWO, 5, others)
    assert members.leader.tolist() == [1, 0]
    assert importances["others_importance"][0] > 1 > importances["others_importance"][1]
    assert (importances["importance"] > 1).all()
    best = own.best.copy()
    best[own.label == 1, 0] += 1
    members, importances = order_families(own._replace(best=best), TWO, 5, None)
    assert members.leader.tolist() == [0, 1]
    assert np.isnan(importances["others_importance"]).all()


def test_experiments_with_a_motif_are_named_richest_first():
    """Of 50 windows each, A has the motif in 20, B in 40, C as often as background."""
    hits = np.zeros((150, 2), bool)
    hits[:20, 0] = hits[50:90, 0] = hits[100:105, 0] = True
    background = np.zeros((200, 2), bool)
    background[:20] = True
    assert find_shared(hits, np.repeat(["A", "B", "C"], 50), background) == ["B,A", ""]


def test_no_family_shares_nothing():
    assert find_shared(np.zeros((4, 0), bool), np.array(list("AABB")), np.zeros((5, 0), bool)) == []


def test_without_other_experiments_nothing_is_said(study):
    own, _ = study
    found = others_evidence(own, np.zeros(2), TWO, own, None)
    assert found["shared_with"] == ""
    assert np.isnan(found["others_auroc"])
