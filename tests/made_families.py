"""Families found in simulated windows by kernels spelt as letters."""

from typing import NamedTuple

import numpy as np
from peaks2motifs.core.sequences import N_CODE, encode, one_hot, reverse_complement
from peaks2motifs.model.activations import Activations
from peaks2motifs.motifs.family_table import Families, Windows, describe_families
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


def spelt(found):
    """The consensus of each family, on the strand that comes first in the alphabet."""
    turned = str.maketrans("ACGTRYKMSWN", "TGCAYRMKSWN")
    words = found.families.table["consensus"]
    return [min(word, word[::-1].translate(turned)) for word in words]


FULL = "TGGCCACCAGGGGGCGCTA"  # CTCF's consensus
OTHER = "TTTCCTAATTAGGAAA"  # Mcm1's
