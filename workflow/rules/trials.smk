# What `snakemake search` tries: checked, and the functions that find its inputs and options.

SEARCH = config["search"]


def space_schema():
    """The schema of a space: what is tried must be allowed in the option's own section."""
    parts = {
        f"{section}.{option}": part
        for section in NETWORK_SECTIONS
        for option, part in SCHEMA["properties"][section]["properties"].items()
    }
    ends = {key: {"low": part, "high": part} for key, part in parts.items()}
    return {
        "description": "Keys are options of model and training, such as training.learning_rate.",
        "properties": {k: {"items": part, "properties": ends[k]} for k, part in parts.items()},
        "additionalProperties": False,
    }


def is_whole(key):
    """Whether a number among the values of an option must be whole."""
    section, option = key.split(".")
    part = SCHEMA["properties"][section]["properties"][option]
    return any("integer" in each.get("type", "") for each in [part, *part.get("anyOf", [])])


def search_space():
    """The space of the search, in which every value by itself is allowed."""
    check(SEARCH["space"], space_schema(), "config: search.space")
    space = {}
    for key, values in SEARCH["space"].items():
        where = f"config: search.space.{key}"
        if isinstance(values, dict):
            if SEARCH["strategy"] == "grid":
                refuse(f"{where}: a range, expected a list of values, as search.strategy is grid")
            if not values["low"] < values["high"]:
                refuse(f"{where}: low {values['low']}, expected less than high {values['high']}")
            if values["scale"] == "log" and values["low"] <= 0:
                refuse(f"{where}: low {values['low']}, expected more than 0, as scale is log")
            values = values | {"whole": is_whole(key)}
        space[key] = values
    return space


def find_trials():
    """The trials by name."""
    if not SEARCH["space"]:
        return {}
    search, space = library("trials"), search_space()
    if SEARCH["strategy"] == "grid":
        trials = search.grid_trials(space)
    else:
        trials = search.random_trials(space, SEARCH["trials"], config["seed"])
        if len(trials) < SEARCH["trials"]:
            refuse(
                f"config: search.trials: {SEARCH['trials']}, search.space holds only {len(trials)} "
                "different ones; strategy grid takes them all"
            )
    return {search.trial_name(trial): trial for trial in trials}


def trial_options(name):
    """The sections model and training of a trial, checked as those of the config are."""
    trial = TRIALS[name]
    where = f"config: search: trial {name} ({library('search').describe(trial)})"
    options = {section: dict(given) for section, given in GIVEN.items()}
    for key, value in trial.items():
        section, option = key.split(".")
        options[section][option] = value
    apply_preset(options, where)
    for section in options:
        fill_defaults(options[section], SCHEMA["properties"][section])
    check_network(options["model"], where)
    return options


def values_of(wildcards):
    """What a trial sets, by option."""
    return TRIALS[wildcards.trial]


def training_of(wildcards):
    """The parameters of a trial's training."""
    return training_parameters(**TRIAL_OPTIONS[wildcards.trial])


def threads_of(wildcards):
    """The threads of a trial's training."""
    return TRIAL_OPTIONS[wildcards.trial]["training"]["threads"]


def searched(wildcards):
    """All pages of `snakemake search`."""
    if not TRIALS:
        refuse("config: search.space: nothing there, expected options and the values to try")
    return expand("results/{experiment}/search/search.html", experiment=SEARCHED)


def trials_of(wildcards):
    """The results of all trials of an experiment."""
    return expand(f"results/{wildcards.experiment}/search/trials/{{trial}}.json", trial=TRIALS)


def use_of(wildcards):
    """The command that trains an experiment with the options of its best trial."""
    folder = f"results/{wildcards.experiment}"
    return command(f"{folder}/report.html", add=f"{folder}/search/best.yaml")


SEARCHED = chosen(SEARCH["experiments"], "config: search.experiments", [*EXPERIMENTS, *JOINT])
TRIALS = find_trials()
TRIAL_OPTIONS = {name: trial_options(name) for name in TRIALS}


wildcard_constraints:
    trial="|".join(TRIALS) or "(?!)",
