# One leg: a trained network and new sequences, regions or a genome, to scores and to tracks.

PREDICT = config["predict"]


wildcard_constraints:
    predict=one_of(PREDICT),


def predicted(wildcards):
    """All files of `snakemake predict`."""
    if not PREDICT:
        refuse("config: predict: nothing there, expected a name, and experiment and input for it")
    return [
        f"results/{experiment}/predict/{name}.{'bw' if 'genome' in part else 'tsv.gz'}"
        for name, part in PREDICT.items()
        for experiment in PREDICTED[name]
    ]


def predicted_source(wildcards):
    """What is to be scored, by name: sequences, or a genome, its aliases, and regions if given."""
    part = PREDICT[wildcards.predict]
    if "sequences" in part:
        return {"sequences": addresses.at_hand(part["sequences"])}
    regions = {"regions": addresses.at_hand(part["regions"])} if "regions" in part else {}
    return predicted_genome(wildcards) | aliases_of(part["genome"]) | regions


def predicted_genome(wildcards):
    """The files of the genome of a prediction, by name."""
    fasta = f"results/genomes/{PREDICT[wildcards.predict]['genome']}/genome.fa"
    return {"fasta": fasta, "fai": f"{fasta}.fai"}


def stride_of(wildcards):
    """Bases from one window of a prediction to the next."""
    return PREDICT[wildcards.predict]["stride"]


rule predict:
    input:
        predicted,
    localrule: True


rule predict_windows:
    input:
        unpack(predicted_source),
        model=of_model("model.keras"),
    output:
        predictions="results/{experiment}/predict/{predict}.tsv.gz",
        best="results/{experiment}/predict/{predict}.best.tsv.gz",
    log:
        "logs/{experiment}/predict/{predict}.log",
    benchmark:
        "benchmarks/{experiment}/predict/{predict}.tsv"
    conda:
        "../../envs/keras.yaml"
    threads: config["training"]["threads"]
    resources:
        **needs("predict_windows"),
    params:
        code=code("predict_windows.py"),
        column=column_of,
        stride=stride_of,
        max_n_fraction=config["windows"]["max_n_fraction"],
        keras=KERAS,
    script:
        "../scripts/predict_windows.py"


rule write_tracks:
    input:
        unpack(predicted_genome),
        predictions="results/{experiment}/predict/{predict}.tsv.gz",
    output:
        bedgraph="results/{experiment}/predict/{predict}.bedgraph.gz",
        bigwig="results/{experiment}/predict/{predict}.bw",
    log:
        "logs/{experiment}/predict/{predict}.tracks.log",
    benchmark:
        "benchmarks/{experiment}/predict/{predict}.tracks.tsv"
    conda:
        "../../envs/windows.yaml"
    resources:
        **needs("write_tracks"),
    params:
        code=code("write_tracks.py"),
    script:
        "../scripts/write_tracks.py"
