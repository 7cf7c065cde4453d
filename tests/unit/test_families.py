"""Families: what belongs together does, and nothing else."""

import numpy as np
import pytest
from peaks2motifs import families
from peaks2motifs.sequences import encode, one_hot


def sampled(letters, seed):
    """A motif as a kernel shows it: 60 sites, one base in ten random."""
    rng = np.random.default_rng(seed)
    ppm = one_hot(encode([letters]))[0] * 0.9 + 0.025
    return (np.array([rng.multinomial(60, row) for row in ppm]) + 0.25) / 61


FULL = "TGGCCACCAGGGGGCGCTA"  # CTCF's consensus
OTHER = "TTTCCTAATTAGGAAA"  # Mcm1's
LIMITS = {"max_p": 1e-4, "min_overlap": 0.6, "max_families": 10}


def test_halves_and_reverse_complements_join_the_whole_and_others_do_not():
    reverse = sampled(FULL, 1)[::-1, ::-1]
    left, right = sampled(FULL[:9], 2), sampled(FULL[9:], 3)
    ppms = [sampled(FULL, 0), sampled(OTHER, 4), reverse, left, right, sampled(OTHER[:9], 5)]
    assert families.group(ppms, **LIMITS)[0].tolist() == [1, 2, 1, 1, 1, 2]


def test_two_halves_are_not_alike():
    alike, _ = families.similar([sampled(FULL[:9], 2), sampled(FULL[9:], 3)], 1e-4, 0.6)
    assert alike.tolist() == [[True, False], [False, True]]


def test_a_family_does_not_depend_on_how_many_show_it():
    # Alone, 40 copies of one motif would make its own columns look common.
    ppms = [sampled(FULL, i) for i in range(40)] + [sampled(OTHER, 99)]
    assert families.group(ppms, **LIMITS)[0].tolist() == [1] * 40 + [2]


def test_leaders_take_what_is_like_themselves_and_chains_do_not_link():
    # 0 is like 1, 1 like 2, 2 not like 0.
    alike = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1]], bool)
    assert families.lead(alike).tolist() == [0, 0, 2]
    # Led by 1 they are one family.
    order = [1, 0, 2]
    assert families.lead(alike[np.ix_(order, order)]).tolist() == [0, 0, 0]


@pytest.mark.parametrize(("most", "expected"), [(2, [1, 2, 0]), (1, [1, 0, 0])])
def test_what_is_like_none_of_the_first_leaders_has_no_family(most, expected):
    ppms = [sampled(FULL, 0), sampled(OTHER, 1), sampled("GATTACAGATTACA", 2)]
    assert families.group(ppms, 1e-4, 0.6, most)[0].tolist() == expected


def test_no_motifs_no_families():
    number, representatives = families.group([], **LIMITS)
    assert number.tolist() == representatives.tolist() == []


def test_the_representative_is_the_one_most_like_its_family():
    lacking = sampled(FULL[4:12], 0)  # the most evident, by chance without the ends
    ppms = [lacking, sampled(OTHER, 9), *(sampled(FULL, seed) for seed in (1, 2, 3))]
    number, representatives = families.group(ppms, **LIMITS)
    assert number.tolist() == [1, 2, 1, 1, 1]
    assert representatives[0] in (2, 3, 4)
    assert representatives[1] == 1


def test_the_whole_represents_its_halves():
    ppms = [sampled(FULL[:9], 2), sampled(FULL, 0), sampled(FULL[9:], 3)]
    sureness = families.similar(ppms, 1e-4, 0.6)[1]
    assert families.medoid(np.arange(3), sureness) == 1
    assert families.medoid(np.array([0, 2]), sureness) == 0  # of equals the first
