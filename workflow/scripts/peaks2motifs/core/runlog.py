"""Jobs of a run, read from Snakemake's log: when they started and ended, which failed.

The log is the text file that Snakemake 9 writes to .snakemake/log/. This module needs only the
standard library.
"""

import os
import re
from datetime import datetime
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

_STATS = re.compile(r"^Job stats:\njob +count\n-.+\n((?:\w+ +\d+\n)+?)total +\d+$", re.MULTILINE)
_TIME = re.compile(r"^ *\[(\w{3} \w{3} [ \d]\d [\d:]{8} \d{4})\]\n", re.MULTILINE)
_JOB = re.compile(r" *(?P<what>(?:local)?(?:rule|checkpoint)|Error in rule) (?P<rule>\w+)[:,]")
_JOBID = re.compile(r"^ +jobid: (\d+)$", re.MULTILINE)
_LOG = re.compile(r"^ +log: (.+?)(?:,.*)?(?: \(check log file.*)?$", re.MULTILINE)
_FINISHED = re.compile(r"Finished jobid: (\d+)")
_OVER = re.compile(r"^(?:Complete log|Elapsed time)", re.MULTILINE)
_TAIL = 4096  # bytes of a job's log in which its last line is looked for
_SKEW = 60  # seconds by which clocks may differ; an older log is that of an earlier run


class Job(NamedTuple):
    """A job that started: its rule, its first log file or "", its times, whether it failed, and
    whether it belongs to a group, which an executor runs as one job.
    """

    rule: str
    log: str
    began: datetime
    ended: datetime | None = None
    failed: bool = False
    grouped: bool = False


class Run(NamedTuple):
    """The number of jobs of each rule, the jobs that started, the first and last time stamp,
    whether the run ended, and whether it was a dry run.
    """

    planned: dict[str, int]
    jobs: list[Job]
    first: datetime | None
    last: datetime | None
    over: bool
    dry: bool


def read_run(text: str) -> Run:
    """Read a log; of a job that was retried, the last attempt counts."""
    stats = _STATS.search(text)
    planned = [line.split() for line in stats[1].splitlines()] if stats else []
    _, *parts = _TIME.split(text)
    times = [datetime.strptime(time, "%a %b %d %H:%M:%S %Y") for time in parts[::2]]
    jobs = {}
    for time, event in zip(times, parts[1::2], strict=True):
        _note(jobs, time, event)
    return Run(
        planned={rule: int(count) for rule, count in planned},
        jobs=list(jobs.values()),
        first=times[0] if times else None,
        last=times[-1] if times else None,
        over=bool(_OVER.search(parts[-1] if parts else text)),
        dry="This was a dry-run" in text,
    )


def _note(jobs: dict[str, Job], time: datetime, event: str) -> None:
    """Record, by its id, that a job started, ended or failed; ignore other events."""
    if found := _FINISHED.match(event):
        if found[1] in jobs:
            jobs[found[1]] = jobs[found[1]]._replace(ended=time, failed=False)
    elif (found := _JOB.match(event)) and (jobid := _JOBID.search(event)):
        log = _LOG.search(event)
        job = Job(found["rule"], log[1] if log else "", time, grouped=event.startswith(" "))
        if found["what"] == "Error in rule":
            job = jobs.get(jobid[1], job)._replace(ended=time, failed=True)
        jobs[jobid[1]] = job


def failures(run: Run) -> list[dict]:
    """List the jobs that failed in the end: `what`, `rule`, `log` and its last `line`.

    `what` is an experiment, or a folder of files that several experiments share. Snakemake reports
    all jobs of a group as failed. If some logs of the group's experiment end in an error, its other
    jobs are omitted.
    """
    jobs = [job for job in run.jobs if job.failed]
    rows = [
        {
            "what": "/".join(Path(job.log).parts[1:-1]) or "all experiments",
            "rule": job.rule,
            "log": job.log,
            "line": last_line(job.log, job.began),
        }
        for job in jobs
    ]
    errors = [row["line"].startswith("ERROR") for row in rows]
    grouped = [job.grouped for job in jobs]
    sure = {row["what"] for row, *both in zip(rows, errors, grouped, strict=True) if all(both)}
    return [
        row
        for row, error, some in zip(rows, errors, grouped, strict=True)
        if error or not some or row["what"] not in sure
    ]


def last_line(path: str, began: datetime) -> str:
    """Return the last line of a job's log, or "" if it wrote none since it began."""
    try:
        if os.path.getmtime(path) < began.timestamp() - _SKEW:
            return ""
        with open(path, "rb") as log:
            log.seek(max(log.seek(0, 2) - _TAIL, 0))
            lines = log.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def time_left(run: Run) -> tuple[float | None, list[str]]:
    """Estimate the remaining seconds, and list the rules without a finished job.

    A remaining job is assumed to take the mean time of its rule's finished jobs, at the parallelism
    so far. Rules without a finished job count as zero, so the estimate is a lower bound. It is None
    if no job has taken a second yet.
    """
    spent = {rule: [] for rule in run.planned if rule != "all"}  # the target, which runs nothing
    for job in run.jobs:
        if job.rule in spent and job.ended and not job.failed:
            spent[job.rule].append((job.ended - job.began).total_seconds())
    unknown = [rule for rule, times in spent.items() if not times]
    busy = sum(map(sum, spent.values()))
    if not busy:
        return None, unknown
    left = sum(fmean(s) * (run.planned[rule] - len(s)) for rule, s in spent.items() if s)
    return left * (run.last - run.first).total_seconds() / busy, unknown
