"""The k-mers on which a score rests most: their shares, hits, and which of them are one word."""

import numpy as np
import pytest
from peaks2motifs.core.sequences import encode
from peaks2motifs.model import kmers
from peaks2motifs.model.kmer_words import WORD_COLUMNS, list_words, merge_alike, spell


def one_kmer(word: str) -> int:
    """The index of a k-mer without gaps."""
    return int("".join(str("ACGT".index(base)) for base in word), 4)


def planted(n: int, word: str, every: int) -> tuple[np.ndarray, np.ndarray]:
    """Random windows (n, 40), every other a peak; every so many peaks have the word."""
    codes = np.random.default_rng(0).integers(0, 4, (n, 40)).astype(np.uint8)
    y = (np.arange(n) % 2 == 0).astype(np.uint8)
    codes[np.flatnonzero(y)[::every], 17:23] = encode([word])[0]
    return codes, y


def fit(codes: np.ndarray, y: np.ndarray) -> np.ndarray:
    return kmers.fit_kmers(codes, y.astype(float), np.ones(len(y)))[0]


def test_the_planted_word_comes_first_with_most_of_the_score():
    codes, y = planted(600, "TGACTC", 2)
    words = list_words(fit(codes, y), codes, y)
    assert list(words) == WORD_COLUMNS
    first = words.iloc[0]
    assert first["kmer"] in ("TGACTC", "GAGTCA")
    assert first["share"] > 0.3
    assert first["share"] == words["share"].max()
    assert first["kmers"] > 5
    assert first["peaks"] == first["background"] == 300
    assert first["peaks_hit"] >= 150
    assert first["background_hit"] < 15


def test_shares_of_all_kmers_are_the_whole_difference():
    """Two weights alone: one k-mer has three quarters of the difference, the other one quarter."""
    codes = np.full((4, 40), 4, np.uint8)
    codes[0, 17:23] = codes[1, 17:23] = encode(["AACCAG"])[0]
    codes[0, 25:31] = encode(["GATTGG"])[0]
    y = np.array([1, 1, 0, 0], np.uint8)
    table = np.zeros((kmers.UNKNOWN + 1, len(kmers.PROFILES)), np.float32)
    canonical = kmers.canonical_kmers()
    for word, weight in {"AACCAG": 3, "GATTGG": 2}.items():
        index = one_kmer(word)
        table[canonical == canonical[index], 0] = weight
    words = list_words(table, codes, y)
    assert words["share"].tolist() == pytest.approx([0.75, 0.25])
    assert words["kmers"].tolist() == [1, 1]
    assert words[["peaks_hit", "background_hit"]].to_numpy().tolist() == [[2, 0], [1, 0]]


def test_shifted_and_reversed_kmers_are_one_word_and_others_are_not():
    words = ["TGACTC", "GACTCA", "GAGTCA", "TGNCTCA", "TTTCCC"]
    bases = np.stack([spelled(word) for word in words])
    assert merge_alike(bases).tolist() == [0, 0, 0, 0, 4]
    assert merge_alike(bases[:0]).tolist() == []


def spelled(word: str) -> np.ndarray:
    """The bases (KMER_WIDTH, 4) of a k-mer, zeros for N and after its end."""
    return np.array([[base == letter for letter in "ACGT"] for base in word.ljust(7, "N")], float)


def test_a_kmer_is_spelled_as_its_bases_are_written():
    index = 5 * kmers.WORDS + one_kmer("ACCGTA")  # with a gap after the first base
    assert spell(kmers.kmer_bases(np.array([index]))[0]) == "ANCCGTA"
    assert spell(kmers.kmer_bases(np.array([one_kmer("ACCGTA")]))[0]) == "ACCGTA"
