"""What a job says, and where: everything into its log file, one line to the terminal."""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from peaks2motifs.checks.errors import InputError


@contextmanager
def joblog(path: str) -> Iterator[None]:
    """Send all that this process prints, C libraries included, to the file `path`.

    File descriptors 1 and 2 themselves are redirected, since TensorFlow and bedtools write past
    `sys.stderr`. An exception ends the process with exit status 1 and one line, in the log and on
    the terminal: an InputError's own, or what failed and where the log with the traceback lies.
    """
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    terminal = os.dup(2)
    with open(path, "w") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    sys.stdout.reconfigure(line_buffering=True)
    live.terminal, live.job = terminal, Path(path).parent.name
    try:
        yield
        _write_over("")
    except Exception as error:
        line = f"ERROR: {error}"
        if not isinstance(error, InputError):
            traceback.print_exc()
            line = f"ERROR: {_first_line(error)}; the whole story: {path}"
        print(line, file=sys.stderr, flush=True)
        _write_over("")
        os.write(terminal, f"{line}\n".encode())
        sys.exit(1)


def _first_line(error: Exception) -> str:
    """An exception in one line: a file and what the system says of it, or type and message."""
    if isinstance(error, OSError) and error.errno:
        said = os.strerror(error.errno)  # HDF5 says the same in three lines
        return f"{error.filename}: {said}" if error.filename else said
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def live(line: str) -> None:
    """Print a line of progress to the log, and over the last such line when run in a terminal.

    There it begins with the name of the log's folder, the experiment, as several may be under way.
    """
    print(line)
    _write_over(f"{live.job}: {line}")


def _write_over(line: str) -> None:
    """Put a line in the place of the terminal's last one; nothing when it is no terminal."""
    if os.isatty(live.terminal):
        os.write(live.terminal, f"\r\033[K{line}".encode())


live.terminal, live.job = 2, ""
