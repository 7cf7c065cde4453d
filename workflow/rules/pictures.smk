# One leg: what a network looks at, in pictures: of its kernels, and base by base of windows.

ATTRIBUTION = config["attribution"]


rule explain_model:
    input:
        dataset=of_model("dataset.h5"),
        model=of_model("model.keras"),
    output:
        maps="results/{experiment}/maps.h5",
        attributions="results/{experiment}/attributions.h5",
    log:
        "logs/{experiment}/explain_model.log",
    benchmark:
        "benchmarks/{experiment}/explain_model.tsv"
    priority: AFTER_TRAINING
    conda:
        "../../envs/keras.yaml"
    threads: config["training"]["threads"]
    resources:
        **needs("explain_model"),
    params:
        code=code("explain_model.py"),
        column=column_of,
        top=ATTRIBUTION["top"],
        methods=ATTRIBUTION["methods"],
        baseline=ATTRIBUTION["baseline"],
        steps=ATTRIBUTION["steps"],
        batch_size=config["training"]["batch_size"],
        keras=KERAS,
    script:
        "../scripts/explain_model.py"


rule draw_kernels:
    input:
        kernels="results/{experiment}/kernels.tsv",
        motifs="results/{experiment}/motifs.meme",
        rule=SITES,
        activations=of_model("activations.h5"),
        maps="results/{experiment}/maps.h5",
    output:
        folder=report(
            directory("results/{experiment}/kernels"),
            caption="../report/kernel_pictures.rst",
            category="Pictures",
            subcategory="{experiment}",
            labels={"figure": "kernel {kernel}"},
            patterns=["{kernel}.svg"],
        ),
        svg=report(
            "results/{experiment}/plots/clustering.svg",
            caption="../report/clustering.rst",
            category="Pictures",
            subcategory="{experiment}",
            labels={"figure": "windows and kernels"},
        ),
        png="results/{experiment}/plots/clustering.png",
    log:
        "logs/{experiment}/draw_kernels.log",
    benchmark:
        "benchmarks/{experiment}/draw_kernels.tsv"
    priority: AFTER_TRAINING
    conda:
        "../../envs/report.yaml"
    resources:
        **needs("draw_kernels"),
    params:
        code=code("draw_kernels.py"),
        shown=config["pictures"]["classes"],
        label=class_of,
    script:
        "../scripts/draw_kernels.py"


rule draw_attributions:
    input:
        "results/{experiment}/attributions.h5",
    output:
        report(
            directory("results/{experiment}/attributions"),
            caption="../report/attributions.rst",
            category="Pictures",
            subcategory="{experiment}",
            labels={"figure": "attributions, {window}"},
            patterns=["{window}.svg"],
        ),
    log:
        "logs/{experiment}/draw_attributions.log",
    benchmark:
        "benchmarks/{experiment}/draw_attributions.tsv"
    priority: AFTER_TRAINING
    conda:
        "../../envs/report.yaml"
    resources:
        **needs("draw_attributions"),
    params:
        code=code("draw_attributions.py"),
    script:
        "../scripts/draw_attributions.py"


rule attribute_peaks:
    input:
        dataset=of_model("dataset.h5"),
        model=of_model("model.keras"),
    output:
        "results/{experiment}/contributions.h5",
    log:
        "logs/{experiment}/attribute_peaks.log",
    benchmark:
        "benchmarks/{experiment}/attribute_peaks.tsv"
    priority: AFTER_TRAINING
    conda:
        "../../envs/keras.yaml"
    threads: config["training"]["threads"]
    resources:
        **needs("attribute_peaks"),
    params:
        code=code("attribute_peaks.py"),
        column=column_of,
        windows=ATTRIBUTION["windows"],
        batch_size=config["training"]["batch_size"],
        keras=KERAS,
    script:
        "../scripts/attribute_peaks.py"


rule find_patterns:
    input:
        contributions="results/{experiment}/contributions.h5",
        families="results/{experiment}/family_motifs.meme",
        database="results/databases/motifs.meme",
    output:
        motifs="results/{experiment}/modisco.meme",
        table=report(
            "results/{experiment}/modisco.tsv",
            caption="../report/modisco.rst",
            category="Motifs",
            subcategory="{experiment}",
            labels={"table": "patterns of TF-MoDISco"},
        ),
    log:
        "logs/{experiment}/find_patterns.log",
    benchmark:
        "benchmarks/{experiment}/find_patterns.tsv"
    priority: AFTER_TRAINING
    conda:
        "../../envs/modisco.yaml"
    resources:
        **needs("find_patterns"),
    params:
        code=code("find_patterns.py"),
        trim_information=config["motifs"]["trim_information"],
        pseudocount=config["motifs"]["pseudocount"],
        family_p=config["motifs"]["family_p"],
        family_overlap=config["motifs"]["family_overlap"],
    script:
        "../scripts/find_patterns.py"


rule optimise_inputs:
    input:
        model="results/{experiment}/model.keras",
    output:
        "results/{experiment}/inputs.h5",
    log:
        "logs/{experiment}/optimise_inputs.log",
    benchmark:
        "benchmarks/{experiment}/optimise_inputs.tsv"
    priority: AFTER_TRAINING
    conda:
        "../../envs/keras.yaml"
    threads: config["training"]["threads"]
    resources:
        **needs("optimise_inputs"),
    params:
        code=code("optimise_inputs.py"),
        layers=ATTRIBUTION["inputs"],
        bound=ATTRIBUTION["inputs_bound"],
        rate=ATTRIBUTION["inputs_rate"],
        steps=ATTRIBUTION["inputs_steps"],
        seed=config["seed"],
        keras=KERAS,
    script:
        "../scripts/optimise_inputs.py"


rule draw_inputs:
    input:
        "results/{experiment}/inputs.h5",
    output:
        report(
            "results/{experiment}/plots/inputs.svg",
            caption="../report/inputs.rst",
            category="Pictures",
            subcategory="{experiment}",
            labels={"figure": "inputs of units"},
        ),
    log:
        "logs/{experiment}/draw_inputs.log",
    benchmark:
        "benchmarks/{experiment}/draw_inputs.tsv"
    priority: AFTER_TRAINING
    conda:
        "../../envs/report.yaml"
    resources:
        **needs("draw_inputs"),
    params:
        code=code("draw_inputs.py"),
    script:
        "../scripts/draw_inputs.py"
