"""Sites of a family's members: moved to the leader's bases, one for each place."""

import numpy as np
import pytest
from peaks2motifs.model.activations import Activations
from peaks2motifs.motifs.grouping import Members
from peaks2motifs.motifs.kernel_sites import Sites
from peaks2motifs.motifs.pooling import (
    family_activations,
    keep_strongest,
    move_to_leader,
    pool_sites,
    scales,
)

# k0 (6 bp) leads; k1 (4 bp) begins 1 base into it; k2 (4 bp) reads the other strand, at 2 to 6;
# k3 is listed and not pooled, k4 has no family.
MEMBERS = Members(
    family=np.array([1, 1, 1, 1, 0]),
    offset=np.array([0, 1, 2, 0, 0]),
    reverse=np.array([False, False, True, False, False]),
    pooled=np.array([True, True, True, False, False]),
    leader=np.array([0]),
    medoid=np.array([1]),
)
WIDTH = np.array([6, 4, 4, 6, 6], np.int16)


def test_sites_move_to_the_leaders_first_base_on_the_leaders_strand():
    kernel = np.array([0, 1, 2, 0, 1, 2])
    # The leader at 10 to 16: k1 at 11 to 15, k2 at 12 to 16 on the other strand. Then all turned:
    # k1 lies at 11 to 15 still (1 from the right end), k2 at 10 to 14.
    place = np.array([10, 11, 12, 10, 11, 10])
    reverse = np.array([False, False, True, True, True, False])
    moved, minus = move_to_leader(MEMBERS, WIDTH, kernel, place, reverse)
    assert moved.tolist() == [10] * 6
    assert minus.tolist() == [False] * 3 + [True] * 3


def seen(best):
    """Activations of five kernels; the first half of the windows is training background."""
    n = len(best)
    position = np.tile(np.array([10, 11, 12, 0, 0]), (n, 1))
    reverse = np.tile(np.array([False, False, True, False, False]), (n, 1))
    label = np.arange(n) >= n // 2
    names = np.array([f"k{k}" for k in range(5)])
    about = label, np.arange(n), np.full(n, "train"), names, WIDTH, names, np.zeros(5, int)
    return Activations(np.array(best, float), position, reverse, *about)


BEST = [
    [0, 0, 10, 9, 9],
    [2, 4, 30, 9, 9],
    [9, 4, 20, 9, 9],  # k0 is 8 standard deviations above its mean, k1 1, k2 0
    [1, 8, 50, 9, 9],  # 0, 3, 3: the first of equals
]


def test_the_family_sees_what_its_members_see_on_one_scale():
    given = seen(BEST)
    mean, spread = scales(given)
    assert mean.tolist() == [1, 2, 20, 9, 9]
    assert spread[:3].tolist() == [1, 2, 10]
    view = family_activations(given, MEMBERS)
    assert view.best[:, 0].tolist() == [-1, 1, 8, 3]
    assert view.position.ravel().tolist() == [10] * 4
    assert view.reverse.ravel().tolist() == [False] * 4
    assert (view.width.tolist(), view.kernel.tolist()) == ([6], ["k0"])


def test_silence_in_background_is_no_reason_to_shout():
    best = np.array(BEST, float)
    best[:2, 0] = 0
    mean, spread = scales(seen(best))
    assert mean[0] == 0
    assert spread[0] == pytest.approx(best[:, 0].std() / 100)
    assert spread[4] == 1


def test_a_place_is_counted_once_by_the_kernel_that_sees_it_best():
    # Windows 2 and 3 overlap: window 3 begins 5 bases after window 2.
    sites = Sites(
        kernel=np.array([0, 1, 2, 3, 0, 1]),
        window=np.array([2, 2, 2, 2, 3, 3]),
        position=np.array([10, 11, 12, 10, 5, 40]),
        reverse=np.array([False, False, True, False, False, False]),
        activation=np.array([9, 4, 20, 9, 3, 8.0]),
    )
    chrom, first = np.array(["c"] * 4), np.array([0, 100, 200, 205])
    every, reach = np.array([-np.inf]), np.array([3])
    pooled, by = pool_sites(sites, MEMBERS, seen(BEST), every, chrom, first, reach)
    assert pooled.window.tolist() == [2, 3]
    assert pooled.position.tolist() == [10, 39]
    assert pooled.activation.tolist() == [8, 3]
    assert by.tolist() == [0, 1]
    strict = pool_sites(sites, MEMBERS, seen(BEST), np.array([3.0]), chrom, first, reach)
    assert strict[0].position.tolist() == [10]


def test_two_copies_in_a_peak_are_a_site_each_where_different_members_see_them():
    # k1 and k2 see best what begins at 10, as k0 does, or another copy, at 30.
    sites = Sites(
        kernel=np.array([0, 1, 2]),
        window=np.array([2, 2, 2]),
        position=np.array([10, 31, 32]),
        reverse=np.array([False, False, True]),
        activation=np.array([9, 4, 20.0]),
    )
    chrom, first = np.array(["c"] * 4), np.array([0, 100, 200, 300])
    every, reach = np.array([-np.inf]), np.array([3])
    pooled, by = pool_sites(sites, MEMBERS, seen(BEST), every, chrom, first, reach)
    assert pooled.window.tolist() == [2, 2]
    assert pooled.position.tolist() == [10, 30]
    assert by.tolist() == [0, 1]


def test_the_strongest_of_neighbours_stays():
    group = np.array([0, 0, 0, 0, 1])
    place = np.array([10, 12, 12, 20, 11])
    activation = np.array([1, 2, 3, 1, 0.5])
    reach = np.full(5, 4)
    assert keep_strongest(group, place, activation, reach).tolist() == [2, 3, 4]
    assert keep_strongest(group, place, np.ones(5), reach).tolist() == [
        0,
        3,
        4,
    ]  # of equals the first
    # What is beaten beats nothing.
    chain, rising = np.arange(0, 15, 3), np.arange(5)
    assert keep_strongest(np.zeros(5, int), chain, rising, np.full(5, 4)).tolist() == [0, 2, 4]
    none = np.empty(0, int)
    assert keep_strongest(none, none, none, none).tolist() == []
