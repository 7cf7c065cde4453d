"""Which family shows a k-mer of the score, if any does."""

import numpy as np
import pandas as pd

from peaks2motifs.core.limits import MAX_KMER_P, MIN_KMER_OVERLAP
from peaks2motifs.core.sequences import encode, one_hot
from peaks2motifs.motifs.motif import Motif
from peaks2motifs.motifs.similarity import nearest_families


def add_families(
    kmers: pd.DataFrame, motifs: list[Motif], verdicts: list[str], supported: np.ndarray
) -> pd.DataFrame:
    """Add `family` and `verdict` to k-mers: the family whose motif is similar, or nothing.

    `motifs`, `verdicts` and `supported` (F,) are those of the families. Similar is a p-value of at
    most `MAX_KMER_P` by Tomtom. The most similar supported family is taken, and if there is none
    the most similar other one: among dozens of families one is often similar by chance.
    """
    queries = [Motif(kmer, "", to_matrix(kmer), 1) for kmer in kmers["kmer"]]
    nearest = np.full(len(queries), -1)
    for chosen in (~supported, supported):
        candidates = np.flatnonzero(chosen)
        if len(queries) and len(candidates):
            found, _ = nearest_families(
                queries,
                [motifs[number] for number in candidates],
                {"max_p": MAX_KMER_P, "min_overlap": MIN_KMER_OVERLAP},
                1,
            )
            nearest = np.where(found > 0, candidates[found - 1], nearest)
    names = [motif.name for motif in motifs]
    return kmers.assign(
        family=["" if number < 0 else names[number] for number in nearest],
        verdict=["" if number < 0 else verdicts[number] for number in nearest],
    )


def to_matrix(kmer: str) -> np.ndarray:
    """The matrix (w, 4) of a k-mer; N stands for all bases alike."""
    bases = one_hot(encode([kmer])[0]).astype(float)
    return np.where(bases.any(axis=1, keepdims=True), bases, 1 / bases.shape[1])
