# One leg: the motif families of all experiments, to one set of motifs and whose are in whose peaks.


rule build_catalogue:
    input:
        families=expand("results/{experiment}/families.tsv", experiment=PAGES),
        motifs=expand("results/{experiment}/families.meme", experiment=PAGES),
        without_test=expand(
            "results/{experiment}/family_motifs_without_test.meme", experiment=PAGES
        ),
        metrics=expand("results/{experiment}/metrics.json", experiment=PAGES),
        records=records(PAGES),
    output:
        motifs="results/catalogue/motifs.meme",
        jaspar="results/catalogue/motifs.jaspar",
        transfac="results/catalogue/motifs.transfac",
        homer="results/catalogue/motifs.homer",
        without_test="results/catalogue/motifs_without_test.meme",
        table="results/catalogue/catalogue_evidence.tsv",
        members="results/catalogue/members.tsv",
        similarity="results/catalogue/similarity.tsv",
        forks="results/catalogue/tree.tsv",
        tree=report(
            "results/catalogue/tree.svg",
            caption="../report/tree.rst",
            category="All experiments",
            labels={"figure": "tree of motifs"},
        ),
    log:
        "logs/build_catalogue.log",
    benchmark:
        "benchmarks/build_catalogue.tsv"
    conda:
        "../../envs/motifs.yaml"
    resources:
        **needs("build_catalogue"),
    params:
        code=code("build_catalogue.py"),
        experiments=PAGES,
        factors=sheet_column(PAGES, "factor"),
        group_p=config["catalogue"]["group_p"],
        group_share=config["catalogue"]["group_share"],
    script:
        "../scripts/build_catalogue.py"


rule scan_catalogue:
    input:
        dataset=of_model("dataset.h5"),
        motifs="results/catalogue/motifs_without_test.meme",
    output:
        "results/{experiment}/catalogue_hits.tsv",
    log:
        "logs/{experiment}/scan_catalogue.log",
    benchmark:
        "benchmarks/{experiment}/scan_catalogue.tsv"
    wildcard_constraints:
        experiment=one_of(PAGES),
    conda:
        "../../envs/motifs.yaml"
    resources:
        **needs("scan_catalogue"),
    params:
        code=code("scan_catalogue.py"),
        windows=config["catalogue"]["windows"],
        label=class_of,
    script:
        "../scripts/scan_catalogue.py"


rule call_cobinding:
    input:
        hits=expand("results/{experiment}/catalogue_hits.tsv", experiment=PAGES),
        catalogue="results/catalogue/catalogue_evidence.tsv",
        members="results/catalogue/members.tsv",
        similarity="results/catalogue/similarity.tsv",
        records=records(PAGES),
    output:
        table=report(
            "results/catalogue/cobinding.tsv",
            caption="../report/cobinding.rst",
            category="All experiments",
            labels={"table": "co-binding"},
        ),
        catalogue=report(
            "results/catalogue/catalogue.tsv",
            caption="../report/catalogue.rst",
            category="All experiments",
            labels={"table": "catalogue"},
        ),
        heatmap="results/catalogue/heatmap.tsv",
        svg=report(
            "results/catalogue/heatmap.svg",
            caption="../report/heatmap.rst",
            category="All experiments",
            labels={"figure": "motifs in peaks"},
        ),
        png="results/catalogue/heatmap.png",
    log:
        "logs/call_cobinding.log",
    benchmark:
        "benchmarks/call_cobinding.tsv"
    conda:
        "../../envs/report.yaml"
    resources:
        **needs("call_cobinding"),
    params:
        code=code("call_cobinding.py"),
        experiments=PAGES,
        factors=sheet_column(PAGES, "factor"),
    script:
        "../scripts/call_cobinding.py"


rule write_catalogue:
    input:
        **PAGE,
        template=workflow.source_path("../report/catalogue.html.jinja"),
        motifs="results/catalogue/motifs.meme",
        catalogue="results/catalogue/catalogue.tsv",
        members="results/catalogue/members.tsv",
        cobinding="results/catalogue/cobinding.tsv",
        heatmap="results/catalogue/heatmap.svg",
        tree="results/catalogue/tree.svg",
    output:
        report(
            "results/catalogue/index.html",
            caption="../report/catalogue_page.rst",
            category="Pages",
            labels={"page": "catalogue"},
        ),
    log:
        "logs/write_catalogue.log",
    benchmark:
        "benchmarks/write_catalogue.tsv"
    conda:
        "../../envs/report.yaml"
    resources:
        **needs("write_catalogue"),
    params:
        code=code("write_catalogue.py"),
        experiments=PAGES,
        version=VERSION,
        config_digest=digest_of(*RESULTS),
        seed=config["seed"],
        command=COMMAND,
        windows=config["catalogue"]["windows"],
    script:
        "../scripts/write_catalogue.py"
