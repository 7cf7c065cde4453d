"""Train one network of a hyperparameter search and evaluate it on the validation split."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
from peaks2motifs.checks.trials import MEASURES
from peaks2motifs.core.joblog import InputError, joblog
from peaks2motifs.data.dataset import read_split
from peaks2motifs.model.backend import start_keras
from peaks2motifs.model.metrics import mean_auroc_auprc


def run_trial(
    dataset: str, result: str, trial: str, values: dict, training: dict, seed: int
) -> None:
    """Write the trial's name, its option values and its measures as JSON.

    `training` holds the arguments of `training.fit_dataset` and, under `keras`, those of
    `backend.start_keras`. `val_loss` is the loss of the networks at the restored epoch, without
    k-mers. `auroc` and `auprc` are those of the whole model. All are null if the model could not be
    built, or diverged. The split `test` is not read. The model is not saved, since nothing needs it
    and the same options reproduce it.
    """
    options = dict(training)
    start_keras(seed=seed, **options.pop("keras"))
    # Keras must be imported after the backend is chosen; what it prints then goes to the log.
    from peaks2motifs.model.scanning import score_windows
    from peaks2motifs.model.training import fit_dataset

    measures = dict.fromkeys(MEASURES)
    try:
        model, history = fit_dataset(dataset, **options, seed=seed)
    except InputError as error:  # one impossible trial must not stop the search
        print(f"WARNING: trial {trial} could not be built: {error}")
    else:
        codes, y, _ = read_split(dataset, "valid")
        scores = score_windows(model, codes, options["training"]["batch_size"])
        measures["epochs"] = len(history)
        measures["parameters"] = sum(math.prod(w.shape) for w in model.trainable_weights)
        measures |= score_measures(scores, y, history)
    outcome = {"trial": trial, "values": values} | measures
    Path(result).write_text(json.dumps(outcome, indent=1) + "\n")
    print(f"trial {trial}: validation AUROC {measures['auroc']}")


def score_measures(scores: np.ndarray, y: np.ndarray, history: pd.DataFrame) -> dict[str, float]:
    """Measure scores (n, outputs) of validation windows; nothing if the model diverged."""
    if not np.isfinite(scores).all():
        return {}
    auroc, auprc = mean_auroc_auprc(scores, y.reshape(scores.shape))
    return {"auroc": auroc, "auprc": auprc, "val_loss": float(history["val_loss"].min())}


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
