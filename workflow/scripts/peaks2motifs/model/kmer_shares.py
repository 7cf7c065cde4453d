"""The k-mers that contribute most to the score of the gapped k-mers of a model.

No kernel shows what the regression on gapped k-mers has learned. This list does.
"""

import numpy as np
import pandas as pd

from peaks2motifs.core.sequences import ALPHABET
from peaks2motifs.core.subsample import pick_evenly_per_group
from peaks2motifs.model.kmers import PROFILES, UNKNOWN, count_kmers, kmer_bases

COLUMNS = ["kmer", "similar", "share", "peaks_hit", "peaks", "background_hit", "background"]
MAX_KMERS = 20
MAX_BASES = 400_000  # of peaks, and of background, in which k-mers are counted
CANDIDATES = 500  # k-mers with the largest contribution, of which similar ones are one row
MAX_SHIFT = 3  # bases by which similar k-mers may be shifted
MIN_MATCHES = 4  # bases in which they agree, less those in which they differ


def list_kmers(table: np.ndarray, codes: np.ndarray, y: np.ndarray) -> pd.DataFrame:
    """List the k-mers with the largest share of the score, with the columns `COLUMNS`.

    `table` (UNKNOWN + 1, profiles) holds the weights of each k-mer in the model. Windows are base
    codes (n, L) and labels (n,); without peaks or background there are no rows. A k-mer contributes
    its part of the mean difference between peaks and background in the logit of the k-mers. Its
    share is that of the sum of all positive contributions. Similar k-mers are one row, named after
    the one with the largest share; N is any base. `similar` is their number, `share` their sum.
    Hits are windows with the k-mer itself, on either strand.
    """
    rows = pick_evenly_per_group(y, max(MAX_BASES // codes.shape[1], 1))
    counts, is_peak = count_kmers(codes[rows]), y[rows] == 1
    if is_peak.all() or not is_peak.any():
        return pd.DataFrame(columns=COLUMNS)
    difference = counts[is_peak].mean(axis=0) - counts[~is_peak].mean(axis=0)
    difference = np.asarray(difference).reshape(len(PROFILES), UNKNOWN + 1)
    contribution = (difference * table.T).sum(axis=0)[:UNKNOWN].clip(min=0)
    best = np.argsort(-contribution, kind="stable")[:CANDIDATES]
    best = best[contribution[best] > 0]
    is_richer = difference[0, best] > 0  # the first profile is the whole window
    first = merge_similar(kmer_bases(best), is_richer)
    share = np.bincount(first, contribution[best], len(best)) / max(contribution.sum(), 1e-300)
    shown = np.argsort(-share, kind="stable")[:MAX_KMERS]
    shown = shown[share[shown] > 0]
    has_kmer = counts[:, best[shown]] > 0
    columns = {
        "kmer": [spell(bases) for bases in kmer_bases(best[shown])],
        "similar": np.bincount(first, minlength=len(best))[shown],
        "share": share[shown],
        "peaks_hit": np.asarray(has_kmer[is_peak].sum(axis=0)).ravel(),
        "peaks": is_peak.sum(),
        "background_hit": np.asarray(has_kmer[~is_peak].sum(axis=0)).ravel(),
        "background": (~is_peak).sum(),
    }
    return pd.DataFrame(columns)[COLUMNS]


def merge_similar(kmers: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Give each of the k-mers (n, width, 4), best first, the first similar one of its group (n,).

    Two are similar if, shifted by at most `MAX_SHIFT` bases on either strand, they agree in at
    least `MIN_MATCHES` more bases than they differ in.
    """
    is_similar = np.zeros((len(kmers), len(kmers)), bool)
    padded = np.pad(kmers, ((0, 0), (MAX_SHIFT, MAX_SHIFT), (0, 0)))
    width = kmers.shape[1]
    for strand in (kmers, kmers[:, ::-1, ::-1]):
        for start in range(2 * MAX_SHIFT + 1):
            shifted = padded[:, start : start + width]
            matches = np.einsum("iwb,jwb->ij", strand, shifted)
            compared = strand.sum(axis=2) @ shifted.sum(axis=2).T
            is_similar |= 2 * matches - compared >= MIN_MATCHES
    is_similar &= group[:, None] == group
    first = np.full(len(kmers), -1)
    for kmer in range(len(kmers)):
        if first[kmer] < 0:
            first[(first < 0) & is_similar[kmer]] = kmer
    return first


def spell(bases: np.ndarray) -> str:
    """Spell a k-mer (width, 4), N where any base will do, without N at its end."""
    letters = np.where(bases.any(axis=1), np.array(list(ALPHABET))[bases.argmax(axis=1)], "N")
    return "".join(letters).rstrip("N")
