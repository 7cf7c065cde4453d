"""Explain a trained model: kernel activations by position, and attributions of top peaks."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from peaks2motifs.core.arrays import write_arrays
from peaks2motifs.core.joblog import joblog
from peaks2motifs.data.dataset import read_split
from peaks2motifs.model.backend import start_keras
from peaks2motifs.motifs.motif import base_frequencies

COLUMNS = ["chrom", "start", "end", "name"]


def explain_model(
    dataset: str,
    model_file: str,
    maps_file: str,
    attributions_file: str,
    column: int,
    top: int,
    methods: Sequence[str],
    baseline: str,
    steps: int,
    batch_size: int,
    keras: Mapping,
) -> None:
    """Write maps.h5 and attributions.h5, which explain output `column` on test windows.

    Attributions cover the `top` peaks by logit. `baseline` is "background", the base frequencies of
    background windows, or "zeros". `keras` holds the arguments of `backend.start_keras` except the
    seed.
    """
    start_keras(seed=0, **keras)
    # Keras must be imported after the backend is chosen; what it prints then goes to the log.
    from keras.saving import load_model
    from peaks2motifs.model import activation_profiles, attribution, scanning

    model = load_model(model_file)
    codes, y, windows = read_split(dataset, "test")
    is_peak = (y if y.ndim == 1 else y[:, column]) == 1
    maps = activation_profiles.class_profiles(model, codes, is_peak, batch_size)
    write_arrays(maps_file, maps)
    frequencies = np.zeros(4) if baseline == "zeros" else base_frequencies(codes[~is_peak])
    options = {"baseline": frequencies, "steps": steps}
    rows, logits = attribution.top_peaks(model, column, codes, is_peak, top, batch_size)
    attributions = attribution.attribute(
        model, column, codes[rows], methods, batch_size=batch_size, **options
    )
    arrays = coordinates(windows, rows) | {"codes": codes[rows], "row": rows, "logit": logits}
    settings = {"methods": ",".join(methods), "mixed": scanning.has_kmers(model)} | options
    write_arrays(attributions_file, arrays | attributions, **settings)
    print(f"activations of {len(maps['first'])} kernels, attributions of {len(rows)} windows")


def coordinates(windows: pd.DataFrame, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Return the coordinates and names of some windows as arrays that HDF5 can store."""
    arrays = {name: windows[name].to_numpy()[rows] for name in COLUMNS}
    return {
        name: values.astype(str) if values.dtype == object else values
        for name, values in arrays.items()
    }


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        explain_model(
            dataset=snakemake.input.dataset,
            model_file=snakemake.input.model,
            maps_file=snakemake.output.maps,
            attributions_file=snakemake.output.attributions,
            column=snakemake.params.column,
            top=snakemake.params.top,
            methods=snakemake.params.methods,
            baseline=snakemake.params.baseline,
            steps=snakemake.params.steps,
            batch_size=snakemake.params.batch_size,
            keras=snakemake.params.keras,
        )
