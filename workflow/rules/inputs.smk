# Functions that give rules their inputs and parameters, by wildcards or for all experiments.

INPUTS = addresses.FOLDER
ADDRESSED = [path.removeprefix(f"{INPUTS}/") for path, file in FETCHED.items() if file["address"]]
RECORDS = {  # files with what the ENCODE portal says of an accession
    file["source"]: f"{path}.json" for path, file in FETCHED.items() if not file["address"]
}
PREDICT, SIMULATE = config["predict"], config["simulate"]
BACKGROUND = config["background"]
# Experiments that are also compared with the peaks of others.
CONTRASTED = study.contrasted_experiments(PEAK_ROWS, ROWS, JOINT, config)


wildcard_constraints:
    experiment=one_of(ROWS),
    genome=one_of(GENOMES),


def genome_of(wildcards):
    """The files of an experiment's genome, by name."""
    genome = genome_name_of(wildcards)
    folder = f"results/genomes/{genome}"
    return {
        "fasta": f"{folder}/genome.fa",
        "fai": f"{folder}/genome.fa.fai",
        "blacklist": f"{folder}/blacklist.bed",
        "sha256": f"{folder}/genome.sha256",
    } | aliases_of(genome)


def genome_sources(wildcards):
    """The user's files of a genome, by name."""
    return GENOMES[wildcards.genome]


def aliases_of(genome):
    """The genome's alias file by name, when it has one."""
    return {name: path for name, path in GENOMES[genome].items() if name == "aliases"}


def genome_name_of(wildcards):
    """The name of an experiment's genome."""
    return ROWS[wildcards.experiment]["genome"]


def factor_of(wildcards):
    """The factor of an experiment; "" if the sheet names none, or an accession, see `records`."""
    return ROWS[wildcards.experiment]["factor"]


def records(experiments):
    """The ENCODE portal's records of peak files, for factors that the sheet does not name."""
    factors = dict.fromkeys(ROWS[experiment]["factor"] for experiment in experiments)
    return [RECORDS[factor] for factor in factors if factor in RECORDS]


def records_of(wildcards):
    """The records of a page's experiment, or of all classes of a model."""
    classes = [f"{wildcards.experiment}/{label}" for label in classes_of(wildcards)]
    return records(classes or [wildcards.experiment])


def peaks_of(wildcards):
    """The peak file of an experiment."""
    return ROWS[wildcards.experiment]["peaks"]


def sequences_of(wildcards):
    """The files of sequences and labels of an experiment, by column of the sheet."""
    return SEQUENCE_ROWS[wildcards.experiment][1]


def given_task(wildcards):
    """The task of an experiment's labels; "" if the labels themselves decide it."""
    return ROWS[wildcards.experiment]["task"]


def model_of(wildcards):
    """The model of a page, which is about an experiment or about a class <model>/<class>."""
    return wildcards.experiment.partition("/")[0]


def of_model(name):
    """Return the function that finds the file `name` of a page's model."""

    def find(wildcards):
        return f"results/{model_of(wildcards)}/{name}"

    return find


def of_experiments(name):
    """Return the function that finds the file `name` of each experiment of a joint model."""

    def find(wildcards):
        return [f"results/{experiment}/{name}" for experiment in classes_of(wildcards)]

    return find


def of_classes(name):
    """Return the function that finds the file `name` of each class of a model."""

    def find(wildcards):
        return [f"results/{wildcards.experiment}/{label}/{name}" for label in classes_of(wildcards)]

    return find


def classes_of(wildcards):
    """The classes of a model; none if it distinguishes peaks from background."""
    return CLASSES.get(wildcards.experiment, [])


def sheet_column(experiments, column):
    """The text of a column of the sample sheet for each of these experiments."""
    return [ROWS[experiment][column] for experiment in experiments]


def class_factors(wildcards):
    """The factor of each class of a model."""
    return sheet_column(
        [f"{wildcards.experiment}/{label}" for label in classes_of(wildcards)], "factor"
    )


def class_genomes(wildcards):
    """The genome of each class of a model, the same for all."""
    return [genome_name_of(wildcards)] * len(classes_of(wildcards))


def class_of(wildcards):
    """The class that a page is about, or None."""
    return wildcards.experiment.partition("/")[2] or None


def column_of(wildcards):
    """The number of the model's output that a page is about: that of its class, or the only one."""
    label = class_of(wildcards)
    return CLASSES[model_of(wildcards)].index(label) if label else 0


def joint_task(wildcards):
    """The task of a model of peaks."""
    return JOINT.get(wildcards.experiment, {}).get("task", "binary")


def labels_of(wildcards):
    """The labels of a joint model's peaks, or nothing."""
    return f"results/{wildcards.experiment}/labels.h5" if wildcards.experiment in JOINT else []


def order_of(wildcards):
    """The file that gives the order of chromosomes, which sequences have none of."""
    model = model_of(wildcards)
    return {} if model in SEQUENCE_ROWS else {"peaks": f"results/{model}/peaks.bed"}


def has_summits(wildcards):
    """Whether the windows of a page are centred on summits."""
    return model_of(wildcards) not in SEQUENCE_ROWS


def rule_options(wildcards):
    """What can be chosen of a published rule, by name."""
    return requested.rule_options(wildcards.rule, config)


def data_files(wildcards):
    """The files on an experiment's data that a report needs, by name."""
    return study.data_files(model_of(wildcards), SEQUENCE_ROWS, CONTRASTED)


def patterns_of(wildcards):
    """The patterns of TF-MoDISco, by name, if an option requests them."""
    return requested.patterns(wildcards.experiment, config)


def requested_files(wildcards):
    """Further files that a report shows or links if options request them, by name."""
    return requested.requested_files(wildcards.experiment, config)


def background_of(wildcards):
    """The user's own background of an experiment, or nothing."""
    return ROWS[wildcards.experiment]["background"] or []


def shares_of(wildcards):
    """The number of background windows per peak of a model, by strategy."""
    return study.background_shares(model_of(wildcards), ROWS, SEQUENCE_ROWS, BACKGROUND)


def strategy_of(wildcards):
    """How the background of a page's model is made."""
    return " + ".join(shares_of(wildcards))


def pool_of(wildcards):
    """The user's regions for an experiment's background, if a strategy needs them."""
    has_pool = "pool" in shares_of(wildcards)
    return study.pool_of(wildcards.experiment, ROWS, BACKGROUND) if has_pool else []


def background_experiments(wildcards):
    """The experiments whose peaks are background of another one, if a strategy needs them."""
    if "other_peaks" not in shares_of(wildcards):
        return []
    return study.other_experiments(wildcards.experiment, ROWS, JOINT)


def background_peaks(wildcards):
    """The peak files of these experiments: not their results, so that one bad file stops no other."""
    return sheet_column(background_experiments(wildcards), "peaks")


def distance_of(wildcards):
    """How far from own peaks the windows at other peaks lie, where a strategy has such windows."""
    return BACKGROUND["distance"] if background_experiments(wildcards) else None


def contrast_experiments(wildcards):
    """The experiments whose peaks are the second contrast of another one."""
    return study.other_experiments(wildcards.experiment, ROWS, JOINT)


def contrast_peaks(wildcards):
    """The peak files of these experiments."""
    return sheet_column(contrast_experiments(wildcards), "peaks")


def others_bed(wildcards):
    """The windows at the peaks of other experiments, where there are any."""
    has_others = wildcards.experiment in CONTRASTED
    return f"results/{wildcards.experiment}/others.bed" if has_others else []


def all_outputs():
    """The files of every rule between the user's files and the pages, to be targets.

    Of files that are missing, Snakemake makes only those anew that are asked for. A job that fails
    or is killed takes its files with it, and what was made of them earlier would stay.
    """
    located = [*PEAK_ROWS, *JOINT]
    rules_of = {
        "prepare_peaks": PEAK_ROWS,
        "join_peaks": JOINT,
        "assign_splits": located,
        "sample_background": located,
        "sample_others": CONTRASTED,
        "build_dataset": located,
        "import_sequences": SEQUENCE_ROWS,
        "train_model": MODELS,
        "apply_model": MODELS,
        "evaluate_classes": CLASSES,
        "write_class_index": CLASSES,
        "evaluate_model": PAGES,
        "describe_kernels": PAGES,
        "group_families": PAGES,
        "ablate_kernels": PAGES,
        "name_motifs": PAGES,
        "locate_families": PAGES,
        "scan_known": PAGES,
        "measure_score_parts": PAGES,
        "scan_catalogue": PAGES,
        "export_motifs": PAGES,
        "draw_logos": PAGES,
        "write_report": PAGES,
        "run_tomtom": TOMTOM_PAGES,
        "compare_rules": PAGES if MOTIFS["compare"] else [],
        **requested.picture_rules(config, PAGES, MODELS),
    }
    once = ["prepare_database", "build_catalogue", "call_cobinding", "write_catalogue"]
    once += ["write_index", "write_method"]
    return [
        *(path for name in once for path in getattr(rules, name).output),
        *expand(rules.prepare_genome.output, genome=study.used_genomes(ROWS)),
        *expand("results/{experiment}/rules/{rule}.h5", experiment=PAGES, rule=COMPARED),
        *(
            path
            for name, experiments in rules_of.items()
            for path in expand(getattr(rules, name).output, experiment=experiments)
        ),
    ]


def database_files():
    """The user's own files of known motifs; JASPAR comes with its package."""
    return [source for source in DATABASES if source != "jaspar"]


def user_files():
    """Every file that the user named and that an experiment needs."""
    table = local(config["experiments"])  # read where it is, also by a module with a prefix
    paths = [path for genome in study.used_genomes(ROWS) for path in GENOMES[genome].values()]
    paths += [source.text for source in SHEET_FILES]
    return [table, *paths, *database_files()]


def of_input(key):
    """Return the function that finds this entry of a file that is fetched by address."""

    def find(wildcards):
        return FETCHED[f"{INPUTS}/{wildcards.fetched}"][key]

    return find


def of_accession(key):
    """Return the function that finds this entry of a file that is fetched by accession."""

    def find(wildcards):
        return FETCHED[f"{INPUTS}/encode/{wildcards.accession}"][key]

    return find


def all_predictions(wildcards):
    """All files of `snakemake predict`."""
    if not PREDICT:
        refuse("config: predict: nothing there, expected a name, and experiment and input for it")
    return [
        f"results/{experiment}/predict/{name}.{'bw' if 'genome' in part else 'tsv.gz'}"
        for name, part in PREDICT.items()
        for experiment in PREDICTED[name]
    ]


def prediction_source(wildcards):
    """The input of a prediction by name: sequences, or a genome, its aliases and any regions."""
    part = PREDICT[wildcards.predict]
    if "sequences" in part:
        return {"sequences": addresses.at_hand(part["sequences"])}
    regions = {"regions": addresses.at_hand(part["regions"])} if "regions" in part else {}
    return prediction_genome(wildcards) | aliases_of(part["genome"]) | regions


def prediction_genome(wildcards):
    """The files of the genome of a prediction, by name."""
    fasta = f"results/genomes/{PREDICT[wildcards.predict]['genome']}/genome.fa"
    return {"fasta": fasta, "fai": f"{fasta}.fai"}


def stride_of(wildcards):
    """The distance between the windows of a prediction in bp."""
    return PREDICT[wildcards.predict]["stride"]


def all_searches(wildcards):
    """All pages of `snakemake search`."""
    if not TRIALS:
        refuse("config: search.space: nothing there, expected options and the values to try")
    return expand("results/{experiment}/search/search.html", experiment=SEARCHED)


def trials_of(wildcards):
    """The results of all trials of an experiment."""
    return expand(f"results/{wildcards.experiment}/search/trials/{{trial}}.json", trial=TRIALS)


def values_of(wildcards):
    """The values of a trial by option."""
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


def all_simulations(wildcards):
    """All data sets of `snakemake simulate`."""
    if not SIMULATE:
        refuse("config: simulate: nothing to simulate, expected a name with motifs and length")
    return expand("results/simulations/{simulation}/dataset.h5", simulation=SIMULATE)


def simulated_database(wildcards):
    """The user's own file of motifs to plant, or nothing: JASPAR comes with its package."""
    source = SIMULATE[wildcards.simulation]["database"]
    return [] if source == "jaspar" else addresses.at_hand(source)


def simulation_options(wildcards):
    """The options of a simulation, with the seed of the config unless it has one."""
    return study.simulation_options(SIMULATE[wildcards.simulation], config["seed"])
