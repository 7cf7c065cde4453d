"""Gapped k-mers: numbered, counted on both strands, weighted by place, and learnt from."""

import numpy as np
import pytest
from peaks2motifs.core.sequences import encode, reverse_complement
from peaks2motifs.model import kmers


def windows(n, length=40, seed=0):
    return np.random.default_rng(seed).integers(0, 4, (n, length)).astype(np.uint8)


def test_patterns_hold_six_of_up_to_seven_bases():
    assert kmers.PATTERNS[0] == (0, 1, 2, 3, 4, 5)
    assert kmers.PATTERNS[-1] == (0, 2, 3, 4, 5, 6)
    assert len(kmers.PATTERNS) == 6


def test_words_are_numbers_to_the_base_of_four():
    numbers = kmers.kmer_indices(np.array(encode(["ACGTACGTN"])))
    assert numbers.shape == (1, 9, 6)
    assert numbers[0, 0, 0] == int("012301", 4)  # ACGTAC
    assert numbers[0, 0, 5] == 5 * kmers.WORDS + int("023012", 4)  # A.GTACG
    assert numbers[0, 2, 0] == int("230123", 4)  # GTACGT
    assert numbers[0, 3, 0] == kmers.UNKNOWN  # TACGTN
    assert numbers[0, 2, 5] == kmers.UNKNOWN  # G.ACGTN
    assert (numbers[0, 4:] == kmers.UNKNOWN).all()  # they end in N or beyond the window


def test_weights_fall_with_the_distance_from_the_middle():
    weights = kmers.position_weights(40)
    assert weights.shape == (40, 6, 3)
    assert (weights[:35, 0, 0] == 1).all()
    assert (weights[35:, 0] == 0).all()  # six bases do not fit there
    assert (weights[34:, 1] == 0).all()  # nor seven
    assert weights[17, 0, 2] == 1  # bases 17 to 22 of 40
    assert weights[7, 0, 2] == pytest.approx(np.exp(-0.5))  # 10 bp off, one spread
    np.testing.assert_allclose(weights[:35, 0], weights[34::-1, 0])


def test_a_window_and_its_reverse_complement_count_the_same():
    codes = windows(5)
    difference = kmers.count_kmers(codes) - kmers.count_kmers(reverse_complement(codes))
    assert abs(difference).max() < 1e-5


def test_counts_sum_to_the_weights_of_all_places():
    counts = kmers.count_kmers(windows(3))
    sums = counts.toarray().reshape(3, len(kmers.PROFILES), -1).sum(axis=2)
    expected = kmers.position_weights(40).sum(axis=(0, 1))
    np.testing.assert_allclose(sums, np.tile(expected, (3, 1)), rtol=1e-5)


def test_windows_of_n_have_no_kmers():
    codes = windows(2)
    codes[1] = 4
    counts = kmers.count_kmers(codes)
    assert counts[0].sum() > 0
    assert counts[1].sum() == 0


def planted(n, seed):
    """Windows of which every other one holds GATTACA, or its reverse complement, in the middle."""
    codes, y = windows(n, seed=seed), np.arange(n) % 2
    word = np.array(encode(["GATTACA"]))
    codes[1::4, 17:24] = word
    codes[3::4, 17:24] = reverse_complement(word)
    return codes, y


def test_the_regression_finds_a_planted_word():
    codes, y = planted(300, 1)
    table, places, intercept = kmers.fit_kmers(codes, y, np.ones(300))
    assert table.shape == (kmers.UNKNOWN + 1, 3)
    assert (table[kmers.UNKNOWN] == 0).all()
    assert places.shape == (40, 6, 3)
    test, expected = planted(100, 2)
    words = kmers.kmer_indices(test)
    logits = (table[words] * places).sum(axis=(1, 2, 3)) + intercept
    assert ((logits > 0) == (expected == 1)).mean() > 0.95
    best = table[: kmers.WORDS, 0].argsort()[::-1][:4]
    wanted = {kmers.kmer_indices(np.array(encode([w])))[0, 0, 0] for w in ("GATTAC", "ATTACA")}
    assert wanted <= set(best)


def test_many_windows_are_thinned_evenly(monkeypatch):
    monkeypatch.setattr(kmers, "_MAX_BASES", 40 * 100)
    codes, y = planted(300, 1)
    seen = []
    count = kmers.count_kmers
    monkeypatch.setattr(kmers, "count_kmers", lambda codes: seen.append(len(codes)) or count(codes))
    kmers.fit_kmers(codes, y, np.ones(300))
    assert seen == [100]


def test_the_mixture_favours_the_informative_logit():
    rng = np.random.default_rng(0)
    y = np.arange(4000) % 2
    good, noise = 2 * y - 1 + rng.normal(size=4000), rng.normal(size=4000)
    good_factor, noise_factor, intercept = kmers.fit_mixture(good, noise, y, np.ones(4000))
    assert good_factor == pytest.approx(2, abs=0.2)  # the log-odds of two normal distributions
    assert 0 <= noise_factor < 0.2
    assert intercept == pytest.approx(0, abs=0.2)
    swapped = kmers.fit_mixture(noise, good, y, np.ones(4000))
    assert swapped[:2] == pytest.approx((noise_factor, good_factor), abs=1e-3)


def test_with_few_windows_both_logits_contribute():
    y = np.array([0, 1, 0, 1])
    logits = np.array([-1, 1, -1, 1.0]), np.array([10, 9, 11, 12.0])
    factors = kmers.fit_mixture(*logits, y, [1] * 4)[:2]
    assert min(factors) > 0
