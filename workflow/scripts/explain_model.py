"""What the pictures of one page need of its network: activations by position, and attributions."""

from collections.abc import Mapping, Sequence

import numpy as np
from peaks2motifs.core.arrays import write_arrays
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.subsample import pick_evenly
from peaks2motifs.data.dataset import read_split
from peaks2motifs.model.backend import start_keras
from peaks2motifs.motifs.motif import base_frequencies

MAP_WINDOWS = 1000  # of peaks, and of all else: means of more hardly differ
COLUMNS = ["chrom", "start", "end", "name"]


def explain_model(
    dataset: str,
    model_file: str,
    maps_file: str,
    attributions: str,
    column: int,
    top: int,
    methods: Sequence[str],
    baseline: str,
    steps: int,
    batch_size: int,
    keras: Mapping,
) -> None:
    """Write maps.h5 and attributions.h5 about test windows and the model's output `column`.

    The maps are means over up to `MAP_WINDOWS` of the windows that are not peaks, and of peaks; the
    attributions those of the `top` peaks by logit. `baseline` is "background", the frequencies of
    bases there, or "zeros". `keras` holds the arguments of `backends.start_keras` but the seed.
    """
    start_keras(seed=0, **keras)
    # Imported here, after the backend is chosen and what TensorFlow prints goes to the log.
    from keras.saving import load_model
    from peaks2motifs.model import activation_profiles, attribution, batches

    model = load_model(model_file)
    codes, y, windows = read_split(dataset, "test")
    is_peak = (y if y.ndim == 1 else y[:, column]) == 1
    kinds = [np.flatnonzero(is_peak == label) for label in (False, True)]
    groups = [pick_evenly(rows, MAP_WINDOWS) for rows in kinds]
    means = [activation_profiles.position_means(model, codes[rows], batch_size) for rows in groups]
    mean, deviation = (np.stack(parts) for parts in zip(*means, strict=True))
    arrays = {"mean": mean, "deviation": deviation, "first": activation_profiles.centres(model)}
    write_arrays(maps_file, arrays | {"windows": np.array([len(rows) for rows in groups])})

    frequencies = np.zeros(4) if baseline == "zeros" else base_frequencies(codes[~is_peak])
    peaks = np.flatnonzero(is_peak)
    whole = attribution.logit_model(model, column)
    logit = batches.in_batches(whole, codes[peaks], batch_size)[0]
    best = np.argsort(-logit, kind="stable")[:top]
    rows = peaks[best]
    options = {"baseline": frequencies, "steps": steps, "batch_size": batch_size}
    found = attribution.attribute(model, column, codes[rows], methods, **options)
    named = {name: windows[name].to_numpy()[rows] for name in COLUMNS}
    arrays = {"codes": codes[rows], "row": rows, "logit": logit[best]} | found
    write_arrays(
        attributions,
        {name: v.astype(str) if v.dtype == object else v for name, v in named.items()} | arrays,
        methods=",".join(methods),
        mixed=attribution.has_kmers(model),
        baseline=frequencies,
        steps=steps,
    )
    print(f"activations of {len(mean[0])} kernels, attributions of {len(rows)} windows")


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        explain_model(
            dataset=snakemake.input.dataset,
            model_file=snakemake.input.model,
            maps_file=snakemake.output.maps,
            attributions=snakemake.output.attributions,
            column=snakemake.params.column,
            top=snakemake.params.top,
            methods=snakemake.params.methods,
            baseline=snakemake.params.baseline,
            steps=snakemake.params.steps,
            batch_size=snakemake.params.batch_size,
            keras=snakemake.params.keras,
        )
