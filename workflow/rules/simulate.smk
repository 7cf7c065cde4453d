# Sequences with planted motifs, whose places are known: the inputs of the embedded demo, and of rows of
# the sample sheet. Experiments of your own need none of this.

import yaml

RECIPE = yaml.safe_load(Path(workflow.source_path("../../resources/demo/recipe.yaml")).read_text())


wildcard_constraints:
    simulation=one_of(config["simulate"]),


def simulations(wildcards):
    """All data sets of `snakemake simulate`."""
    if not config["simulate"]:
        refuse("config: simulate: nothing to simulate, expected a name with motifs and length")
    return expand("results/simulations/{simulation}/dataset.h5", simulation=config["simulate"])


def simulated_database(wildcards):
    """The user's own file of motifs to plant, or nothing: JASPAR comes with its package."""
    source = config["simulate"][wildcards.simulation]["database"]
    return [] if source == "jaspar" else addresses.at_hand(source)


def simulation_options(wildcards):
    """The options of one simulation; without a seed of its own it has the config's."""
    options = config["simulate"][wildcards.simulation]
    options = options | {"database": addresses.at_hand(options["database"])}
    return options if options["seed"] is not None else options | {"seed": config["seed"]}


rule simulate_demo:
    output:
        genome="resources/demo/genome.fa.gz",
        blacklist="resources/demo/blacklist.bed",
        truth="resources/demo/truth.tsv",
        peaks=[f"resources/demo/{name}.narrowPeak.gz" for name in RECIPE["experiments"]],
    log:
        "logs/examples/simulate_demo.log",
    benchmark:
        "benchmarks/examples/simulate_demo.tsv"
    conda:
        "../../envs/motifs.yaml"
    resources:
        **needs("simulate_demo"),
    params:
        code=code("simulate_demo.py"),
        recipe=RECIPE,
    script:
        "../scripts/simulate_demo.py"


rule simulate:
    input:
        simulations,
    localrule: True


rule simulate_sequences:
    input:
        simulated_database,
    output:
        sequences="results/simulations/{simulation}/sequences.fa",
        background="results/simulations/{simulation}/background.fa",
        sites="results/simulations/{simulation}/sites.bed",
        motifs="results/simulations/{simulation}/motifs.meme",
        dataset="results/simulations/{simulation}/dataset.h5",
    log:
        "logs/simulations/{simulation}/simulate_sequences.log",
    benchmark:
        "benchmarks/simulations/{simulation}/simulate_sequences.tsv"
    conda:
        "../../envs/motifs.yaml"
    resources:
        **needs("simulate_sequences"),
    params:
        code=code("simulate_sequences.py"),
        options=simulation_options,
        release=config["names"]["release"],
        compression=config["dataset"]["compression"],
    script:
        "../scripts/simulate_sequences.py"
