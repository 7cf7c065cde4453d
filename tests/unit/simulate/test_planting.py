"""Random sequences and planted sites: positions, frequencies, strands and motifs."""

import numpy as np
import pandas as pd
import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import decode, reverse_complement
from peaks2motifs.simulate import planting

OPTIONS = {
    "motifs_per_sequence": "all",
    "sequences": 50,
    "background": 30,
    "length": 40,
    "position": "centre",
    "spacing": None,
    "strand": "+",
    "gc": 0.5,
    "valid": 0.15,
    "test": 0.15,
}
ACCGT = np.eye(4)[[0, 1, 1, 2, 3]]  # a profile that says ACCGT and nothing else
GGG = np.eye(4)[[2, 2, 2]]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng([seed])


def place(widths, length, position, spacing=None, rows=1, seed=0):
    return planting.place_sites(np.tile(widths, (rows, 1)), length, position, spacing, rng(seed))


def test_sample_sites_follows_the_probabilities():
    ppm = np.array([[0.1, 0.2, 0.3, 0.4], [0, 0, 1, 0]])
    sites = planting.sample_sites(ppm, 20_000, rng())
    assert (sites.shape, sites.dtype) == ((20_000, 2), np.uint8)
    frequency = np.bincount(sites[:, 0], minlength=4) / len(sites)
    np.testing.assert_allclose(frequency, ppm[0], atol=0.015)
    assert (sites[:, 1] == 2).all()


@pytest.mark.parametrize(("gc", "expected"), [(0, [0.5, 0, 0, 0.5]), (0.4, [0.3, 0.2, 0.2, 0.3])])
def test_bases_have_the_gc_content_asked_for(gc, expected):
    codes = planting.draw_bases(np.full((500, 100), gc, np.float32), rng())
    frequency = np.bincount(codes.ravel(), minlength=4) / codes.size
    np.testing.assert_allclose(frequency, expected, atol=0.01)


@pytest.mark.parametrize(
    ("widths", "length", "position", "spacing", "starts"),
    [
        ([18], 40, "centre", None, [11]),  # 11 + 18 + 11
        ([17], 40, "centre", None, [11]),  # 11 + 17 + 12
        ([40], 40, "centre", None, [0]),
        ([5], 40, 35, None, [35]),
        ([5, 3], 40, 2, None, [2, 7]),
        ([5, 3], 40, 2, 4, [2, 11]),
        ([5, 3], 40, "centre", 4, [14, 23]),  # 14 + 5 + 4 + 3 + 14
        ([5, 3], 8, "uniform", None, [0, 5]),
        ([5, 3], 9, "uniform", 1, [0, 6]),
    ],
)
def test_fixed_places(widths, length, position, spacing, starts):
    assert place(widths, length, position, spacing).tolist() == [starts]


def test_a_single_site_is_at_every_position_equally_often():
    starts = place([5], 9, "uniform", rows=10_000)[:, 0]
    counts = np.bincount(starts)
    assert len(counts) == 5  # 0 to 4
    np.testing.assert_allclose(counts / 10_000, 0.2, atol=0.02)


def test_all_arrangements_of_several_sites_are_equally_likely_and_none_overlaps():
    starts = place([2, 1], 6, "uniform", rows=20_000)
    assert (starts[:, 1] >= starts[:, 0] + 2).all()
    found = pd.DataFrame(starts).value_counts(normalize=True)
    assert len(found) == 10  # 3 free bases round 2 sites: 5 over 2
    np.testing.assert_allclose(found, 0.1, atol=0.01)


def test_a_spacing_moves_sites_together():
    starts = place([2, 1], 6, "uniform", spacing=1, rows=3000)
    assert (starts[:, 1] == starts[:, 0] + 3).all()
    np.testing.assert_allclose(np.bincount(starts[:, 0]) / 3000, 1 / 3, atol=0.04)


def test_motifs_are_drawn_without_repeats_and_equally_often():
    chosen = planting.choose_motifs(3, 2, 9000, False, rng())
    assert (chosen[:, 0] != chosen[:, 1]).all()
    pairs = pd.DataFrame(chosen).value_counts(normalize=True)
    assert len(pairs) == 6
    np.testing.assert_allclose(pairs, 1 / 6, atol=0.02)
    in_order = planting.choose_motifs(3, 2, 50, True, rng())
    assert (in_order[:, 0] < in_order[:, 1]).all()


@pytest.mark.parametrize("strand", ["+", "-", "both"])
def test_the_table_of_sites_is_what_the_sequences_hold(strand):
    options = OPTIONS | {"position": "uniform", "strand": strand, "length": 12}
    codes, background, sites = planting.simulate_sequences(options, [ACCGT, GGG], rng())
    assert (codes.shape, background.shape) == ((50, 12), (30, 12))
    assert len(sites) == 100
    for site in sites.itertuples():
        bases = codes[site.row, site.start : site.end]
        bases = reverse_complement(bases) if site.strand == "-" else bases
        assert decode(bases[None]) == [["ACCGT", "GGG"][site.motif]]
    assert sites["row"].tolist() == sorted([*range(50), *range(50)])
    first, second = sites[::2].reset_index(), sites[1::2].reset_index()
    assert (second["start"] >= first["end"]).all()
    assert 10 < (first["motif"] == 0).sum() < 40  # either may be the first
    minus = (sites["strand"] == "-").mean()
    assert {"+": minus == 0, "-": minus == 1, "both": 0.35 < minus < 0.65}[strand]


def test_one_motif_per_sequence_is_drawn_from_the_list():
    options = OPTIONS | {"motifs_per_sequence": 1, "sequences": 3000}
    _, _, sites = planting.simulate_sequences(options, [ACCGT, ACCGT, GGG], rng())
    assert sites["row"].tolist() == list(range(3000))
    shares = sites["motif"].value_counts(normalize=True, sort=False)
    np.testing.assert_allclose(shares, 1 / 3, atol=0.03)
    assert (sites["start"] == (40 - (sites["end"] - sites["start"])) // 2).all()


def test_flanks_and_background_are_random():
    options = OPTIONS | {"sequences": 2000, "background": 2000, "gc": 0.4}
    codes, background, _ = planting.simulate_sequences(options, [ACCGT], rng())
    flanks = np.delete(codes, np.arange(17, 22), axis=1)
    for bases in (flanks, background):
        frequency = np.bincount(bases.ravel(), minlength=4) / bases.size
        np.testing.assert_allclose(frequency, [0.3, 0.2, 0.2, 0.3], atol=0.01)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"length": 7}, r"^simulate\.x\.length: 7, .* 8: .* 5 .* 3$"),
        ({"length": 4, "motifs_per_sequence": 1}, r"simulate\.x\.length: 4, .* 5: .* 5$"),
        ({"position": 33}, r"length: 40, .* 41: position 33 .* 5 .* 3"),
        ({"spacing": 33}, r"length: 40, .* 41: .* 5 .* 3 .* spacing 1 x 33"),
        ({"gc": 1.2}, r"simulate\.x\.gc: 1\.2"),
        ({"gc": -0.1}, r"simulate\.x\.gc: -0\.1"),
        ({"motifs_per_sequence": 3}, r"simulate\.x\.motifs_per_sequence: 3, .* 2"),
        ({"valid": 25, "test": 5}, r"simulate\.x: .* 30 of 30 background"),
        ({"valid": 0.5, "test": 0.5}, r"simulate\.x: .* 50 of 50 sequences"),
    ],
)
def test_options_that_do_not_fit_are_refused(changes, message):
    with pytest.raises(InputError, match=message):
        planting.check_options(OPTIONS | changes, [5, 3], "simulate.x")


@pytest.mark.parametrize(
    "changes", [{"length": 8}, {"position": 32}, {"spacing": 32}, {"gc": 0}, {"gc": 1}]
)
def test_what_just_fits_is_planted(changes):
    options = OPTIONS | changes
    planting.check_options(options, [5, 3], "simulate.x")
    codes, _, sites = planting.simulate_sequences(options, [ACCGT, GGG], rng())
    assert sites["end"].max() <= codes.shape[1]


def test_split_sizes_are_fractions_or_numbers():
    assert [planting.count_of(size, 30) for size in (0.15, 0.001, 1, 12)] == [4, 1, 1, 12]


def test_splits_are_stratified_and_take_each_sequence_once():
    names = [[f"s{i}" for i in range(40)], [f"b{i}" for i in range(20)]]
    windows = planting.to_windows(names, 8, {"valid": 0.1, "test": 5}, rng())
    assert {s: table["label"].value_counts().to_dict() for s, table in windows.items()} == {
        "train": {1: 31, 0: 13},
        "valid": {1: 4, 0: 2},
        "test": {1: 5, 0: 5},
    }
    table = pd.concat(windows.values())
    assert sorted(table["row"]) == list(range(60))
    assert set(windows["valid"]["row"]) != {0, 1, 2, 3, 40, 41}  # drawn, not the first ones
    assert (table["chrom"] == np.array(names[0] + names[1])[table["row"]]).all()
    assert (table["label"] == (table["row"] < 40)).all()
    order = windows["train"]["label"].diff().abs().sum()
    assert order > 5  # sequences and background are mixed
    assert not windows["train"]["row"].is_monotonic_increasing


def test_tables_and_fasta_are_named_by_sequence():
    table = {"row": [0, 1], "start": [2, 3], "end": [5, 8], "motif": [1, 0], "strand": ["+", "-"]}
    bed = planting.to_bed(pd.DataFrame(table), ["s1", "s2"], ["A", "B"])
    assert bed.to_numpy().tolist() == [["s1", 2, 5, "B", 0, "+"], ["s2", 3, 8, "A", 0, "-"]]
    codes = np.array([[0, 1, 2], [3, 3, 0]], np.uint8)
    assert planting.to_fasta(["s1", "s2"], codes) == ">s1\nACG\n>s2\nTTA\n"
