"""DNA encoded as base codes and one-hot arrays, always in the order A, C, G, T.

Codes are uint8 of shape (n, length): A 0, C 1, G 2, T 3, anything else 4. One-hot arrays are uint8
of shape (n, length, 4); any base other than A, C, G or T is a row of zeros.
"""

import numpy as np

ALPHABET = "ACGT"
N_CODE = 4
# By byte: neither an IUPAC letter of DNA, in either case, nor the gap "-".
IS_NOT_DNA = ~np.isin(np.arange(256), list(b"ACGTNRYKMSWBDHVacgtnrykmswbdhv-"))

_CODE_OF_BYTE = np.full(256, N_CODE, np.uint8)
for _code, _letters in enumerate(("Aa", "Cc", "Gg", "Tt")):
    _CODE_OF_BYTE[list(_letters.encode())] = _code
_BYTE_OF_CODE = np.frombuffer(b"ACGTN", np.uint8)
_ONE_HOT_WORD = np.eye(N_CODE + 1, 4, dtype=np.uint8).view(np.uint32).ravel()
_COMPLEMENT_OF_CODE = np.array([3, 2, 1, 0, N_CODE], np.uint8)


def encode_bytes(letters: np.ndarray) -> np.ndarray:
    """Turn ASCII bytes (uint8, any shape) into base codes of the same shape; case is ignored."""
    return _CODE_OF_BYTE[letters]


def encode(sequences: list[str]) -> np.ndarray:
    """Turn sequences of equal length into codes (n, length).

    Raises ValueError if the lengths differ.
    """
    lengths = {len(s) for s in sequences}
    if len(lengths) > 1:
        raise ValueError(f"sequences of different lengths: {min(lengths)} to {max(lengths)}")
    letters = np.frombuffer("".join(sequences).encode("ascii"), np.uint8)
    return encode_bytes(letters).reshape(len(sequences), -1)


def decode(codes: np.ndarray) -> list[str]:
    """Turn codes (n, length) into upper-case sequences; code 4 becomes N."""
    return [row.tobytes().decode("ascii") for row in _BYTE_OF_CODE[codes]]


def one_hot(codes: np.ndarray) -> np.ndarray:
    """Turn codes (n, length) into a one-hot uint8 array (n, length, 4); code 4 becomes zeros."""
    # The four bytes of a base form one uint32: four times faster than indexing a (5, 4) table.
    return _ONE_HOT_WORD.take(codes).view(np.uint8).reshape(*codes.shape, 4)


def codes_from_one_hot(x: np.ndarray) -> np.ndarray:
    """Turn a one-hot array (n, length, 4) back into codes (n, length); zero rows become code 4.

    Raises ValueError if a row is neither one-hot nor all zeros.
    """
    n_ones = x.sum(axis=-1)
    if not (((x == 0) | (x == 1)).all() and (n_ones <= 1).all()):
        raise ValueError("rows that are neither one-hot nor all zeros")
    return np.where(n_ones == 1, x.argmax(axis=-1), N_CODE).astype(np.uint8)


def reverse_complement(codes: np.ndarray) -> np.ndarray:
    """Reverse-complement codes along the last axis."""
    return _COMPLEMENT_OF_CODE[codes[..., ::-1]]
