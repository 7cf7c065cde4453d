# One leg: a trained network and new sequences, regions or a genome, to scores and to tracks.


wildcard_constraints:
    predict=one_of(PREDICT),


rule predict:
    input:
        all_predictions,
    localrule: True


rule predict_windows:
    input:
        unpack(prediction_source),
        model=of_model("model.keras"),
    output:
        predictions="results/{experiment}/predict/{predict}.tsv.gz",
        best="results/{experiment}/predict/{predict}.best.tsv.gz",
    log:
        "logs/{experiment}/predict/{predict}.log",
    benchmark:
        "benchmarks/{experiment}/predict/{predict}.tsv"
    conda:
        "../../envs/keras.yaml"
    threads: config["training"]["threads"]
    resources:
        **needs("predict_windows"),
    params:
        code=code("predict_windows.py"),
        column=column_of,
        stride=stride_of,
        max_n_fraction=config["windows"]["max_n_fraction"],
        keras=KERAS,
    script:
        "../scripts/predict_windows.py"


rule write_tracks:
    input:
        unpack(prediction_genome),
        predictions="results/{experiment}/predict/{predict}.tsv.gz",
    output:
        bedgraph="results/{experiment}/predict/{predict}.bedgraph.gz",
        bigwig="results/{experiment}/predict/{predict}.bw",
    log:
        "logs/{experiment}/predict/{predict}.tracks.log",
    benchmark:
        "benchmarks/{experiment}/predict/{predict}.tracks.tsv"
    conda:
        "../../envs/windows.yaml"
    resources:
        **needs("write_tracks"),
    params:
        code=code("write_tracks.py"),
    script:
        "../scripts/write_tracks.py"
