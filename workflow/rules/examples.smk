# The inputs of the worked examples. Experiments of your own need none of this.

RECIPE = workflow.source_path("../../resources/demo/recipe.yaml")


rule simulate_demo:
    input:
        recipe=RECIPE,
    output:
        genome="resources/demo/genome.fa.gz",
        blacklist="resources/demo/blacklist.bed",
        truth="resources/demo/truth.tsv",
        peaks=[
            f"resources/demo/{name}.narrowPeak.gz"
            for name in yaml.safe_load(Path(RECIPE).read_text())["experiments"]
        ],
    params:
        code=code("simulate_demo.py"),
    log:
        "logs/examples/simulate_demo.log",
    benchmark:
        "benchmarks/examples/simulate_demo.tsv"
    conda:
        "../../envs/motifs.yaml"
    script:
        "../scripts/simulate_demo.py"
