# Simulated inputs with planted motifs: the genome and peaks of the embedded demo, and data sets for
# rows of the sample sheet. Your own experiments need none of this.

import yaml

RECIPE = yaml.safe_load(Path(workflow.source_path("../../resources/demo/recipe.yaml")).read_text())


wildcard_constraints:
    simulation=one_of(SIMULATE),


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
        all_simulations,
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
