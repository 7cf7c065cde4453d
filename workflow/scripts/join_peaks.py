"""Join the windows of several experiments for a joint model, with a label per experiment."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from peaks2motifs.core.arrays import write_arrays
from peaks2motifs.core.joblog import InputError, joblog
from peaks2motifs.core.tables import read_bed, read_tsv, write_bed, write_tsv
from peaks2motifs.data.genome import chrom_sizes
from peaks2motifs.data.intervals import BED3, merge
from peaks2motifs.data.joint_windows import join_windows


def join_peaks(
    experiments: Sequence[str],
    peaks: Sequence[str],
    regions: Sequence[str],
    chromosomes: Sequence[str],
    fasta: str,
    task: str,
    output: dict[str, str],
) -> None:
    """Write the files of `prepare_peaks`, and labels.h5: `labels` uint8 (n, T), a row per peak.

    `peaks`, `regions` and `chromosomes` are files of the experiments; `output` names peaks,
    regions, chromosomes, qc and labels. For the task multiclass, peaks of several experiments are
    dropped. Raises InputError if no window remains.
    """
    tables = {name: read_bed(path) for name, path in zip(experiments, peaks, strict=True)}
    windows, labels = join_windows(tables, chrom_sizes(fasta))
    is_shared = labels.sum(axis=1) > 1 if task == "multiclass" else np.zeros(len(windows), bool)
    if is_shared.all():
        raise InputError(
            f"{', '.join(experiments)}: all {len(windows)} windows are peaks of several experiments"
        )
    qc = count_windows(sum(map(len, tables.values())), windows, labels, is_shared, experiments)
    print(qc.to_string(index=False))
    write_tsv(qc, output["qc"])
    write_bed(windows[~is_shared], output["peaks"])
    write_arrays(output["labels"], {"labels": labels[~is_shared]})
    write_bed(
        merge(pd.concat([read_bed(path, BED3) for path in regions]), f"{fasta}.fai"),
        output["regions"],
    )
    names = pd.concat([read_tsv(path, dtype=str) for path in chromosomes])
    write_tsv(names.drop_duplicates("peaks_name"), output["chromosomes"])


def count_windows(
    read: int,
    windows: pd.DataFrame,
    labels: np.ndarray,
    is_shared: np.ndarray,
    experiments: Sequence[str],
) -> pd.DataFrame:
    """Tabulate `what count note`: windows read, dropped, kept, and those of each experiment."""
    rows = [
        ("peaks_read", read, "windows of all experiments"),
        ("dropped_near_identical", read - len(windows), "one window stands for several peaks"),
        ("dropped_several_classes", is_shared.sum(), "peaks of more than one class"),
        ("kept", (~is_shared).sum(), ""),
    ]
    rows += [
        (f"of_{name}", count, "")
        for name, count in zip(experiments, labels[~is_shared].sum(axis=0, dtype=int), strict=True)
    ]
    return pd.DataFrame(rows, columns=["what", "count", "note"])


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        join_peaks(
            experiments=snakemake.params.experiments,
            peaks=snakemake.input.peaks,
            regions=snakemake.input.regions,
            chromosomes=snakemake.input.chromosomes,
            fasta=snakemake.input.fasta,
            task=snakemake.params.task,
            output=dict(snakemake.output.items()),
        )
