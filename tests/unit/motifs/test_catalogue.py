"""One motif for many experiments: what is grouped, what kept apart, what becomes of counts."""

import numpy as np
import pandas as pd
import pytest
from made_motifs import motif
from peaks2motifs.motifs import catalogue

LIMITS = {"max_p": 1e-4, "min_share": 0.7}


def reverse_complement(word: str) -> str:
    """The reverse complement of a word."""
    return word[::-1].translate(str.maketrans("ACGT", "TGCA"))


def group_words(words: list[str]) -> list[list[str]]:
    """The groups of motifs that spell these words, most evident first."""
    comparison = catalogue.compare_all([motif(word).ppm for word in words])
    return [
        sorted(words[i] for i in members)
        for members in catalogue.group_motifs(comparison, **LIMITS)
    ]


def test_shifted_and_turned_copies_are_one_group():
    word = "TTACCCGGAT"
    assert group_words([word, f".{word}.", reverse_complement(word)[1:], "GCCACGTGAC"]) == [
        sorted([word, f".{word}.", reverse_complement(word)[1:]]),
        ["GCCACGTGAC"],
    ]


def test_two_motifs_are_not_joined_by_the_composite_of_both():
    left, right = "TTACCCGG", "GCACGTAA"
    assert group_words([left + right, left, right]) == [[left + right], [left], [right]]


def test_parts_are_listed_as_parts():
    left, right = "TTACCCGG", "GCACGTAA"
    words = [left + right, left, "CATTGTTC"]
    comparison = catalogue.compare_all([motif(word).ppm for word in words])
    pairs = catalogue.list_pairs(["M1", "M2", "M3"], comparison, **LIMITS)
    assert pairs[["motif", "other", "relation"]].to_numpy().tolist() == [
        ["M1", "M2", "holds"],
        ["M2", "M1", "part of"],
    ]


def test_each_motif_joins_the_most_similar_leader():
    p = np.array([[1e-20, 1, 1e-5], [1, 1e-20, 1e-9], [1e-5, 1e-9, 1e-20]])
    zeros = np.zeros((3, 3), int)
    comparison = catalogue.Comparison(p, zeros, zeros, zeros == 1, np.ones((3, 3)))
    assert [members.tolist() for members in catalogue.group_motifs(comparison, **LIMITS)] == [
        [0],
        [1, 2],
    ]


def test_pooled_counts_are_those_of_the_columns_of_the_medoid():
    word = "TTACCCGGAT"
    known = [
        motif(word, 100),
        motif(reverse_complement(f"CA{word}"), 300, 0.7),
        motif(word[1:], 500),
    ]
    comparison = catalogue.compare_all([m.ppm for m in known])
    pooled, alignment = catalogue.pool_members(known, np.array([0, 1, 2]), comparison)
    assert alignment.to_numpy().tolist() == [["+", 0, "yes"], ["-", 2, "yes"], ["+", -1, "no"]]
    assert (pooled.name, pooled.nsites) == (word, 400)
    # T in the first column: 94 of 100 sites and 210 of 300.
    assert pooled.ppm[0, 3] == pytest.approx((94 + 210) / 400)
    assert pooled.ppm.sum(axis=1) == pytest.approx(np.ones(len(word)))
    # The same columns of other motifs of these families: 9.4 of 10 sites and 15 of 30.
    fewer = [motif(word, 10), motif(reverse_complement(f"CA{word}"), 30, 0.5), motif(word[1:])]
    again = catalogue.sum_sites(fewer, alignment)
    assert again.nsites == 40
    assert again.ppm[0, 3] == pytest.approx((9.4 + 15) / 40)


def test_a_group_is_described_by_its_surest_name_and_best_family():
    members = pd.DataFrame(
        {
            "experiment": ["a", "b", "b"],
            "family": ["F1", "F1", "F2"],
            "factor": ["REST", None, None],
            "test_auroc": [0.7, 0.9, 0.6],
            "test_auroc_se": [0.01, 0.02, 0.03],
            "named": ["yes", "yes", "no"],
            "target_name": ["REST", "NRSF", "CTCF"],
            "target_id": ["MA1", "MA2", "MA3"],
            "target_q": [1e-5, 1e-9, 1e-20],
        }
    )
    row = catalogue.describe_group(motif("ACGT"), members, ["M002"])
    columns = ("experiments", "families", "factors", "kernels_experiment", "target_id", "medoid")
    assert [row[key] for key in columns] == [2, 3, "REST", "b", "MA2", "a.F1"]
    assert (row["kernels_auroc"], row["kernels_auroc_se"]) == (0.9, 0.02)
    assert row["names"] == "NRSF 1, REST 1"
    assert row["part_of"] == "M002"


@pytest.mark.parametrize("words", [[], ["TTACCCGG"], ["TTACCCGG", "CCGGGTAA", "CATTGTTCA"]])
def test_forks_join_the_most_similar_motifs_first(words):
    tree = catalogue.build_tree(catalogue.compare_all([motif(word).ppm for word in words]))
    forks = catalogue.list_forks(words, tree)
    assert len(forks) == max(len(words) - 1, 0)
    if len(forks):  # the two that are one another's reverse complement first
        joins = [{*pair} for pair in forks[["one", "other"]].to_numpy().tolist()]
        assert joins == [{*words[:2]}, {words[2], "J1"}]
        assert forks[["fork", "motifs"]].to_numpy().tolist() == [["J1", 2], ["J2", 3]]
        assert forks["distance"][0] < 0.5 < forks["distance"][1]
