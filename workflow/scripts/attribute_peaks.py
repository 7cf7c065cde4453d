"""What each base would contribute to the logit, in held-out peaks: what TF-MoDISco reads."""

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

    Of up to `windows` validation and test peaks, evenly spread; of the model's output `column`.
    `keras` holds the arguments of `backends.start_keras` but the seed.
    """
    start_keras(seed=0, **keras)
    # Imported here, after the backend is chosen and what TensorFlow prints goes to the log.
    from keras.saving import load_model
    from peaks2motifs.model import attribution

    parts = [read_split(dataset, split) for split in ("valid", "test")]
    codes, y = (np.concatenate(each) for each in list(zip(*parts, strict=True))[:2])
    is_peak = (y if y.ndim == 1 else y[:, column]) == 1
    peaks = np.flatnonzero(is_peak)
    rows = pick_evenly(peaks, windows)
    model = attribution.logit_model(load_model(model_file), column, networks_only=True)
    gradient = attribution.gradient_of(model)
    found = attribution.hypothetical(gradient, codes[rows], batch_size)
    background = base_frequencies(codes[~is_peak])
    arrays = {"codes": codes[rows], "hypothetical": found, "background": background}
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
