"""Sites and counts from hand-made activations."""

import numpy as np
import pytest
from peaks2motifs.core.sequences import ALPHABET, encode
from peaks2motifs.motifs.kernel_sites import (
    Sites,
    choose_thresholds,
    concatenate_sites,
    count_sites,
    drop_repeats,
    highest_sites,
)

THREE = encode(["AACGTAAA", "TTTACGTT", "CCCCCCCC"])


def spell(counts):
    """The bases of a matrix that holds one site: '-' where nothing was counted."""
    return "".join(ALPHABET[c.argmax()] if c.sum() else "-" for c in counts)


def sites_at(position, reverse, is_site):
    """The sites (n, K) where `is_site` holds, as a list."""
    window, kernel = np.nonzero(is_site)
    found = (array[window, kernel] for array in (position, reverse, position))
    return Sites(kernel, window, *found)


def count_one(codes, position, width, flank=0, reverse=False):
    """Count the one site of one kernel in one sequence."""
    cell = np.ones((1, 1), bool)
    place = np.array([[position]], np.int16)
    site = sites_at(place, cell & reverse, cell)
    return count_sites(encode([codes]), site, np.array([width]), flank)[0]


def test_kernels_of_different_widths_and_sites_are_counted_side_by_side():
    position = np.array([[1, 0], [3, 4], [2, 2]], np.int16)
    is_site = np.array([[True, False], [True, True], [False, True]])
    sites = sites_at(position, np.zeros((3, 2), bool), is_site)
    counts = count_sites(THREE, sites, np.array([4, 2]), 0)
    assert counts[0].sum() == 8
    # Kernel 1 saw CG in the second sequence and CC in the third; it is only two bases wide.
    assert counts[1].tolist() == [[0, 2, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_reverse_sites_come_out_reverse_complemented():
    assert spell(count_one("TTGACCTT", position=2, width=4, reverse=True)) == "GGTC"
    assert spell(count_one("TTGACCTT", position=2, width=4)) == "GACC"


def test_flanks_are_counted_in_the_kernels_orientation():
    assert spell(count_one("ACGTTGCA", position=3, width=2, flank=2)) == "CGTTGC"
    assert spell(count_one("AACGTGGG", position=3, width=2, flank=2, reverse=True)) == "CCACGT"


@pytest.mark.parametrize(
    ("position", "reverse", "found"), [(-1, False, "--ACG"), (6, False, "TGA--")]
)
def test_same_padding_counts_what_lies_in_the_window(position, reverse, found):
    # 'same' padding lets a kernel of width 3 begin one base before the window, or end after it.
    assert spell(count_one("ACGTTTGA", position, width=3, flank=1)) == found


def test_a_reverse_site_past_the_end_loses_its_first_columns():
    assert spell(count_one("ACGTTTGA", position=6, width=3, flank=1, reverse=True)) == "--TCA"


def test_unknown_bases_are_not_counted():
    assert count_one("ACNT", position=0, width=4).sum(axis=1).tolist() == [1, 1, 0, 1]


def test_counting_agrees_with_a_plain_loop():
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 5, (30, 20)).astype(np.uint8)
    width = np.array([3, 8, 3, 8])
    position = rng.integers(-2, 18, (30, 4)).astype(np.int16)
    reverse, is_site = rng.random((2, 30, 4)) < 0.5
    flank = 2
    expected = np.zeros((4, 12, 4), int)
    for n, k in zip(*np.nonzero(is_site), strict=True):
        span = range(position[n, k] - flank, position[n, k] + width[k] + flank)
        for column, place in enumerate(reversed(span) if reverse[n, k] else span):
            if 0 <= place < 20 and codes[n, place] < 4:
                base = 3 - codes[n, place] if reverse[n, k] else codes[n, place]
                expected[k, column, base] += 1
    found = count_sites(codes, sites_at(position, reverse, is_site), width, flank)
    assert (found == expected).all()


def test_scan_takes_the_cut_with_the_most_enrichment():
    # Five peaks and five background windows. Cutting below 0.6 passes four peaks and no background.
    best = np.array([0.9, 0.8, 0.7, 0.6, 0.1, 0.3, 0.2, 0.2, 0.1, 0.0], np.float32)[:, None]
    label = np.array([1, 1, 1, 1, 1, 0, 0, 0, 0, 0])
    assert choose_thresholds(best, label, 0.2).tolist() == [np.float32(0.3)]


def test_scan_keeps_the_background_below_its_limit():
    # Cutting below 0.4 passes all four peaks and a quarter of the background.
    best = np.array([0.9, 0.6, 0.5, 0.4, 0.8, 0.2, 0.1, 0.0], np.float32)[:, None]
    label = np.array([1, 1, 1, 1, 0, 0, 0, 0])
    assert choose_thresholds(best, label, 0.0).tolist() == [np.float32(0.8)]
    assert choose_thresholds(best, label, 0.25).tolist() == [np.float32(0.2)]


def test_scan_never_cuts_between_equal_activations():
    best = np.array([1, 1, 1, 0, 1, 0, 0, 0], np.float32)[:, None]
    label = np.array([1, 1, 1, 1, 0, 0, 0, 0])
    # The only cut there is passes a quarter of the background, more than allowed.
    assert choose_thresholds(best, label, 0.0).tolist() == [0.0]


def test_scan_gives_a_kernel_that_never_varies_its_only_value():
    best = np.full((6, 2), [0.0, -1.0], np.float32)
    cut = choose_thresholds(best, np.array([1, 1, 1, 0, 0, 0]), 0.1)
    assert cut.tolist() == [0.0, -1.0]
    assert not (best > cut).any()


@pytest.mark.parametrize("scale", [np.exp, np.tanh, lambda x: 1000 * x])
def test_scan_depends_only_on_the_order_of_activations(scale):
    rng = np.random.default_rng(1)
    label = np.repeat([1, 0], 50)
    best = rng.normal(label[:, None], 1, (100, 3))
    plain = best > choose_thresholds(best, label, 0.1)
    assert plain.any(axis=0).all()
    scaled = scale(best)
    assert (plain == (scaled > choose_thresholds(scaled, label, 0.1))).all()


def test_scan_thresholds_do_not_depend_on_how_kernels_are_cut_into_chunks():
    rng = np.random.default_rng(2)
    label = np.repeat([1, 0], 40)
    best = rng.normal(0, 1, (80, 130)).astype(np.float32)
    together = choose_thresholds(best, label, 0.1)
    alone = [choose_thresholds(best[:, [k]], label, 0.1)[0] for k in (0, 64, 129)]
    assert together[[0, 64, 129]].tolist() == alone


def keep(passes, chrom, place):
    """What `drop_repeats` keeps of the sites where `passes` (n, K) holds, as booleans (n, K)."""
    sites = sites_at(place, passes & False, passes)
    kept = drop_repeats(sites, chrom, place[sites.window, sites.kernel])
    found = np.zeros_like(passes)
    found[kept.window, kept.kernel] = True
    assert found.sum() == len(kept.window)
    return found


def test_one_site_seen_from_two_windows_counts_once():
    """Windows at 100 and 150 of chr1 and at 100 of chr2; two kernels."""
    start = np.array([100, 150, 100])
    position = np.array([[60, 10], [10, 11], [60, 10]])
    kept = keep(
        np.array([[True, True], [True, True], [True, False]]),
        np.array(["chr1", "chr1", "chr2"]),
        start[:, None] + position,
    )
    assert kept.tolist() == [[True, True], [False, True], [True, False]]


def test_a_window_that_does_not_pass_hides_no_site_of_another():
    passes = np.array([[False], [True]])
    kept = keep(passes, np.array(["chr1", "chr1"]), np.array([[7], [7]]))
    assert kept.tolist() == [[False], [True]]


def test_no_kernels_have_no_thresholds_and_no_counts():
    none, label = np.zeros((4, 0)), np.array([0, 1, 0, 1])
    assert choose_thresholds(none, label, 0.1).shape == (0,)
    sites = sites_at(none.astype(int), none > 0, none > 0)
    counts = count_sites(np.zeros((4, 9), np.uint8), sites, np.zeros(0, int), 2)
    assert counts.shape[0] == 0


def test_the_tallest_sites_of_each_kernel_stay_in_their_order():
    first = Sites(*map(np.array, ([0, 1, 0], [0, 0, 1], [5, 6, 7], [False] * 3, [1.0, 9.0, 3.0])))
    then = Sites(*map(np.array, ([0, 0], [2, 2], [8, 2], [True] * 2, [3.0, 3.0])))
    kept = highest_sites(concatenate_sites([first, then]), 2)
    assert kept.kernel.tolist() == [1, 0, 0]
    assert kept.position.tolist() == [6, 7, 2]  # of equal ones the first window, then position


def test_no_sites_have_no_tallest():
    none = Sites(*(np.zeros(0, int) for _ in Sites._fields))
    assert len(highest_sites(none, 3).kernel) == 0
