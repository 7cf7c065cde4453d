# The inputs of the worked examples. Experiments of your own need none of this.

RECIPE = yaml.safe_load(Path(workflow.source_path("../../resources/demo/recipe.yaml")).read_text())


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
