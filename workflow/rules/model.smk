# One leg: dataset.h5 to a trained network, what it says of every window, and how good that is.


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
    params:
        code=code("train_model.py"),
        architecture=config["model"] | {"replicates": config["training"]["replicates"]},
        training=training_options(),
        seed=config["seed"],
        threads=config["training"]["threads"],
    script:
        "../scripts/train_model.py"


rule apply_model:
    input:
        dataset="results/{experiment}/dataset.h5",
        model="results/{experiment}/model.keras",
    output:
        predictions="results/{experiment}/predictions.tsv.gz",
        activations="results/{experiment}/activations.h5",
    log:
        "logs/{experiment}/apply_model.log",
    benchmark:
        "benchmarks/{experiment}/apply_model.tsv"
    conda:
        "../../envs/keras.yaml"
    threads: config["training"]["threads"]
    params:
        code=code("apply_model.py"),
        forward_only=config["motifs"]["rule"] == "danq",
        batch_size=config["training"]["batch_size"],
        threads=config["training"]["threads"],
    script:
        "../scripts/apply_model.py"


rule evaluate_model:
    input:
        predictions="results/{experiment}/predictions.tsv.gz",
        history="results/{experiment}/history.tsv",
    output:
        metrics="results/{experiment}/metrics.json",
        curves="results/{experiment}/curves.tsv",
        roc="results/{experiment}/plots/roc.svg",
        pr="results/{experiment}/plots/pr.svg",
        calibration="results/{experiment}/plots/calibration.svg",
        scores="results/{experiment}/plots/scores.svg",
        confusion="results/{experiment}/plots/confusion.svg",
        history="results/{experiment}/plots/history.svg",
    log:
        "logs/{experiment}/evaluate_model.log",
    benchmark:
        "benchmarks/{experiment}/evaluate_model.tsv"
    conda:
        "../../envs/report.yaml"
    params:
        code=code("evaluate_model.py"),
        bootstraps=config["evaluation"]["bootstraps"],
        seed=config["seed"],
    script:
        "../scripts/evaluate_model.py"
