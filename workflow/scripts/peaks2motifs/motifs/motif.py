"""From counts to motifs: probabilities, information, trimmed flanks, consensus, and a status.

Matrices of K kernels are handled together as (K, W, 4), padded on the right with columns of zeros;
those columns carry no information, so they never outlive trimming.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

# Cavener 1987 (Nucleic Acids Res. 15:1353), as letters of the IUPAC code for sorted base sets.
_IUPAC_OF_BITS = np.array(list("NACMGRSVTWYHKDBN"))
_BITS = np.array([1, 2, 4, 8])


class Limits(NamedTuple):
    """What a kernel's matrix must have to be called a motif, and how it is made from counts."""

    min_sites: int
    min_information: float  # bits, all columns together
    min_width: int
    trim_information: float  # bits, the outermost column kept
    pseudocount: float  # added to each column, shared out by background frequencies


def base_frequencies(codes: np.ndarray) -> np.ndarray:
    """Frequencies (4,) of A, C, G and T in codes of any shape, both strands taken together."""
    counts = np.bincount(codes.ravel(), minlength=5)[:4].astype(float)
    both = counts + counts[::-1]
    return both / both.sum() if both.sum() else np.full(4, 0.25)


def probabilities(counts: np.ndarray, background: np.ndarray, pseudocount: float) -> np.ndarray:
    """Turn counts (..., w, 4) into probabilities.

    The pseudocount of each column is shared out among the bases by their background frequencies; a
    column without any counts is the background.
    """
    total = counts.sum(axis=-1, keepdims=True) + pseudocount
    empty = np.broadcast_to(background, counts.shape).copy()
    return np.divide(counts + pseudocount * background, total, out=empty, where=total > 0)


def information(counts: np.ndarray, background: np.ndarray, pseudocount: float) -> np.ndarray:
    """Information (..., w) in bits of each column of counts, relative to the background.

    That is the Kullback-Leibler divergence from the background's frequencies, less what as many
    bases drawn from the background would show by chance (3 / (2 n ln 2) bits for n bases), never
    below 0.
    """
    ppm = probabilities(counts, background, pseudocount)
    divergence = (ppm * np.log2(np.maximum(ppm, 1e-12) / background)).sum(axis=-1)
    by_chance = 3 / (2 * np.log(2) * np.maximum(counts.sum(axis=-1), 1))
    return np.maximum(divergence - by_chance, 0)


def trim(bits: np.ndarray, threshold: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the first and the end (exclusive) of the columns (K, W) that motifs keep.

    Flanking columns below `threshold` bits, one number or (K,), are left out; weak columns inside
    stay. Where no column reaches it, both are 0.
    """
    strong = bits >= np.reshape(threshold, (-1, 1))
    found = strong.any(axis=1)
    first = np.where(found, strong.argmax(axis=1), 0)
    end = np.where(found, bits.shape[1] - strong[:, ::-1].argmax(axis=1), 0)
    return first, end


def trim_thresholds(counts: np.ndarray, least: float) -> np.ndarray:
    """The bits (K,) that an outermost column of counts (K, W, 4) must have, at least `least`.

    With few bases a column shows more by chance: 2 n ln 2 times its bits follow a chi-squared
    distribution of three degrees of freedom, of which one in 10,000 is above 21.11. Where `least`
    is 0 all columns are kept.
    """
    bases = np.maximum(counts.sum(axis=-1).max(axis=-1, initial=0), 1)
    by_chance = (21.11 - 3) / (2 * np.log(2) * bases)  # `information` has taken the mean off
    return np.maximum(least, by_chance) if least else np.zeros(len(counts))


def consensus(ppm: np.ndarray) -> str:
    """Spell probabilities (w, 4) in IUPAC letters by Cavener's rules.

    One letter when it has more than half and twice the second's share, two letters when they have
    more than three quarters together, three when the fourth never occurs, else N.
    """
    order = np.argsort(-ppm, axis=1, kind="stable")
    share = np.take_along_axis(ppm, order, axis=1)
    bits = np.cumsum(_BITS[order], axis=1)
    letters = np.where(share[:, 3] < 1e-3, bits[:, 2], 15)
    letters = np.where(share[:, 0] + share[:, 1] > 0.75, bits[:, 1], letters)
    single = (share[:, 0] > 0.5) & (share[:, 0] > 2 * share[:, 1])
    return "".join(_IUPAC_OF_BITS[np.where(single, bits[:, 0], letters)])


def judge(
    varies: np.ndarray, nsites: np.ndarray, bits: np.ndarray, width: np.ndarray, limits: Limits
) -> tuple[np.ndarray, np.ndarray]:
    """Give each kernel a status, and what it lacks to be a motif, both (K,).

    varies (K,) says whether the activation differs between windows at all; nsites, bits (total) and
    width (K,) describe the trimmed motif. Lacking are "variation", "sites", "information" or "".
    """
    few = nsites < limits.min_sites
    low = (bits < limits.min_information) | (width < limits.min_width)
    conditions = [~varies, nsites == 0, few, low]
    status = np.select(conditions, ["dead", "dead", "too_few_sites", "low_information"], "motif")
    lacks = np.select(conditions, ["variation", "sites", "sites", "information"], "")
    return status.astype(object), lacks.astype(object)


def describe(
    counts: np.ndarray,
    nsites: np.ndarray,
    varies: np.ndarray,
    background: np.ndarray,
    limits: Limits,
) -> pd.DataFrame:
    """Describe each kernel's matrix: one row for each of counts (K, W, 4).

    Columns: status, lacks (see `judge`), nsites, information (bits of the columns kept), consensus
    (empty unless a motif), first and end (exclusive) of the columns kept.
    """
    bits = information(counts, background, limits.pseudocount)
    bits[counts.sum(axis=-1) == 0] = -1  # nothing was seen there, so it is never kept
    first, end = trim(bits, trim_thresholds(counts, limits.trim_information))
    column = np.arange(bits.shape[1])
    kept = (column >= first[:, None]) & (column < end[:, None])
    total = np.where(kept, np.maximum(bits, 0), 0).sum(axis=1)
    status, lacks = judge(varies, nsites, total, end - first, limits)
    spelled = [
        consensus(probabilities(counts[k, first[k] : end[k]], background, limits.pseudocount))
        if s == "motif"
        else ""
        for k, s in enumerate(status)
    ]
    columns = {"status": status, "lacks": lacks, "nsites": nsites, "information": total}
    return pd.DataFrame(columns | {"consensus": spelled, "first": first, "end": end})


class Motif(NamedTuple):
    """A motif: its name, a second name (may be empty), probabilities (w, 4), number of sites.

    nsites is 0 where a motif was not made of sites or a file does not say.
    """

    name: str
    alternate: str
    ppm: np.ndarray
    nsites: int


MAX_BITS = 2.0


def letter_heights(ppm: np.ndarray) -> np.ndarray:
    """Heights (width, 4) in bits of the letters of a logo.

    Each column's information over a uniform background, 2 - entropy, is shared among its letters
    by probability (Schneider and Stephens 1990); no small-sample correction is made.
    """
    ppm = np.asarray(ppm, float)
    logs = np.log2(ppm, out=np.zeros_like(ppm), where=ppm > 0)
    return ppm * np.maximum(MAX_BITS + (ppm * logs).sum(axis=1, keepdims=True), 0)
