"""Families: what belongs together does, halves and spacings are not blurred, and nothing else."""

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from peaks2motifs.core.sequences import N_CODE, encode, one_hot, reverse_complement
from peaks2motifs.model.activations import Activations
from peaks2motifs.motifs.family_table import (
    Families,
    Windows,
    describe_families,
    independent_enrichment,
)
from peaks2motifs.motifs.grouping import Members, group, select_peaks
from peaks2motifs.motifs.kernel_sites import choose_thresholds, count_sites, list_sites
from peaks2motifs.motifs.kernel_table import (
    MotifSettings,
    by_evidence,
    evidence_table,
    rank_motifs,
    to_motifs,
)
from peaks2motifs.motifs.motif import Limits
from peaks2motifs.motifs.similarity import Motifs, compare_motifs, medoid, predicted_share

UNIFORM = np.full(4, 0.25)
ABOUT = MotifSettings(UNIFORM, Limits(10, 5, 5, 0.25, 1), 8, 100)
ALIKE = {"max_p": 1e-4, "min_overlap": 0.6}


class Found(NamedTuple):
    """The kernels' own families, by leaders, and the families at last, by importance."""

    seen: Activations
    members: Members
    families: Families


def plant(rng, n, *sites):
    """Windows (n, 100), every other one a peak; peaks take turns at the sites, on either strand.

    In a site "." leaves a base as it is. Returns codes, labels and where the sites begin.
    """
    codes, label = rng.integers(0, 4, (n, 100)).astype(np.uint8), np.arange(n) % 2 == 0
    start = rng.integers(20, 60, n)
    for i in np.flatnonzero(label):
        site = encode([sites[i // 2 % len(sites)].replace(".", "N")])[0]
        site = site if rng.random() < 0.5 else reverse_complement(site)
        place = slice(start[i], start[i] + len(site))
        codes[i, place] = np.where(site == N_CODE, codes[i, place], site)
    return codes, label.astype(np.uint8), start


def weights(letters, rng, noise):
    """A kernel (w, 4) that looks for letters, "." for any."""
    ideal = one_hot(encode([letters.replace(".", "N")]))[0].astype(float)
    return ideal + noise * rng.normal(size=ideal.shape) * ideal.any(axis=1, keepdims=True)


def look(codes, kernels):
    """Best match, its first base and strand (n, K), of kernels of any width.

    As with relu and a bias, what matches by less than four fifths is not seen at all.
    """
    parts, rows = [], np.arange(len(codes))
    for kernel in kernels:
        spans = np.lib.stride_tricks.sliding_window_view(one_hot(codes), len(kernel), axis=1)
        strands = [np.einsum("npbw,wb->np", spans, one) for one in (kernel, kernel[::-1, ::-1])]
        place = np.maximum(*strands).argmax(axis=1)
        forward, backward = (strand[rows, place] for strand in strands)
        least = kernel.max(axis=1).sum() * 0.8
        best = np.maximum(np.maximum(forward, backward) - least, 0)
        parts.append((best, place, backward > forward))
    return [np.stack(part, axis=1) for part in zip(*parts, strict=True)]


def find(sites, kernels, n=900, noise=0.1, seed=0):
    """Group kernels, spelt as letters, on simulated windows; replicates take turns."""
    rng = np.random.default_rng(seed)
    codes, label, _ = plant(rng, n, *sites)
    best, place, reverse = look(codes, [weights(letters, rng, noise) for letters in kernels])
    split = np.resize(np.repeat(["train", "valid", "test"], [12, 4, 4]), n)
    names = np.array([f"k{k:03d}" for k in range(len(kernels))])
    width = np.array([len(letters) for letters in kernels], np.int16)
    about = label, np.arange(n), split, names, width, np.full(len(kernels), "kernels")
    seen = Activations(best, place, reverse, *about, np.arange(len(kernels)) % 3)
    train = split == "train"
    threshold = choose_thresholds(best[train], label[train], 0.1)
    passes = best > threshold
    listed = list_sites(seen, passes & (label == 1)[:, None])
    counts = count_sites(codes, listed, width, ABOUT.flank)
    nsites = np.bincount(listed.kernel, minlength=len(kernels))
    table = evidence_table(seen, nsites, counts, threshold, ABOUT)
    motifs = to_motifs(counts, width + 2 * ABOUT.flank, table, ABOUT)
    peaks = select_peaks(seen, passes, codes, ABOUT.flank)
    ranked = by_evidence(table.assign(evidence_rank=rank_motifs(table)))
    members = group(motifs, ranked, peaks, UNIFORM, **ALIKE)
    where = Windows(codes, np.full(n, "c"), np.arange(n) * 1000)
    return Found(
        seen, members, describe_families(seen, where, listed, members, ABOUT, 0.1, 30, ALIKE)
    )


def together(found):
    """The kernels of each family, and those of them whose sites are pooled."""
    number, pooled = found.families.members.family, found.families.members.pooled
    every = range(1, number.max() + 1)
    return [
        (np.flatnonzero(number == f).tolist(), np.flatnonzero((number == f) & pooled).tolist())
        for f in every
    ]


def spelt(found):
    """The consensus of each family, on the strand that comes first in the alphabet."""
    turned = str.maketrans("ACGTRYKMSWN", "TGCAYRMKSWN")
    words = found.families.table["consensus"]
    return [min(word, word[::-1].translate(turned)) for word in words]


FULL = "TGGCCACCAGGGGGCGCTA"  # CTCF's consensus
OTHER = "TTTCCTAATTAGGAAA"  # Mcm1's
HALF = "AGGTCA"


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


A, B = "GATTACGTCA", "CCTGAACCTT"


def own_p(found):
    """How each family is related, and its own p-value, by its motif on either strand."""
    table = found.families.table.assign(word=spelt(found)).set_index("word")
    relation = (table["relation"] + " " + table["relation_to"]).str.strip()
    return table.assign(relation=relation)[["relation", "enrichment_p", "own_p"]]


def test_what_always_comes_with_a_more_important_family_shows_nothing_of_its_own():
    found = find([A + "." * 18 + B], [A, A, B])
    table = own_p(found)
    assert sorted(table["relation"]) == ["", "beside F1"]
    second = table[table["relation"] == "beside F1"].iloc[0]
    assert second["enrichment_p"] < 1e-20
    assert second["own_p"] > 0.05


def test_what_also_comes_alone_does():
    found = find([A + "." * 18 + B, A, B], [A, A, B])
    second = own_p(found)[lambda table: table["relation"] != ""].iloc[0]
    assert second["own_p"] < 1e-6


def test_a_copy_of_the_second_family_shows_nothing_beside_it_whatever_the_first_is():
    """Related to both, it is enriched on its own beside the first and not beside the second."""
    label = np.repeat([1, 0], 200)
    first, second = np.zeros(400, bool), np.zeros(400, bool)
    first[:100], second[80:200] = True, True
    passes = np.stack([first, second, second], axis=1)
    table = pd.DataFrame({"enrichment_p": [1e-30, 1e-40, 1e-40]})
    view = SimpleNamespace(split=np.full(400, "test"), label=label)
    related = [[], [(0, "beside")], [(0, "beside"), (1, "variant of")]]
    found = independent_enrichment(table, view, passes, related)
    assert found["relation"] == ["", "beside", "variant of"]
    assert found["relation_to"] == ["", "F1", "F2"]
    assert found["own_p"][1] < 1e-10
    assert found["own_p"][2] == 1


def test_what_never_comes_together_is_not_related():
    found = find([A, B], [A, A, B])
    table = own_p(found)
    assert table["relation"].tolist() == ["", ""]
    assert (table["own_p"] == table["enrichment_p"]).all()


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


def test_no_motifs_no_families():
    found = find([FULL], ["TTTTTTTT"], n=40)
    assert len(found.families.table) == 0
    assert found.families.motifs == []


def test_the_medoid_is_the_one_most_like_its_family():
    sureness = np.array([[9, 3, 4], [3, 9, 1], [4, 1, 9.0]])
    assert medoid(np.arange(3), sureness) == 0
    assert medoid(np.array([1, 2]), sureness) == 1  # of equals the first
