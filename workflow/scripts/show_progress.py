"""Show how far the run in this folder is, by rule, and the time left, from Snakemake's own log.

No rule runs it: `make progress` does, and `python .../show_progress.py` in any folder of results.
"""

import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from peaks2motifs.core.runlog import Run, failures, read_run, time_left

MOST = 20  # failures that are listed
SILENT = 600  # seconds after which a run may have been killed


def newest_run(folder: Path) -> Run:
    """Read the newest log of a run that had something to do."""
    for path in sorted(folder.glob(".snakemake/log/*.snakemake.log"), reverse=True):
        run = read_run(path.read_text(errors="replace"))
        if run.planned and not run.dry:
            return run
    sys.exit(f"no log of a run in {folder.resolve()}/.snakemake/log")


def show_progress(run: Run, now: datetime) -> str:
    """A line for each rule, then what failed and what is to come."""
    state = {rule: Counter() for rule in run.planned}
    for job in run.jobs:
        word = "failed" if job.failed else "done" if job.ended else "begun"
        state.setdefault(job.rule, Counter())[word] += 1
    width = max(map(len, state))
    lines = []
    for rule, counts in state.items():
        notes = "".join(f", {counts[word]} {word}" for word in ("begun", "failed") if counts[word])
        lines.append(f"{rule:{width}} {counts['done']:>5} of {run.planned.get(rule, 0)}{notes}")
    rows = failures(run)
    lines += [
        f"{row['what']}: {row['rule']} failed: {row['line'] or row['log']}" for row in rows[:MOST]
    ]
    lines += [f"and {len(rows) - MOST} more"] if len(rows) > MOST else []
    return "\n".join([*lines, outlook(run, now)])


def outlook(run: Run, now: datetime) -> str:
    """How much is done and what is to be expected, as far as the log can tell."""
    done = sum(job.ended is not None and not job.failed for job in run.jobs)
    failed = sum(job.failed for job in run.jobs)
    line = f"{done} of {sum(run.planned.values())} jobs done"
    line += f", {failed} failed, and what needs them will not run" if failed else ""
    if run.over:
        return f"{line}; ended {run.last}"
    if run.last is None:
        return f"{line}; no job has begun"
    left, unknown = time_left(run)
    if left is None:
        line += "; time left unknown, as no job has taken a second"
    else:
        line += f"; {'at least ' if unknown else 'about '}{hours(left)} left"
        line += f", rules with no job done: {len(unknown)}" if unknown else ""
    silent = (now - run.last).total_seconds()
    line += f". Last heard of {hours(silent)} ago"
    return f"{line}: killed, if no Snakemake is running" if silent > SILENT else line


def hours(seconds: float) -> str:
    """Seconds as h:mm:ss."""
    return str(timedelta(seconds=round(seconds)))


if __name__ == "__main__":
    print(show_progress(newest_run(Path()), datetime.now()))
