"""The task that labels define, the shape of y, and labels that are refused."""

import numpy as np
import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.data.labels import check_classes, class_counts, code_labels, resolve_task


@pytest.mark.parametrize(
    ("labels", "classes", "y"),
    [
        (["0", "1", "1"], [], [0, 1, 1]),
        (["-1", "+1", "1"], [], [0, 1, 1]),
        (["0.0", "1.0"], [], [0, 1]),
        (["b", "a", "b"], ["b", "a"], [0, 1, 0]),
    ],
)
def test_labels_become_numbers(labels, classes, y):
    assert code_labels(labels, classes).tolist() == y


def test_an_unknown_label_is_refused():
    with pytest.raises(InputError, match=r"label 'c', .* 0 and 1, .* a, b"):
        code_labels(["a", "c"], ["a", "b"])


NUMBERS = np.array([0, 1, 1])
TWO = np.array([[1, 0], [0, 1], [0, 1]])
THREE = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
MANY = np.array([[1, 1, 0], [0, 0, 0], [0, 0, 1]])


@pytest.mark.parametrize(
    ("y", "names", "task", "expected"),
    [
        (NUMBERS, [], "", ("binary", NUMBERS)),
        (NUMBERS[:, None], [], "binary", ("binary", NUMBERS)),
        (NUMBERS, ["a", "b"], "", ("multiclass", TWO)),
        (NUMBERS, ["a", "b"], "multilabel", ("multilabel", TWO)),
        (np.array([0, 1, 2]), list("xyz"), "", ("multiclass", THREE)),
        (TWO, [], "", ("binary", NUMBERS)),  # the second column says 1
        (TWO, ["a", "b"], "", ("multiclass", TWO)),
        (THREE, list("xyz"), "", ("multiclass", THREE)),
        (THREE, list("xyz"), "multilabel", ("multilabel", THREE)),
        (MANY, list("xyz"), "", ("multilabel", MANY)),
    ],
)
def test_the_task_follows_from_labels_or_options(y, names, task, expected):
    found = resolve_task(y, names, task, "f.h5")
    assert found[0] == expected[0]
    assert found[1].dtype == np.uint8
    np.testing.assert_array_equal(found[1], expected[1])


@pytest.mark.parametrize(
    ("y", "names", "task", "message"),
    [
        (np.array([0, 4]), [], "", "labels of 5 classes, the sheet names 0"),
        (np.array([0, 4]), [], "binary", "labels of 5 classes, task binary"),
        (NUMBERS, ["a", "b"], "binary", "labels of 2 classes, task binary"),
        (NUMBERS, [], "multiclass", "labels of 2 classes, the sheet names 0"),
        (THREE, [], "binary", "labels of 3 classes, task binary"),
        (THREE, [], "", "labels of 3 classes, the sheet names 0"),
        (MANY, list("xyz"), "multiclass", "row 0 .* 2 classes, task multiclass"),
        (MANY, ["a", "b"], "", "labels of 3 classes, the sheet names 2"),
        (TWO, list("xyz"), "", "labels of 2 classes, the sheet names 3"),
        (np.array([0, 2]), ["a", "b"], "", "labels of 3 classes, the sheet names 2"),
    ],
)
def test_labels_that_do_not_fit_task_or_names_are_refused(y, names, task, message):
    with pytest.raises(InputError, match=f"f.h5: {message}"):
        resolve_task(y, names, task, "f.h5")


SPLIT = np.array(["train"] * 3 + ["valid"] * 2 + ["test"] * 2)


def test_classes_are_counted_per_split():
    table = class_counts(np.array([0, 1, 1, 0, 1, 1, 1]), SPLIT, [])
    assert table.to_numpy().tolist() == [
        ["train", "0", 1, 2],
        ["train", "1", 2, 1],
        ["valid", "0", 1, 1],
        ["valid", "1", 1, 1],
        ["test", "0", 0, 2],
        ["test", "1", 2, 0],
    ]


def test_a_split_of_one_class_or_without_rows_is_refused():
    table = class_counts(np.tile([0, 1], 10), np.repeat(["train", "valid"], 10), [])
    with pytest.raises(InputError, match=r"x: split test .*: none"):
        check_classes(table, "x")
    table = class_counts(np.repeat([0, 1], 10), np.repeat(["train", "valid"], 10), [])
    with pytest.raises(InputError, match=r"x: split train .*: 0"):
        check_classes(table, "x")


def test_a_class_with_too_few_sequences_is_refused():
    number = np.tile([0, 1, 2], 15)
    y, split = np.eye(3, dtype=np.uint8)[number], np.repeat(["train", "valid", "test"], 15)
    check_classes(class_counts(y, split, list("abc")), "x")
    y[-1] = 0
    with pytest.raises(InputError, match=r"x: split test .* 4 .* class c .* 11 "):
        check_classes(class_counts(y, split, list("abc")), "x")
