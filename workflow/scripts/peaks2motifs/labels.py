"""From labels as users write them to y as the network learns it, and to the task they pose.

Tasks: binary, y (n,) of 0 and 1; multiclass, y (n, T) with one 1 in each row; multilabel, y (n, T)
of 0 and 1.
"""

import re

import numpy as np
import pandas as pd

from peaks2motifs.joblog import InputError
from peaks2motifs.sheet import TRUTH, order_classes
from peaks2motifs.splits import SPLITS

TASKS = ("binary", "multiclass", "multilabel")
_NAME = re.compile(r"[!-~]+")


def code_labels(labels: list[str], classes: list[str]) -> tuple[np.ndarray, list[str]]:
    """Number labels: y int64 (n,) and the names of the classes, in order.

    0 and 1, or -1 and 1, are numbers and leave the names empty. Other labels are names: in the
    order of `classes`, or where these are not given in that of numbers or else of the alphabet.
    """
    found = set(labels)
    if found <= TRUTH.keys():
        return pd.Series(labels).map(TRUTH).to_numpy(np.int64), []
    classes = classes or order_classes(found)
    check_class_names(classes)
    return pd.Index(classes).get_indexer(pd.Index(labels)).astype(np.int64), classes


def check_class_names(classes: list[str]) -> None:
    """Raise InputError unless every class has a name of its own in visible ASCII signs."""
    for name in classes:
        if not _NAME.fullmatch(name):
            raise InputError(f"class {name!r}, expected ASCII letters, digits and signs, no spaces")
    if len(set(classes)) < len(classes):
        twice = next(name for name in classes if classes.count(name) > 1)
        raise InputError(f"class {twice!r} is there twice, expected each name once")


def resolve_task(
    y: np.ndarray, classes: list[str], task: str, source: str
) -> tuple[str, list[str], np.ndarray]:
    """Say what task labels pose, name their classes, and give y in that task's shape, uint8.

    y holds class numbers (n,) or 0 and 1 (n, T). With task "": numbers 0 and 1 and two nameless
    columns with one 1 in each row (the second column says 1) are binary; names, and three or more
    columns with one 1 in each row, are multiclass; all else is multilabel. `source` names the file.
    Raises InputError when the labels cannot pose the task asked for.
    """
    y = y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y
    if y.ndim == 1:
        return _resolve_numbers(y, classes, task, source)
    n_ones = y.sum(axis=1, dtype=np.int64)
    columns, is_one_hot = y.shape[1], bool((n_ones == 1).all())
    if columns == 2 and is_one_hot and (task == "binary" or not (task or classes)):
        return "binary", [], y[:, 1].astype(np.uint8)
    task = task or ("multiclass" if is_one_hot else "multilabel")
    if task == "binary":
        raise InputError(f"{source}: labels in {columns} columns, task binary expects one")
    if task == "multiclass" and not is_one_hot:
        row = int((n_ones != 1).argmax())
        raise InputError(
            f"{source}: row {row} is of {n_ones[row]} classes, task multiclass expects one"
        )
    classes = classes or [f"class_{i}" for i in range(columns)]
    if len(classes) != columns:
        raise InputError(
            f"{source}: {len(classes)} names of classes, labels have {columns} columns"
        )
    return task, classes, y.astype(np.uint8, copy=False)


def _resolve_numbers(
    y: np.ndarray, classes: list[str], task: str, source: str
) -> tuple[str, list[str], np.ndarray]:
    highest = int(y.max(initial=0))
    if len(classes) == 1 and highest <= 1 and task != "multiclass":  # the name of one column
        task = task or "binary"
        return (task, [], y.astype(np.uint8)) if task == "binary" else (task, classes, _column(y))
    task = task or ("multiclass" if classes else "binary")
    if task == "binary" and (classes or highest > 1):
        found = f"classes {', '.join(classes[:5])}" if classes else f"label {highest}"
        raise InputError(f"{source}: {found}, task binary expects labels 0 and 1")
    if task == "binary":
        return task, [], y.astype(np.uint8)
    if task == "multilabel" and not classes and highest <= 1:
        return task, ["class_0"], _column(y)
    classes = classes or [str(i) for i in range(highest + 1)]
    if highest >= len(classes):
        raise InputError(f"{source}: label {highest}, expected 0 to {len(classes) - 1}")
    return task, classes, np.eye(len(classes), dtype=np.uint8)[y]


def _column(y: np.ndarray) -> np.ndarray:
    return y.astype(np.uint8)[:, None]


def class_counts(y: np.ndarray, split: np.ndarray, classes: list[str]) -> pd.DataFrame:
    """Count the rows of each split and class: `split class count others`; binary: classes 0, 1.

    y is (n,) or (n, T); rows of another `split` (n,) than train, valid and test do not count.
    """
    columns = y if y.ndim == 2 else np.stack([1 - y, y], axis=1)
    names = classes if y.ndim == 2 else ["0", "1"]
    tables = []
    for name in SPLITS:
        part = columns[split == name]
        count = part.sum(axis=0, dtype=np.int64)
        rows = {"split": name, "class": names, "count": count, "others": len(part) - count}
        tables.append(pd.DataFrame(rows))
    return pd.concat(tables, ignore_index=True)


def check_classes(counts: pd.DataFrame, task: str, source: str) -> None:
    """Raise InputError for a split of one class, or a class that no training sequence has.

    counts is what `class_counts` gives for all three splits. A class that a split cannot be judged
    on, as all its sequences or none belong to it, is worth a line in the log; multilabel data may
    have such classes in training, too.
    """
    for split, rows in counts.groupby("split", sort=False):
        constant = rows[(rows["count"] == 0) | (rows["others"] == 0)]
        absent = rows[rows["count"] == 0]["class"]
        if len(constant) == len(rows):
            only = ", ".join(rows[rows["count"] > 0]["class"].head(5)) or "none"
            raise InputError(f"{source}: split {split} has sequences of one kind only ({only})")
        if len(absent) and task != "multilabel" and split == "train":
            raise InputError(
                f"{source}: split {split} has no sequence of {len(absent)} of {len(rows)} classes, "
                f"expected some of each; the first: {absent.iloc[0]}"
            )
        if len(constant):
            print(
                f"WARNING: {split}: {len(constant)} of {len(rows)} classes hold all or no "
                f"sequences and cannot be judged; the first: {constant['class'].iloc[0]}"
            )
