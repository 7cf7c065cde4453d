"""Everything that needs the trained network: scores of all windows, best sites of all kernels."""

import h5py
import hdf5plugin
import numpy as np
import pandas as pd
from peaks2motifs.dataset import read_split
from peaks2motifs.joblog import joblog
from peaks2motifs.tables import write_tsv

SPLITS = ("train", "valid", "test")


def apply_model(
    dataset: str, model_file: str, predictions: str, activations: str, batch_size: int, threads: int
) -> None:
    """Write a score for each window, and the best site of each kernel in a balanced part of them.

    That part is every peak and, evenly along each split, as many background windows.
    """
    # Imported here, that what TensorFlow prints then goes to the log.
    import keras
    from peaks2motifs import scanning
    from peaks2motifs.training import make_deterministic

    make_deterministic(0, threads)
    model = keras.saving.load_model(model_file)
    tables, sites = [], []
    for split in SPLITS:
        codes, y, windows = read_split(dataset, split)
        scores = scanning.score_windows(model, codes, batch_size)
        tables.append(windows.drop(columns="strand").assign(split=split, label=y, score=scores))
        rows = balanced_rows(y)
        table = {"label": y[rows], "row": rows, "split": np.full(len(rows), split, "S5")}
        sites.append(scanning.best_sites(model, codes[rows], batch_size) | table)
    write_tsv(pd.concat(tables), predictions, float_format="%.6f")
    arrays = {name: np.concatenate([part[name] for part in sites]) for name in sites[0]}
    both_strands = scanning.reads_both_strands(model)
    write_activations(activations, arrays | scanning.describe_kernels(model), both_strands)


def balanced_rows(y: np.ndarray) -> np.ndarray:
    """Pick, in order, the rows of all peaks and of as many background windows, evenly spread."""
    peaks, background = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    number = min(len(peaks), len(background))
    spread = background[np.arange(number) * len(background) // max(number, 1)]
    return np.sort(np.concatenate([peaks, spread]))


def write_activations(path: str, arrays: dict[str, np.ndarray], both_strands: bool) -> None:
    """Write activations.h5: one dataset per array, those per window and kernel compressed."""
    with h5py.File(path, "w") as file:
        file.attrs["both_strands"] = both_strands
        for name, array in arrays.items():
            packing = hdf5plugin.Blosc(cname="zstd", clevel=3) if array.ndim > 1 else {}
            file.create_dataset(name, data=array, **packing)


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        apply_model(
            dataset=snakemake.input.dataset,
            model_file=snakemake.input.model,
            predictions=snakemake.output.predictions,
            activations=snakemake.output.activations,
            batch_size=snakemake.params.batch_size,
            threads=snakemake.params.threads,
        )
