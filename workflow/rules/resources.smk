# What each rule asks a cluster for, in Snakemake's standard names, as docs/cluster.md has measured it.

# Priorities of rules. Training has 0, Snakemake's default. Bad inputs are found before the first
# network is trained. A trained network's results are finished before the next one is trained, so
# pages appear one after the other.
BEFORE_TRAINING, AFTER_TRAINING = 10, 5

LINE, COMPRESSED = 20, 12  # bytes of a peak in a file, at the least
NO_FILE = 20_000  # peaks where a rule has yet to make the file

# MB of memory at the least, and more for every thousand windows; minutes at the least,
# and more for every million bases of windows. Some 300 MB are Snakemake's own. Rules that read whole
# genomes have these in their memory as well; to rules over all experiments each is a thousand
# windows.
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
    "locate_families": (800, 5, 10, 0.1),
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
WHOLE_GENOME = ("prepare_genome", "sample_background", "build_dataset", "predict_windows")
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


def needs(name):
    """The resources of a rule: functions of its wildcards, and of attempts, which ask for more."""
    least, each_thousand, minutes, each_million = NEEDS[name]
    epochs = config["training"]["epochs"] * config["training"]["replicates"]
    genome = genome_size if name in WHOLE_GENOME else lambda wildcards: 0

    def mem_mb(wildcards, attempt):
        windows, _ = size_of(sized_by(wildcards))
        return attempt * round(least + each_thousand * windows / 1e3 + genome(wildcards) / 1e6)

    def runtime(wildcards, attempt):
        windows, length = size_of(sized_by(wildcards))
        more = each_million * windows * length / 1e6
        return attempt * round(minutes + more * (epochs if name in BY_EPOCH else 1))

    def disk_mb(wildcards):
        windows, length = size_of(sized_by(wildcards))
        return round(1000 + windows * (length + 1000) / 1e6 + genome(wildcards) / 1e6)

    gpu = {"gpu": int(config["training"]["device"] == "gpu")} if name in ON_GPU else {}
    return {"mem_mb": mem_mb, "runtime": runtime, "disk_mb": disk_mb} | gpu


def sized_by(wildcards):
    """The model whose windows a job reads, or None for jobs over all experiments."""
    return model_of(wildcards) if hasattr(wildcards, "experiment") else None


def bytes_of(path):
    """The size of a file, None where it has yet to be made."""
    return os.path.getsize(path) if os.path.isfile(path) else None


def genome_size(wildcards):
    """The bytes of the genome of a job, at the most; of what is compressed they are four times."""
    genome = getattr(wildcards, "genome", None) or ROWS[wildcards.experiment]["genome"]
    fasta = GENOMES[genome]["fasta"] if genome else ""
    return (bytes_of(fasta) or 0) * (4 if fasta.endswith("gz") else 1)


@cache
def size_of(model):
    """How many windows a model has, at the most, by its files; and how long they are."""
    if model is None:
        return 1000 * len(PAGES), 1000
    length = config["windows"]["length"]
    if model in SEQUENCE_ROWS:
        length = config["sequences"]["length"] or length
        files = [path for each in SEQUENCE_ROWS[model][1].values() for path in each]
        return 4 * sum(bytes_of(path) or 0 for path in files) // length, length
    experiments = CLASSES[model] if model in JOINT else [model]
    peaks = sum(peaks_in(ROWS[each]["peaks"]) for each in experiments)
    return peaks * (1 + config["background"]["ratio"]), length


def peaks_in(path):
    """How many peaks a file has, at the most, by its size."""
    size = bytes_of(path)
    peaks = NO_FILE if size is None else size // (COMPRESSED if path.endswith("gz") else LINE)
    return min(peaks, config["windows"]["max_peaks"] or peaks)
