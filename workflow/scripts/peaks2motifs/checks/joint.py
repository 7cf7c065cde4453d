"""Models with classes: joint ones of several experiments, and those of labelled sequences."""

from collections.abc import Mapping

from peaks2motifs.checks.errors import InputError, located
from peaks2motifs.checks.labelled_files import known_classes
from peaks2motifs.checks.options import choose
from peaks2motifs.checks.sheet import RESERVED
from peaks2motifs.checks.stack_options import choose_softmax


def read_joint(joint: Mapping, rows: Mapping, loss: str) -> dict[str, dict]:
    """Return the section joint, each model with its experiments listed by name.

    `rows` are those of the sample sheet, `loss` is the option training.loss. Raises InputError for
    taken names, a loss that is not of the task, and experiments that cannot be joined.
    """
    models, peaks = {}, [name for name, row in rows.items() if row["peaks"]]
    for name, part in joint.items():
        with located(f"config: joint.{name}"):
            if name in rows or name in RESERVED:
                raise InputError("the name is reserved, or that of an experiment")
            choose_softmax(part["task"], loss)
        with located(f"config: joint.{name}.experiments"):
            experiments = choose(part["experiments"], peaks)
            _check_experiments(experiments, part["task"], rows)
        models[name] = part | {"experiments": experiments}
    return models


def _check_experiments(experiments: list[str], task: str, rows: Mapping) -> None:
    if task == "multiclass" and "background" in experiments:
        raise InputError("background, which is a class of its own here; rename it")
    genomes = dict.fromkeys(rows[experiment]["genome"] for experiment in experiments)
    if len(genomes) != 1 or len(experiments) < 2:
        raise InputError(
            f"{len(experiments)} on {', '.join(genomes)}, expected two or more on one genome"
        )


def find_classes(joint: Mapping, sequences: Mapping, rows: Mapping, loss: str) -> dict[str, list]:
    """The classes of each model that has any: experiments of a joint one, or those of its labels.

    `joint` is what `read_joint` gives, `sequences` what `labelled_files.sequence_files` gives for
    each experiment. Raises InputError as `labelled_files.known_classes` does, and for a loss that
    does not fit the task.
    """
    classes = {name: part["experiments"] for name, part in joint.items()}
    for name, (given, files) in sequences.items():
        with located(f"experiment {name}"):
            labels = known_classes(given, files)
            choose_softmax(rows[name]["task"] or ("multiclass" if given else ""), loss)
        if labels:
            classes[name] = labels
    return classes


def class_rows(classes: Mapping, joint: Mapping, rows: Mapping) -> dict[str, dict[str, str]]:
    """A row like those of the sample sheet for each joint model and each class, <model>/<class>."""
    empty = dict.fromkeys(next(iter(rows.values())), "")
    added = {}
    for model, labels in classes.items():
        genome = rows[labels[0] if model in joint else model]["genome"]
        if model in joint:
            added[model] = empty | {"genome": genome}
        for label in labels:
            factor = rows[label if model in joint else model]["factor"]
            added[f"{model}/{label}"] = empty | {"genome": genome, "factor": factor}
    return added
