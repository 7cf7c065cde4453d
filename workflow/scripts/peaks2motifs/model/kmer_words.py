"""The k-mers on which a model's score rests most, as words of IUPAC letters.

No kernel shows what the regression on gapped k-mers has learned. Its words do.
"""

import numpy as np
import pandas as pd

from peaks2motifs.core.sequences import ALPHABET
from peaks2motifs.model.kmers import PROFILES, UNKNOWN, count_kmers, kmer_bases

WORD_COLUMNS = ["kmer", "kmers", "share", "peaks_hit", "peaks", "background_hit", "background"]
MAX_WORDS = 20
_CANDIDATES = 500  # k-mers with the largest share, which are merged into words
_MAX_SHIFT = 3  # bases by which k-mers of one word may be shifted
_MIN_MATCHES = 4  # bases that they have in common, in excess of those in which they differ


def list_words(table: np.ndarray, codes: np.ndarray, y: np.ndarray) -> pd.DataFrame:
    """List the words with the largest share of the score, with the columns `WORD_COLUMNS`.

    `table` (UNKNOWN + 1, profiles) holds the weights of each k-mer in the model. Windows are base
    codes (n, L) and labels (n,). The share of a k-mer is what it contributes to the mean difference
    between peaks and background in the logit of the k-mers. K-mers that are alike are one word,
    named after the one with the largest share; N is any base. `kmers` is their number, `share`
    their sum; hits are windows with the k-mer itself, on either strand.
    """
    counts = count_kmers(codes)
    is_peak = y == 1
    difference = counts[is_peak].mean(axis=0) - counts[~is_peak].mean(axis=0)
    difference = np.asarray(difference).reshape(len(PROFILES), UNKNOWN + 1)
    contribution = (difference * table.T).sum(axis=0)
    best = np.argsort(-contribution[:UNKNOWN], kind="stable")[:_CANDIDATES]
    best = best[contribution[best] > 0]
    leader = merge_alike(kmer_bases(best))
    leaders = np.unique(leader)
    share = np.bincount(leader, contribution[best])[leaders] / contribution.sum()
    order = np.argsort(-share, kind="stable")[:MAX_WORDS]
    leaders, share = leaders[order], share[order]
    has_kmer = counts[:, best[leaders]] > 0  # the first profile is the whole window
    words = pd.DataFrame(
        {
            "kmer": [spell(bases) for bases in kmer_bases(best[leaders])],
            "kmers": np.bincount(leader)[leaders],
            "share": share,
            "peaks_hit": np.asarray(has_kmer[is_peak].sum(axis=0)).ravel(),
            "peaks": is_peak.sum(),
            "background_hit": np.asarray(has_kmer[~is_peak].sum(axis=0)).ravel(),
            "background": (~is_peak).sum(),
        }
    )
    return words[WORD_COLUMNS]


def merge_alike(kmers: np.ndarray) -> np.ndarray:
    """Give each of the k-mers (n, width, 4), best first, the first that it is alike (n,).

    Two are alike if, shifted by at most `_MAX_SHIFT` bases on either strand, they agree in at least
    `_MIN_MATCHES` more bases than they differ in.
    """
    alike = np.zeros((len(kmers), len(kmers)), bool)
    padded = np.pad(kmers, ((0, 0), (_MAX_SHIFT, _MAX_SHIFT), (0, 0)))
    width = kmers.shape[1]
    for strand in (kmers, kmers[:, ::-1, ::-1]):
        for start in range(2 * _MAX_SHIFT + 1):
            shifted = padded[:, start : start + width]
            matches = np.einsum("iwb,jwb->ij", strand, shifted)
            both = strand.sum(axis=2) @ shifted.sum(axis=2).T
            alike |= 2 * matches - both >= _MIN_MATCHES
    leader = np.full(len(kmers), -1)
    for kmer in range(len(kmers)):
        if leader[kmer] < 0:
            leader[(leader < 0) & alike[kmer]] = kmer
    return leader


def spell(bases: np.ndarray) -> str:
    """Spell a k-mer (width, 4), N where any base will do, without N at its end."""
    letters = np.where(bases.any(axis=1), np.array(list(ALPHABET))[bases.argmax(axis=1)], "N")
    return "".join(letters).rstrip("N")
