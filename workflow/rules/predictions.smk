# What `snakemake predict` is asked for: checked, and the functions that find its inputs.

PREDICT = config["predict"]
TRACKS = {  # each track by its name in results/: whose, and of which class
    track: (name, label)
    for name, part in PREDICT.items()
    if "genome" in part
    for track, label in [(name, None)] + [(f"{name}.{label}", label) for label in part["classes"]]
}


def check_predictions():
    """Refuse predictions of unknown experiments or genomes, or of none or two kinds of input."""
    for name, part in PREDICT.items():
        where = f"config: predict.{name}"
        for experiment in experiments_of(name):
            if experiment not in EXPERIMENTS:
                known = ", ".join(EXPERIMENTS)
                refuse(f"{where}.experiment: {experiment!r}, expected all or some of {known}")
        found = [key for key in ("sequences", "regions", "genome") if key in part]
        if found not in (["sequences"], ["regions", "genome"], ["genome"]):
            refuse(
                f"{where}: {' and '.join(found) or 'no input'}, expected either sequences, or "
                "regions and genome, or genome alone"
            )
        if "genome" in part and part["genome"] not in config["genomes"]:
            known = ", ".join(config["genomes"])
            refuse(f"{where}.genome: {part['genome']!r} is not among genomes: {known}")
        if "genome" not in part and part["classes"]:
            refuse(f"{where}.classes: only what lies on a genome has tracks")
        for label in part["classes"]:
            if TRACKS[f"{name}.{label}"] != (name, label) or f"{name}.{label}" in PREDICT:
                refuse(f"{where}.classes: another track is named {name}.{label} too")


def experiments_of(name):
    """The experiments whose networks are asked."""
    named = PREDICT[name]["experiment"]
    return EXPERIMENTS if named == "all" else [named] if isinstance(named, str) else named


def predicted(wildcards):
    """All files of `snakemake predict`."""
    if not PREDICT:
        refuse("config: predict: nothing there, expected a name, and experiment and input for it")
    scores = [
        f"results/{experiment}/predict/{name}.tsv.gz"
        for name in PREDICT
        for experiment in experiments_of(name)
    ]
    tracks = [
        f"results/{experiment}/predict/{track}.bw"
        for track, (name, _) in TRACKS.items()
        for experiment in experiments_of(name)
    ]
    return scores + tracks


def predicted_source(wildcards):
    """What is to be scored, by name: sequences, or a genome, its aliases, and regions if given."""
    part = PREDICT[wildcards.predict]
    if "sequences" in part:
        return {"sequences": part["sequences"]}
    regions = {"regions": part["regions"]} if "regions" in part else {}
    return predicted_genome(wildcards.predict) | aliases_of(part["genome"]) | regions


def predicted_genome(name):
    """The files of the genome of a prediction, by name."""
    fasta = f"results/genomes/{PREDICT[name]['genome']}/genome.fa"
    return {"fasta": fasta, "fai": f"{fasta}.fai"}


def track_source(wildcards):
    """The scores that a track shows, and their genome."""
    name, _ = TRACKS[wildcards.track]
    scores = f"results/{wildcards.experiment}/predict/{name}.tsv.gz"
    return {"predictions": scores} | predicted_genome(name)


def stride_of(wildcards):
    """Bases from one window of a prediction to the next."""
    return PREDICT[wildcards.predict]["stride"]


def class_of(wildcards):
    """The class that a track shows, or nothing: the highest score of all."""
    return TRACKS[wildcards.track][1]


check_predictions()


wildcard_constraints:
    predict="|".join(map(re.escape, PREDICT)) or "(?!)",
    track="|".join(map(re.escape, TRACKS)) or "(?!)",
