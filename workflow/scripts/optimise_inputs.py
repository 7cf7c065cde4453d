"""Optimise inputs that maximise the activation of selected units of a model."""

from collections.abc import Mapping

import numpy as np
from peaks2motifs.core.arrays import write_arrays
from peaks2motifs.core.joblog import joblog
from peaks2motifs.model.backend import start_keras


def optimise_inputs(
    model_file: str,
    output: str,
    layers: Mapping[str, list[int]],
    bound: float,
    rate: float,
    steps: int,
    seed: int,
    keras: Mapping,
) -> None:
    """Write `layer`, `unit`, `value` (n,) and the probabilities `ppm` (n, length, 4) to `output`.

    `layers` lists unit numbers by layer name. `keras` holds the arguments of `backend.start_keras`
    except the seed.
    """
    start_keras(seed=0, **keras)
    # Keras must be imported after the backend is chosen; what it prints then goes to the log.
    from keras.saving import load_model
    from peaks2motifs.model.optimised_inputs import optimise

    model = load_model(model_file)
    optimised = [
        optimise(model, layer, units, bound, rate, steps, seed) for layer, units in layers.items()
    ]
    ppms, values = (np.concatenate(arrays) for arrays in zip(*optimised, strict=True))
    names = [layer for layer, units in layers.items() for _ in units]
    units = [unit for units in layers.values() for unit in units]
    arrays = {"layer": np.array(names, str), "unit": np.array(units), "value": values}
    write_arrays(output, arrays | {"ppm": ppms.astype(np.float32)})
    print(f"{output}: inputs for {len(units)} units")


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        optimise_inputs(
            model_file=snakemake.input.model,
            output=snakemake.output[0],
            layers=snakemake.params.layers,
            bound=snakemake.params.bound,
            rate=snakemake.params.rate,
            steps=snakemake.params.steps,
            seed=snakemake.params.seed,
            keras=snakemake.params.keras,
        )
