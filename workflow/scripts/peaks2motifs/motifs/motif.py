"""From counts to motifs: probabilities, information, trimmed flanks, consensus and status.

The matrices of K kernels form one array (K, W, 4). Narrow matrices are padded on the right with
columns of zeros. These have no information, so trimming removes them.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

# IUPAC letters by the sum of their bases' values: A 1, C 2, G 4, T 8.
_IUPAC_LETTERS = np.array(list("NACMGRSVTWYHKDBN"))
_BASE_VALUES = np.array([1, 2, 4, 8])


class Limits(NamedTuple):
    """What a kernel's matrix needs to be a motif, and how the motif is made from counts.

    Bits are those of `information`.
    """

    min_sites: int
    min_information: float  # bits, summed over the columns that trimming keeps
    min_width: int
    trim_information: float  # bits that the outermost columns need
    pseudocount: float  # of each column, divided by background frequencies


def base_frequencies(codes: np.ndarray) -> np.ndarray:
    """Measure the frequencies (4,) of A, C, G and T in codes of any shape, on both strands."""
    counts = np.bincount(codes.ravel(), minlength=5)[:4].astype(float)
    both = counts + counts[::-1]
    return both / both.sum() if both.sum() else np.full(4, 0.25)


def probabilities(counts: np.ndarray, background: np.ndarray, pseudocount: float) -> np.ndarray:
    """Convert counts (..., w, 4) to probabilities.

    The pseudocount of each column is divided among the bases by background frequencies (4,).
    Columns without counts get the background frequencies.
    """
    total = counts.sum(axis=-1, keepdims=True) + pseudocount
    empty = np.broadcast_to(background, counts.shape).copy()
    return np.divide(counts + pseudocount * background, total, out=empty, where=total > 0)


def information(counts: np.ndarray, background: np.ndarray, pseudocount: float) -> np.ndarray:
    """Measure the information (..., w) of each column of counts (..., w, 4), in bits.

    That is the Kullback-Leibler divergence from the background frequencies, less the mean for n
    random bases from the background, which is 3 / (2 n ln 2) bits. It is never below 0. The heights
    of a logo are another measure, see `letter_heights`.
    """
    ppm = probabilities(counts, background, pseudocount)
    divergence = (ppm * np.log2(np.maximum(ppm, 1e-12) / background)).sum(axis=-1)
    by_chance = 3 / (2 * np.log(2) * np.maximum(counts.sum(axis=-1), 1))
    return np.maximum(divergence - by_chance, 0)


def trim(bits: np.ndarray, threshold: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Trim the flanks of motifs: first and end (exclusive) of the columns that remain, both (K,).

    bits (K, W) is the information of the columns. Flanking columns below `threshold` bits, one
    number or (K,), are removed. Weak columns inside remain. If no column reaches the threshold,
    first and end are 0.
    """
    is_strong = bits >= np.reshape(threshold, (-1, 1))
    has_strong = is_strong.any(axis=1)
    first = np.where(has_strong, is_strong.argmax(axis=1), 0)
    end = np.where(has_strong, bits.shape[1] - is_strong[:, ::-1].argmax(axis=1), 0)
    return first, end


def trim_thresholds(counts: np.ndarray, least: float) -> np.ndarray:
    """Return the bits (K,) that the outermost columns of counts (K, W, 4) need, at least `least`.

    A column of few bases has more information by chance. Multiplied by 2 n ln 2, it follows a
    chi-squared distribution with three degrees of freedom. One value in 10,000 exceeds 21.11. If
    `least` is 0, all columns remain.
    """
    bases = np.maximum(counts.sum(axis=-1).max(axis=-1, initial=0), 1)
    by_chance = (21.11 - 3) / (2 * np.log(2) * bases)  # `information` subtracts the mean
    return np.maximum(least, by_chance) if least else np.zeros(len(counts))


def consensus(ppm: np.ndarray) -> str:
    """Spell probabilities (w, 4) in IUPAC letters, by the rules of Cavener.

    One base, if it has more than 1/2 and more than twice the second one. Two bases, if they have
    more than 3/4 together. Three bases, if the fourth is absent. Otherwise N (Cavener 1987, Nucleic
    Acids Res. 15:1353).
    """
    order = np.argsort(-ppm, axis=1, kind="stable")
    share = np.take_along_axis(ppm, order, axis=1)
    values = np.cumsum(_BASE_VALUES[order], axis=1)
    letters = np.where(share[:, 3] < 1e-3, values[:, 2], 15)
    letters = np.where(share[:, 0] + share[:, 1] > 0.75, values[:, 1], letters)
    is_single = (share[:, 0] > 0.5) & (share[:, 0] > 2 * share[:, 1])
    return "".join(_IUPAC_LETTERS[np.where(is_single, values[:, 0], letters)])


def judge_matrices(
    varies: np.ndarray, nsites: np.ndarray, bits: np.ndarray, width: np.ndarray, limits: Limits
) -> tuple[np.ndarray, np.ndarray]:
    """Give each matrix a status, and say what it lacks to be a motif, both (K,).

    varies (K,) says whether the activation differs between windows. nsites, bits (total) and width,
    all (K,), describe the trimmed motif. A matrix lacks "variation", "sites", "information" or "".
    """
    has_few_sites = nsites < limits.min_sites
    is_weak = (bits < limits.min_information) | (width < limits.min_width)
    conditions = [~varies, nsites == 0, has_few_sites, is_weak]
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
    """Describe the matrix of each kernel: one row for each of counts (K, W, 4).

    Columns: status and lacks, see `judge_matrices`; nsites; information, see the function, summed
    over the columns that remain; consensus, empty unless the kernel is a motif; first and end
    (exclusive) of the columns that remain.
    """
    bits = information(counts, background, limits.pseudocount)
    bits[counts.sum(axis=-1) == 0] = -1  # columns without counts never remain
    first, end = trim(bits, trim_thresholds(counts, limits.trim_information))
    column = np.arange(bits.shape[1])
    kept = (column >= first[:, None]) & (column < end[:, None])
    total = np.where(kept, np.maximum(bits, 0), 0).sum(axis=1)
    status, lacks = judge_matrices(varies, nsites, total, end - first, limits)
    ppms = probabilities(counts, background, limits.pseudocount)
    letters = [
        consensus(ppm[start:stop]) if kernel_status == "motif" else ""
        for ppm, start, stop, kernel_status in zip(ppms, first, end, status, strict=True)
    ]
    columns = {"status": status, "lacks": lacks, "nsites": nsites, "information": total}
    return pd.DataFrame(columns | {"consensus": letters, "first": first, "end": end})


class Motif(NamedTuple):
    """A motif: name, second name (may be empty), probabilities (w, 4) and number of sites.

    nsites is 0 if the motif was not made from sites or a file does not say.
    """

    name: str
    alternate: str
    ppm: np.ndarray
    nsites: int


MAX_BITS = 2.0


def letter_heights(ppm: np.ndarray) -> np.ndarray:
    """Compute the heights (w, 4) of a logo's letters in bits, from probabilities (w, 4).

    The information of a column over equal base frequencies, 2 - entropy, is divided among its
    letters by probability (Schneider and Stephens 1990). There is no small-sample correction, so
    heights do not sum to the bits of `information`.
    """
    ppm = np.asarray(ppm, float)
    logs = np.log2(ppm, out=np.zeros_like(ppm), where=ppm > 0)
    return ppm * np.maximum(MAX_BITS + (ppm * logs).sum(axis=1, keepdims=True), 0)
