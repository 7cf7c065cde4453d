"""Apply a trained model: score all windows and find the best sites of all kernels."""

import numpy as np
import pandas as pd
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.subsample import pick_evenly
from peaks2motifs.core.tables import write_tsv
from peaks2motifs.data.dataset import read_classes, read_split
from peaks2motifs.data.splits import OTHERS, SPLITS
from peaks2motifs.model.activations import Activations, write_activations
from peaks2motifs.model.backend import start_keras
from peaks2motifs.model.kmer_shares import COLUMNS, list_kmers


def apply_model(
    dataset: str,
    model_file: str,
    predictions: str,
    activations: str,
    kmer_shares: str,
    batch_size: int,
    keras: dict,
) -> None:
    """Write the score of each window, the best site of each kernel in most windows, and k-mers.

    If the model separates peaks from background, the parts of the score are the last columns:
    `networks` and, if the model reads gapped k-mers, `kmers`. If it also separates peaks from those
    of other experiments, `others` is that score. All are logits.
    Kernels scan only as many training background windows as there are training peaks, evenly
    spread along the genome. Windows at the peaks of other experiments come last. `kmer_shares`
    lists the k-mers with the largest share of the score, if k-mers are part of it. `keras` holds
    the arguments of `backend.start_keras` except the seed.
    """
    start_keras(seed=0, **keras)
    # Keras must be imported after the backend is chosen; what it prints then goes to the log.
    from keras.saving import load_model
    from peaks2motifs.model import scanning

    model = load_model(model_file)
    _, classes = read_classes(dataset)
    parts_model = scanning.with_parts(model)
    tables, split_sites = [], []
    for split in [*SPLITS, *(OTHERS if scanning.has_others(model) else ())]:
        codes, y, windows = read_split(dataset, split)
        scores, parts = scanning.score_parts(parts_model, codes, batch_size)
        columns = label_columns(y, scores, classes) | parts
        tables.append(windows.drop(columns="strand").assign(split=split, **columns))
        rows = balanced_rows(y) if split == "train" else np.arange(len(y))
        sites = scanning.best_sites(model, codes[rows], batch_size)
        origin = {"label": y[rows], "row": rows, "split": np.full(len(rows), split)}
        split_sites.append(sites | origin)
    write_tsv(pd.concat(tables), predictions, float_format="%.6f")
    sites = Activations(**concatenate(split_sites), **scanning.describe_kernels(model))
    write_activations(activations, sites, scanning.reads_both_strands(model), classes)
    kmers = pd.DataFrame(columns=COLUMNS)
    if scanning.kmer_weight(model) > 0:
        kmers = list_kmers(scanning.kmer_table(model), *read_split(dataset, "valid")[:2])
    write_tsv(kmers, kmer_shares)
    scored = sum(map(len, tables))
    print(f"{scored} windows scored, {len(sites.label)} scanned with {len(sites.kernel)} kernels")


def concatenate(parts: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Concatenate arrays by name."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def label_columns(y: np.ndarray, scores: np.ndarray, classes: list[str]) -> dict[str, np.ndarray]:
    """Return columns `label` and `score`, or `label_<class>` and `score_<class>` for each class."""
    if not classes:
        return {"label": y, "score": scores[:, 0]}
    columns = {f"label_{name}": y[:, number] for number, name in enumerate(classes)}
    return columns | {f"score_{name}": scores[:, number] for number, name in enumerate(classes)}


def balanced_rows(y: np.ndarray) -> np.ndarray:
    """Select the rows of all peaks and of as many background windows, evenly spread and in order.

    Labels y are (n,) or (n, T), where windows of any class are peaks.
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
            kmer_shares=snakemake.output.kmer_shares,
            batch_size=snakemake.params.batch_size,
            keras=snakemake.params.keras,
        )
