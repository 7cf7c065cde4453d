"""Splits are stratified by class; copies and reverse complements stay together."""

import numpy as np
import pandas as pd
import pytest
from peaks2motifs.data import labelled_splits
from peaks2motifs.data.labels import class_counts

FRACTIONS = {"valid": 0.15, "test": 0.15}


def divide(file_split: np.ndarray, key: np.ndarray, y: np.ndarray, seed: int = 0) -> np.ndarray:
    fractions = {name: f for name, f in FRACTIONS.items() if name not in set(file_split)}
    return labelled_splits.draw_splits(file_split, key, y, fractions, np.random.default_rng(seed))


def test_every_class_is_divided_by_the_fractions():
    y = np.repeat([0, 1], [200, 40])
    split = divide(np.full(240, "train", object), np.arange(240), y)
    assert pd.crosstab(split, y).to_dict() == {
        0: {"test": 30, "train": 140, "valid": 30},
        1: {"test": 6, "train": 28, "valid": 6},
    }


def test_the_seed_decides_and_seed_0_is_a_seed():
    file_split, key, y = np.full(100, "train", object), np.arange(100), np.arange(100) % 2
    assert (divide(file_split, key, y, 0) == divide(file_split, key, y, 0)).all()
    assert (divide(file_split, key, y, 0) != divide(file_split, key, y, 1)).any()


def test_rows_of_one_key_go_together_and_count_once():
    key = np.arange(400) // 4
    y = np.where(np.arange(400) % 4 == 3, 1, key % 2)  # a copy with another label goes along
    split = divide(np.full(400, "train", object), key, y)
    assert (pd.Series(split).groupby(key).nunique() == 1).all()
    assert pd.Series(split).value_counts().to_dict() == {"train": 272, "valid": 64, "test": 64}


@pytest.mark.parametrize(
    ("size", "expected"),
    [(3, [1, 1, 1]), (2, [2, 0, 0]), (1, [1, 0, 0]), (7, [5, 1, 1]), (10, [6, 2, 2])],
)
def test_small_classes_reach_every_split_where_they_can(size, expected):
    split = divide(np.full(size, "train", object), np.arange(size), np.ones(size, int))
    assert [int((split == name).sum()) for name in ("train", "valid", "test")] == expected


def test_one_row_always_stays_to_train():
    file_split = np.full(4, "train", object)
    rng = np.random.default_rng(0)
    fractions = {"valid": 0.4, "test": 0.4}
    split = labelled_splits.draw_splits(file_split, np.arange(4), np.ones(4, int), fractions, rng)
    assert sorted(split) == ["test", "train", "valid", "valid"]


def test_only_missing_splits_are_drawn_and_only_from_training_rows():
    file_split = np.repeat(np.array(["train", "test"], object), [100, 10])
    split = divide(file_split, np.arange(110), np.arange(110) % 2)
    assert (split[100:] == "test").all()
    assert pd.Series(split[:100]).value_counts().to_dict() == {"train": 84, "valid": 16}
    whole = np.repeat(np.array(["train", "valid", "test"], object), 5)
    assert (divide(whole, np.arange(15), np.arange(15) % 2) == whole).all()


def test_the_rarest_class_of_a_row():
    y = np.array([[1, 1, 0], [1, 0, 0], [1, 1, 1], [0, 0, 0]])
    assert labelled_splits.rarest_class(y).tolist() == [1, 0, 2, -1]
    assert labelled_splits.rarest_class(np.array([0, 1], np.uint8)).tolist() == [0, 1]


def test_leaks_are_dropped_from_training_not_from_test():
    split = np.array(["train", "train", "train", "valid", "valid", "test"], object)
    key = np.array([7, 8, 9, 8, 9, 9])
    assert labelled_splits.find_leaks(split, key).tolist() == [
        False,
        True,
        True,
        False,
        True,
        False,
    ]


def table_of(file_split: list[str], key: list[int], bases: list[int]) -> pd.DataFrame:
    return pd.DataFrame({"file_split": file_split, "key": key, "bases": bases})


def test_every_row_gets_a_status():
    table = table_of(["train", "train", "valid", "test", "test"], [1, 2, 3, 2, 4], [4, 4, 4, 4, 0])
    y = np.array([0, 1, 0, 1, 0])
    _, split, status = labelled_splits.judge_rows(
        table, y, FRACTIONS, False, np.random.default_rng(0)
    )
    assert split.tolist() == ["train", "", "valid", "test", ""]
    assert status.tolist() == [
        "kept",
        "dropped_in_another_split",
        "kept",
        "kept",
        "dropped_nothing_but_n",
    ]


def test_a_given_split_of_n_alone_is_not_drawn_anew():
    table = table_of(["train"] * 8 + ["test"], list(range(9)), [4] * 8 + [0])
    rng = np.random.default_rng(0)
    _, split, _ = labelled_splits.judge_rows(table, np.arange(9) % 2, FRACTIONS, False, rng)
    assert set(split) == {"train", "valid", ""}


def test_copies_of_multilabel_sequences_are_one_with_all_labels():
    table = table_of(["train", "train", "test", "train"], [1, 1, 1, 2], [4, 4, 4, 4])
    y = np.array([[1, 0], [0, 1], [1, 0], [0, 1]], np.uint8)
    joined, is_copy = labelled_splits.merge_copies(
        table["file_split"].to_numpy(), table["key"].to_numpy(), y
    )
    assert joined.tolist() == [[1, 1], [1, 1], [1, 0], [0, 1]]
    assert is_copy.tolist() == [False, True, False, False]


@pytest.mark.parametrize("shape", [(-1,), (-1, 1)])
def test_copies_are_counted(shape):
    y = np.array([0, 0, 0, 1, 1]).reshape(shape)
    counts = labelled_splits.count_copies(np.array([5, 5, 5, 5, 6]), y, np.arange(1, 5))
    assert counts == {"copies": 2, "copies_with_other_labels": 1}


def test_lengths_that_predict_labels_give_a_warning(capsys):
    y, rows = np.array([0, 0, 1, 1, 1]), np.arange(4)
    for bases, columns, expected in [
        ([9, 9, 9, 9, 1], y, 0.5),
        ([9, 8, 5, 4, 9], y, 1.0),
        ([9, 5, 9, 4, 9], y, 0.625),  # 2.5 of 4 pairs
        ([9, 8, 5, 4, 9], np.array([[1, 1], [0, 1], [1, 1], [0, 1], [1, 0]]), 0.75),
    ]:
        assert labelled_splits.length_auroc(np.array(bases), columns, rows) == expected
    labelled_splits.warn_of_lengths(np.array([9, 8, 5, 4, 9]), y, rows)
    assert "WARNING: the number of bases" in capsys.readouterr().out
    labelled_splits.warn_of_lengths(np.array([9, 9, 9, 9, 1]), y, rows)
    assert not capsys.readouterr().out


def test_the_table_of_counts_adds_up():
    status = np.array(["kept", "kept", "dropped_nothing_but_n"], object)
    split = np.array(["train", "test"], object)
    classes = class_counts(np.array([0, 1]), split, [])
    table = labelled_splits.count_rows(status, {"padded": 1}, 15, 10, classes).set_index("what")
    counts = table["count"]
    assert counts["sequences_read"] == 3
    assert counts["kept"] + counts.filter(like="dropped_").sum() == 3
    assert counts["bases_n"] == 5
    assert table.loc["bases_n", "note"].startswith("25.0000%")
    assert (counts["train_0"], counts["train_1"], counts["test_1"]) == (1, 0, 1)
