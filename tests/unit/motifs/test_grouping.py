"""Families: what belongs together does, halves and spacings are not blurred, and nothing else."""

import numpy as np
import pytest
from made_families import FULL, OTHER, find, spelt


def together(found):
    """The kernels of each family, and those of them whose sites are pooled."""
    number, pooled = found.families.members.family, found.families.members.pooled
    every = range(1, number.max() + 1)
    return [
        (np.flatnonzero(number == f).tolist(), np.flatnonzero((number == f) & pooled).tolist())
        for f in every
    ]


def test_many_noisy_copies_on_either_strand_and_shifted_are_one_family():
    reverse = "TAGCGCCCCCTGGTGGCCA"
    copies = [FULL, reverse, FULL[:15], reverse[3:], "." + FULL[:12], FULL[5:]] * 3
    found = find([FULL], copies, noise=0.3)
    assert len(found.families.table) == 1
    assert spelt(found) == [min(FULL, reverse)]
    assert found.families.table["nsites"].tolist() == [450]
    assert found.families.table["replicates"].tolist() == [3]


def test_two_motifs_are_two_families():
    found = find([FULL, OTHER], [FULL, OTHER, FULL, OTHER[:12], FULL[4:], OTHER])
    assert sorted(every for every, _ in together(found)) == [[0, 2, 4], [1, 3, 5]]
    assert set(spelt(found)) == {"TAGCGCCCCCTGGTGGCCA", OTHER}


def test_halves_of_what_is_always_whole_belong_to_it():
    found = find([FULL], [FULL, FULL[:9], FULL[10:]])
    assert [every for every, _ in together(found)] == [[0, 1, 2]]
    assert spelt(found) == ["TAGCGCCCCCTGGTGGCCA"]


def test_a_half_that_also_binds_alone_is_a_family_beside_the_whole():
    whole = "GATTACGTCCTGAACC"
    found = find([whole, whole[:8], whole[:8]], [whole, whole[:8], whole, whole[:8]])
    assert sorted(every for every, _ in together(found)) == [[0, 2], [1, 3]]
    table = found.families.table
    assert set(spelt(found)) == {whole, "ACGTAATC"}
    assert {"part of", "whole of"} & set(table["relation"][table["relation_to"] == "F1"])


@pytest.mark.parametrize("seed", [0, 1])
def test_two_spacings_of_one_dimer_are_two_families(seed):
    near, far = "AGGTCA..TGACCT", "AGGTCA....TGACCT"
    found = find([near, far], [near, far] * 3, seed=seed)
    assert sorted(pooled for _, pooled in together(found)) == [[0, 2, 4], [1, 3, 5]]
    assert set(spelt(found)) == {near.replace(".", "N"), far.replace(".", "N")}


def test_a_heterodimer_stands_beside_both_its_halves():
    a, b = "GATTACGT", "CCTGAACC"
    found = find([a + b, a, b], [a, b, a + b] * 2, n=1200)
    assert sorted(pooled for _, pooled in together(found)) == [[0, 3], [1, 4], [2, 5]]
    assert a + b in spelt(found)


def test_kernels_of_one_palindrome_are_one_family_whatever_strand_they_read():
    site = "TTGACCATATATGGTCAA"
    found = find([site], [site, site[:9], site[9:], site[3:15]])
    assert [every for every, _ in together(found)] == [[0, 1, 2, 3]]
    assert spelt(found) == [site]


def test_no_motifs_no_families():
    found = find([FULL], ["TTTTTTTT"], n=40)
    assert len(found.families.table) == 0
    assert found.families.motifs == []
