"""Windows of several experiments joined: one for each place, with a label for each experiment."""

import json

import h5py
import numpy as np
import pandas as pd
import pytest
from apply_model import balanced_rows, label_columns
from evaluate_classes import class_accuracy, evaluate_classes
from evaluate_model import read_predictions
from join_peaks import count_windows
from peaks2motifs.core.tables import BED6, write_tsv
from peaks2motifs.data.joint_windows import add_background, join_windows

SIZES = pd.Series({"b": 9000, "a": 9000})


def windows(*rows) -> pd.DataFrame:
    """BED6 windows of 200 bp from (chrom, start, score)."""
    full = [(c, s, s + 200, f"peak_{n}", score, ".") for n, (c, s, score) in enumerate(rows)]
    return pd.DataFrame(full, columns=BED6)


def test_one_window_stands_for_those_that_share_most_of_it():
    peaks = {
        "X": windows(("b", 1000, 9), ("b", 5000, 5), ("a", 1000, 1)),
        "Y": windows(("b", 1099, 70), ("b", 5100, 80), ("a", 7000, 60), ("a", 8000, 50)),
    }
    joined, labels = join_windows(peaks, SIZES)
    assert joined[["name", "chrom", "start"]].to_numpy().tolist() == [
        ["X:peak_0", "b", 1000],  # first of three, above third of four
        ["X:peak_1", "b", 5000],  # 100 of 200 bases are not more than half
        ["Y:peak_1", "b", 5100],
        ["X:peak_2", "a", 1000],
        ["Y:peak_2", "a", 7000],
        ["Y:peak_3", "a", 8000],
    ]
    assert labels.tolist() == [[1, 1], [1, 0], [0, 1], [1, 0], [0, 1], [0, 1]]
    assert joined["score"].tolist() == pytest.approx([1, 2 / 3, 1, 1 / 3, 0.5, 0.25])


def test_windows_at_the_same_place_of_two_chromosomes_are_two():
    one = {"X": windows(("b", 1000, 9)), "Y": windows(("a", 1000, 9))}
    joined, labels = join_windows(one, SIZES)
    assert labels.tolist() == [[1, 0], [0, 1]]
    assert joined["chrom"].tolist() == ["b", "a"]


def test_every_window_read_is_counted():
    labels = np.array([[1, 1], [1, 0], [0, 1]], np.uint8)
    several = np.array([True, False, False])
    qc = count_windows(5, pd.DataFrame(index=range(3)), labels, several, ["X", "Y"])
    assert dict(zip(qc["what"], qc["count"], strict=True)) == {
        "peaks_read": 5,
        "dropped_near_identical": 2,
        "dropped_several_classes": 1,
        "kept": 2,
        "of_X": 1,
        "of_Y": 1,
    }


def test_background_is_in_no_class_or_in_its_own():
    labels, rows = np.array([[1, 0], [0, 1]], np.uint8), np.array([1, -1, 0])
    assert add_background(labels, rows, "multilabel").tolist() == [[0, 1], [0, 0], [1, 0]]
    assert add_background(labels, rows, "multiclass").tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0]]


def test_kernels_see_all_peaks_and_as_many_windows_of_no_class():
    y = np.array([[0, 0], [0, 1], [0, 0], [1, 1], [0, 0], [0, 0]], np.uint8)
    assert balanced_rows(y).tolist() == [0, 1, 3, 4]
    assert balanced_rows(np.eye(3, dtype=np.uint8)).tolist() == [0, 1, 2]  # each of some class


def test_scores_of_a_class_are_read_alone(tmp_path):
    y, scores = np.tile(np.eye(2, dtype=np.uint8), (30, 1)), np.tile([[0.9, 0.2]], (60, 1))
    table = pd.DataFrame(label_columns(y, scores, ["x", "y"]))
    write_tsv(table.assign(split=np.repeat(["train", "valid", "test"], 20)), tmp_path / "p.tsv")
    found, labels = read_predictions(str(tmp_path / "p.tsv"), "y")["test"]
    assert set(found) == {0.2}
    assert labels.tolist() == [0, 1] * 10
    assert list(label_columns(y[:, 0], scores, [])) == ["label", "score"]


def test_accuracy_over_windows_and_over_classes():
    labels = pd.DataFrame({"x": [1, 1, 1, 0], "y": [0, 0, 0, 1]})
    scores = pd.DataFrame({"x": [0.9, 0.8, 0.4, 0.7], "y": [0.1, 0.2, 0.6, 0.3]})
    found = class_accuracy(labels, scores)
    assert found["confusion"] == [[2, 1], [1, 0]]
    assert (found["accuracy"], found["balanced_accuracy"]) == (0.5, pytest.approx(1 / 3))


def test_a_joint_model_is_judged_by_the_mean_over_its_classes(tmp_path):
    for name, auroc in (("x", 0.7), ("y", 0.9)):
        values = {split: {"auroc": auroc, "auprc": 0.5} for split in ("train", "valid", "test")}
        (tmp_path / name).write_text(json.dumps(values))
    with h5py.File(tmp_path / "d.h5", "w") as file:
        file.attrs["task"] = "multilabel"
    paths, output = [str(tmp_path / name) for name in "xy"], tmp_path / "metrics.json"
    evaluate_classes(str(tmp_path / "d.h5"), "", paths, str(output))
    found = json.loads(output.read_text())["test"]
    assert found == {"auroc": pytest.approx(0.8), "auprc": 0.5}
