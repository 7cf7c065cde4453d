"""Evaluate a model on its three splits: metrics with bootstrap intervals, curves and figures."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import read_tsv, write_tsv
from peaks2motifs.data.splits import SPLITS
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

    `output` names them metrics, curves, roc, pr, calibration, scores, confusion and history. The
    threshold of the confusion tables is the one with the highest MCC on the validation split. Of a
    model with classes, peaks are the windows of class `label`.
    Raises InputError when a split has too few windows of a class.
    """
    by_split = read_predictions(predictions, label)
    threshold = choose_threshold(*by_split["valid"])
    evaluated = {
        split: evaluate_split(*by_split[split], threshold, bootstraps, [seed, number])
        for number, split in enumerate(SPLITS)
    }
    values = {split: result[0] for split, result in evaluated.items()}
    lines = {split: result[1] for split, result in evaluated.items()}
    Path(output["metrics"]).write_text(json.dumps(values, indent=1) + "\n")
    write_tsv(curve_table(lines), output["curves"])
    draw_figures(values, lines, by_split["test"], read_tsv(history), output)
    for split, value in values.items():
        print(f"{split}: AUROC {plots.with_interval(value, 'auroc')}, {value['n']} windows")


def read_predictions(path: str, of: str | None) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Read predictions.tsv.gz as (scores, labels), of a class, for each split; check them."""
    label, score = (f"{column}_{of}" if of else column for column in ("label", "score"))
    table = read_tsv(path, usecols=["split", label, score])
    by_split = {}
    for split in SPLITS:
        rows = table[table["split"] == split]
        by_split[split] = rows[score].to_numpy(float), rows[label].to_numpy(np.int64)
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
    values: dict, lines: dict, test: tuple, history: pd.DataFrame, output: Mapping[str, str]
) -> None:
    """Draw each figure into its path; `test` holds the scores and labels of that split."""
    plots.plot_roc(values, lines, output["roc"])
    plots.plot_pr(values, lines, output["pr"])
    plots.plot_calibration(values["test"], output["calibration"])
    plots.plot_scores(*test, values["test"]["threshold"], output["scores"])
    plots.plot_confusion(values["test"], output["confusion"])
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
