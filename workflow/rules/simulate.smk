# Sequences with planted motifs, whose truth is known: inputs for rows of the sample sheet.


wildcard_constraints:
    simulation=one_of(config["simulate"]),


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
