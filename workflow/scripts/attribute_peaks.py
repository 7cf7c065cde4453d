"""Estimate base contributions to the logit in held-out peaks, the input of TF-MoDISco."""

from collections.abc import Mapping

import numpy as np
from peaks2motifs.core.arrays import write_arrays
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.subsample import pick_evenly
from peaks2motifs.data.dataset import read_split
from peaks2motifs.model.backend import start_keras
from peaks2motifs.motifs.motif import base_frequencies


def attribute_peaks(
    dataset: str,
    model_file: str,
    output: str,
    column: int,
    windows: int,
    batch_size: int,
    keras: Mapping,
) -> None:
    """Write codes (n, length) and hypothetical contributions (n, length, 4) to `output`.

    They explain output `column` of the model in up to `windows` validation and test peaks, evenly
    spread. `keras` holds the arguments of `backend.start_keras` except the seed.
    """
    start_keras(seed=0, **keras)
    # Keras must be imported after the backend is chosen; what it prints then goes to the log.
    from keras.saving import load_model
    from peaks2motifs.model import attribution

    splits = [read_split(dataset, split)[:2] for split in ("valid", "test")]
    codes, y = (np.concatenate(arrays) for arrays in zip(*splits, strict=True))
    is_peak = (y if y.ndim == 1 else y[:, column]) == 1
    peaks = np.flatnonzero(is_peak)
    rows = pick_evenly(peaks, windows)
    model = attribution.logit_model(load_model(model_file), column, networks_only=True)
    gradient = attribution.gradient_function(model)
    contributions = attribution.hypothetical_contributions(gradient, codes[rows], batch_size)
    background = base_frequencies(codes[~is_peak])
    arrays = {"codes": codes[rows], "hypothetical": contributions, "background": background}
    write_arrays(output, arrays)
    print(f"{output}: {len(rows)} of {len(peaks)} peaks")


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        attribute_peaks(
            dataset=snakemake.input.dataset,
            model_file=snakemake.input.model,
            output=snakemake.output[0],
            column=snakemake.params.column,
            windows=snakemake.params.windows,
            batch_size=snakemake.params.batch_size,
            keras=snakemake.params.keras,
        )
