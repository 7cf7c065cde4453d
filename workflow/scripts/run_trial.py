"""Train one network of a search and measure it on the validation split."""

import json
import math
from pathlib import Path

import numpy as np
from peaks2motifs.checks.trials import MEASURES
from peaks2motifs.core.joblog import InputError, joblog
from peaks2motifs.data.dataset import read_split
from peaks2motifs.model.backend import start_keras
from peaks2motifs.model.metrics import mean_areas


def run_trial(
    dataset: str, result: str, trial: str, values: dict, training: dict, seed: int
) -> None:
    """Write the trial's name, its values by option, and how it did, as JSON.

    `training` holds the arguments of `training.fit_dataset` and, as `keras`, those of
    `backends.start_keras`. `val_loss` is that of the networks at the epoch kept, without k-mers;
    `auroc` and `auprc` are those of the whole predictor, null where it diverged or could
    not be built. The split `test`
    is not read, and the network is not kept: nothing reads it, and the same options make it again.
    """
    options = dict(training)
    start_keras(seed=seed, **options.pop("keras"))
    # Imported here, after the backend is chosen and what TensorFlow prints goes to the log.
    from peaks2motifs.model.batches import in_batches
    from peaks2motifs.model.training import fit_dataset

    found = {"trial": trial, "values": values} | dict.fromkeys(MEASURES)
    try:
        model, history = fit_dataset(dataset, **options, seed=seed)
    except InputError as error:  # one trial that cannot be is not the end of the others
        Path(result).write_text(json.dumps(found, indent=1) + "\n")
        print(f"WARNING: trial {trial} cannot be: {error}")
        return
    found["epochs"] = len(history)
    found["parameters"] = sum(math.prod(weight.shape) for weight in model.trainable_weights)
    codes, y, _ = read_split(dataset, "valid")
    scores = in_batches(model, codes, options["training"]["batch_size"])[0]
    if np.isfinite(scores).all():
        found["auroc"], found["auprc"] = mean_areas(scores, y.reshape(scores.shape))
        found["val_loss"] = float(history["val_loss"].min())
    Path(result).write_text(json.dumps(found, indent=1) + "\n")
    print(f"trial {trial}: validation AUROC {found['auroc']}")


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        run_trial(
            dataset=snakemake.input.dataset,
            result=snakemake.output[0],
            trial=snakemake.wildcards.trial,
            values=snakemake.params.values,
            training=snakemake.params.training,
            seed=snakemake.params.seed,
        )
