# One leg: dataset.h5 to many networks with other options, and which options are best.

SEARCH_TEMPLATE = workflow.source_path("../report/search.html.jinja")


wildcard_constraints:
    trial=one_of(TRIALS),


def searched(wildcards):
    """All pages of `snakemake search`."""
    if not TRIALS:
        refuse("config: search.space: nothing there, expected options and the values to try")
    return expand("results/{experiment}/search/search.html", experiment=SEARCHED)


def trials_of(wildcards):
    """The results of all trials of an experiment."""
    return expand(f"results/{wildcards.experiment}/search/trials/{{trial}}.json", trial=TRIALS)


def values_of(wildcards):
    """What a trial sets, by option."""
    return TRIALS[wildcards.trial]


def training_of(wildcards):
    """The parameters of a trial's training."""
    return TRIAL_TRAINING[wildcards.trial]


def threads_of(wildcards):
    """The threads of a trial's training."""
    return TRIAL_TRAINING[wildcards.trial]["keras"]["threads"]


def use_of(wildcards):
    """The command that trains an experiment with the options of its best trial."""
    folder = f"results/{wildcards.experiment}"
    return command(f"{folder}/report.html", add=f"{folder}/search/best.yaml")


rule search:
    input:
        searched,
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
