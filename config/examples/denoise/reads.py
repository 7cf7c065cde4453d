"""Simulated reads of one template with errors of long-read sequencing, and edit distances."""

import numpy as np
from Bio.Align import PairwiseAligner
from peaks2motifs.core.sequences import ALPHABET

BASES = len(ALPHABET)


def simulate_reads(
    template: np.ndarray,
    copies: int,
    insert: float,
    delete: float,
    substitute: float,
    rng: np.random.Generator,
) -> list[np.ndarray]:
    """Copy base codes (length,) with errors: `copies` arrays of different lengths.

    Each base is deleted with probability `delete`, or replaced by one of the three others with
    probability `substitute`. Before each base a random one is inserted with probability `insert`.
    Unlike those of real reads, errors do not depend on each other or on the sequence. Raises
    ValueError if rates are not probabilities.
    """
    if min(insert, delete, substitute) < 0 or insert > 1 or delete + substitute > 1:
        raise ValueError(f"error rates {insert}, {delete}, {substitute} are not probabilities")
    size = (copies, len(template))
    inserted = rng.integers(0, BASES, size, np.uint8)
    shift = rng.integers(1, BASES, size, np.uint8)  # to one of the other three
    fate = rng.random(size)
    replaced = (fate >= delete) & (fate < delete + substitute)
    copied = np.where(replaced, (template + shift) % BASES, template).astype(np.uint8)
    symbols = np.stack([inserted, copied], axis=2)
    kept = np.stack([rng.random(size) < insert, fate >= delete], axis=2)
    ends = np.cumsum(kept.sum(axis=(1, 2)))
    return np.split(symbols[kept], ends[:-1])


def edit_distance(first: np.ndarray, second: np.ndarray) -> int:
    """Count the fewest insertions, deletions and substitutions between two arrays of symbols."""
    if not len(first) or not len(second):
        return max(len(first), len(second))
    aligner = PairwiseAligner(mode="global", match_score=0, mismatch_score=-1, gap_score=-1)
    return -int(aligner.score(*(bytes(symbols.tolist()) for symbols in (first, second))))
