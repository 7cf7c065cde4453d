"""Evaluate a model on its three splits: metrics with bootstrap intervals, curves and figures."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.statistics import auroc_and_error
from peaks2motifs.core.tables import read_tsv, write_tsv
from peaks2motifs.data.splits import OTHERS, SPLITS
from peaks2motifs.model.metrics import CURVE_GRID, check_scores, choose_threshold, evaluate_split
from peaks2motifs.pages import plots


def evaluate_model(
    predictions: str,
    history: str,
    output: Mapping[str, str],
    bootstraps: int,
    seed: int,
    label: str | None = None,
) -> None:
    """Write metrics.json, curves.tsv and six figures.

    `output` holds the paths metrics, curves, roc, pr, calibration, scores, confusion and history.
    The threshold of the confusion tables has the highest MCC on the validation split. In a model
    with classes, windows of class `label` are the peaks. In metrics.json, `others` of a split says
    how well the model distinguishes its peaks from those of other experiments.
    Raises InputError if a split has too few windows of a class.
    """
    predicted = read_predictions(predictions, label)
    threshold = choose_threshold(*predicted["valid"])
    metrics, curves, contrasts = {}, {}, measure_contrasts(predictions)
    for number, split in enumerate(SPLITS):
        metrics[split], curves[split] = evaluate_split(
            *predicted[split], threshold, bootstraps, [seed, number]
        )
        metrics[split] |= contrasts.get(split, {})
    Path(output["metrics"]).write_text(json.dumps(metrics, indent=1) + "\n")
    write_tsv(curve_table(curves), output["curves"])
    draw_figures(metrics, curves, predicted["test"], read_tsv(history), output)
    for split, values in metrics.items():
        print(f"{split}: AUROC {plots.format_interval(values, 'auroc')}, {values['n']} windows")


def read_predictions(path: str, class_name: str | None) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Read predictions.tsv.gz as (scores, labels) of one class for each split, and check them."""
    suffix = f"_{class_name}" if class_name else ""
    label, score = f"label{suffix}", f"score{suffix}"
    table = read_tsv(path, usecols=["split", label, score])
    predicted = {}
    for split in SPLITS:
        rows = table[table["split"] == split]
        predicted[split] = rows[score].to_numpy(float), rows[label].to_numpy(np.int64)
        check_scores(*predicted[split], split, path)
    return predicted


def measure_contrasts(path: str) -> dict[str, dict[str, dict]]:
    """Measure the AUROC of each split's peaks against those of other experiments, if there are any.

    Returns `others` by split: the AUROC, its standard error and the number of windows.
    """
    table = read_tsv(path, usecols=lambda column: column in ("split", "label", "others"))
    measured = {}
    for split, other in zip(SPLITS, OTHERS, strict=True):
        is_peak = (table["split"] == split) & (table.get("label") == 1)
        rows = table[is_peak | (table["split"] == other)]
        if "others" in table:
            score, label = rows["others"].to_numpy(float)[:, None], rows["label"].to_numpy()
            auroc, error = (float(value[0]) for value in auroc_and_error(score, label))
            counts = {"windows": int((label == 0).sum())}
            measured[split] = {"others": {"auroc": auroc, "auroc_se": error} | counts}
    return measured


def curve_table(curves: dict[str, dict[str, np.ndarray]]) -> pd.DataFrame:
    """Tabulate each split, curve and grid point: x, y and the 95 % band `low` to `high`.

    x is the false positive rate (roc) or the recall (pr), y the recall or the precision.
    """
    tables = [
        pd.DataFrame({"split": split, "curve": curve, "x": CURVE_GRID}).assign(
            **dict(zip(["y", "low", "high"], values, strict=True))
        )
        for split, split_curves in curves.items()
        for curve, values in split_curves.items()
    ]
    return pd.concat(tables, ignore_index=True)


def draw_figures(
    metrics: dict, curves: dict, test: tuple, history: pd.DataFrame, output: Mapping[str, str]
) -> None:
    """Draw each figure into its path; `test` holds the scores and labels of the test split."""
    plots.plot_roc(metrics, curves, output["roc"])
    plots.plot_pr(metrics, curves, output["pr"])
    plots.plot_calibration(metrics["test"], output["calibration"])
    plots.plot_scores(*test, metrics["test"]["threshold"], output["scores"])
    plots.plot_confusion(metrics["test"], output["confusion"])
    plots.plot_history(history, output["history"])


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        evaluate_model(
            predictions=snakemake.input.predictions,
            history=snakemake.input.history,
            output=dict(snakemake.output.items()),
            bootstraps=snakemake.params.bootstraps,
            seed=snakemake.params.seed,
            label=snakemake.params.label,
        )
