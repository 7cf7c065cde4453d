"""Jobs of a run, read from Snakemake's log: which failed, and why.

The log is the text file that Snakemake 9 writes to .snakemake/log/. This module needs only the
standard library.
"""

import os
import re
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

_TIME = re.compile(r"^ *\[(\w{3} \w{3} [ \d]\d [\d:]{8} \d{4})\]\n", re.MULTILINE)
_JOB = re.compile(r" *(?P<what>(?:local)?(?:rule|checkpoint)|Error in rule) (?P<rule>\w+)[:,]")
_JOBID = re.compile(r"^ +jobid: (\d+)$", re.MULTILINE)
_LOG = re.compile(r"^ +log: (.+?)(?:,.*)?(?: \(check log file.*)?$", re.MULTILINE)
_FINISHED = re.compile(r"Finished jobid: (\d+)")
_TAIL = 4096  # bytes at the end of a job's log in which its last line is looked for
_CLOCK_ERROR = 60  # seconds by which clocks may differ; an older log is that of an earlier run


class Job(NamedTuple):
    """A job that started: its rule, its first log file or "", when it started, whether it failed,
    and whether it belongs to a group, which an executor runs as one job.
    """

    rule: str
    log: str
    started: datetime
    failed: bool = False
    grouped: bool = False


def read_jobs(text: str) -> list[Job]:
    """Read the jobs from the text of a log; of a job that was retried, the last attempt counts."""
    _, *parts = _TIME.split(text)
    times = [datetime.strptime(time, "%a %b %d %H:%M:%S %Y") for time in parts[::2]]
    jobs = {}
    for time, event in zip(times, parts[1::2], strict=True):
        _record_event(jobs, time, event)
    return list(jobs.values())


def _record_event(jobs: dict[str, Job], time: datetime, event: str) -> None:
    """Record, by its id, that a job started, finished or failed; ignore other events."""
    if finished := _FINISHED.match(event):
        if finished[1] in jobs:
            jobs[finished[1]] = jobs[finished[1]]._replace(failed=False)
    elif (start := _JOB.match(event)) and (jobid := _JOBID.search(event)):
        log = _LOG.search(event)
        job = Job(start["rule"], log[1] if log else "", time, grouped=event.startswith(" "))
        if start["what"] == "Error in rule":
            job = jobs.get(jobid[1], job)._replace(failed=True)
        jobs[jobid[1]] = job


def describe_failures(jobs: list[Job]) -> list[dict]:
    """List the jobs that failed in the end: `what`, `rule`, `log` and its last `line`.

    `what` is an experiment, or a folder of files that several experiments share. Snakemake reports
    all jobs of a group as failed. If some logs of the group's experiment end in an error, its other
    jobs are omitted.
    """
    jobs = [job for job in jobs if job.failed]
    rows = [
        {
            "what": "/".join(Path(job.log).parts[1:-1]) or "all experiments",
            "rule": job.rule,
            "log": job.log,
            "line": last_line(job.log, job.started),
        }
        for job in jobs
    ]
    has_error = [row["line"].startswith("ERROR") for row in rows]
    explained = {
        row["what"]
        for row, job, error in zip(rows, jobs, has_error, strict=True)
        if error and job.grouped
    }
    return [
        row
        for row, job, error in zip(rows, jobs, has_error, strict=True)
        if error or not job.grouped or row["what"] not in explained
    ]


def last_line(path: str, started: datetime) -> str:
    """Return the last line of a job's log, or "" if it wrote none since it started."""
    try:
        if os.path.getmtime(path) < started.timestamp() - _CLOCK_ERROR:
            return ""
        with open(path, "rb") as log:
            log.seek(max(log.seek(0, 2) - _TAIL, 0))
            lines = log.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
