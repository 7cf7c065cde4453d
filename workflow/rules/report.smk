# One leg: everything a person reads, for each experiment and over all of them; but the catalogue's.

from snakemake import __version__ as SNAKEMAKE

PAGE = {
    "style": workflow.source_path("../report/style.css"),
    "script": workflow.source_path("../report/page.js"),
}
REPORT_TEMPLATE = workflow.source_path("../report/report.html.jinja")
METHOD_TEMPLATE = workflow.source_path("../report/method.html.jinja")
INDEX_TEMPLATE = workflow.source_path("../report/index.html.jinja")
METHODS_SECTIONS = ["windows", "splits", "background", "sequences", "model", "training"]
METHODS_SECTIONS += ["evaluation", "motifs", "names", "pictures", "attribution"]
RESULTS = [
    section for section in config if section not in ("container", "predict", "search", "simulate")
]
STUDY = study.describe_study(ROWS, JOINT, SEQUENCE_ROWS, GENOMES, BACKGROUND)
STUDY |= {"network": TRAINING["architecture"]["network"], "version": VERSION}
STUDY |= {"snakemake": SNAKEMAKE, "seed": config["seed"], "contrasted": len(CONTRASTED)}


rule draw_logos:
    input:
        families="results/{experiment}/families.tsv",
        motifs="results/{experiment}/families.meme",
    output:
        report(
            directory("results/{experiment}/logos"),
            caption="../report/logos.rst",
            category="Motifs",
            subcategory="{experiment}",
            labels={"figure": "logo of {family}"},
            patterns=["{family}.svg"],
        ),
    log:
        "logs/{experiment}/draw_logos.log",
    benchmark:
        "benchmarks/{experiment}/draw_logos.tsv"
    priority: AFTER_TRAINING
    conda:
        "../../envs/report.yaml"
    resources:
        **needs("draw_logos"),
    params:
        code=code("draw_logos.py"),
    script:
        "../scripts/draw_logos.py"


rule write_report:
    input:
        unpack(data_files),
        unpack(requested_files),
        **PAGE,
        template=REPORT_TEMPLATE,
        roc="results/{experiment}/plots/roc.svg",
        pr="results/{experiment}/plots/pr.svg",
        calibration="results/{experiment}/plots/calibration.svg",
        scores="results/{experiment}/plots/scores.svg",
        confusion="results/{experiment}/plots/confusion.svg",
        history="results/{experiment}/plots/history.svg",
        spacing="results/{experiment}/plots/spacing.svg",
        score="results/{experiment}/plots/score.svg",
        score_parts="results/{experiment}/score.tsv",
        kmers="results/{experiment}/kmers.tsv",
        spacings="results/{experiment}/spacing.tsv",
        metrics="results/{experiment}/metrics.json",
        kernels="results/{experiment}/kernels.tsv",
        families="results/{experiment}/families.tsv",
        families_meme="results/{experiment}/families.meme",
        motifs_meme="results/{experiment}/motifs.meme",
        sites="results/{experiment}/sites.bed.gz",
        known="results/{experiment}/known.tsv",
        records=records_of,
    output:
        report(
            "results/{experiment}/report.html",
            caption="../report/report.rst",
            category="Pages",
            labels={"page": "{experiment}"},
        ),
    log:
        "logs/{experiment}/write_report.log",
    benchmark:
        "benchmarks/{experiment}/write_report.tsv"
    priority: AFTER_TRAINING
    conda:
        "../../envs/report.yaml"
    resources:
        **needs("write_report"),
    params:
        code=code("write_report.py"),
        experiment="{experiment}",
        factor=factor_of,
        genome=genome_name_of,
        background=strategy_of,
        pictures=requested.requested_pictures(config),
        version=VERSION,
        config_digest=digest_of(*RESULTS),
        seed=config["seed"],
        command=COMMAND,
    script:
        "../scripts/write_report.py"


rule write_method:
    input:
        **PAGE,
        template=METHOD_TEMPLATE,
        text=workflow.source_path("../../docs/method.md"),
    output:
        report(
            "results/method.html",
            caption="../report/method.rst",
            category="Pages",
            labels={"page": "method"},
        ),
    log:
        "logs/write_method.log",
    benchmark:
        "benchmarks/write_method.tsv"
    conda:
        "../../envs/report.yaml"
    resources:
        **needs("write_method"),
    params:
        code=code("write_method.py"),
        version=VERSION,
    script:
        "../scripts/write_method.py"


rule write_index:
    input:
        **PAGE,
        template=INDEX_TEMPLATE,
        metrics=expand("results/{experiment}/metrics.json", experiment=PAGES),
        families=expand("results/{experiment}/families.tsv", experiment=PAGES),
        families_meme=expand("results/{experiment}/families.meme", experiment=PAGES),
        models=expand("results/{experiment}/model.keras", experiment=MODELS),
        records=records(PAGES),
    output:
        report(
            "results/index.html",
            caption="../report/index.rst",
            category="Pages",
            labels={"page": "all experiments"},
        ),
    log:
        "logs/write_index.log",
    benchmark:
        "benchmarks/write_index.tsv"
    conda:
        "../../envs/report.yaml"
    resources:
        **needs("write_index"),
    params:
        code=code("write_index.py"),
        options={section: config[section] for section in METHODS_SECTIONS},
        study=STUDY,
        experiments=PAGES,
        factors=sheet_column(PAGES, "factor"),
        genomes=sheet_column(PAGES, "genome"),
        version=VERSION,
        config_digest=digest_of(*RESULTS),
        seed=config["seed"],
        command=COMMAND,
    script:
        "../scripts/write_index.py"


rule write_class_index:
    input:
        **PAGE,
        template=INDEX_TEMPLATE,
        model="results/{experiment}/metrics.json",
        metrics=of_classes("metrics.json"),
        families=of_classes("families.tsv"),
        families_meme=of_classes("families.meme"),
        records=records_of,
    output:
        report(
            "results/{experiment}/index.html",
            caption="../report/classes.rst",
            category="Pages",
            labels={"page": "{experiment}, its classes"},
        ),
    log:
        "logs/{experiment}/write_class_index.log",
    benchmark:
        "benchmarks/{experiment}/write_class_index.tsv"
    wildcard_constraints:
        experiment=one_of(CLASSES),
    priority: AFTER_TRAINING
    conda:
        "../../envs/report.yaml"
    resources:
        **needs("write_class_index"),
    params:
        code=code("write_index.py"),
        experiments=classes_of,
        factors=class_factors,
        genomes=class_genomes,
        model="{experiment}",
        version=VERSION,
        config_digest=digest_of(*RESULTS),
        seed=config["seed"],
        command=COMMAND,
    script:
        "../scripts/write_index.py"


rule write_provenance:
    input:
        sources=user_files(),
        models=expand("results/{experiment}/model.keras", experiment=MODELS),
        reports=expand("results/{experiment}/report.html", experiment=PAGES),
    output:
        "results/provenance.json",
    log:
        "logs/write_provenance.log",
    benchmark:
        "benchmarks/write_provenance.tsv"
    conda:
        "../../envs/report.yaml"
    resources:
        **needs("write_provenance"),
    params:
        code=code("write_provenance.py"),
        config=config,
        fetched={path: file["source"] for path, file in FETCHED.items()},
        digests={
            "config": digest_of(*RESULTS),
            "dataset": DATASET_DIGEST,
            "sequences": SEQUENCES_DIGEST,
        },
        version=VERSION,
        snakemake=SNAKEMAKE,
        models=MODELS,
        folder=str(workflow.basedir),
        threads=config["training"]["threads"],
    script:
        "../scripts/write_provenance.py"
