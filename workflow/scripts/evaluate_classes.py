"""Summarise the performance of a model over all its classes."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import read_tsv
from peaks2motifs.data.dataset import read_classes
from peaks2motifs.data.splits import SPLITS

AVERAGED = ["auroc", "auprc"]


def evaluate_classes(dataset: str, predictions: str, metrics: Sequence[str], output: str) -> None:
    """Write metrics.json: the AUROC and AUPRC of each split, averaged over classes.

    `metrics` lists the metrics files of the classes. If the task of `dataset` is multiclass, the
    output also holds accuracy, balanced accuracy and the confusion table.
    """
    by_class = [json.loads(Path(path).read_text()) for path in metrics]
    values = {
        split: {key: float(np.mean([file[split][key] for file in by_class])) for key in AVERAGED}
        for split in SPLITS
    }
    if read_classes(dataset)[0] == "multiclass":
        table = read_tsv(predictions)
        for split in SPLITS:
            rows = table[table["split"] == split]
            labels, scores = (class_columns(rows, kind) for kind in ("label", "score"))
            values[split] |= class_accuracy(labels, scores)
    Path(output).write_text(json.dumps(values, indent=1) + "\n")
    print(f"test: mean AUROC {values['test']['auroc']:.3f} of {len(by_class)} classes")


def class_columns(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Select the columns `<kind>_<class>` of a table and name them by class."""
    selected = table.filter(regex=f"^{kind}_")
    return selected.rename(columns=lambda name: name.removeprefix(f"{kind}_"))


def class_accuracy(labels: pd.DataFrame, scores: pd.DataFrame) -> dict:
    """Compute accuracy, balanced accuracy and the confusion table of mutually exclusive classes.

    Both tables (n, T) have a column for each class; each row of labels holds a single 1. The called
    class is the one with the highest score. `confusion` lists counts, true by called class.
    """
    classes = list(labels.columns)
    true, called = labels.to_numpy().argmax(axis=1), scores[classes].to_numpy().argmax(axis=1)
    counts = np.bincount(true * len(classes) + called, minlength=len(classes) ** 2)
    counts = counts.reshape(len(classes), len(classes))
    correct, total = np.diagonal(counts), counts.sum(axis=1)
    return {
        "accuracy": float(correct.sum() / total.sum()),
        "balanced_accuracy": float((correct / np.maximum(total, 1))[total > 0].mean()),
        "classes": classes,
        "confusion": counts.tolist(),
    }


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        evaluate_classes(
            dataset=snakemake.input.dataset,
            predictions=snakemake.input.predictions,
            metrics=snakemake.input.metrics,
            output=snakemake.output[0],
        )
