"""A failed job gives one line on the terminal, and the traceback in its log."""

import subprocess
import sys

import pytest
from paths import ROOT

SCRIPTS = ROOT / "workflow" / "scripts"


def run(folder, deed: str) -> tuple[int, str, str]:
    """Run a line of Python in a job: exit status, what the terminal shows, what the log holds."""
    code = "from peaks2motifs.core.joblog import InputError, joblog\n"
    code += f"with joblog('logs/a.log'):\n    {deed}"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={"PYTHONPATH": str(SCRIPTS)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr, (folder / "logs/a.log").read_text()


def test_what_a_job_prints_is_in_its_log(tmp_path):
    assert run(tmp_path, "print('all is well')") == (0, "", "all is well\n")


def test_a_fault_of_the_input_is_one_line_in_both(tmp_path):
    line = "ERROR: a.bed, line 3: bad\n"
    assert run(tmp_path, "raise InputError('a.bed, line 3: bad')") == (1, line, line)


@pytest.mark.parametrize(
    ("deed", "line"),
    [
        ("open('none.fa')", "none.fa: No such file or directory"),
        ("open('logs')", "logs: Is a directory"),
        ("raise OSError(28, 'no space, says HDF5\\nat length')", "No space left on device"),
        ("raise ValueError('odd\\nvery odd')", "ValueError: odd"),
        ("assert False", "AssertionError"),
    ],
)
def test_any_other_failure_is_one_line_and_a_traceback_in_the_log(tmp_path, deed, line):
    status, terminal, log = run(tmp_path, deed)
    assert status == 1
    assert terminal.startswith(f"ERROR: {line}; ")
    assert terminal.endswith(" logs/a.log\n")
    assert "Traceback" in log
    assert log.endswith(terminal)
