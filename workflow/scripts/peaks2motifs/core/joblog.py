"""Job logs: all output goes to the log file, errors also as one line to the terminal."""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from peaks2motifs.checks.errors import InputError


@contextmanager
def joblog(path: str) -> Iterator[None]:
    """Redirect all output of this process, C libraries included, to the file `path`.

    File descriptors 1 and 2 are redirected, since TensorFlow and bedtools bypass `sys.stderr`. An
    exception ends the process with exit status 1 and one line, in the log and on the terminal: the
    message of an InputError, or the error and the path of the log with the traceback.
    """
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    terminal = os.dup(2)
    with open(path, "w") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    sys.stdout.reconfigure(line_buffering=True)
    try:
        yield
    except Exception as error:
        line = f"ERROR: {error}"
        if not isinstance(error, InputError):
            traceback.print_exc()
            line = f"ERROR: {_first_line(error)}; traceback in {path}"
        print(line, file=sys.stderr, flush=True)
        os.write(terminal, f"{line}\n".encode())
        sys.exit(1)


def _first_line(error: Exception) -> str:
    """Summarise an exception in one line: file and system error, or type and message."""
    if isinstance(error, OSError) and error.errno:
        reason = os.strerror(error.errno)  # HDF5's own message takes three lines
        return f"{error.filename}: {reason}" if error.filename else reason
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
