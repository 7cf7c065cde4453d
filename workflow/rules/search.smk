# One leg: dataset.h5 to many networks with other options, and which options are best.

SEARCH_TEMPLATE = workflow.source_path("../report/search.html.jinja")


wildcard_constraints:
    trial=one_of(TRIALS),


rule search:
    input:
        all_searches,
    localrule: True


rule run_trial:
    input:
        dataset="results/{experiment}/dataset.h5",
    output:
        "results/{experiment}/search/trials/{trial}.json",
    log:
        "logs/{experiment}/search/{trial}.log",
    benchmark:
        "benchmarks/{experiment}/search/{trial}.tsv"
    conda:
        "../../envs/keras.yaml"
    threads: threads_of
    resources:
        **needs("run_trial"),
    params:
        code=code("run_trial.py"),
        values=values_of,
        training=training_of,
        seed=config["seed"],
    script:
        "../scripts/run_trial.py"


rule compare_trials:
    input:
        **PAGE,
        template=SEARCH_TEMPLATE,
        trials=trials_of,
    output:
        page="results/{experiment}/search/search.html",
        trials="results/{experiment}/search/trials.tsv",
        importance="results/{experiment}/search/importance.tsv",
        figure="results/{experiment}/search/search.svg",
        best="results/{experiment}/search/best.yaml",
    log:
        "logs/{experiment}/search/compare_trials.log",
    benchmark:
        "benchmarks/{experiment}/search/compare_trials.tsv"
    conda:
        "../../envs/report.yaml"
    resources:
        **needs("compare_trials"),
    params:
        code=code("compare_trials.py"),
        experiment="{experiment}",
        strategy=config["search"]["strategy"],
        seed=config["seed"],
        version=VERSION,
        command=command("search"),
        use=use_of,
    script:
        "../scripts/compare_trials.py"
