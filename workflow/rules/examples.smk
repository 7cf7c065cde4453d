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
    params:
        code=code("simulate_demo.py"),
        recipe=RECIPE,
    script:
        "../scripts/simulate_demo.py"


localrules:
    fetch_yeast,
    fetch_yeast_genome,


rule fetch_yeast:  # a copy of `local` where that file exists, else what `url` holds
    output:
        "resources/yeast/peaks/{factor}.bed",
    log:
        "logs/examples/fetch_yeast_{factor}.log",
    benchmark:
        "benchmarks/examples/fetch_yeast_{factor}.tsv"
    wildcard_constraints:
        factor="[A-Za-z0-9]+",
    conda:
        "../../envs/windows.yaml"
    params:
        code=code("fetch_yeast.py"),
        url="https://raw.githubusercontent.com/CEGRcode/2021-Rossi_Nature/master/04_ChExMix_Peaks/{factor}_CX.bed",
        local="../shared/data/yeast/peaks/{factor}.bed",
    script:
        "../scripts/fetch_yeast.py"


use rule fetch_yeast as fetch_yeast_genome with:
    output:
        "resources/yeast/S_cerevisiae.fa.gz",
    log:
        "logs/examples/fetch_yeast_genome.log",
    benchmark:
        "benchmarks/examples/fetch_yeast_genome.tsv"
    params:
        code=code("fetch_yeast.py"),
        url="https://hgdownload.soe.ucsc.edu/goldenPath/sacCer3/bigZips/sacCer3.fa.gz",
        local="../shared/data/yeast/S_cerevisiae.fa.gz",
