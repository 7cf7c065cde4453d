"""Labels: from users' notation to the array y, and the task that they define.

Tasks: binary, y (n,) of 0 and 1; multiclass, y (n, T) with one 1 per row; multilabel, y (n, T) of
0 and 1.
"""

import numpy as np
import pandas as pd

from peaks2motifs.checks.labelled_files import TRUTH
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.limits import MIN_WINDOWS
from peaks2motifs.data.splits import SPLITS


def code_labels(labels: list[str], classes: list[str]) -> np.ndarray:
    """Turn labels into class numbers, int64 (n,); 0 and 1, or -1 and 1, become 0 and 1.

    Raises InputError for a label that is neither of these nor one of `classes`.
    """
    distinct = set(labels)
    if distinct <= TRUTH.keys():
        return pd.Series(labels).map(TRUTH).to_numpy(np.int64)
    if unknown := sorted(distinct - set(classes)):
        raise InputError(f"label {unknown[0]!r}, expected 0 and 1, or one of {', '.join(classes)}")
    return pd.Index(classes).get_indexer(pd.Index(labels)).astype(np.int64)


def resolve_task(
    y: np.ndarray, classes: list[str], task: str, source: str
) -> tuple[str, np.ndarray]:
    """Determine the task, and return it with y in the task's shape, uint8.

    y holds class numbers (n,) or 0 and 1 (n, T). `classes` are their names in the sample sheet,
    none for binary; `source` names the file. With task "", class numbers or rows with one 1 mean
    multiclass, other rows multilabel. Two unnamed columns with one 1 per row are binary: the second
    is y. Raises InputError if labels, names and task disagree.
    """
    y = squeeze_columns(y, classes)
    n_classes = y.shape[1] if y.ndim == 2 else int(y.max(initial=0)) + 1
    if not classes and task in ("", "binary") and y.ndim == 1 and n_classes <= 2:
        return "binary", y.astype(np.uint8)
    if task == "binary":
        raise InputError(f"{source}: labels of {len(classes) or n_classes} classes, task binary")
    if len(classes) < 2 or n_classes > len(classes) or (y.ndim == 2 and n_classes < len(classes)):
        raise InputError(
            f"{source}: labels of {n_classes} classes, the sheet names {len(classes)}; a file in "
            "its column labels may name the columns of HDF5, or its classes by number"
        )
    if y.ndim == 1:
        return task or "multiclass", np.eye(len(classes), dtype=np.uint8)[y]
    return resolve_columns(y, task, source)


def squeeze_columns(y: np.ndarray, classes: list[str]) -> np.ndarray:
    """Turn one column, or two unnamed complementary columns, into y (n,)."""
    if y.ndim == 2 and y.shape[1] == 1:
        return y[:, 0]
    is_pair = not classes and y.ndim == 2 and y.shape[1] == 2
    return y[:, 1] if is_pair and (y.sum(axis=1) == 1).all() else y


def resolve_columns(y: np.ndarray, task: str, source: str) -> tuple[str, np.ndarray]:
    """Determine the task of labels (n, T); with task multiclass refuse rows without one 1."""
    n_ones = y.sum(axis=1, dtype=np.int64)
    task = task or ("multiclass" if (n_ones == 1).all() else "multilabel")
    if task == "multiclass" and (n_ones != 1).any():
        row = int((n_ones != 1).argmax())
        raise InputError(
            f"{source}: row {row} has {n_ones[row]} classes, task multiclass expects one"
        )
    return task, y.astype(np.uint8, copy=False)


def class_counts(y: np.ndarray, split: np.ndarray, classes: list[str]) -> pd.DataFrame:
    """Count the rows of each split and class: `split class count others`.

    y is (n,), of classes 0 and 1, or (n, T). Rows of no split (n,) are ignored.
    """
    columns = y if y.ndim == 2 else np.stack([1 - y, y], axis=1)
    names = classes if y.ndim == 2 else ["0", "1"]
    tables = []
    for name in SPLITS:
        in_split = columns[split == name]
        count = in_split.sum(axis=0, dtype=np.int64)
        rows = {"split": name, "class": names, "count": count, "others": len(in_split) - count}
        tables.append(pd.DataFrame(rows))
    return pd.concat(tables, ignore_index=True)


def check_classes(counts: pd.DataFrame, source: str) -> None:
    """Raise InputError for a split with one class only, or with too few sequences of a class.

    counts is the table of `class_counts`. Models are evaluated on each class, so that every split
    needs `MIN_WINDOWS` sequences of each class and as many others.
    """
    for split, rows in counts.groupby("split", sort=False):
        if ((rows["count"] == 0) | (rows["others"] == 0)).all():
            present = ", ".join(rows[rows["count"] > 0]["class"].head(5)) or "none"
            raise InputError(f"{source}: split {split} has sequences of one class only: {present}")
        few = rows[rows[["count", "others"]].min(axis=1) < MIN_WINDOWS]
        if len(few):
            first = few.iloc[0]
            raise InputError(
                f"{source}: split {split} has {first['count']} sequences of class {first['class']} "
                f"and {first['others']} others, expected at least {MIN_WINDOWS} of both"
            )
