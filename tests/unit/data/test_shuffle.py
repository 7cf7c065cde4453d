"""The dinucleotide shuffle: exact counts, every shuffle reached, all equally often."""

from itertools import pairwise

import numpy as np
import pytest
from peaks2motifs.core.sequences import decode, encode
from peaks2motifs.data.shuffle import count_dinucleotides, count_log_shuffles, dinucleotide_shuffle
from scipy.stats import chisquare


def all_shuffles(sequence: str) -> set[str]:
    """Every sequence with the same dinucleotides and the same first base, by exhaustion."""
    found, stack = set(), [(sequence[0], [a + b for a, b in pairwise(sequence)])]
    while stack:
        path, left = stack.pop()
        if not left:
            found.add(path)
        for pair in {pair for pair in left if pair[0] == path[-1]}:
            rest = left.copy()
            rest.remove(pair)
            stack.append((path + pair[1], rest))
    return found


def random_codes(n: int, length: int, symbols: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, symbols, (n, length)).astype(np.uint8)


@pytest.mark.parametrize("symbols", [2, 4, 5])
def test_counts_and_ends_are_kept_and_no_shuffle_is_its_input(symbols):
    codes = random_codes(500, 60, symbols)
    shuffled, ok = dinucleotide_shuffle(codes, np.random.default_rng(1))
    assert shuffled.shape == codes.shape
    assert shuffled.dtype == np.uint8
    assert ok.all()
    assert (count_dinucleotides(shuffled) == count_dinucleotides(codes)).all()
    assert (shuffled[:, [0, -1]] == codes[:, [0, -1]]).all()
    assert (shuffled != codes).any(axis=1).all()


@pytest.mark.parametrize(
    "sequence",
    [
        "ACGTACCGATTA",  # ends where it starts
        "AACAGATCGTCA",
        "ACACACACACGC",  # almost every last exit from A leads into a loop
        "TTGCATGCCNNA",  # N is a symbol like the others
        "ACGATCTAG",  # ends on a base that has exits of its own
    ],
)
def test_every_shuffle_is_drawn_equally_often(sequence):
    expected = all_shuffles(sequence)
    assert np.exp(count_log_shuffles(encode([sequence])))[0] == pytest.approx(len(expected))
    draws = 200 * len(expected)
    codes = np.repeat(encode([sequence]), draws, axis=0)
    shuffled, ok = dinucleotide_shuffle(codes, np.random.default_rng(7))
    assert ok.all()
    drawn, counts = np.unique(decode(shuffled), return_counts=True)
    assert set(drawn) == expected - {sequence}
    assert len(drawn) < 2 or chisquare(counts).pvalue > 1e-3


def test_all_72_shuffles_of_a_sequence_are_reached():
    sequence = "ACTCCTTATCT"
    assert len(all_shuffles(sequence)) == 72
    codes = np.repeat(encode([sequence]), 5000, axis=0)
    shuffled, _ = dinucleotide_shuffle(codes, np.random.default_rng(0))
    assert len(set(decode(shuffled))) == 71  # all but the sequence itself


@pytest.mark.parametrize("sequence", ["AAAAAA", "ACGT", "AAAC", "ACACAC", "AC", "A"])
def test_a_sequence_of_one_euler_path_comes_back_not_ok(sequence):
    codes = encode([sequence])
    shuffled, ok = dinucleotide_shuffle(codes, np.random.default_rng(0))
    assert decode(shuffled) == [sequence]
    assert not ok.any()


def test_of_two_euler_paths_the_other_one_is_always_drawn():
    assert all_shuffles("ACAGA") == {"ACAGA", "AGACA"}
    codes = np.repeat(encode(["ACAGA"]), 300, axis=0)
    shuffled, ok = dinucleotide_shuffle(codes, np.random.default_rng(0))
    assert ok.all()
    assert set(decode(shuffled)) == {"AGACA"}


def test_a_seed_repeats_and_seed_0_is_a_seed():
    codes = random_codes(50, 40, 4)
    first, again, other = (
        dinucleotide_shuffle(codes, np.random.default_rng(seed))[0] for seed in (0, 0, 1)
    )
    assert (first == again).all()
    assert (first != other).any()


def test_blocks_of_rows_do_not_mix_sequences():
    codes = random_codes(25, 30, 4)
    shuffled, ok = dinucleotide_shuffle(codes, np.random.default_rng(0), rows=10)
    assert ok.all()
    assert (count_dinucleotides(shuffled) == count_dinucleotides(codes)).all()


def test_long_sequences_do_not_overflow_the_count_of_trees():
    codes = random_codes(3, 5000, 4)
    shuffled, ok = dinucleotide_shuffle(codes, np.random.default_rng(0))
    assert ok.all()
    assert (count_dinucleotides(shuffled) == count_dinucleotides(codes)).all()


def test_no_sequences_give_no_sequences():
    shuffled, ok = dinucleotide_shuffle(np.empty((0, 10), np.uint8), np.random.default_rng(0))
    assert shuffled.shape == (0, 10)
    assert ok.shape == (0,)
