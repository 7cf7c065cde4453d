"""Which family shows a k-mer of the score, if any does."""

import numpy as np
import pandas as pd

from peaks2motifs.core.limits import MAX_KMER_P, MIN_KMER_OVERLAP
from peaks2motifs.core.sequences import encode, one_hot
from peaks2motifs.motifs.motif import Motif
from peaks2motifs.motifs.similarity import nearest_families


def add_families(words: pd.DataFrame, families: list[Motif], threads: int) -> pd.DataFrame:
    """Add the column `family` to k-mers: the family with the most similar motif, or nothing.

    Similar is a p-value of at most `MAX_KMER_P` by Tomtom. The limit is wide, so that a k-mer that
    has no family is really shown by none.
    """
    if not len(words) or not families:
        return words.assign(family=pd.Series("", words.index, dtype=object))
    motifs = [Motif(kmer, "", word_matrix(kmer), 1) for kmer in words["kmer"]]
    alike = {"max_p": MAX_KMER_P, "min_overlap": MIN_KMER_OVERLAP}
    nearest, _ = nearest_families(motifs, families, alike, threads)
    names = np.array(["", *(family.name for family in families)], object)
    return words.assign(family=names[nearest])


def word_matrix(kmer: str) -> np.ndarray:
    """The matrix (w, 4) of a k-mer; N stands for all bases alike."""
    bases = one_hot(encode([kmer])[0]).astype(float)
    return np.where(bases.any(axis=1, keepdims=True), bases, 1 / bases.shape[1])
