# What each rule asks a cluster for, in Snakemake's standard names, by the room `checks`.

# Priorities of rules. Training has 0, Snakemake's default. Bad inputs are found before the first
# network is trained. A trained network's results are finished before the next one is trained, so
# pages appear one after the other.
BEFORE_TRAINING, AFTER_TRAINING = 10, 5
OF_ALL = resources.size_of_all(len(PAGES))


def needs(name):
    """The resources of a rule: functions of its wildcards, and of attempts, which ask for more."""

    def mem_mb(wildcards, attempt):
        return resources.memory(name, size_of(wildcards), genome_size(name, wildcards), attempt)

    def runtime(wildcards, attempt):
        return resources.runtime(name, size_of(wildcards), config["training"], attempt)

    def disk_mb(wildcards):
        return resources.disk(size_of(wildcards), genome_size(name, wildcards))

    gpu = resources.gpus(name, config["training"]["device"])
    return {"mem_mb": mem_mb, "runtime": runtime, "disk_mb": disk_mb} | gpu


def size_of(wildcards):
    """The windows that a job reads: those of its model, or of all experiments."""
    return size_of_model(model_of(wildcards)) if hasattr(wildcards, "experiment") else OF_ALL


@cache
def size_of_model(model):
    """The windows of a model; each of its jobs asks."""
    return resources.size_of_model(model, ROWS, JOINT, SEQUENCE_ROWS, config)


def genome_size(rule, wildcards):
    """The bytes of the genome of a job."""
    genome, experiment = wildcards.get("genome"), wildcards.get("experiment")
    return resources.genome_size(rule, genome, experiment, ROWS, GENOMES)
