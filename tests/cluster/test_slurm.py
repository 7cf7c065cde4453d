"""The demo through `--workflow-profile slurm`: cancelled, resumed, killed for memory, retried."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from integration.conftest import copy_project

from .conftest import said, wait_for

pytestmark = pytest.mark.slow

CONFIG = {
    "experiments": "config/one.tsv",
    "model": {"kmers": False},
    "training": {"epochs": 3, "replicates": 1, "device": "gpu"},
    "names": {"taxa": ["insects"], "shuffles": 1},
    "evaluation": {"bootstraps": 10},
}
HERE = ["--slurm-status-command", "squeue", "--slurm-init-seconds-before-status-checks", "5"]
PAGE, INDEX = "results/SRF/report.html", "results/index.html"
UNITS = {"K": 1 / 1024, "M": 1}
TOO_LITTLE = ["--set-resources", "train_model:mem_mb=600 * attempt ** 2"]


@contextmanager
def snakemake(project: Path, profile: str, *arguments: str) -> Iterator[subprocess.Popen]:
    """Have Snakemake run with a profile, its output in run.log."""
    command = [Path(sys.executable).with_name("snakemake"), "--workflow-profile", profile]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.Popen(
        [*command, *arguments],
        cwd=project,
        stdout=(project / "run.log").open("w"),
        stderr=subprocess.STDOUT,
        env=os.environ | {"PATH": path},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # shells' jobs ignore it
    )
    try:
        yield run
    finally:
        run.kill()


def jobs() -> list[dict[str, str]]:
    """What SLURM knows of its jobs, oldest first."""
    lines = said("scontrol", "--oneliner", "--all", "show", "job").splitlines()
    found = [dict(re.findall(r"(\S+?)=(\S*)", line)) for line in lines if "JobId=" in line]
    return sorted(found, key=lambda job: int(job["JobId"]))


def rule_of(job: dict[str, str]) -> str:
    """The rule of a job, or its group."""
    name = job["Comment"].removeprefix("rule_").partition("_wildcards_")[0]
    return next(
        (group for group in ("windows", "kernels", "pages") if name.startswith(f"{group}_")), name
    )


def sample_memory(used: dict[str, float], finished: threading.Event) -> None:
    """Note the most memory, in MB, that was seen of each running job."""
    while not finished.wait(1):
        running = [job["JobId"] for job in jobs() if job["JobState"] == "RUNNING"]
        steps = ["sstat", "--allsteps", "--noheader", "--parsable2", "--format=JobID,MaxRSS"]
        sums = dict.fromkeys(running, 0.0)
        for line in said(*steps, f"--jobs={','.join(running)}").splitlines() if running else []:
            step, size = line.split("|")
            sums[step.partition(".")[0]] += float(size.rstrip("KM") or 0) * UNITS.get(size[-1:], 0)
        used |= {job: max(used.get(job, 0), now) for job, now in sums.items()}


def job_table(used: dict[str, float]) -> str:
    """Every job of SLURM: attempt, state, memory asked and used, GPU, seconds."""
    row = "{:18}{:>8}{:>11}{:>9}{:>9}{:>5}{:>6}".format
    rows, attempts = [row("job", "attempt", "state", "MB asked", "MB used", "GPU", "s")], {}
    for job in jobs():
        rule = rule_of(job)
        attempts[rule] = attempts.get(rule, 0) + 1
        hours, minutes, seconds = map(int, job["RunTime"].split(":"))
        memory, gpu = job["MinMemoryNode"].rstrip("M"), job.get("TresPerJob", "")[-1:]
        peak = f"{used.get(job['JobId'], 0):.0f}"
        time = 3600 * hours + 60 * minutes + seconds
        rows.append(row(rule, attempts[rule], job["JobState"], memory, peak, gpu, time))
    return "\n".join(rows)


def small_demo(folder: Path) -> Path:
    """A copy of the project with the demo made small."""
    copy_project(folder)
    config = yaml.safe_load((folder / "config/config.yaml").read_text())
    (folder / "config/config.yaml").write_text(yaml.safe_dump(config | CONFIG))
    rows = (folder / "config/experiments.tsv").read_text().splitlines()
    (folder / "config/one.tsv").write_text("\n".join(rows[:2]))
    return folder


@pytest.fixture(scope="module")
def project(slurm, tmp_path_factory) -> Path:
    """The demo in which the runs go on from each other."""
    return small_demo(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def used(slurm) -> Iterator[dict[str, float]]:
    """The most memory, in MB, that was seen of each job so far."""
    peaks, finished = {}, threading.Event()
    sampler = threading.Thread(target=sample_memory, args=(peaks, finished), daemon=True)
    sampler.start()
    yield peaks
    finished.set()
    sampler.join()


@pytest.fixture(scope="module")
def cancelled(project, used) -> str:
    """What the first run printed, which was interrupted in training."""

    def is_training() -> bool:
        """a network is trained"""
        assert run.poll() is None, (project / "run.log").read_text()
        return (project / "logs/SRF/train_model.log").is_file()

    with snakemake(project, "slurm", PAGE, *HERE) as run:
        wait_for(is_training, 600)
        run.send_signal(signal.SIGINT)
        assert run.wait(30)
    return (project / "run.log").read_text()


def test_a_cancelled_run_leaves_no_job_behind(cancelled):
    wait_for(lambda: not said("squeue", "--noheader"), 10)
    assert [job["JobState"] for job in jobs()][-1] == "CANCELLED"


@pytest.fixture(scope="module")
def resumed(project, cancelled, used) -> str:
    """What the second run printed, in which training asks for too little memory at first."""
    with snakemake(project, "slurm", *HERE, *TOO_LITTLE) as run:
        done = run.wait(1200)
    printed = (project / "run.log").read_text()
    print("", job_table(used), sep="\n")
    assert done == 0, printed
    return printed


def test_a_resumed_run_makes_only_what_is_missing(project, resumed):
    for page in (PAGE, "results/SRF/motifs.homer", "results/catalogue/index.html", INDEX):
        assert (project / page).is_file()
    assert "rule train_model" in resumed
    assert "rule simulate_demo" not in resumed
    assert "rule build_dataset" not in resumed


def test_a_job_killed_for_memory_is_retried_with_more(resumed, slurm):
    training = [job for job in jobs() if rule_of(job) == "train_model"][1:]
    assert [job["JobState"] for job in training] == ["FAILED", "COMPLETED"]
    assert [job["MinMemoryNode"] for job in training] == ["600M", "2400M"]
    assert "exceeded memory limit" in (slurm / "slurmd.log").read_text()


def test_jobs_with_a_network_ask_for_a_gpu_and_no_others(resumed):
    asked = {rule_of(job) for job in jobs() if job.get("TresPerJob", "").endswith("gpu:1")}
    assert asked == {"train_model", "apply_model", "ablate_kernels"}


def test_light_rules_of_an_experiment_are_one_job(resumed):
    names = [rule_of(job) for job in jobs()]
    assert [names.count(group) for group in ("windows", "kernels", "pages")] == [1, 1, 1]
    assert not {"build_dataset", "group_families", "write_report"} & set(names)


def test_jobs_go_through_sbatch_as_well(slurm, tmp_path):
    folder = small_demo(tmp_path / "project")
    often = ["--seconds-between-status-checks", "1"]
    before = len(jobs())
    with snakemake(folder, "slurm-generic", "results/SRF/peaks.bed", *often) as run:
        assert run.wait(300) == 0, (folder / "run.log").read_text()
    states = {job["JobName"]: job["JobState"] for job in jobs()[before:]}
    names = ("simulate_demo", "prepare_genome", "windows_prepare_peaks")
    assert states == dict.fromkeys(names, "COMPLETED")
