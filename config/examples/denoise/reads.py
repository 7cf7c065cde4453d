"""Reads of one template with errors, as long-read machines make them, and how far they are off."""

import numpy as np
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
    """Copy base codes (length,) with errors: `copies` arrays of codes, each of its own length.

    Each base of each copy is deleted with probability `delete`, else replaced by one of the three
    others with probability `substitute`; before each base a random one is inserted with probability
    `insert`. Errors are independent of each other, of the base and of its neighbours, which those
    of real machines are not. Raises ValueError when rates are below 0 or leave no room for a base.
    """
    if min(insert, delete, substitute) < 0 or insert > 1 or delete + substitute > 1:
        raise ValueError(f"error rates {insert}, {delete}, {substitute} are no probabilities")
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


def edit_distance(one: np.ndarray, other: np.ndarray) -> int:
    """Count the fewest insertions, deletions and substitutions that turn one array into the other.

    Levenshtein's distance, by rows of the usual table; each row is one pass over `other`.
    """
    column = np.arange(len(other) + 1)
    row = column
    for number, symbol in enumerate(one, 1):
        # Without insertions first; each of these then costs 1 for a step to the right.
        best = np.minimum(row + 1, np.append(number, row[:-1] + (other != symbol)))
        row = np.minimum.accumulate(best - column) + column
    return int(row[-1])
