"""A SLURM of one node, for as long as tests run: no database, no cgroups, /dev/null for a GPU."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scontrol", "scancel")
# The executor plugin takes SLURM_CONF out of its jobs' environment: no other place is left.
CONF = Path("/etc/slurm/slurm.conf")
PORT = 16817  # and the next one

SLURM_CONF = """
ClusterName=peaks2motifs
SlurmctldHost={node}(127.0.0.1)
SlurmctldPort={port}
SlurmdPort={next_port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
MailProg=/bin/true
# A job that holds more memory than it asked for is killed at the next look, every second.
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
MinJobAge=3600
KillWait=2
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
GresTypes=gpu
NodeName={node} NodeAddr=127.0.0.1 CPUs={cores} RealMemory={memory} Gres=gpu:1
PartitionName=all Nodes={node} Default=YES MaxTime=INFINITE State=UP
"""


def why_not() -> str:
    """Why no SLURM can be started here, or nothing."""
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        return f"no {', '.join(missing)}: apt-get install slurmctld slurmd slurm-client munge"
    if not find_spec("snakemake_executor_plugin_slurm"):
        return "no snakemake-executor-plugin-slurm: make setup"
    if os.geteuid():
        return "not root, as which slurmd runs"
    return f"{CONF} is there: a SLURM of this machine's own" if CONF.exists() else ""


@contextmanager
def daemon(*command: str) -> Iterator[None]:
    """Have a program run."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def write_settings(folder: Path) -> None:
    """Write what the three daemons read."""
    for name in ("state", "spool"):
        (folder / name).mkdir()
    key = folder / "munge.key"
    key.touch(mode=0o600)
    key.write_bytes(os.urandom(1024))
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    (folder / "slurm.conf").write_text(
        SLURM_CONF.format(
            folder=folder,
            node=socket.gethostname().partition(".")[0],
            port=PORT,
            next_port=PORT + 1,
            cores=os.cpu_count(),
            memory=pages * size * 9 // 10 // 2**20,
        )
    )
    (folder / "gres.conf").write_text("Name=gpu File=/dev/null\n")


def said(*command: str) -> str:
    """What a command prints."""
    return subprocess.run(command, text=True, capture_output=True, check=False).stdout.strip()


def wait_for(happened, seconds: float) -> None:
    """Wait until something is true, or fail."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"not within {seconds} s: {happened.__doc__}"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def slurm(tmp_path_factory) -> Iterator[Path]:
    """A running SLURM; the folder of its logs."""
    if reason := why_not():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("slurm")
    folder.chmod(0o755)
    write_settings(folder)

    def is_idle() -> bool:
        """the node is idle"""
        return said("sinfo", "--noheader", "--format=%T") == "idle"

    settings = f"{folder}/slurm.conf"  # gres.conf is looked for beside it
    with ExitStack() as stack:
        CONF.parent.mkdir(exist_ok=True)
        CONF.unlink(missing_ok=True)  # a dead link of tests that were killed
        CONF.symlink_to(settings)
        stack.callback(CONF.unlink)
        stack.enter_context(
            daemon(
                "munged",
                "--foreground",
                "--force",
                f"--key-file={folder}/munge.key",
                f"--socket={folder}/munge.socket",
                f"--pid-file={folder}/munge.pid",
                f"--log-file={folder}/munge.log",
                f"--seed-file={folder}/munge.seed",
            )
        )
        wait_for((folder / "munge.socket").exists, 10)
        stack.enter_context(daemon("slurmctld", "-D", "-f", settings))
        stack.enter_context(daemon("slurmd", "-D", "-f", settings))
        wait_for(is_idle, 30)
        stack.callback(said, "scancel", "--user=root")
        yield folder
