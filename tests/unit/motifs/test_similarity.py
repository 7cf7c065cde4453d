"""Motifs compared: which are alike, how they lie, and the bits that one predicts of another."""

import numpy as np
import pytest
from made_families import ALIKE, FULL, OTHER, UNIFORM
from peaks2motifs.core.sequences import encode, one_hot
from peaks2motifs.motifs.similarity import Motifs, compare_motifs, medoid, predicted_share


def sampled(letters, seed):
    """A motif as a kernel shows it: 60 sites, one base in ten random."""
    rng = np.random.default_rng(seed)
    ppm = one_hot(encode([letters]))[0] * 0.9 + 0.025
    return (np.array([rng.multinomial(60, row) for row in ppm]) + 0.25) / 61


def padded(ppms, before=2, after=3):
    """Motifs with columns of background on either side that are not kept."""
    flanks = [(np.full((before, 4), 0.25), np.full((after, 4), 0.25))] * len(ppms)
    wide = [np.vstack([left, ppm, right]) for ppm, (left, right) in zip(ppms, flanks, strict=True)]
    first = np.full(len(ppms), before)
    return Motifs(wide, first, first + [len(ppm) for ppm in ppms])


def test_two_halves_are_not_alike():
    motifs = padded([sampled(FULL[:9], 2), sampled(FULL[9:], 3)])
    assert compare_motifs(motifs, **ALIKE).close.tolist() == [[True, False], [False, True]]


def test_a_family_does_not_depend_on_how_many_show_it():
    # Alone, 40 copies of one motif would make its own columns look common.
    motifs = padded([sampled(FULL, i) for i in range(40)] + [sampled(OTHER, 99)])
    close = compare_motifs(motifs, **ALIKE).close
    assert close[:40, :40].all()
    assert not close[40, :40].any()


def test_how_motifs_lie_to_each_other():
    motifs = padded([sampled(FULL, 0), sampled(FULL[4:14], 1), sampled(FULL[4:14], 2)[::-1, ::-1]])
    alike = compare_motifs(motifs, **ALIKE)
    assert alike.offset[0].tolist() == [0, 4, 3]  # the third ends in 2 and not 3 columns of flank
    assert alike.reverse[0].tolist() == [False, False, True]
    # And seen from the shorter: its first column under the whole one's fifth; 24 and 15 columns.
    assert alike.offset[1:, 0].tolist() == [-4, 3 + 15 - 24]


def test_the_bits_that_another_motif_predicts():
    sharp = np.eye(4) * 0.96 + 0.01
    assert predicted_share(sharp, sharp, UNIFORM) == pytest.approx(1)
    half = np.vstack([sharp[:2], np.full((2, 4), 0.25)])
    assert predicted_share(sharp, half, UNIFORM) == pytest.approx(0)
    # Columns that give the likeliest base 0.49 lose 0.97 log2(0.97 / 0.49) + ... bits of 1.76.
    weak = (sharp + 0.25 / 0.25 * 0.01) / 2 + 0.245 / 2 - 0.005
    assert 0.4 < predicted_share(sharp, weak / weak.sum(axis=1, keepdims=True), UNIFORM) < 0.7
    assert predicted_share(sharp, sharp[::-1], UNIFORM) == 0  # what contradicts is not negative


def test_the_medoid_is_the_one_most_like_its_family():
    sureness = np.array([[9, 3, 4], [3, 9, 1], [4, 1, 9.0]])
    assert medoid(np.arange(3), sureness) == 0
    assert medoid(np.array([1, 2]), sureness) == 1  # of equals the first
