"""What a score rests on: words, known profiles and families, where it is known what differs."""

import numpy as np
import pandas as pd
import pytest
from made_motifs import motif
from peaks2motifs.core.sequences import encode, reverse_complement
from peaks2motifs.core.statistics import auroc
from peaks2motifs.motifs import score_parts
from peaks2motifs.motifs.score_parts import (
    best_known,
    fit_and_score,
    judge_parts,
    score_families,
    score_words,
    word_frequencies,
)
from sklearn.linear_model import LogisticRegression

SITE = "TGACGTCATG"


def windows(seed: int, n: int = 600, gc: float = 0.4) -> tuple[np.ndarray, np.ndarray]:
    """Random windows (n, 60) and labels; every third one is a peak, with this GC content."""
    rng = np.random.default_rng(seed)
    label = (np.arange(n) % 3 == 0).astype(np.uint8)
    peak, background = ([0.5 - x / 2, x / 2, x / 2, 0.5 - x / 2] for x in (gc, 0.4))
    codes = [rng.choice(4, 60, p=peak if is_peak else background) for is_peak in label]
    return np.array(codes, np.uint8), label


def plant(codes: np.ndarray, label: np.ndarray) -> np.ndarray:
    """Plant a site in each peak, every other one reverse complemented."""
    codes, site = codes.copy(), encode([SITE])
    for number, row in enumerate(np.flatnonzero(label)):
        start = 7 * number % 50
        codes[row, start : start + len(SITE)] = reverse_complement(site) if number % 2 else site
    return codes


def measure(train: tuple, test: tuple, supported: tuple[bool, ...] = (True,)) -> dict[str, float]:
    """The AUROC of each part, with the planted motif as first family."""
    motifs = [motif(SITE), motif("CCCCTTTT")][: len(supported)]
    scores = score_words(*train, test[0])
    scores |= score_families(motifs, np.array(supported, bool), *train, test[0])
    return judge_parts(scores, test[1]).set_index("part")["auroc"].to_dict()


def test_words_are_counted_on_both_strands():
    # AT of both strands is 1, and so are AG, GA, AA and the reverse complements of these.
    found = word_frequencies(encode(["AGATT", "NNANN", "NGANN"]), 1)
    assert found.tolist() == [[0.8, 0.2], [1, 0], [0.5, 0.5]]
    # AA AC AG AT CA CC CG GA GC TA, each with its reverse complement
    found = word_frequencies(encode(["AGATT", "NNANN", "NGANN"]), 2)
    once = 1 / 5  # AT counts twice, as its own reverse complement
    assert found[0] == pytest.approx([once, 0, once, 2 * once, 0, 0, 0, once, 0, 0])
    assert found[1].tolist() == [0] * 10
    assert found[2].tolist() == [0] * 7 + [1, 0, 0]
    assert word_frequencies(windows(0)[0], 4).shape == (600, 136)
    assert (
        word_frequencies(encode([SITE]), 4) == word_frequencies(encode(["CATGACGTCA"]), 4)
    ).all()


def test_only_composition_differs():
    parts = measure(windows(0, gc=0.55), windows(1, gc=0.55))
    assert parts["composition"] > 0.85


def test_only_a_motif_differs():
    (train, label), (test, test_label) = windows(0), windows(1)
    parts = measure((plant(train, label), label), (plant(test, test_label), test_label))
    assert parts["F1"] > 0.95
    assert parts["families"] == parts["F1"]  # of a single family
    assert abs(parts["composition"] - 0.5) < 0.1


def test_nothing_differs():
    parts = measure(windows(0), windows(1))
    assert all(abs(value - 0.5) < 0.08 for value in parts.values())


def test_supported_families_count_together():
    (train, label), (test, test_label) = windows(0), windows(1)
    first, both = (plant(codes, y) for codes, y in ((train, label), (test, test_label)))
    parts = measure((first, label), (both, test_label), (False, True))
    assert parts["F1"] > 0.95
    assert parts["families"] < 0.6  # the second one alone


def test_parts_that_are_not_there_are_left_out():
    train, test = windows(0, 60), windows(1, 60)
    assert "families" not in measure(train, test, (False, False))
    assert set(measure(train, test, ())) == {"composition", "dinucleotides", "4-mers"}


def test_the_regression_is_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    label = (np.arange(300) % 6 == 0).astype(np.uint8)
    features, others = rng.normal(3, 5, (300, 9)) + label[:, None], rng.normal(3, 5, (40, 9))
    standardised = (features - features.mean(axis=0)) / features.std(axis=0)
    model = LogisticRegression(C=1 / 9, class_weight="balanced", tol=1e-8).fit(standardised, label)
    expected = model.decision_function((others - features.mean(axis=0)) / features.std(axis=0))
    found = fit_and_score(features, label, others)
    assert found == pytest.approx(expected - model.intercept_, abs=2e-3)


def test_a_feature_that_never_varies_in_training_says_nothing():
    label = np.array([0, 1] * 20, np.uint8)
    features = np.stack([label + np.arange(40) % 5 / 10, np.full(40, 0.3)], axis=1)
    found = fit_and_score(features, label, features)
    assert auroc(found[:, None], label)[0] > 0.9
    assert np.isfinite(found).all()


def test_equal_windows_stay_ties(monkeypatch):
    codes = np.tile(windows(0, 7)[0], (50, 1))
    label = np.random.default_rng(0).integers(0, 2, 350).astype(np.uint8)
    logits = score_words(codes, label, codes)
    for values in logits.values():
        assert (values.reshape(50, 7) == values[:7]).all()
    monkeypatch.setattr(score_parts, "_DECIMALS", 1)
    assert len(np.unique(score_words(codes, label, codes)["4-mers"])) < 7


def known(*rows: tuple) -> pd.DataFrame:
    columns = ["motif", "name", "auroc", "auroc_se", "train_auroc", "own"]
    return pd.DataFrame(rows, columns=columns)


def test_known_profiles_are_chosen_on_training_windows():
    table = known(
        ("M1", "A", 0.9, 0.01, 0.7, 0),
        ("M2", "B", 0.8, 0.02, 0.75, 0),
        ("M3", "C", 0.7, 0.03, 0.6, 1),
        ("M4", "C", 0.6, 0.04, 0.65, 1),
    )
    chosen = best_known(table)
    assert chosen.to_numpy().tolist() == [["known", 0.8, 0.02], ["own", 0.6, 0.04]]
    assert list(chosen) == ["part", "auroc", "auroc_se"]
    assert best_known(table[:2])["part"].tolist() == ["known"]
    assert best_known(known()).empty
