# One leg: the network's first-layer kernels, to motifs, families, genomic sites, evidence and names.

TOMTOM_PAGES = PAGES if config["names"]["tomtom_html"] else []
MOTIFS = config["motifs"]
LIMITS = {
    name: MOTIFS[name]
    for name in ("min_sites", "min_information", "min_width", "trim_information", "pseudocount")
}
PUBLISHED = requested.published(SCHEMA["properties"]["motifs"]["properties"]["rule"]["enum"])
COMPARED = list(dict.fromkeys([MOTIFS["rule"], *MOTIFS["compare"]]))
SITES = f"results/{{experiment}}/rules/{MOTIFS['rule']}.h5"


rule scan_sites:
    input:
        dataset=of_model("dataset.h5"),
        activations=of_model("activations.h5"),
    output:
        "results/{experiment}/rules/scan.h5",
    log:
        "logs/{experiment}/scan_sites.log",
    benchmark:
        "benchmarks/{experiment}/scan_sites.tsv"
    wildcard_constraints:
        experiment=one_of(PAGES),
    priority: AFTER_TRAINING
    conda:
        "../../envs/motifs.yaml"
    resources:
        **needs("scan_sites"),
    params:
        **LIMITS,
        code=code("scan_sites.py"),
        splits=MOTIFS["splits"],
        flank=MOTIFS["flank"],
        max_background=MOTIFS["max_background"],
        has_summits=has_summits,
        label=class_of,
    script:
        "../scripts/scan_sites.py"


rule find_sites:
    input:
        dataset=of_model("dataset.h5"),
        model=of_model("model.keras"),
        activations=of_model("activations.h5"),
    output:
        "results/{experiment}/rules/{rule}.h5",
    log:
        "logs/{experiment}/find_sites.{rule}.log",
    benchmark:
        "benchmarks/{experiment}/find_sites.{rule}.tsv"
    wildcard_constraints:
        experiment=one_of(PAGES),
        rule=one_of(PUBLISHED),
    priority: AFTER_TRAINING
    conda:
        "../../envs/keras.yaml"
    threads: config["training"]["threads"]
    resources:
        **needs("find_sites"),
    params:
        code=code("find_sites.py"),
        splits=MOTIFS["splits"],
        options=rule_options,
        has_summits=has_summits,
        batch_size=config["training"]["batch_size"],
        keras=KERAS,
        label=class_of,
    script:
        "../scripts/find_sites.py"


rule describe_kernels:
    input:
        activations=of_model("activations.h5"),
        sites=SITES,
    output:
        table="results/{experiment}/kernel_evidence.tsv",
        arrays="results/{experiment}/kernels.h5",
    log:
        "logs/{experiment}/describe_kernels.log",
    benchmark:
        "benchmarks/{experiment}/describe_kernels.tsv"
    priority: AFTER_TRAINING
    conda:
        "../../envs/motifs.yaml"
    resources:
        **needs("describe_kernels"),
    params:
        code=code("describe_kernels.py"),
        label=class_of,
    script:
        "../scripts/describe_kernels.py"


rule group_families:
    input:
        unpack(order_of),
        dataset=of_model("dataset.h5"),
        activations=of_model("activations.h5"),
        sites=SITES,
        kernels="results/{experiment}/kernel_evidence.tsv",
    output:
        kernels="results/{experiment}/kernel_families.tsv",
        families="results/{experiment}/family_evidence.tsv",
        motifs="results/{experiment}/motifs.meme",
        family_motifs="results/{experiment}/family_motifs.meme",
        without_test="results/{experiment}/family_motifs_without_test.meme",
        sites="results/{experiment}/sites.bed.gz",
    log:
        "logs/{experiment}/group_families.log",
    benchmark:
        "benchmarks/{experiment}/group_families.tsv"
    priority: AFTER_TRAINING
    conda:
        "../../envs/motifs.yaml"
    resources:
        **needs("group_families"),
    params:
        **LIMITS,
        code=code("group_families.py"),
        flank=MOTIFS["flank"],
        max_background=MOTIFS["max_background"],
        max_families=MOTIFS["max_families"],
        family_p=MOTIFS["family_p"],
        family_overlap=MOTIFS["family_overlap"],
        label=class_of,
    script:
        "../scripts/group_families.py"


rule ablate_kernels:
    input:
        dataset=of_model("dataset.h5"),
        model=of_model("model.keras"),
        kernels="results/{experiment}/kernel_evidence.tsv",
        kernel_families="results/{experiment}/kernel_families.tsv",
    output:
        "results/{experiment}/ablation.tsv",
    log:
        "logs/{experiment}/ablate_kernels.log",
    benchmark:
        "benchmarks/{experiment}/ablate_kernels.tsv"
    priority: AFTER_TRAINING
    conda:
        "../../envs/keras.yaml"
    threads: config["training"]["threads"]
    resources:
        **needs("ablate_kernels"),
    params:
        code=code("ablate_kernels.py"),
        column=column_of,
        batch_size=config["training"]["batch_size"],
        keras=KERAS,
    script:
        "../scripts/ablate_kernels.py"


rule name_motifs:
    input:
        unpack(patterns_of),
        motifs="results/{experiment}/motifs.meme",
        family_motifs="results/{experiment}/family_motifs.meme",
        sites=SITES,
        kernels="results/{experiment}/kernel_evidence.tsv",
        kernel_families="results/{experiment}/kernel_families.tsv",
        families="results/{experiment}/family_evidence.tsv",
        ablation="results/{experiment}/ablation.tsv",
        database="results/databases/motifs.meme",
        kmer_shares=of_model("kmer_shares.tsv"),
    output:
        tomtom=report(
            "results/{experiment}/tomtom.tsv",
            caption="../report/tomtom.rst",
            category="Motifs",
            subcategory="{experiment}",
            labels={"table": "matches with known motifs"},
        ),
        kernels=report(
            "results/{experiment}/kernels.tsv",
            caption="../report/kernels.rst",
            category="Motifs",
            subcategory="{experiment}",
            labels={"table": "kernels"},
        ),
        families=report(
            "results/{experiment}/families.tsv",
            caption="../report/families.rst",
            category="Motifs",
            subcategory="{experiment}",
            labels={"table": "families"},
        ),
        meme="results/{experiment}/families.meme",
        kmers="results/{experiment}/kmers.tsv",
    log:
        "logs/{experiment}/name_motifs.log",
    benchmark:
        "benchmarks/{experiment}/name_motifs.tsv"
    priority: AFTER_TRAINING
    conda:
        "../../envs/motifs.yaml"
    resources:
        **needs("name_motifs"),
    params:
        code=code("name_motifs.py"),
        q_value=config["names"]["q_value"],
        shuffles=config["names"]["shuffles"],
        seed=config["seed"],
    script:
        "../scripts/name_motifs.py"


rule run_tomtom:
    input:
        families="results/{experiment}/families.meme",
        database="results/databases/motifs.meme",
    output:
        report(
            directory("results/{experiment}/tomtom"),
            caption="../report/tomtom_page.rst",
            category="Motifs",
            subcategory="{experiment}",
            labels={"page": "{page}"},
            patterns=["{page}.html"],
        ),
    log:
        "logs/{experiment}/run_tomtom.log",
    benchmark:
        "benchmarks/{experiment}/run_tomtom.tsv"
    priority: AFTER_TRAINING
    conda:
        "../../envs/motifs.yaml"
    resources:
        **needs("run_tomtom"),
    params:
        code=code("run_tomtom.py"),
        q_value=config["names"]["q_value"],
    script:
        "../scripts/run_tomtom.py"


rule export_motifs:
    input:
        motifs="results/{experiment}/motifs.meme",
        families="results/{experiment}/families.meme",
    output:
        motifs_jaspar="results/{experiment}/motifs.jaspar",
        motifs_transfac="results/{experiment}/motifs.transfac",
        motifs_homer="results/{experiment}/motifs.homer",
        families_jaspar="results/{experiment}/families.jaspar",
        families_transfac="results/{experiment}/families.transfac",
        families_homer="results/{experiment}/families.homer",
    log:
        "logs/{experiment}/export_motifs.log",
    benchmark:
        "benchmarks/{experiment}/export_motifs.tsv"
    priority: AFTER_TRAINING
    conda:
        "../../envs/motifs.yaml"
    resources:
        **needs("export_motifs"),
    params:
        code=code("export_motifs.py"),
    script:
        "../scripts/export_motifs.py"


rule locate_families:
    input:
        predictions=of_model("predictions.tsv.gz"),
        families="results/{experiment}/families.tsv",
        sites="results/{experiment}/sites.bed.gz",
    output:
        table="results/{experiment}/peak_families.tsv.gz",
        spacing="results/{experiment}/spacing.tsv",
        figure=report(
            "results/{experiment}/plots/spacing.svg",
            caption="../report/spacing.rst",
            category="Motifs",
            subcategory="{experiment}",
            labels={"figure": "spacing of families"},
        ),
    log:
        "logs/{experiment}/locate_families.log",
    benchmark:
        "benchmarks/{experiment}/locate_families.tsv"
    priority: AFTER_TRAINING
    conda:
        "../../envs/report.yaml"
    resources:
        **needs("locate_families"),
    params:
        code=code("locate_families.py"),
        label=class_of,
    script:
        "../scripts/locate_families.py"


rule scan_known:
    input:
        dataset=of_model("dataset.h5"),
        database="results/databases/motifs.meme",
        records=records_of,
    output:
        report(
            "results/{experiment}/known.tsv",
            caption="../report/known.rst",
            category="Motifs",
            subcategory="{experiment}",
            labels={"table": "known motifs in test windows"},
        ),
    log:
        "logs/{experiment}/scan_known.log",
    benchmark:
        "benchmarks/{experiment}/scan_known.tsv"
    wildcard_constraints:
        experiment=one_of(PAGES),
    priority: AFTER_TRAINING
    conda:
        "../../envs/motifs.yaml"
    resources:
        **needs("scan_known"),
    params:
        code=code("scan_known.py"),
        factor=factor_of,
        has_summits=has_summits,
        label=class_of,
    script:
        "../scripts/scan_known.py"


rule measure_score_parts:
    input:
        dataset=of_model("dataset.h5"),
        predictions=of_model("predictions.tsv.gz"),
        known="results/{experiment}/known.tsv",
        families="results/{experiment}/families.tsv",
        family_motifs="results/{experiment}/family_motifs_without_test.meme",
    output:
        table=report(
            "results/{experiment}/score.tsv",
            caption="../report/score.rst",
            category="Evaluation",
            subcategory="{experiment}",
            labels={"table": "what the score rests on"},
        ),
        figure=report(
            "results/{experiment}/plots/score.svg",
            caption="../report/score.rst",
            category="Evaluation",
            subcategory="{experiment}",
            labels={"figure": "what the score rests on"},
        ),
    log:
        "logs/{experiment}/measure_score_parts.log",
    benchmark:
        "benchmarks/{experiment}/measure_score_parts.tsv"
    wildcard_constraints:
        experiment=one_of(PAGES),
    priority: AFTER_TRAINING
    conda:
        "../../envs/report.yaml"
    resources:
        **needs("measure_score_parts"),
    params:
        code=code("measure_score_parts.py"),
        label=class_of,
    script:
        "../scripts/measure_score_parts.py"


rule compare_rules:
    input:
        activations=of_model("activations.h5"),
        kernels="results/{experiment}/kernels.tsv",
        database="results/databases/motifs.meme",
        sites=expand("results/{{experiment}}/rules/{rule}.h5", rule=COMPARED),
    output:
        table=report(
            "results/{experiment}/rules.tsv",
            caption="../report/rules.rst",
            category="Motifs",
            subcategory="{experiment}",
            labels={"table": "rules compared"},
        ),
        picture=report(
            "results/{experiment}/plots/rules.svg",
            caption="../report/rules_picture.rst",
            category="Motifs",
            subcategory="{experiment}",
            labels={"figure": "logos by rule"},
        ),
        memes=expand("results/{{experiment}}/rules/{rule}.meme", rule=COMPARED),
    log:
        "logs/{experiment}/compare_rules.log",
    benchmark:
        "benchmarks/{experiment}/compare_rules.tsv"
    wildcard_constraints:
        experiment=one_of(PAGES),
    priority: AFTER_TRAINING
    conda:
        "../../envs/motifs.yaml"
    resources:
        **needs("compare_rules"),
    params:
        code=code("compare_rules.py"),
        rules=COMPARED,
        label=class_of,
    script:
        "../scripts/compare_rules.py"
