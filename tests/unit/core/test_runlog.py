"""Snakemake's log read as failed jobs, progress and remaining time."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from peaks2motifs.core.runlog import failures, read_run, time_left
from show_progress import newest_run, show_progress

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
    run = read_run(STATS + began(0, 3, "train_model", "A") + failed(5, 3, "train_model", "A"))
    log = "logs/A/train_model.log"
    row = {"what": "A", "rule": "train_model", "log": log, "line": "ERROR: no peaks"}
    assert failures(run) == [row]


def test_classes_and_files_of_several_experiments_are_named_by_their_folders():
    lines = [failed(1, 1, "a", "model/class"), failed(1, 2, "b", "genomes/hg38")]
    rows = failures(read_run("".join(lines)))
    assert [row["what"] for row in rows] == ["model/class", "genomes/hg38"]
    text = failed(1, 3, "c", "x").replace("logs/x/c.log", "logs/c.log")
    assert failures(read_run(text))[0]["what"] == "all experiments"


def test_a_job_that_ends_well_at_its_second_try_did_not_fail():
    tries = [began(0, 3, "train_model", "A"), failed(5, 3, "train_model", "A")]
    tries += [began(6, 3, "train_model", "A"), done(9, 3)]
    assert failures(read_run("".join(tries))) == []
    assert len(failures(read_run("".join(tries[:2])))) == 1
    assert failures(read_run("".join(tries[:3]))) == []  # under way again


def test_the_log_of_an_earlier_run_is_not_read():
    write_log("A/train_model", "ERROR: of last week\n")
    os.utime("logs/A/train_model.log", (0, 0))
    assert failures(read_run(failed(5, 3, "train_model", "A")))[0]["line"] == ""


def test_of_a_group_only_the_job_with_an_error_is_listed():
    """Snakemake says of each job of a group that it failed."""
    write_log("A/evaluate", "all is well\n")
    write_log("A/draw", "ERROR: no pen\n")
    jobs = [began(0, 1, "evaluate", "A", "    "), began(0, 2, "draw", "A", "    ")]
    jobs += [failed(9, 1, "evaluate", "A", "    "), failed(9, 2, "draw", "A", "    ")]
    jobs += [failed(9, 3, "train_model", "A"), failed(9, 4, "train_model", "B")]  # killed: no word
    rows = failures(read_run("".join(jobs)))
    assert [row["rule"] for row in rows] == ["draw", "train_model", "train_model"]


def test_time_left_by_hand():
    """Two jobs of 10 s each side by side, then one of four of 60 s: 180 s of work are left, of
    which 80 s of work took 70 s.
    """
    text = STATS + began(0, 1, "prepare_peaks", "A") + began(0, 2, "prepare_peaks", "B")
    text += done(10, 1) + done(10, 2) + began(10, 3, "train_model", "A")
    assert time_left(read_run(text)) == (0, ["train_model"])
    left, unknown = time_left(read_run(text + done(70, 3)))
    assert left == pytest.approx(180 * 70 / 80)
    assert unknown == []


def test_progress_counts_by_rule_and_says_what_it_does_not_know():
    now = START + timedelta(seconds=100)
    text = (
        STATS + began(0, 1, "prepare_peaks", "A") + done(10, 1) + began(10, 3, "train_model", "A")
    )
    lines = show_progress(read_run(text), now).split("\n")
    assert [line.split() for line in lines[:3]] == [
        ["prepare_peaks", "1", "of", "2"],
        ["train_model", "0", "of", "4,", "1", "begun"],
        ["all", "0", "of", "1"],
    ]
    assert "1 of 7 jobs done; at least 0:00:10 left, rules with no job done: 1." in lines[3]
    assert lines[3].endswith("Last heard of 0:01:30 ago")
    later = show_progress(read_run(text), now + timedelta(hours=1))
    assert later.endswith("Last heard of 1:01:30 ago: killed, if no Snakemake is running")
    first = show_progress(read_run(STATS), now)
    assert first.endswith("0 of 7 jobs done; no job has begun")
    begun = show_progress(read_run(STATS + began(0, 1, "prepare_peaks", "A")), now)
    assert "time left unknown" in begun


def test_progress_of_a_failed_run():
    write_log("A/prepare_peaks", "ERROR: A.bed, line 2\n")
    text = STATS + began(0, 1, "prepare_peaks", "A") + failed(1, 1, "prepare_peaks", "A")
    lines = show_progress(read_run(text), START).split("\n")
    assert lines[-2] == "A: prepare_peaks failed: ERROR: A.bed, line 2"
    assert "1 failed, and what needs them will not run" in lines[-1]
    over = show_progress(read_run(text + "Complete log(s): x\n"), START)
    assert over.endswith("; ended 2026-11-21 10:00:01")


def test_a_log_cut_off_anywhere_is_read():
    text = STATS + began(0, 1, "prepare_peaks", "A") + done(1, 1) + failed(2, 2, "train_model", "B")
    for end in range(len(STATS), len(text)):
        show_progress(read_run(text[:end]), START)


def test_the_newest_run_that_did_something_is_taken(folder):
    logs = folder / ".snakemake/log"
    logs.mkdir(parents=True)
    (logs / "1.snakemake.log").write_text(STATS.replace("4", "5"))
    (logs / "2.snakemake.log").write_text(STATS)
    (logs / "3.snakemake.log").write_text("Nothing to be done\n")
    (logs / "4.snakemake.log").write_text(STATS + "This was a dry-run (flag -n).\n")
    assert newest_run(folder).planned == {"prepare_peaks": 2, "train_model": 4, "all": 1}


def test_without_a_run_that_is_said(folder):
    with pytest.raises(SystemExit, match="no log of a run"):
        newest_run(folder)
