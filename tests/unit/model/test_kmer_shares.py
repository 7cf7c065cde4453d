"""The k-mers that contribute most to a score: their shares, their hits, and which are one row."""

import numpy as np
import pandas as pd
import pytest
from peaks2motifs.core.sequences import encode
from peaks2motifs.model import kmer_shares, kmers
from peaks2motifs.model.kmer_shares import COLUMNS, list_kmers, merge_similar, spell


def number_of(kmer: str) -> int:
    """The index of a k-mer without gaps."""
    return int("".join(str("ACGT".index(base)) for base in kmer), 4)


def weights(kmer_weights: dict[str, tuple[float, float, float]]) -> np.ndarray:
    """A model's table with the weights of a few k-mers, one for each profile."""
    table = np.zeros((kmers.UNKNOWN + 1, len(kmers.PROFILES)), np.float32)
    canonical = kmers.canonical_kmers()
    for kmer, values in kmer_weights.items():
        table[canonical == canonical[number_of(kmer)]] = values
    return table


def windows(*rows: dict[int, str]) -> np.ndarray:
    """Windows (n, 40) of N, with k-mers at some positions."""
    codes = np.full((len(rows), 40), 4, np.uint8)
    for row, kmers_at in enumerate(rows):
        for position, kmer in kmers_at.items():
            codes[row, position : position + len(kmer)] = encode([kmer])[0]
    return codes


def planted(n: int, kmer: str) -> tuple[np.ndarray, np.ndarray]:
    """Random windows (n, 40), every other a peak; every other peak has the k-mer in its middle."""
    codes = np.random.default_rng(0).integers(0, 4, (n, 40)).astype(np.uint8)
    y = (np.arange(n) % 2 == 0).astype(np.uint8)
    codes[::4, 17:23] = encode([kmer])[0]
    return codes, y


def test_the_planted_kmer_comes_first():
    codes, y = planted(600, "TGACTC")
    table = kmers.fit_kmers(codes, y.astype(float), np.ones(len(y)))[0]
    rows = list_kmers(table, codes, y)
    assert list(rows) == COLUMNS
    first = rows.iloc[0]
    assert first["kmer"] in ("TGACTC", "GAGTCA")
    assert first["share"] == rows["share"].max() > 2 * rows["share"][1]
    assert first["similar"] > 5
    assert first["peaks"] == first["background"] == 300
    assert first["peaks_hit"] >= 150
    assert first["background_hit"] < 15


def test_shares_are_of_all_positive_contributions():
    """Of three k-mers in peaks one has a negative weight, which takes nothing from the others."""
    codes = windows({17: "AACCAG", 25: "GATTGG", 4: "CCTTAA"}, {17: "AACCAG"}, {}, {})
    y = np.array([1, 1, 0, 0], np.uint8)
    table = weights({"AACCAG": (3, 0, 0), "GATTGG": (2, 0, 0), "CCTTAA": (-9, 0, 0)})
    rows = list_kmers(table, codes, y)
    assert rows["kmer"].tolist() == ["AACCAG", "CCAATC"]  # as sorted with its reverse complement
    assert rows["share"].tolist() == pytest.approx([3 / 4, 1 / 4])
    assert rows["similar"].tolist() == [1, 1]
    assert rows[["peaks_hit", "background_hit"]].to_numpy().tolist() == [[2, 0], [1, 0]]


def test_weights_by_position_count():
    """In the very middle all three profiles are 1; at the edge only the first is."""
    codes = windows({17: "AACCAG", 0: "CCAATC"}, {})
    rows = list_kmers(
        weights({"AACCAG": (1, 1, 1), "CCAATC": (1, 0, 0)}), codes, np.array([1, 0], np.uint8)
    )
    assert rows["share"].tolist() == pytest.approx([3 / 4, 1 / 4])


def test_a_kmer_rarer_in_peaks_contributes_by_its_absence_in_a_row_of_its_own():
    codes = windows({17: "TGACTC"}, {17: "GACTCA"})
    rows = list_kmers(
        weights({"TGACTC": (1, 0, 0), "GACTCA": (-1, 0, 0)}), codes, np.array([1, 0], np.uint8)
    )
    assert rows["share"].tolist() == pytest.approx([1 / 2, 1 / 2])
    assert sorted(rows["peaks_hit"]) == [0, 1]


@pytest.mark.parametrize("label", [[1, 1], [0, 0]])
def test_without_peaks_or_background_there_are_no_rows(label):
    codes = windows({17: "TGACTC"}, {})
    rows = list_kmers(weights({"TGACTC": (1, 0, 0)}), codes, np.array(label, np.uint8))
    assert rows.equals(pd.DataFrame(columns=COLUMNS))


def test_without_a_contribution_there_are_no_rows():
    codes = windows({17: "TGACTC"}, {})
    rows = list_kmers(weights({"TGACTC": (-1, 0, 0)}), codes, np.array([1, 0], np.uint8))
    assert list(rows) == COLUMNS
    assert len(rows) == 0


def test_windows_and_rows_are_limited(monkeypatch):
    codes, y = planted(600, "TGACTC")
    table = kmers.fit_kmers(codes, y.astype(float), np.ones(len(y)))[0]
    monkeypatch.setattr(kmer_shares, "MAX_BASES", 100 * 40)
    monkeypatch.setattr(kmer_shares, "MAX_KMERS", 3)
    rows = list_kmers(table, codes, y)
    assert len(rows) == 3
    assert set(rows["peaks"]) == set(rows["background"]) == {100}


def test_shifted_and_reversed_kmers_are_one_row_and_others_are_not():
    bases = np.stack([spelled(k) for k in ["TGACTC", "GACTCA", "GAGTCA", "TGNCTCA", "TTTCCC"]])
    assert merge_similar(bases, np.zeros(5)).tolist() == [0, 0, 0, 0, 4]
    assert merge_similar(bases, np.array([0, 1, 1, 0, 0])).tolist() == [0, 1, 1, 0, 4]
    assert merge_similar(bases[:0], np.zeros(0)).tolist() == []


def test_kmers_shifted_too_far_or_with_a_difference_are_not_similar():
    pairs = {"ACCTGA": ("CTGATT", "TGATTT"), "CCATTG": ("CCATAG", "CCAAAG")}
    for kmer, (similar, other) in pairs.items():
        bases = np.stack([spelled(k) for k in (kmer, similar, other)])
        assert merge_similar(bases, np.zeros(3)).tolist()[:2] == [0, 0]
        assert merge_similar(bases[[0, 2]], np.zeros(2)).tolist() == [0, 1]


def spelled(kmer: str) -> np.ndarray:
    """The bases (KMER_WIDTH, 4) of a k-mer, zeros for N and after its end."""
    return np.array([[base == letter for letter in "ACGT"] for base in kmer.ljust(7, "N")], float)


def test_a_kmer_is_spelled_as_its_bases_are_written():
    index = 5 * kmers.WORDS + number_of("ACCGTA")  # with a gap after the first base
    assert spell(kmers.kmer_bases(np.array([index]))[0]) == "ANCCGTA"
    assert spell(kmers.kmer_bases(np.array([number_of("ACCGTA")]))[0]) == "ACCGTA"
