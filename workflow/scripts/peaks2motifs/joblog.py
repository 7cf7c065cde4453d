"""What a job says, and where: everything into its log file, one line to the terminal."""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class InputError(ValueError):
    """The user's data or options are at fault; one line says where and how to mend it."""


@contextmanager
def joblog(path: str) -> Iterator[None]:
    """Send all that this process prints, C libraries included, to the file `path`.

    File descriptors 1 and 2 themselves are redirected, since TensorFlow and bedtools write past
    `sys.stderr`. An InputError ends the process with exit status 1 and its one line, in the log
    and on the terminal; any other exception leaves its traceback in the log.
    """
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    terminal = os.dup(2)
    with open(path, "w") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    sys.stdout.reconfigure(line_buffering=True)
    live.terminal = terminal
    try:
        yield
    except InputError as error:
        print(f"ERROR: {error}", file=sys.stderr, flush=True)
        os.write(terminal, f"ERROR: {error}\n".encode())
        sys.exit(1)
    except Exception:
        traceback.print_exc()
        sys.exit(1)


def live(line: str) -> None:
    """Print a line of progress to the log, and over the last such line when run in a terminal."""
    print(line)
    if os.isatty(live.terminal):
        os.write(live.terminal, f"\r\033[K{line}".encode())


live.terminal = 2
