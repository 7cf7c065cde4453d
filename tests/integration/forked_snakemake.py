"""Snakemake, imported once and forked for each command, which halves the time of its start.

A process of this script reads commands from its input, one JSON object a line, and answers each
with a line: its exit status. What a command prints goes to a file.
"""

import json
import os
import sys

sys.path.pop(0)  # this folder, which a user's Snakemake does not see

import smart_open  # noqa: F401 (one of the slow imports that Snakemake leaves for later)
import snakemake.report.html_reporter  # noqa: F401
from snakemake.cli import main


def become_snakemake(folder: str, arguments: list[str], environment: dict[str, str], printed: str):
    """Run a command in a folder as if a shell had started it."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for stream in (1, 2):
        os.dup2(os.open(printed, os.O_WRONLY | os.O_APPEND), stream)
    sys.argv = ["snakemake", *arguments]
    sys.exit(main(arguments))


for line in sys.stdin:
    child = os.fork()
    if not child:
        become_snakemake(**json.loads(line))
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
