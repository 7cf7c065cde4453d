"""Recognise gzip files, and refuse broken ones; needs only the standard library."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from peaks2motifs.core.joblog import InputError

GZIP_START = b"\x1f\x8b"  # the first bytes of a gzip file
GZIP_ERRORS = (EOFError, gzip.BadGzipFile, zlib.error)  # of broken or truncated gzip files


def is_gzip(path: str) -> bool:
    """Return whether a file is gzipped, by its first bytes."""
    with open(path, "rb") as file:
        return file.read(len(GZIP_START)) == GZIP_START


@contextmanager
def refuse_broken_gzip(path: str) -> Iterator[None]:
    """Turn errors of decompressing the file `path` into InputError."""
    try:
        yield
    except GZIP_ERRORS as error:
        raise InputError(f"{path}: broken or truncated gzip file: {error}") from None
