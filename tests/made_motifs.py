"""Motifs from a word, for tests."""

import numpy as np
from peaks2motifs.motifs.motif import Motif


def motif(word: str, nsites: int = 100, sure: float = 0.94) -> Motif:
    """A motif that spells `word`; "." is a column that tells nothing."""
    ppm = np.full((len(word), 4), (1 - sure) / 3)
    for i, letter in enumerate(word):
        ppm[i] = 0.25 if letter == "." else ppm[i]
        if letter != ".":
            ppm[i, "ACGT".index(letter)] = sure
    return Motif(word, "", ppm, nsites)
