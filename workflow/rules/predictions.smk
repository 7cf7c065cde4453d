# What `snakemake predict` is asked for: checked, and the functions that find its inputs.

PREDICT = config["predict"]


def check_predictions():
    """Refuse predictions of unknown experiments or genomes, or of none or two kinds of input."""
    for name, part in PREDICT.items():
        where = f"config: predict.{name}"
        experiments_of(name)
        found = [key for key in ("sequences", "regions", "genome") if key in part]
        if found not in (["sequences"], ["regions", "genome"], ["genome"]):
            refuse(
                f"{where}: {' and '.join(found) or 'no input'}, expected either sequences, or "
                "regions and genome, or genome alone"
            )
        if "genome" in part and part["genome"] not in config["genomes"]:
            known = ", ".join(config["genomes"])
            refuse(f"{where}.genome: {part['genome']!r} is not among genomes: {known}")


def experiments_of(name):
    """The experiments whose networks are asked."""
    return chosen(PREDICT[name]["experiment"], f"config: predict.{name}.experiment", PAGES)


def predicted(wildcards):
    """All files of `snakemake predict`."""
    if not PREDICT:
        refuse("config: predict: nothing there, expected a name, and experiment and input for it")
    return [
        f"results/{experiment}/predict/{name}.{'bw' if 'genome' in part else 'tsv.gz'}"
        for name, part in PREDICT.items()
        for experiment in experiments_of(name)
    ]


def predicted_source(wildcards):
    """What is to be scored, by name: sequences, or a genome, its aliases, and regions if given."""
    part = PREDICT[wildcards.predict]
    if "sequences" in part:
        return {"sequences": at_hand(part["sequences"])}
    regions = {"regions": at_hand(part["regions"])} if "regions" in part else {}
    return predicted_genome(wildcards) | aliases_of(part["genome"]) | regions


def predicted_genome(wildcards):
    """The files of the genome of a prediction, by name."""
    fasta = f"results/genomes/{PREDICT[wildcards.predict]['genome']}/genome.fa"
    return {"fasta": fasta, "fai": f"{fasta}.fai"}


def stride_of(wildcards):
    """Bases from one window of a prediction to the next."""
    return PREDICT[wildcards.predict]["stride"]


check_predictions()


wildcard_constraints:
    predict=one_of(PREDICT),
