# The functions by which rules find inputs and parameters: by wildcards, and over all experiments.


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
    """The factor of an experiment, empty when the sheet names none; or an accession, see `records`."""
    return ROWS[wildcards.experiment]["factor"]


def records(experiments):
    """What the ENCODE portal says of peak files whose factors the sheet does not name."""
    factors = dict.fromkeys(ROWS[experiment]["factor"] for experiment in experiments)
    return [RECORDS[factor] for factor in factors if factor in RECORDS]


def records_of(wildcards):
    """Such a record of the experiment of a page, or those of the classes of a model."""
    classes = [f"{wildcards.experiment}/{label}" for label in classes_of(wildcards)]
    return records(classes or [wildcards.experiment])


def peaks_of(wildcards):
    """The peak file of an experiment."""
    return ROWS[wildcards.experiment]["peaks"]


def sequences_of(wildcards):
    """The files of sequences and labels of an experiment, by column of the sheet."""
    return SEQUENCE_ROWS[wildcards.experiment][1]


def given_task(wildcards):
    """The task that labels pose, empty where they tell by themselves."""
    return ROWS[wildcards.experiment]["task"]


def model_of(wildcards):
    """The model that a page is about: an experiment's, or that of a class <model>/<class>."""
    return wildcards.experiment.partition("/")[0]


def of_model(name):
    """The function that finds the file `name` of the model that a page is about."""

    def find(wildcards):
        return f"results/{model_of(wildcards)}/{name}"

    return find


def of_experiments(name):
    """The function that finds the file `name` of each experiment of a joint model."""

    def find(wildcards):
        return [f"results/{experiment}/{name}" for experiment in classes_of(wildcards)]

    return find


def of_classes(name):
    """The function that finds the file `name` of each class of a model."""

    def find(wildcards):
        return [f"results/{wildcards.experiment}/{label}/{name}" for label in classes_of(wildcards)]

    return find


def classes_of(wildcards):
    """The classes of a model, none where it tells peaks from background."""
    return CLASSES.get(wildcards.experiment, [])


def rows_of(experiments, column):
    """The text of a column of the sample sheet for each of these experiments."""
    return [ROWS[experiment][column] for experiment in experiments]


def class_factors(wildcards):
    """The factor of each class of a model."""
    return rows_of([f"{wildcards.experiment}/{label}" for label in classes_of(wildcards)], "factor")


def class_genomes(wildcards):
    """The genome of each class of a model, the same for all."""
    return [genome_name_of(wildcards)] * len(classes_of(wildcards))


def class_of(wildcards):
    """The class of a model that a page is about, or nothing."""
    return wildcards.experiment.partition("/")[2] or None


def column_of(wildcards):
    """The output of a model that a page is about: that of its class, or the only one."""
    label = class_of(wildcards)
    return CLASSES[model_of(wildcards)].index(label) if label else 0


def joint_task(wildcards):
    """What a model that is made of peaks tells apart."""
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


def published(rules):
    """Those rules from kernels to motifs for which the model reads windows again."""
    return [rule for rule in rules if rule != "scan"]


def rule_options(wildcards):
    """What can be chosen of a published rule, by name."""
    own = {"basset": ["basset_trim"], "eugene": ["eugene_above"], "raw": ["max_background"]}
    options = {name: config["motifs"][name] for name in own.get(wildcards.rule, [])}
    return options | ({"seed": config["seed"]} if wildcards.rule == "pysster" else {})


def data_of(wildcards):
    """What a report tells of an experiment's data, by name."""
    names = {
        "peaks": "peaks.bed",
        "peaks_qc": "peaks.qc.tsv",
        "chromosomes": "chromosomes.tsv",
        "background_qc": "background.qc.tsv",
        "splits": "splits.bed",
    }
    model = model_of(wildcards)
    if model in SEQUENCE_ROWS:
        names = {"sequences_qc": "sequences.qc.tsv", "predictions": "predictions.tsv.gz"}
    return {name: f"results/{model}/{file}" for name, file in names.items()}


def patterns_of(wildcards):
    """The patterns of TF-MoDISco, by name, where they are asked for."""
    path = f"results/{wildcards.experiment}/modisco.tsv"
    return {"patterns": path} if config["attribution"]["modisco"] else {}


def asked_of(wildcards):
    """What else a report tells of or links, by name, where options ask for it."""
    folder = f"results/{wildcards.experiment}"
    rules = {"rules": f"{folder}/rules.tsv"} if MOTIFS["compare"] else {}
    tomtom = {"tomtom": f"{folder}/tomtom"} if config["names"]["tomtom_html"] else {}
    return rules | tomtom | patterns_of(wildcards)


def background_of(wildcards):
    """The user's own background of an experiment, or nothing."""
    return ROWS[wildcards.experiment]["background"] or []


def strategy_of(wildcards):
    """How an experiment's background is made; its own file comes before the option."""
    if model_of(wildcards) in SEQUENCE_ROWS:
        return "given"
    return "bed" if background_of(wildcards) else config["background"]["strategy"]


def asked_pictures():
    """The kinds of pictures that the config asks for."""
    attribution = config["attribution"]
    asked = config["pictures"] | {name: attribution[name] for name in ("modisco", "inputs")}
    return [name for name in ("kernels", "attributions", "modisco", "inputs") if asked[name]]


def pictures():
    """The files of those pictures, for all pages."""
    files = {
        "kernels": each(PAGES, "kernels", "maps.h5"),
        "attributions": each(PAGES, "attributions", "maps.h5"),
        "modisco": each(PAGES, "modisco.tsv", "contributions.h5"),
        "inputs": each(MODELS, "plots/inputs.svg", "inputs.h5"),
    }
    return [path for name in asked_pictures() for path in files[name]]


def each(experiments, *names):
    """These files of each experiment."""
    return expand("results/{experiment}/{name}", experiment=experiments, name=names)


def between():
    """A file of every rule between the user's files and the pages, to be targets like these.

    A job that fails or is killed takes its outputs with it, and of files that are missing Snakemake
    makes only those anew that are asked for: what is made of them, as options once were, would
    stay.
    """
    chain = ["kernel_evidence.tsv", "kernel_families.tsv", "ablation.tsv", "families.tsv"]
    chain += ["peak_families.tsv.gz", "catalogue_hits.tsv"]
    chain += [f"rules/{rule}.h5" for rule in COMPARED]
    return [
        "results/databases/motifs.meme",
        *expand("results/genomes/{genome}/genome.fa", genome=genomes_used()),
        *each([*PEAK_ROWS, *JOINT], "peaks.bed", "splits.bed", "background.bed"),
        *each(MODELS, "dataset.h5", "model.keras", "activations.h5", "metrics.json"),
        *each(PAGES, "metrics.json", *chain),
        "results/catalogue/members.tsv",
        "results/catalogue/catalogue.tsv",
    ]


def genomes_used():
    """The genomes that the sample sheet names, each once."""
    return list(dict.fromkeys(filter(None, rows_of(ROWS, "genome"))))


def database_files():
    """The user's own files of known motifs; JASPAR comes with its package."""
    return [source for source in DATABASES if source != "jaspar"]


def user_files():
    """Every file that the user named and that an experiment needs."""
    table = local(config["experiments"])  # read where it is, also by a module with a prefix
    paths = [path for genome in genomes_used() for path in GENOMES[genome].values()]
    paths += [source.text for source in OF_SHEET]
    return [table, *paths, *database_files()]


def study():
    """What the paragraphs on methods tell of the sample sheet."""
    rows = [*PEAK_ROWS, *JOINT]
    strategy = config["background"]["strategy"]
    return {
        "peaks": len(PEAK_ROWS),
        "sequences": len(SEQUENCE_ROWS),
        "joint": [
            {"name": name, "task": part["task"], "experiments": len(part["experiments"])}
            for name, part in JOINT.items()
        ],
        "strategies": sorted({"bed" if ROWS[row]["background"] else strategy for row in rows}),
        "blacklist": any("blacklist" in GENOMES[genome] for genome in genomes_used()),
        "network": TRAINING["architecture"]["network"],
        "version": VERSION,
        "snakemake": SNAKEMAKE,
        "seed": config["seed"],
    }
