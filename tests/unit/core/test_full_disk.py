"""HDF5 files on a disk that is full for a moment: the writer fails, and does not leave out data.

A limit on the size of files stands for the disk. It holds from the last rows until the datasets are
closed, when HDF5 writes what it still keeps in memory and h5py ignores its errors. Writers run
in processes of their own, since a failed write may kill them.
"""

import subprocess
import sys

import pytest
from paths import ROOT

COMMON = """
import builtins, os, resource, sys
import numpy as np, pandas as pd
path, is_full = sys.argv[1], sys.argv[2] == "full"
HARD = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
def fill_disk():
    if is_full:
        resource.setrlimit(resource.RLIMIT_FSIZE, (os.path.getsize(path), HARD))
def empty_disk(*_, **__):
    resource.setrlimit(resource.RLIMIT_FSIZE, (HARD, HARD))
builtins.print = empty_disk  # a line for the log comes when the datasets are closed
def report(write, *arguments):
    try:
        write(*arguments)
    except OSError as error:
        os.write(1, type(error).__name__.encode())
        os._exit(0)  # before the file is closed once more
"""
WRITERS = {
    "dataset": """
from peaks2motifs.data import dataset
codes = np.random.default_rng(0).integers(0, 4, (1000, 50)).astype(np.uint8)
table = pd.DataFrame({"chrom": "c", "start": 50 * np.arange(1000), "name": "w", "strand": "+"})
table = table.assign(end=table["start"] + 50, label=np.arange(1000) % 2)
to_records = dataset._to_records
def last_step(rows, dtype):
    fill_disk()
    return to_records(rows, dtype)
dataset._to_records = last_step
report(dataset.write_dataset, path, {"train": table}, lambda rows: codes[rows.index], {})
""",
    "arrays": """
from peaks2motifs.core.arrays import write_arrays
class Arrays(dict):
    def items(self):
        for item in super().items():
            fill_disk()
            yield item
            empty_disk()
report(write_arrays, path, Arrays(a=np.random.default_rng(0).random((300, 50))))
""",
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize(("disk", "raised"), [("empty", ""), ("full", "OSError")])
def test_a_writer_fails_if_the_disk_is_full_when_data_leave_memory(tmp_path, writer, disk, raised):
    command = [sys.executable, "-c", COMMON + WRITERS[writer], str(tmp_path / "x.h5"), disk]
    library = {"PYTHONPATH": str(ROOT / "workflow/scripts")}
    done = subprocess.run(command, env=library, stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout == raised
