# One leg: everything a person reads, for each experiment and over all of them.

PAGE = {
    "style": workflow.source_path("../report/style.css"),
    "script": workflow.source_path("../report/page.js"),
}
REPORT_TEMPLATE = workflow.source_path("../report/report.html.jinja")
INDEX_TEMPLATE = workflow.source_path("../report/index.html.jinja")


rule draw_logos:
    input:
        families="results/{experiment}/families.tsv",
        motifs="results/{experiment}/families.meme",
    output:
        directory("results/{experiment}/logos"),
    log:
        "logs/{experiment}/draw_logos.log",
    benchmark:
        "benchmarks/{experiment}/draw_logos.tsv"
    conda:
        "../../envs/report.yaml"
    params:
        code=code("draw_logos.py"),
    script:
        "../scripts/draw_logos.py"


rule write_report:
    input:
        **PAGE,
        template=REPORT_TEMPLATE,
        roc="results/{experiment}/plots/roc.svg",
        pr="results/{experiment}/plots/pr.svg",
        calibration="results/{experiment}/plots/calibration.svg",
        scores="results/{experiment}/plots/scores.svg",
        confusion="results/{experiment}/plots/confusion.svg",
        history="results/{experiment}/plots/history.svg",
        metrics="results/{experiment}/metrics.json",
        kernels="results/{experiment}/kernels.tsv",
        families="results/{experiment}/families.tsv",
        families_meme="results/{experiment}/families.meme",
        motifs_meme="results/{experiment}/motifs.meme",
        sites="results/{experiment}/sites.bed.gz",
        peaks="results/{experiment}/peaks.bed",
        peaks_qc="results/{experiment}/peaks.qc.tsv",
        chromosomes="results/{experiment}/chromosomes.tsv",
        background_qc="results/{experiment}/background.qc.tsv",
        splits="results/{experiment}/splits.bed",
    output:
        "results/{experiment}/report.html",
    log:
        "logs/{experiment}/write_report.log",
    benchmark:
        "benchmarks/{experiment}/write_report.tsv"
    conda:
        "../../envs/report.yaml"
    params:
        code=code("write_report.py"),
        experiment="{experiment}",
        factor=factor_of,
        genome=genome_name_of,
        background=strategy_of,
        version=VERSION,
        config_digest=digest_of(*RESULTS),
        seed=config["seed"],
        command=COMMAND,
    script:
        "../scripts/write_report.py"


rule write_index:
    input:
        **PAGE,
        template=INDEX_TEMPLATE,
        metrics=expand("results/{experiment}/metrics.json", experiment=EXPERIMENTS),
        families=expand("results/{experiment}/families.tsv", experiment=EXPERIMENTS),
        families_meme=expand("results/{experiment}/families.meme", experiment=EXPERIMENTS),
        peaks_qc=expand("results/{experiment}/peaks.qc.tsv", experiment=EXPERIMENTS),
    output:
        "results/index.html",
    log:
        "logs/write_index.log",
    benchmark:
        "benchmarks/write_index.tsv"
    conda:
        "../../envs/report.yaml"
    params:
        code=code("write_index.py"),
        experiments=EXPERIMENTS,
        factors=list(SHEET.factor),
        genomes=list(SHEET.genome),
        version=VERSION,
        config_digest=digest_of(*RESULTS),
        seed=config["seed"],
        command=COMMAND,
    script:
        "../scripts/write_index.py"


rule build_catalogue:
    input:
        families=expand("results/{experiment}/families.tsv", experiment=EXPERIMENTS),
        motifs=expand("results/{experiment}/families.meme", experiment=EXPERIMENTS),
        metrics=expand("results/{experiment}/metrics.json", experiment=EXPERIMENTS),
    output:
        motifs="results/catalogue/motifs.meme",
        table="results/catalogue/catalogue.tsv",
    log:
        "logs/build_catalogue.log",
    benchmark:
        "benchmarks/build_catalogue.tsv"
    conda:
        "../../envs/report.yaml"
    params:
        code=code("build_catalogue.py"),
        experiments=EXPERIMENTS,
        factors=list(SHEET.factor),
    script:
        "../scripts/build_catalogue.py"


rule write_provenance:
    input:
        sources=user_files(),
        reports=expand("results/{experiment}/report.html", experiment=EXPERIMENTS),
    output:
        "results/provenance.json",
    log:
        "logs/write_provenance.log",
    benchmark:
        "benchmarks/write_provenance.tsv"
    conda:
        "../../envs/report.yaml"
    params:
        code=code("write_provenance.py"),
        config=config,
        digests={"config": digest_of(*RESULTS), "dataset": DATASET_DIGEST},
        version=VERSION,
        folder=str(workflow.basedir),
        threads=config["training"]["threads"],
    script:
        "../scripts/write_provenance.py"
