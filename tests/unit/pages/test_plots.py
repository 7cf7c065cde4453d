"""Figures are drawn, labelled, and byte-for-byte reproducible."""

import numpy as np
import pandas as pd
import pytest
from peaks2motifs.model.metrics import evaluate_split
from peaks2motifs.pages import plots


@pytest.fixture(scope="module")
def evaluated() -> tuple[dict, dict]:
    """Metrics and curves by split, from few resamples."""
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], 40)
    scores = np.clip(rng.normal(0.35 + 0.3 * labels, 0.2), 0, 1)
    results = {s: evaluate_split(scores, labels, 0.5, 20, [0]) for s in ("train", "valid", "test")}
    return {s: r[0] for s, r in results.items()}, {s: r[1] for s, r in results.items()}


HISTORY = pd.DataFrame({"epoch": [1, 2, 3], "loss": [0.7, 0.5, 0.3], "val_loss": [0.8, 0.6, 0.65]})
PARTS = pd.DataFrame({"part": ["4-mers", "all"], "auroc": [0.7, 0.8], "auroc_se": [0.02, 0.01]})
SCORES, LABELS = np.array([0.1, 0.2, 0.9]), np.array([0, 0, 1])
DRAWN = {
    "roc": lambda values, curves, path: plots.plot_roc(values, curves, path),
    "pr": lambda values, curves, path: plots.plot_pr(values, curves, path),
    "calibration": lambda values, curves, path: plots.plot_calibration(values["test"], path),
    "scores": lambda values, curves, path: plots.plot_scores(SCORES, LABELS, 0.5, path),
    "confusion": lambda values, curves, path: plots.plot_confusion(values["test"], path),
    "history": lambda values, curves, path: plots.plot_history(HISTORY, path),
    "score": lambda values, curves, path: plots.plot_score(PARTS, path),
}
SAYS = {
    "roc": ["true positive rate", "false positive rate", "AUROC"],
    "pr": ["precision", "recall", "AUPRC"],
    "calibration": ["mean score in bin", "Calibration, test: expected error 0."],
    "scores": ["peaks (1)", "background (2)", "threshold 0.500"],
    "confusion": ["called as", "in truth"],
    "history": ["epoch", "kept: epoch 2, 0.600"],
    "score": ["4-mers", "0.70", "model", "0.80", "test AUROC"],
}


@pytest.mark.parametrize("name", list(DRAWN))
def test_figure_repeats_to_the_byte_and_is_labelled(name, evaluated, tmp_path):
    for path in ("first.svg", "second.svg"):
        DRAWN[name](*evaluated, str(tmp_path / path))
    first = (tmp_path / "first.svg").read_text()
    assert first == (tmp_path / "second.svg").read_text()
    assert [words for words in SAYS[name] if words not in first] == []
    assert "dc:date" not in first


def test_curves_are_labelled_with_their_interval(evaluated):
    metrics = {"auroc": 0.93125, "interval": {"auroc": [0.9154, 0.9456]}}
    assert plots.format_interval(metrics, "auroc") == "0.931 (0.915–0.946)"


def test_logo_is_drawn_in_both_formats_and_repeats_to_the_byte(tmp_path):
    ppm = np.array([[0.9, 0.1, 0, 0], [0.25, 0.25, 0.25, 0.25], [0, 0, 0.001, 0.999]])
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        plots.draw_logo(ppm, [str(tmp_path / folder / f"F1.{end}") for end in ("svg", "png")])
    svg = (tmp_path / "first" / "F1.svg").read_text()
    assert svg == (tmp_path / "second" / "F1.svg").read_text()
    assert "bits" in svg
    # The colours of A and T, but not of G, which is too low to see.
    assert "#009e73" in svg
    assert "#d55e00" in svg
    assert "#e69f00" not in svg
    first, second = ((tmp_path / folder / "F1.png").read_bytes() for folder in ("first", "second"))
    assert first == second
    assert first.startswith(b"\x89PNG")
