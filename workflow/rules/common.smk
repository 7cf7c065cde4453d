# What rules share: digests of code and options, commands, choices of experiments.

import ast
import hashlib
import json
import os
from functools import cache


@cache
def read_code(path):
    """The text of a script or library module, and the files of the library that it imports."""
    text = Path(path).read_text()
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
    names = {f"{node.module}.{alias.name}" for node in imports for alias in node.names}
    # `from peaks2motifs.room.module import f` and `from peaks2motifs.room import module` alike
    modules = {tuple(name.split(".")[1:3]) for name in names if name.startswith("peaks2motifs.")}
    files = {f"peaks2motifs/{room}/{module}.py" for room, module in modules}
    return text, sorted(files | {f"peaks2motifs/{room}/__init__.py" for room, _ in modules})


def code(script):
    """Digest the content of a script and of the library modules it imports, directly or not.

    Snakemake does not see edits to imported files; as a parameter of its rule, this makes them
    rerun what they touch and nothing else. `source_path` also delivers the files when the workflow
    is a remote module.
    """
    files, digest = [script, "peaks2motifs/__init__.py"], hashlib.sha256()
    for name in files:
        text, imports = read_code(workflow.source_path(f"../scripts/{name}"))
        digest.update(text.encode())
        files += [file for file in imports if file not in files]
    return digest.hexdigest()[:12]


def digest_of(*sections):
    """Digest the named sections of the options."""
    text = json.dumps([config[section] for section in sections], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def training_parameters(model, training):
    """What the training of a network needs of the options of these sections, by name."""

    def some(*names):
        return {name: training[name] for name in names}

    optimizer = some("learning_rate", "momentum", "nesterov", "clipnorm")
    return {
        "architecture": network_options(model) | some("replicates"),
        "optimizer": optimizer | {"name": training["optimizer"]},
        "training": some("batch_size", "epochs", "patience_stopping", "patience_lr", "roll"),
        "loss": training["loss"],
        "keras": some("backend", "device", "precision", "threads"),
    }


def chosen(named, where, known):
    """Those of known experiments that an option names: all, one, or a list; others are refused."""
    experiments = known if named == "all" else [named] if isinstance(named, str) else named
    for experiment in experiments:
        if experiment not in known:
            refuse(f"{where}: {experiment!r}, expected all or some of {', '.join(known)}")
    return experiments


def command(*targets, add=None):
    """The command line for results or targets, run in the same folder, with a config to add."""
    files = [os.path.relpath(path) for path in workflow.overwrite_configfiles]
    if add and add not in files:
        files = [*(files or ["config/config.yaml"]), add]
    return " ".join(["snakemake", *targets, *(["--configfile", *files] if files else [])])


VERSION = re.search(
    r'^version = "(.+)"',
    Path(workflow.source_path("../../pyproject.toml")).read_text(),
    re.MULTILINE,
)[1]
COMMAND = command()
TRAINING = training_parameters(config["model"], config["training"])
KERAS = TRAINING["keras"]
RESULTS = [
    section for section in config if section not in ("container", "predict", "search", "simulate")
]
DATASET_DIGEST = digest_of("windows", "splits", "background", "dataset", "seed")
SEQUENCES_DIGEST = digest_of("sequences", "dataset", "seed")
