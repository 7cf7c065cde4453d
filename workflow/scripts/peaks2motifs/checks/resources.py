"""What a job asks a cluster for: memory, time, disk and GPUs, by the sizes of the user's files.

docs/cluster.md has measured these numbers.
"""

import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple

LINE, COMPRESSED = 20, 12  # bytes of a peak in a file, at the least
NO_FILE = 20_000  # peaks where a rule has yet to make the file
EXPANSION = 4  # bases for each byte of a compressed file, at the most

# MB of memory at the least, and more for every thousand windows; minutes at the least, and more
# for every million bases of windows. Some 300 MB are Snakemake's own. Rules that read whole genomes
# have these in their memory as well; to rules over all experiments each is a thousand windows.
NEEDS = {
    "simulate_demo": (600, 0, 10, 0),
    "fetch_input": (600, 0, 240, 0),
    "fetch_encode": (600, 0, 240, 0),
    "simulate_sequences": (1000, 0, 30, 0),
    "prepare_genome": (600, 0, 30, 0),
    "prepare_database": (600, 0, 20, 0),
    "prepare_peaks": (600, 5, 10, 0.1),
    "join_peaks": (600, 5, 10, 0.1),
    "import_sequences": (800, 5, 10, 0.1),
    "assign_splits": (600, 1, 10, 0.1),
    "sample_background": (600, 3, 10, 0.2),
    "sample_others": (600, 3, 10, 0.2),
    "build_dataset": (600, 2, 10, 0.2),
    "train_model": (1800, 4, 30, 0.04),
    "run_trial": (1800, 4, 30, 0.04),
    "apply_model": (1500, 5, 20, 0.2),
    "evaluate_model": (600, 2, 10, 0.1),
    "evaluate_classes": (600, 2, 10, 0.1),
    "find_sites": (1500, 5, 20, 0.2),
    "scan_sites": (900, 5, 10, 0.1),
    "describe_kernels": (700, 3, 10, 0.1),
    "group_families": (900, 5, 10, 0.1),
    "ablate_kernels": (1500, 5, 60, 0.2),
    "name_motifs": (800, 0, 20, 0),
    "run_tomtom": (600, 0, 240, 0),
    "export_motifs": (600, 0, 10, 0),
    "scan_known": (800, 2, 20, 0.1),
    "locate_families": (800, 5, 10, 0.1),
    "measure_score_parts": (800, 5, 10, 0.2),
    "compare_rules": (1000, 3, 20, 0.1),
    "explain_model": (1500, 5, 30, 0.2),
    "draw_kernels": (800, 5, 20, 0),
    "draw_attributions": (800, 0, 20, 0),
    "attribute_peaks": (1500, 5, 60, 0.2),
    "find_patterns": (2000, 5, 120, 0.2),
    "optimise_inputs": (1500, 0, 60, 0),
    "draw_inputs": (600, 0, 20, 0),
    "draw_logos": (800, 0, 20, 0),
    "write_report": (600, 1, 10, 0),
    "predict_windows": (2000, 5, 240, 0),
    "write_tracks": (2000, 5, 60, 0),
    "build_catalogue": (800, 2, 30, 0.1),
    "scan_catalogue": (800, 2, 20, 0.1),
    "call_cobinding": (800, 2, 20, 0.1),
    "write_catalogue": (600, 2, 20, 0),
    "write_method": (600, 2, 20, 0),
    "write_index": (600, 2, 20, 0),
    "write_class_index": (600, 2, 20, 0),
    "write_provenance": (600, 2, 20, 0),
    "compare_trials": (600, 0, 20, 0),
}
BY_EPOCH = ("train_model", "run_trial")  # their minutes are those of one epoch of one network
WHOLE_GENOME = (
    "prepare_genome",
    "sample_background",
    "sample_others",
    "build_dataset",
    "predict_windows",
)
ON_GPU = (
    *BY_EPOCH,
    "apply_model",
    "find_sites",
    "ablate_kernels",
    "explain_model",
    "attribute_peaks",
    "optimise_inputs",
    "predict_windows",
)


class Size(NamedTuple):
    """Windows that a job reads: how many, at the most, and how long they are."""

    windows: int
    length: int


def memory(rule: str, size: Size, genome: int, attempt: int) -> int:
    """The memory of a job in MB; `genome` is in bytes, and each attempt asks for more."""
    least, each_thousand, _, _ = NEEDS[rule]
    return attempt * round(least + each_thousand * size.windows / 1e3 + genome / 1e6)


def runtime(rule: str, size: Size, training: Mapping, attempt: int) -> int:
    """The minutes of a job; `training` is that section of the config."""
    _, _, least, each_million = NEEDS[rule]
    times = training["epochs"] * training["replicates"] if rule in BY_EPOCH else 1
    return attempt * round(least + each_million * size.windows * size.length / 1e6 * times)


def disk(size: Size, genome: int) -> int:
    """The disk of a job in MB."""
    return round(1000 + size.windows * (size.length + 1000) / 1e6 + genome / 1e6)


def gpus(rule: str, device: str) -> dict[str, int]:
    """The GPUs of a job by the resource's name; nothing for rules that never use one."""
    return {"gpu": int(device == "gpu")} if rule in ON_GPU else {}


def size_of_all(pages: int) -> Size:
    """The windows of a job over all experiments, which have so many pages."""
    return Size(1000 * pages, 1000)


def size_of_model(
    model: str, rows: Mapping, joint: Mapping, sequences: Mapping, config: Mapping
) -> Size:
    """The windows of a model.

    `rows`, `joint` and `sequences` are the tables of check.smk: rows of the sheet, joint models,
    and classes and files of labelled sequences.
    """
    if model in sequences:
        files = sequences[model][1].values()
        return sequence_windows([path for paths in files for path in paths], config)
    experiments = joint[model]["experiments"] if model in joint else [model]
    return peak_windows([rows[experiment]["peaks"] for experiment in experiments], config)


def sequence_windows(paths: Iterable[str], config: Mapping) -> Size:
    """The windows in files of labelled sequences; some are compressed to a quarter."""
    length = config["sequences"]["length"] or config["windows"]["length"]
    return Size(EXPANSION * sum(bytes_of(path) or 0 for path in paths) // length, length)


def peak_windows(paths: Iterable[str], config: Mapping) -> Size:
    """The windows of peaks in files, and those of their background."""
    peaks = sum(peaks_in(path, config["windows"]["max_peaks"]) for path in paths)
    strategy = config["background"]["strategy"]
    shares = strategy.values() if isinstance(strategy, Mapping) else [config["background"]["ratio"]]
    windows = 1 + sum(shares) + config["background"]["others"]
    return Size(peaks * windows, config["windows"]["length"])


def peaks_in(path: str, max_peaks: int) -> int:
    """How many peaks are read of a file, at the most, by its size; max_peaks 0 sets no limit."""
    size = bytes_of(path)
    peaks = NO_FILE if size is None else size // (COMPRESSED if path.endswith("gz") else LINE)
    return min(peaks, max_peaks or peaks)


def genome_size(
    rule: str, genome: str | None, experiment: str | None, rows: Mapping, genomes: Mapping
) -> int:
    """The bytes of the genome that a job holds in memory, at the most.

    A job is about a genome or about an experiment. `genomes` has the files of each genome.
    """
    if rule not in WHOLE_GENOME:
        return 0
    genome = genome or rows[experiment]["genome"]
    fasta = genomes[genome]["fasta"] if genome else ""
    return (bytes_of(fasta) or 0) * (EXPANSION if fasta.endswith("gz") else 1)


def bytes_of(path: str) -> int | None:
    """The size of a file, None where it has yet to be made."""
    return os.path.getsize(path) if os.path.isfile(path) else None
