"""The error that reports a mistake in the user's data or options."""

from collections.abc import Iterator
from contextlib import contextmanager


class InputError(ValueError):
    """A mistake in the user's data or options. One line says where it is and what was expected."""


@contextmanager
def located(where: str) -> Iterator[None]:
    """Put a place in front of the message of an InputError raised in this block."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
