# Models with classes: joint ones of several experiments, checked; the classes, which have a page each.

JOINT = config["joint"]


def read_joint():
    """Name the experiments of joint models, in place, and refuse what they cannot be made of."""
    for name, part in JOINT.items():
        where = f"config: joint.{name}"
        if name in EXPERIMENTS or name in RESERVED:
            refuse(f"{where}: the name is taken, by an experiment or by us")
        check_loss(part["task"], where)
        part["experiments"] = chosen(part["experiments"], f"{where}.experiments", PEAK_ROWS)
        if part["task"] == "multiclass" and "background" in part["experiments"]:
            refuse(f"{where}.experiments: background, which is a class of its own here; rename it")
        genomes = SHEET.genome[part["experiments"]].unique()
        if len(genomes) != 1 or len(part["experiments"]) < 2:
            found = f"{len(part['experiments'])} on {', '.join(genomes)}"
            refuse(f"{where}.experiments: {found}, expected two or more on one genome")


def check_loss(task, where):
    """Refuse a loss that is not of the task."""
    try:
        library("stack_options").choose_softmax(task, config["training"]["loss"])
    except ValueError as error:
        refuse(f"{where}: {error}")


def read_classes():
    """The classes of each model that has any: experiments of a joint one, or as the sheet says."""
    classes = {name: part["experiments"] for name, part in JOINT.items()}
    for name, (given, files) in SEQUENCE_ROWS.items():
        try:
            found = library("sheet").known_classes(given, files)
        except ValueError as error:
            refuse(f"experiment {name}: {error}")
        check_loss(SHEET.task[name] or ("multiclass" if given else ""), f"experiment {name}")
        classes |= {name: found} if found else {}
    return classes


def add_rows():
    """Add to the sample sheet a row for each joint model and for each class, <model>/<class>."""
    rows = {}
    for model, classes in CLASSES.items():
        genome = SHEET.genome[classes[0] if model in JOINT else model]
        if model in JOINT:
            rows[model] = {"genome": genome}
        for label in classes:
            factor = SHEET.factor[label if model in JOINT else model]
            rows[f"{model}/{label}"] = {"genome": genome, "factor": factor}
    added = pd.DataFrame.from_dict(rows, orient="index", columns=SHEET.columns)
    return pd.concat([SHEET, added.fillna("")])


def classes_of(wildcards):
    """The classes of a model, none where it tells peaks from background."""
    return CLASSES.get(wildcards.experiment, [])


def joint_task(wildcards):
    """What a model that is made of peaks tells apart."""
    return JOINT.get(wildcards.experiment, {}).get("task", "binary")


def labels_of(wildcards):
    """The labels of a joint model's peaks, or nothing."""
    return f"results/{wildcards.experiment}/labels.h5" if wildcards.experiment in JOINT else []


def class_factors(wildcards):
    """The factor of each class of a model."""
    return [SHEET.factor[f"{wildcards.experiment}/{label}"] for label in classes_of(wildcards)]


def class_genomes(wildcards):
    """The genome of each class of a model, the same for all."""
    return [SHEET.genome[wildcards.experiment]] * len(classes_of(wildcards))


def class_of(wildcards):
    """The class of a model that a page is about, or nothing."""
    return wildcards.experiment.partition("/")[2] or None


def column_of(wildcards):
    """The output of a model that a page is about: that of its class, or the only one."""
    label = class_of(wildcards)
    return CLASSES[model_of(wildcards)].index(label) if label else 0


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


read_joint()
CLASSES = read_classes()
SHEET = add_rows()
ROWS = SHEET.to_dict("index")  # the same, much faster to look up
PAGES = [name for name in SHEET.index if name not in CLASSES]
MODELS = [name for name in SHEET.index if "/" not in name]


wildcard_constraints:
    experiment=one_of(SHEET.index),
    genome=one_of(config["genomes"]),
