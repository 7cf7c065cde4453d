# One leg: dataset.h5 to a trained network, what it says of every window, and how good that is.

KERAS = TRAINING["keras"]


rule train_model:
    input:
        dataset="results/{experiment}/dataset.h5",
    output:
        model="results/{experiment}/model.keras",
        history="results/{experiment}/history.tsv",
    log:
        "logs/{experiment}/train_model.log",
    benchmark:
        "benchmarks/{experiment}/train_model.tsv"
    conda:
        "../../envs/keras.yaml"
    threads: config["training"]["threads"]
    resources:
        **needs("train_model"),
    params:
        **TRAINING,
        code=code("train_model.py"),
        seed=config["seed"],
    script:
        "../scripts/train_model.py"


rule apply_model:
    input:
        dataset="results/{experiment}/dataset.h5",
        model="results/{experiment}/model.keras",
    output:
        predictions="results/{experiment}/predictions.tsv.gz",
        activations="results/{experiment}/activations.h5",
        kmer_shares="results/{experiment}/kmer_shares.tsv",
    log:
        "logs/{experiment}/apply_model.log",
    benchmark:
        "benchmarks/{experiment}/apply_model.tsv"
    priority: AFTER_TRAINING
    conda:
        "../../envs/keras.yaml"
    threads: config["training"]["threads"]
    resources:
        **needs("apply_model"),
    params:
        code=code("apply_model.py"),
        batch_size=config["training"]["batch_size"],
        keras=KERAS,
    script:
        "../scripts/apply_model.py"


rule evaluate_model:
    input:
        predictions=of_model("predictions.tsv.gz"),
        history=of_model("history.tsv"),
    output:
        metrics="results/{experiment}/metrics.json",
        curves="results/{experiment}/curves.tsv",
        roc=report(
            "results/{experiment}/plots/roc.svg",
            caption="../report/roc.rst",
            category="Evaluation",
            subcategory="{experiment}",
            labels={"figure": "ROC curves"},
        ),
        pr=report(
            "results/{experiment}/plots/pr.svg",
            caption="../report/pr.rst",
            category="Evaluation",
            subcategory="{experiment}",
            labels={"figure": "precision and recall"},
        ),
        calibration=report(
            "results/{experiment}/plots/calibration.svg",
            caption="../report/calibration.rst",
            category="Evaluation",
            subcategory="{experiment}",
            labels={"figure": "calibration"},
        ),
        scores=report(
            "results/{experiment}/plots/scores.svg",
            caption="../report/scores.rst",
            category="Evaluation",
            subcategory="{experiment}",
            labels={"figure": "scores by class"},
        ),
        confusion=report(
            "results/{experiment}/plots/confusion.svg",
            caption="../report/confusion.rst",
            category="Evaluation",
            subcategory="{experiment}",
            labels={"figure": "confusion table"},
        ),
        history=report(
            "results/{experiment}/plots/history.svg",
            caption="../report/history.rst",
            category="Evaluation",
            subcategory="{experiment}",
            labels={"figure": "training history"},
        ),
    log:
        "logs/{experiment}/evaluate_model.log",
    benchmark:
        "benchmarks/{experiment}/evaluate_model.tsv"
    wildcard_constraints:
        experiment=one_of(PAGES),
    priority: AFTER_TRAINING
    conda:
        "../../envs/report.yaml"
    resources:
        **needs("evaluate_model"),
    params:
        code=code("evaluate_model.py"),
        label=class_of,
        bootstraps=config["evaluation"]["bootstraps"],
        seed=config["seed"],
    script:
        "../scripts/evaluate_model.py"


rule evaluate_classes:
    input:
        dataset="results/{experiment}/dataset.h5",
        predictions="results/{experiment}/predictions.tsv.gz",
        metrics=of_classes("metrics.json"),
    output:
        "results/{experiment}/metrics.json",
    log:
        "logs/{experiment}/evaluate_classes.log",
    benchmark:
        "benchmarks/{experiment}/evaluate_classes.tsv"
    wildcard_constraints:
        experiment=one_of(CLASSES),
    priority: AFTER_TRAINING
    conda:
        "../../envs/windows.yaml"
    resources:
        **needs("evaluate_classes"),
    params:
        code=code("evaluate_classes.py"),
    script:
        "../scripts/evaluate_classes.py"
