"""From labels as users write them to y as the network learns it, and to the task they pose.

Tasks: binary, y (n,) of 0 and 1; multiclass, y (n, T) with one 1 in each row; multilabel, y (n, T)
of 0 and 1.
"""

import numpy as np
import pandas as pd

from peaks2motifs.checks.labelled_files import TRUTH
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.limits import MIN_WINDOWS
from peaks2motifs.data.splits import SPLITS


def code_labels(labels: list[str], classes: list[str]) -> np.ndarray:
    """Number labels, int64 (n,): 0 and 1, or -1 and 1, as they say, others by their class."""
    found = set(labels)
    if found <= TRUTH.keys():
        return pd.Series(labels).map(TRUTH).to_numpy(np.int64)
    if unknown := sorted(found - set(classes)):
        raise InputError(f"label {unknown[0]!r}, expected 0 and 1, or one of {', '.join(classes)}")
    return pd.Index(classes).get_indexer(pd.Index(labels)).astype(np.int64)


def resolve_task(
    y: np.ndarray, classes: list[str], task: str, source: str
) -> tuple[str, np.ndarray]:
    """Say what task labels pose, and give y in that task's shape, uint8.

    y holds class numbers (n,) or 0 and 1 (n, T), `classes` are the names that the sheet has for
    them, none for binary. With task "" a row of one 1 in all rows, or numbers, make multiclass, all
    else multilabel; two nameless columns of which one is 1 are binary, the second says 1. `source`
    names the file. Raises InputError when labels, names and task do not agree.
    """
    y = y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y
    if not classes and y.ndim == 2 and y.shape[1] == 2 and (y.sum(axis=1) == 1).all():
        y = y[:, 1]
    number = y.shape[1] if y.ndim == 2 else int(y.max(initial=0)) + 1
    if not classes and task in ("", "binary") and y.ndim == 1 and number <= 2:
        return "binary", y.astype(np.uint8)
    if task == "binary":
        raise InputError(f"{source}: labels of {len(classes) or number} classes, task binary")
    if len(classes) < 2 or number > len(classes) or (y.ndim == 2 and number < len(classes)):
        raise InputError(
            f"{source}: labels of {number} classes, the sheet names {len(classes)}; a file in its "
            "column labels may name the columns of HDF5, or its classes by number"
        )
    if y.ndim == 1:
        return task or "multiclass", np.eye(len(classes), dtype=np.uint8)[y]
    n_ones = y.sum(axis=1, dtype=np.int64)
    task = task or ("multiclass" if (n_ones == 1).all() else "multilabel")
    if task == "multiclass" and (n_ones != 1).any():
        row = int((n_ones != 1).argmax())
        raise InputError(
            f"{source}: row {row} is of {n_ones[row]} classes, task multiclass expects one"
        )
    return task, y.astype(np.uint8, copy=False)


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


def check_classes(counts: pd.DataFrame, source: str) -> None:
    """Raise InputError for a split of one class, and for a class that cannot be judged.

    counts is what `class_counts` gives for all three splits. Models of several classes are judged
    on each, so that every split must hold `MIN_WINDOWS` sequences of it and as many others.
    """
    for split, rows in counts.groupby("split", sort=False):
        if ((rows["count"] == 0) | (rows["others"] == 0)).all():
            only = ", ".join(rows[rows["count"] > 0]["class"].head(5)) or "none"
            raise InputError(f"{source}: split {split} has sequences of one kind only ({only})")
        few = rows[rows[["count", "others"]].min(axis=1) < MIN_WINDOWS]
        if len(few):
            first = few.iloc[0]
            raise InputError(
                f"{source}: split {split} has {first['count']} sequences of class {first['class']} "
                f"and {first['others']} others, expected {MIN_WINDOWS} of both at least"
            )
