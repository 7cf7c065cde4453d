"""The error for what the user can mend, and where it is."""

from collections.abc import Iterator
from contextlib import contextmanager


class InputError(ValueError):
    """The user's data or options are at fault; one line says where and how to mend it."""


@contextmanager
def located(where: str) -> Iterator[None]:
    """Put `where` in front of the message of an InputError that is raised within."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
