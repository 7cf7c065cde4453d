"""Failed jobs are read from Snakemake's log."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from peaks2motifs.core.runlog import describe_failures, read_jobs

START = datetime(2026, 11, 21, 10, 0, 0)
STATS = """Building DAG of jobs...
Job stats:
job              count
-------------  -------
prepare_peaks        2
train_model          4
all                  1
total                7

Select jobs to execute...
"""


def at(seconds: int, text: str, indent: str = "") -> str:
    """One event of a log, so many seconds after the start."""
    time = (START + timedelta(seconds=seconds)).ctime()
    return "".join(f"{indent}{line}\n" for line in [f"[{time}]", *text.split("\n")])


def began(seconds: int, jobid: int, rule: str, experiment: str, indent: str = "") -> str:
    log = f"    output: x\n    log: logs/{experiment}/{rule}.log\n    jobid: {jobid}\n"
    return at(seconds, f"rule {rule}:\n    input: a, b\n{log}    threads: 1", indent)


def failed(seconds: int, jobid: int, rule: str, experiment: str, indent: str = "") -> str:
    log = f"    log: logs/{experiment}/{rule}.log, other.log (check log file(s) for error details)"
    return at(seconds, f"Error in rule {rule}:\n    jobid: {jobid}\n    input: a\n{log}", indent)


def done(seconds: int, jobid: int) -> str:
    return at(seconds, f"Finished jobid: {jobid} (Rule: any)") + "1 of 7 steps (14%) done\n"


def write_log(name: str, text: str) -> None:
    path = Path("logs", f"{name}.log")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder of results to be in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_failed_job_has_the_last_line_of_its_log():
    write_log("A/train_model", "epoch 1\nERROR: no peaks\n\n")
    jobs = read_jobs(STATS + began(0, 3, "train_model", "A") + failed(5, 3, "train_model", "A"))
    log = "logs/A/train_model.log"
    row = {"what": "A", "rule": "train_model", "log": log, "line": "ERROR: no peaks"}
    assert describe_failures(jobs) == [row]


def test_classes_and_files_of_several_experiments_are_named_by_their_folders():
    lines = [failed(1, 1, "a", "model/class"), failed(1, 2, "b", "genomes/hg38")]
    rows = describe_failures(read_jobs("".join(lines)))
    assert [row["what"] for row in rows] == ["model/class", "genomes/hg38"]
    text = failed(1, 3, "c", "x").replace("logs/x/c.log", "logs/c.log")
    assert describe_failures(read_jobs(text))[0]["what"] == "all experiments"


def test_a_job_that_ends_well_at_its_second_try_did_not_fail():
    tries = [began(0, 3, "train_model", "A"), failed(5, 3, "train_model", "A")]
    tries += [began(6, 3, "train_model", "A"), done(9, 3)]
    assert describe_failures(read_jobs("".join(tries))) == []
    assert len(describe_failures(read_jobs("".join(tries[:2])))) == 1
    assert describe_failures(read_jobs("".join(tries[:3]))) == []  # under way again


def test_the_log_of_an_earlier_run_is_not_read():
    write_log("A/train_model", "ERROR: of last week\n")
    os.utime("logs/A/train_model.log", (0, 0))
    assert describe_failures(read_jobs(failed(5, 3, "train_model", "A")))[0]["line"] == ""


def test_of_a_group_only_the_job_with_an_error_is_listed():
    """Snakemake says of each job of a group that it failed."""
    write_log("A/evaluate", "all is well\n")
    write_log("A/draw", "ERROR: no pen\n")
    jobs = [began(0, 1, "evaluate", "A", "    "), began(0, 2, "draw", "A", "    ")]
    jobs += [failed(9, 1, "evaluate", "A", "    "), failed(9, 2, "draw", "A", "    ")]
    jobs += [failed(9, 3, "train_model", "A"), failed(9, 4, "train_model", "B")]  # killed: no word
    rows = describe_failures(read_jobs("".join(jobs)))
    assert [row["rule"] for row in rows] == ["draw", "train_model", "train_model"]


def test_a_log_cut_off_anywhere_is_read():
    text = STATS + began(0, 1, "prepare_peaks", "A") + done(1, 1) + failed(2, 2, "train_model", "B")
    for end in range(len(STATS), len(text)):
        describe_failures(read_jobs(text[:end]))
