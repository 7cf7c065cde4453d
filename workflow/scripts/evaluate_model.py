"""Evaluate a model on its three splits: metrics with bootstrap intervals, curves and figures."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from peaks2motifs import plots
from peaks2motifs.joblog import joblog
from peaks2motifs.metrics import CURVE_GRID, check_scores, choose_threshold, evaluate_split
from peaks2motifs.tables import read_tsv, write_tsv

SPLITS = ["train", "valid", "test"]
FIGURES = ["roc", "pr", "calibration", "scores", "confusion", "history"]


def evaluate_model(
    predictions: str,
    history: str,
    metrics: str,
    curves: str,
    figures: dict[str, str],
    bootstraps: int,
    seed: int,
) -> None:
    """Write metrics.json, curves.tsv and the six figures (`figures`: name in FIGURES to path).

    The threshold of the confusion tables is the one with the highest MCC on the validation split.
    Raises InputError when a split has too few windows of a class.
    """
    by_split = read_predictions(predictions)
    threshold = choose_threshold(*by_split["valid"])
    evaluated = {
        split: evaluate_split(*by_split[split], threshold, bootstraps, [seed, number])
        for number, split in enumerate(SPLITS)
    }
    values = {split: result[0] for split, result in evaluated.items()}
    lines = {split: result[1] for split, result in evaluated.items()}
    Path(metrics).write_text(json.dumps(values, indent=1) + "\n")
    write_tsv(curve_table(lines), curves)
    draw_figures(values, lines, by_split["test"], read_tsv(history), figures)
    for split, value in values.items():
        print(f"{split}: AUROC {plots.with_interval(value, 'auroc')}, {value['n']} windows")


def read_predictions(path: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Read predictions.tsv.gz as (scores, labels) for each split, and check them."""
    table = read_tsv(path, usecols=["split", "label", "score"])
    by_split = {}
    for split in SPLITS:
        rows = table[table["split"] == split]
        by_split[split] = rows["score"].to_numpy(float), rows["label"].to_numpy(np.int64)
        check_scores(*by_split[split], split, path)
    return by_split


def curve_table(lines: dict[str, dict[str, np.ndarray]]) -> pd.DataFrame:
    """One row for each split, curve and grid point: x, y and the 95 % band `low` to `high`.

    x is the false positive rate (roc) or the recall (pr), y the recall or the precision.
    """
    parts = [
        pd.DataFrame({"split": split, "curve": curve, "x": CURVE_GRID}).assign(
            **dict(zip(["y", "low", "high"], values, strict=True))
        )
        for split, curves in lines.items()
        for curve, values in curves.items()
    ]
    return pd.concat(parts, ignore_index=True)


def draw_figures(
    values: dict, lines: dict, test: tuple, history: pd.DataFrame, figures: dict[str, str]
) -> None:
    """Draw the six figures of FIGURES, each into its path."""
    plots.plot_roc(values, lines, figures["roc"])
    plots.plot_pr(values, lines, figures["pr"])
    plots.plot_calibration(values["test"], figures["calibration"])
    plots.plot_scores(*test, values["test"]["threshold"], figures["scores"])
    plots.plot_confusion(values["test"], figures["confusion"])
    plots.plot_history(history, figures["history"])


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        evaluate_model(
            predictions=snakemake.input.predictions,
            history=snakemake.input.history,
            metrics=snakemake.output.metrics,
            curves=snakemake.output.curves,
            figures={name: snakemake.output[name] for name in FIGURES},
            bootstraps=snakemake.params.bootstraps,
            seed=snakemake.params.seed,
        )
