"""Everything that needs the trained network: scores of all windows, best sites of all kernels."""

import numpy as np
import pandas as pd
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.subsample import pick_evenly
from peaks2motifs.core.tables import write_tsv
from peaks2motifs.data.dataset import read_classes, read_split
from peaks2motifs.data.splits import SPLITS
from peaks2motifs.model.activations import Activations, write_activations
from peaks2motifs.model.backend import start_keras


def apply_model(
    dataset: str,
    model_file: str,
    predictions: str,
    activations: str,
    batch_size: int,
    keras: dict,
) -> None:
    """Write a score for each window, and the best site of each kernel in nearly all of them.

    Of the training background, only as many windows as there are training peaks are shown to the
    kernels, evenly along the genome. `keras` holds the arguments of `backends.start_keras` but the
    seed.
    """
    start_keras(seed=0, **keras)
    # Imported here, after the backend is chosen and what TensorFlow prints goes to the log.
    from keras.saving import load_model
    from peaks2motifs.model import scanning

    model = load_model(model_file)
    _, classes = read_classes(dataset)
    tables, parts = [], []
    for split in SPLITS:
        codes, y, windows = read_split(dataset, split)
        scores = scanning.score_windows(model, codes, batch_size)
        columns = label_columns(y, scores, classes)
        tables.append(windows.drop(columns="strand").assign(split=split, **columns))
        rows = balanced_rows(y) if split == "train" else np.arange(len(y))
        origin = {"label": y[rows], "row": rows, "split": np.full(len(rows), split)}
        found = scanning.best_sites(model, codes[rows], batch_size)
        parts.append(found | origin)
    write_tsv(pd.concat(tables), predictions, float_format="%.6f")
    arrays = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    seen = Activations(**arrays, **scanning.describe_kernels(model))
    write_activations(activations, seen, scanning.reads_both_strands(model), classes)
    scored = sum(map(len, tables))
    print(f"{scored} windows scored, {len(seen.label)} shown to {len(seen.kernel)} kernels")


def label_columns(y: np.ndarray, scores: np.ndarray, classes: list[str]) -> dict[str, np.ndarray]:
    """The columns `label` and `score`, or `label_<class>` and `score_<class>` for each class."""
    if not classes:
        return {"label": y, "score": scores[:, 0]}
    columns = {f"label_{name}": y[:, number] for number, name in enumerate(classes)}
    return columns | {f"score_{name}": scores[:, number] for number, name in enumerate(classes)}


def balanced_rows(y: np.ndarray) -> np.ndarray:
    """Pick, in order, the rows of all peaks and of as many background windows, evenly spread.

    Of labels y (n,) or (n, T); windows of any class are peaks.
    """
    is_peak = y.any(axis=1) if y.ndim == 2 else y == 1
    peaks, background = np.flatnonzero(is_peak), np.flatnonzero(~is_peak)
    return np.sort(np.concatenate([peaks, pick_evenly(background, len(peaks))]))


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        apply_model(
            dataset=snakemake.input.dataset,
            model_file=snakemake.input.model,
            predictions=snakemake.output.predictions,
            activations=snakemake.output.activations,
            batch_size=snakemake.params.batch_size,
            keras=snakemake.params.keras,
        )
