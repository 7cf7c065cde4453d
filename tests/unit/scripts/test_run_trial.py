"""run_trial: measures of a trial, also of one that diverges or cannot be built."""

import json

import h5py
import numpy as np
import pandas as pd
import pytest
from peaks2motifs.core.sequences import encode
from peaks2motifs.data.dataset import write_dataset
from run_trial import MEASURES, run_trial

ARCHITECTURE = {
    "network": "scan",
    "kernels": [(4, 8)],
    "zones": [],
    "kmers": True,
    "hidden": 0,
    "dropout": 0.0,
    "activation": "relu",
    "replicates": 1,
}
FIT = {"batch_size": 16, "epochs": 3, "patience_stopping": 2, "patience_lr": 2, "roll": 0}
OPTIMIZER = {"name": "adam", "momentum": 0, "nesterov": False, "clipnorm": None}


@pytest.fixture
def dataset(tmp_path) -> str:
    """Windows of 40 bp of which every other one holds TGACTCAG; there is no split `test`."""
    rng, tables = np.random.default_rng(0), {}
    for split in ("train", "valid", "test"):
        columns = {"chrom": "I", "start": np.arange(120), "end": np.arange(120) + 40, "name": "w"}
        tables[split] = pd.DataFrame(columns | {"strand": ".", "label": np.arange(120) % 2})

    def read_codes(rows: pd.DataFrame) -> np.ndarray:
        codes = rng.integers(0, 4, (len(rows), 40), np.uint8)
        codes[rows["label"] == 1, 10:18] = encode(["TGACTCAG"])
        return codes

    path = str(tmp_path / "dataset.h5")
    write_dataset(path, tables, read_codes, {})
    with h5py.File(path, "a") as file:
        for name in ("x_test", "y_test", "windows_test"):
            del file[name]
    return path


def run(dataset: str, path, monkeypatch, learning_rate: float) -> dict:
    monkeypatch.setattr("run_trial.start_keras", lambda **options: None)
    values = {"training.learning_rate": learning_rate}
    training = {
        "architecture": ARCHITECTURE,
        "optimizer": OPTIMIZER | {"learning_rate": learning_rate},
        "training": FIT,
        "loss": "auto",
        "keras": {},
    }
    run_trial(dataset, str(path), "0a1b2c3d", values, training, seed=1)
    return json.loads(path.read_text())


def test_a_trial_is_measured_on_validation_windows_alone(dataset, tmp_path, monkeypatch):
    outcome = run(dataset, tmp_path / "trial.json", monkeypatch, 0.01)
    assert outcome["trial"] == "0a1b2c3d"
    assert outcome["values"] == {"training.learning_rate": 0.01}
    assert 0.9 < outcome["auroc"] <= 1
    assert 0.9 < outcome["auprc"] <= 1
    assert outcome["epochs"] == 3
    # Kernels and their biases, weights of their maxima and means, and a bias; not the k-mers.
    assert outcome["parameters"] == 4 * (8 * 4 + 1) + 2 * 4 + 1


def test_a_network_that_diverges_has_no_scores(dataset, tmp_path, monkeypatch):
    outcome = run(dataset, tmp_path / "trial.json", monkeypatch, 1e38)
    assert outcome["auroc"] is outcome["auprc"] is outcome["val_loss"] is None
    assert outcome["epochs"] >= 1


def test_a_network_that_cannot_be_built_has_no_measures(dataset, tmp_path, monkeypatch):
    monkeypatch.setitem(ARCHITECTURE, "kernels", [(4, 41)])
    outcome = run(dataset, tmp_path / "trial.json", monkeypatch, 0.01)
    assert {key for key, value in outcome.items() if value is None} == set(MEASURES)
