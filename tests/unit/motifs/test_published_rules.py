"""The published rules on hand-made activation maps, with counts worked out by hand."""

import numpy as np
import pytest
from made_maps import OPTIONS, maps_of, result_of, use
from peaks2motifs.core.sequences import decode, encode
from peaks2motifs.motifs import published_rules
from peaks2motifs.motifs.motif import Limits
from peaks2motifs.motifs.published_rules import (
    apply_rule,
    clip_matrix,
    count_all_sites,
    counted_windows,
    published_limits,
)

A, C, G, T = np.eye(4, dtype=int).tolist()
NONE = [0, 0, 0, 0]


def ppm(found):
    return (found.matrix / found.matrix.sum(axis=2, keepdims=True))[0]


THREE = ["AACGTAAA", "TTTACGTT", "CCCCCCCC"]
ACTIVATIONS = [[0, 2.5, 0, 0, 1], [0, 0, 0, 0.1, 0], [0, 0, 0, 0, 0]]


def test_danq_takes_one_site_per_window_above_zero():
    # The kernel reads ACGT: it is at 1 and 3; in the third window relu leaves 0: no site.
    found = use("danq", THREE, ACTIVATIONS, width=4)
    assert found.counts[0].tolist() == [[2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 2, 0], [0, 0, 0, 2]]
    assert found.nsites.tolist() == [2]
    assert found.threshold.tolist() == [0]
    assert found.sites.window.tolist() == [0, 1]
    assert found.sites.position.tolist() == [1, 3]
    assert ppm(found).tolist() == [A, C, G, T]


def test_danq_takes_the_first_of_equal_positions():
    assert use("danq", ["ACGTT"], [[0, 3, 3]], width=3).sites.position.tolist() == [1]


def test_danq_counts_what_lies_in_the_window_with_same_padding():
    # Output 0 of a 'same' layer of width 4 is centred on base 0, so it begins one base before it.
    found = use("danq", ["ACGTTTTT"], [[5, 0, 0, 0, 0, 0, 0, 0]], width=4, padded=1)
    assert found.sites.position.tolist() == [-1]
    assert found.counts[0].tolist() == [NONE, A, C, G]


def test_factornet_takes_a_site_on_each_strand():
    # GACC lies at 2; the reverse complement AAGGTCAA has GGTC at 2, which is 2 from the left again.
    found = use("factornet", ["TTGACCTT"], [[0, 0, 1, 0, 0]], [[0, 0, 3, 0, 0]], width=4)
    assert found.nsites.tolist() == [2]
    assert found.counts[0].tolist() == [[0, 0, 2, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 2, 0, 0]]
    assert found.sites.reverse.tolist() == [False, True]


def test_factornet_places_the_minus_strand_from_the_left():
    found = use("factornet", ["GGTCAAAA"], [[0] * 5], [[0, 0, 0, 0, 2]], width=4)
    assert found.sites.position.tolist() == [0]  # the last position of the reverse complement
    assert found.counts[0].tolist() == [G, A, C, C]


PEAKS = ["ACGT", "CCGT", "GCGT", "TCGT"]


def test_pysster_takes_the_best_windows_of_the_top_class():
    # Means of maxima are 2.5 and 1.75: the threshold is 2.5, which two peaks and one background
    # window reach; a third of three is one, the best peak.
    label = [1, 1, 1, 1, 0, 0, 0, 0]
    values = [[4], [3], [2], [1], [7], [0], [0], [0]]
    found = use("pysster", PEAKS + PEAKS, values, width=4, label=label)
    assert found.threshold.tolist() == [2.5]
    assert found.sites.window.tolist() == [0]
    assert ppm(found)[0].tolist() == pytest.approx([0.99925, 0.00025, 0.00025, 0.00025])


def test_pysster_takes_the_windows_that_equal_the_last_as_well():
    # Nine reach 42 / 18, so three are taken, and one more that is as high as the third.
    values = [[9], [8], [5], [5], [3], [3], [3], [3], [3], *[[0]] * 9]
    label = [1] * 18
    found = use("pysster", ["ACGT"] * 18, values, width=4, label=label)
    assert found.threshold[0] == pytest.approx(42 / 18)
    assert found.sites.window.tolist() == [0, 1, 2, 3]


def test_pysster_takes_all_that_equal_the_threshold():
    found = use("pysster", PEAKS, [[2], [2], [2], [2]], width=4, label=[1, 1, 1, 1])
    assert found.threshold.tolist() == [2]
    assert found.nsites.tolist() == [4]


def test_pysster_takes_at_most_750_windows(monkeypatch):
    monkeypatch.setattr(published_rules, "PYSSTER_MAX_WINDOWS", 2)
    values = [[9], [8], [7], [7.5], [7], [7], [7], [7], [7], *[[0]] * 9]
    found = use("pysster", ["ACGT"] * 18, values, width=4, label=[1] * 18)
    assert found.sites.window.tolist() == [0, 1]


def test_pysster_finds_nothing_where_no_window_is_of_a_class():
    found = use("pysster", PEAKS, [[2], [2], [2], [2]], width=4, label=np.zeros((4, 2)))
    assert found.nsites.tolist() == [0]


def test_pysster_knows_more_than_two_classes():
    label = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]])
    found = use(
        "pysster", [*PEAKS, "AAAA", "CCCC"], [[1], [1], [2], [4], [2], [9]], width=4, label=label
    )
    assert found.threshold.tolist() == [3]
    assert found.sites.window.tolist() == [3]


def test_pysster_takes_any_of_equal_positions_as_the_seed_has_it():
    places = [
        use("pysster", ["ACGTA"] * 90, [[5, 0, 5, 5]] * 90, width=2, options=options).sites.position
        for options in (OPTIONS, OPTIONS, OPTIONS._replace(seed=0))
    ]
    numbers = np.bincount(places[0], minlength=4)
    assert numbers[1] == 0
    assert (numbers[[0, 2, 3]] > 15).all()
    assert (places[0] == places[1]).all()
    assert (places[0] != places[2]).any()


def test_basset_takes_all_positions_above_half_way_from_mean_to_maximum():
    # Mean 2, maximum 6: above 4 are two positions of the first window and one of the second.
    values = [[6, 0, 5, 0], [0, 5, 0, 0], [4, 4, 0, 0]]
    found = use("basset", ["ACGTA", "CCNAA", "GGGGG"], values, width=2)
    assert found.threshold.tolist() == [4]
    assert list(zip(found.sites.window, found.sites.position, strict=True)) == [
        (0, 0),
        (0, 2),
        (1, 1),
    ]
    assert found.counts[0].tolist() == [[1, 1, 1, 0], [0, 1, 0, 1]]
    # (1 + counts) / (4 + n), and a base that is not known adds a quarter to each.
    expected = [[2 / 7, 2 / 7, 2 / 7, 1 / 7], [1.25 / 7, 2.25 / 7, 1.25 / 7, 2.25 / 7]]
    np.testing.assert_allclose(ppm(found), expected)


def test_basset_keeps_away_from_padding():
    values = [[9, 0, 0, 9, 9, 0]]  # of a 'same' layer of width 3: the first and the last look out
    found = use("basset", ["ACGTAC"], [[9, 0, 0, 9, 0, 9]], width=3, padded=1)
    assert found.sites.position.tolist() == [2]
    assert use("basset", ["ACGTAC"], values, width=3, padded=1).sites.position.tolist() == [2, 3]


def test_basset_trims_below_a_fifth_of_a_bit_if_asked():
    # Ten sites: AC in all, then a base that is evenly spread.
    sequences = [f"AC{base}T" for base in "ACGTACGTAC"]
    values = [[0, 0], *[[8, 0]] * 10]
    options = OPTIONS._replace(basset_trim=True)
    found = use("basset", ["TTTT", *sequences], values, width=3, options=options)
    assert found.matrix.any(axis=2)[0].tolist() == [True, True, False]
    assert use("basset", ["TTTT", *sequences], values, width=3).matrix.all()


FLANKED = "ACGTACGTACGTGATTACAGTACGTACGTACG"


def test_koo_takes_20_bp_round_all_positions_above_half_the_maximum():
    # A 'same' layer of width 5 says GATTA where its T is, at 14: the window is 4 to 24.
    values = np.zeros((3, 32))
    values[:2, 14], values[2, 14], values[2, 3] = 4, 2, 2
    found = use("koo", [FLANKED] * 3, values, width=5, padded=2)
    assert found.threshold.tolist() == [2]  # and 2 is not above it
    assert found.sites.position.tolist() == [4, 4]
    assert found.width.tolist() == [20]
    assert decode(found.counts.argmax(axis=2).astype(np.uint8)) == [FLANKED[4:24]]
    valid = use("koo", [FLANKED] * 3, values[:, 2:30], width=5)
    assert (valid.counts == found.counts).all()


@pytest.mark.parametrize(("place", "taken"), [(10, 0), (11, 1), (21, 1), (22, 0)])
def test_koo_leaves_out_what_touches_the_ends(place, taken):
    values = np.zeros((1, 32))
    values[0, place] = 1
    assert use("koo", [FLANKED], values, width=5, padded=2).nsites.tolist() == [taken]


def test_koo_gives_dead_kernels_equal_probabilities_and_no_sites():
    found = use("koo", [FLANKED], np.zeros((1, 32)), width=5, padded=2)
    assert found.nsites.tolist() == [0]
    assert (found.matrix == 0.25).all()
    assert found.matrix.shape == (1, 20, 4)
    one = np.zeros((1, 32))
    one[0, 15] = 1
    assert (use("koo", [FLANKED], one, width=5, padded=2).matrix == 0.25).all()  # one site is none


def test_koo_clips_three_columns_beyond_half_a_bit():
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (400, 32)).astype(np.uint8)
    codes[:, 14:17] = encode(["GAT"])
    values = np.zeros((400, 32))
    values[:, 14] = 1
    found = use("koo", decode(codes), values, width=5, padded=2)
    assert np.flatnonzero(found.matrix[0].any(axis=1)).tolist() == list(range(7, 16))  # 4 + 10 - 3


def test_eugene_takes_the_best_positions_of_all_windows(monkeypatch):
    monkeypatch.setattr(published_rules, "BEST_POSITIONS", 3)
    values = [[5, 4, 0], [1, 0, 0], [0, 3, 3], [2, 0, 0]]
    found = use("eugene", ["ACGT", "AAAA", "CCGT", "TTTT"], values, width=2)
    # The best are 5 and 4 in the first window, then the first of two 3 in the third.
    assert found.counts[0].tolist() == [[1, 2, 0, 0], [0, 1, 2, 0]]
    assert found.nsites.tolist() == [3]
    assert 2 < found.threshold[0] < 3


def test_eugene_never_takes_silent_positions():
    found = use("eugene", ["ACGT", "AAAA"], [[5, 0, 0], [0, 0, 0]], width=2)
    assert found.nsites.tolist() == [1]
    dead = use("eugene", ["ACGT", "AAAA"], [[0, 0, 0], [0, 0, 0]], width=2)
    assert dead.nsites.tolist() == [0]
    assert dead.threshold.tolist() == [0]


def test_eugene_takes_all_above_a_fraction_if_asked():
    options = OPTIONS._replace(eugene_above=0.6)
    found = use("eugene", ["ACGT", "CGTA"], [[5, 4, 3], [0, 3, 5]], width=2, options=options)
    assert found.nsites.tolist() == [3]


def test_a_rule_finds_the_same_however_many_windows_come_at_a_time():
    rng = np.random.default_rng(6)
    codes = rng.integers(0, 4, (150, 40)).astype(np.uint8)
    values = np.maximum(rng.normal(size=(150, 36, 3)), 0).astype(np.float32)
    label, width = np.arange(150) % 2, np.full(3, 5, np.int16)
    for rule in published_rules.RULES:
        one, other = (
            result_of(rule, apply_rule(rule, maps_of(values, rows=n), codes, label, width, OPTIONS))
            for n in (150, 7)
        )
        for name in ("counts", "matrix", "nsites", "threshold"):
            np.testing.assert_allclose(getattr(one, name), getattr(other, name), err_msg=name)


def test_all_sites_are_counted_and_only_the_tallest_are_listed(monkeypatch):
    monkeypatch.setattr(published_rules, "MAX_SITES", 2)
    monkeypatch.setattr(published_rules, "_SITES_HELD", 3)
    found = use("danq", ["ACGT"] * 9, [[n] for n in (3, 1, 2, 9, 8, 1, 1, 1, 1)], width=4)
    assert found.nsites.tolist() == [9]
    assert found.counts[0][0].tolist() == [9, 0, 0, 0]
    assert found.sites.activation.tolist() == [9, 8]


def test_no_sites_at_all_are_counted():
    counts, nsites, sites = count_all_sites([], encode(["ACGT"]), np.array([3, 2]))
    assert counts.shape == (2, 3, 4)
    assert not counts.any()
    assert nsites.tolist() == [0, 0]
    assert len(sites.kernel) == 0


@pytest.mark.parametrize("rule", published_rules.RULES)
def test_a_network_without_kernels_gives_nothing(rule):
    label, none = np.array([0, 1, 1]), np.zeros(0, np.int16)
    found = result_of(rule, apply_rule(rule, lambda: iter(()), encode(THREE), label, none, OPTIONS))
    assert len(found.counts) == len(found.matrix) == len(found.threshold) == 0


def test_a_matrix_without_information_is_cut_to_nothing():
    assert not clip_matrix(np.full((1, 4, 4), 25.0), 0.2, 0).any()


def test_rules_count_the_windows_of_their_sources():
    split = np.array(["train", "train", "test", "test"])
    is_peak = np.array([True, False, True, False])
    assert counted_windows("danq", "source", split, is_peak).tolist() == [True, False, True, False]
    assert counted_windows("koo", "source", split, is_peak).tolist() == [False, False, True, True]
    assert counted_windows("eugene", "source", split, is_peak).tolist() == [True] * 4
    assert counted_windows("koo", "train", split, is_peak).tolist() == [True, True, False, False]
    assert counted_windows("scan", "test", split, is_peak).tolist() == [False, False, True, False]


def test_limits_are_those_of_the_source():
    assert published_limits("danq") == Limits(1, 0, 1, 0, 0)
    assert published_limits("basset").min_sites == 10
