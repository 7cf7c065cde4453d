"""Probabilities, information, trimming, consensus and statuses, by hand."""

import re

import numpy as np
import pytest
from peaks2motifs.core.sequences import encode
from peaks2motifs.motifs import motif
from peaks2motifs.motifs.verdicts import kernel_reason

UNIFORM = np.full(4, 0.25)
LIMITS = motif.Limits(
    min_sites=10, min_information=5, min_width=4, trim_information=0.25, pseudocount=1
)
A, C, G, T = np.eye(4, dtype=int)
ANY = np.ones(4, int)


def test_base_frequencies_take_both_strands_and_no_unknown_bases():
    # A 3, C 1, T 0 and their complements: (3, 1, 1, 3) of 8.
    assert motif.base_frequencies(encode(["AACAN"])).tolist() == [0.375, 0.125, 0.125, 0.375]
    assert motif.base_frequencies(encode(["NN"])).tolist() == UNIFORM.tolist()


def test_one_pseudocount_is_shared_out_by_the_background():
    background = np.array([0.4, 0.1, 0.1, 0.4])
    ppm = motif.probabilities(np.array([9 * A, 0 * A]), background, 1)
    assert ppm[0] == pytest.approx([0.94, 0.01, 0.01, 0.04])
    assert ppm[1] == pytest.approx(background)


def test_information_is_near_two_bits_for_one_base_and_none_for_the_background():
    bits = motif.information(np.array([10_000 * A, 2_500 * ANY, 0 * A]), UNIFORM, 1)
    assert bits == pytest.approx([2, 0, 0], abs=0.002)


def test_information_is_relative_to_the_background():
    # log2(1 / 0.125) = 3 bits for a base that is rare in the background, log2(1 / 0.375) for a
    # common one.
    background = np.array([0.375, 0.125, 0.125, 0.375])
    bits = motif.information(np.array([100_000 * C, 100_000 * A]), background, 1)
    assert bits == pytest.approx([3, np.log2(8 / 3)], abs=0.001)


def test_information_leaves_out_what_few_bases_show_by_chance():
    rng = np.random.default_rng(0)
    counts = rng.multinomial(20, UNIFORM, size=2000)
    assert motif.information(counts, UNIFORM, 1).mean() < 0.05
    # Of 4 bases alike 1.64 bits would be read off (probabilities 0.85, 0.05, 0.05, 0.05, which
    # have 1.153 bits), less 3 / (8 ln 2) = 0.541.
    assert motif.information(np.array([4 * A]), UNIFORM, 1) == pytest.approx([0.611], abs=0.001)


def test_ten_bases_show_a_quarter_of_a_bit_by_chance():
    ppm = np.random.default_rng(0).multinomial(10, UNIFORM, size=20_000) / 10
    bits = 2 + (ppm * np.log2(np.maximum(ppm, 1e-9))).sum(axis=1)
    assert bits.mean() == pytest.approx(0.25, abs=0.01)
    assert bits.mean() == pytest.approx(3 / (2 * 10 * np.log(2)), rel=0.15)


def test_flanks_are_trimmed_and_weak_columns_inside_kept():
    bits = np.array([[0.1, 0.3, 0.0, 2.0, 0.2], [0.0, 0.1, 0.2, 0.0, 0.0], [1, 1, 1, 1, 1]])
    first, end = motif.trim(bits, 0.25)
    assert first.tolist() == [1, 0, 0]
    assert end.tolist() == [4, 0, 5]


@pytest.mark.parametrize(
    ("column", "letter"),
    [
        ([0.8, 0.1, 0.05, 0.05], "A"),
        ([0.5, 0.4, 0.05, 0.05], "M"),
        ([0.05, 0.4, 0.05, 0.5], "Y"),
        ([0.3, 0.4, 0.3, 0.0], "V"),
        ([0.3, 0.3, 0.2, 0.2], "N"),
        ([0.55, 0.05, 0.3, 0.1], "R"),
    ],
)
def test_consensus_follows_cavener(column, letter):
    assert motif.consensus(np.array([column])) == letter


def test_each_kernel_gets_a_status_and_a_reason():
    weak = [50 * ANY] * 3 + [200 * A]
    counts = np.array(
        [[20 * A, 20 * C, 20 * G, 20 * T], weak, [5 * A] * 4, [0 * A] * 4, [0 * A] * 4]
    )
    nsites = np.array([20, 200, 5, 0, 0])
    varies = np.array([True, True, True, False, True])
    table = motif.describe(counts, nsites, varies, UNIFORM, LIMITS)
    assert table["status"].tolist() == [
        "motif",
        "low_information",
        "too_few_sites",
        "dead",
        "dead",
    ]
    assert table["lacks"].tolist() == ["", "information", "sites", "variation", "sites"]
    table["motif_width"] = table["end"] - table["first"]
    reasons = [kernel_reason(row, LIMITS) for row in table[1:].to_dict("records")]
    assert len(set(reasons)) == 4
    numbers = [re.findall(r"[\d.]+", reason) for reason in reasons]
    assert numbers == [["1.9", "1", "5", "4"], ["5", "10"], [], []]
    assert table["consensus"].tolist() == ["ACGT", "", "", "", ""]
    assert table[["first", "end"]].to_numpy()[:2].tolist() == [[0, 4], [3, 4]]
    assert table["nsites"].tolist() == nsites.tolist()


def test_columns_that_only_pad_a_narrow_kernel_are_trimmed():
    counts = np.array([[20 * A, 20 * C, 20 * G, 20 * T, 0 * A, 0 * A]])
    table = motif.describe(counts, np.array([20]), np.array([True]), UNIFORM, LIMITS)
    assert table["end"].tolist() == [4]
