# Before any rule: config and sample sheet, checked; what is wrong ends Snakemake with one line.
#
# Each check is a function of the library's room `checks`, and only this file calls it. It also
# imports what the other rule files call of that room: `requested`, `resources` and `study`. It must
# stay plain Python, because `open_library` parses its imports.

from snakemake.settings.types import DeploymentMethod

open_library("../rules/check.smk")
from peaks2motifs.checks import addresses, errors, files, joint, labelled_files, network
from peaks2motifs.checks import options, predict, search_space, sheet
from peaks2motifs.checks import requested, resources, study

schemas = [Path(workflow.source_path(f"../schemas/{name}")) for name in options.FILES]
SCHEMA, SHEET_SCHEMA, PRESETS = options.read_schemas(schemas[0].parent)

try:
    # Options: the user's, completed by the preset and by defaults.
    given = dict(config)
    with errors.located("config"):
        config.update(options.complete_options(config, SCHEMA, PRESETS))
    options.check_programs(
        tomtom=config["names"]["tomtom_html"],
        by_conda=DeploymentMethod.CONDA in workflow.deployment_settings.deployment_method,
    )

    # Experiments: their rows of the sample sheet; classes and files of labelled sequences.
    ROWS, remote = sheet.read_sheet(config["experiments"], SHEET_SCHEMA, config["genomes"])
    EXPERIMENTS = list(ROWS)
    PEAK_ROWS = [name for name in ROWS if ROWS[name]["peaks"]]
    SEQUENCE_ROWS = {
        name: labelled_files.sequence_files(row) for name, row in ROWS.items() if row["sequences"]
    }
    lengths = network.window_lengths(config, bool(PEAK_ROWS), bool(SEQUENCE_ROWS))
    with errors.located("config"):
        network.check_network(config["model"], PRESETS, lengths)

    # Files: those to fetch, and a check that the others exist. A workflow that loads this one as a
    # module may make files that do not exist yet.
    GENOMES = files.genome_files(config["genomes"])
    DATABASES = files.database_files(config["names"])
    SHEET_FILES = list(files.sheet_sources(ROWS, SEQUENCE_ROWS))
    CONFIG_FILES = list(files.config_sources(config, ROWS))
    FETCHED = addresses.fetched_files([*remote, *CONFIG_FILES], config["fetch"]["mirrors"])
    if workflow.modifier.parent_modifier is None:
        files.check_files([*SHEET_FILES, *CONFIG_FILES], FETCHED, config["simulate"])

    # Models with classes: joint models, and models of labelled sequences. Each class has a page.
    JOINT = joint.read_joint(config["joint"], ROWS, config["training"]["loss"])
    CLASSES = joint.find_classes(JOINT, SEQUENCE_ROWS, ROWS, config["training"]["loss"])
    ROWS |= joint.class_rows(CLASSES, JOINT, ROWS)
    config["joint"] = JOINT
    with errors.located("config"):
        study.check_background([*PEAK_ROWS, *JOINT], ROWS, JOINT, config["background"])
    PAGES = [name for name in ROWS if name not in CLASSES]
    MODELS = [name for name in ROWS if "/" not in name]

    # `snakemake predict` and `snakemake search`.
    PREDICTED = predict.read_predictions(config["predict"], PAGES, config["genomes"])
    with errors.located("config: search.experiments"):
        SEARCHED = options.choose(config["search"]["experiments"], [*EXPERIMENTS, *JOINT])
    TRIALS = search_space.find_trials(config["search"], SCHEMA, config["seed"])
    TRAINING = network.training_parameters(config["model"], config["training"], SCHEMA, PRESETS)
    TRIAL_TRAINING = {
        name: search_space.trial_training(trial, given, SCHEMA, PRESETS, lengths)
        for name, trial in TRIALS.items()
    }
except errors.InputError as error:
    refuse(error)
