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
    assert families.group(ppms, **LIMITS).tolist() == [1, 2, 1, 1, 1, 2]


def test_two_halves_are_not_alike():
    alike = families.similar([sampled(FULL[:9], 2), sampled(FULL[9:], 3)], 1e-4, 0.6)
    assert alike.tolist() == [[True, False], [False, True]]


def test_a_family_does_not_depend_on_how_many_show_it():
    # Alone, 40 copies of one motif would make its own columns look common.
    ppms = [sampled(FULL, i) for i in range(40)] + [sampled(OTHER, 99)]
    assert families.group(ppms, **LIMITS).tolist() == [1] * 40 + [2]


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
    assert families.group(ppms, 1e-4, 0.6, most).tolist() == expected


def test_no_motifs_no_families():
    assert families.group([], **LIMITS).tolist() == []
