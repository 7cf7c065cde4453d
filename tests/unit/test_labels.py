"""Which task labels pose, in what shape y is learned, and what cannot be learned from."""

import numpy as np
import pytest
from peaks2motifs.joblog import InputError
from peaks2motifs.labels import check_classes, class_counts, code_labels, resolve_task


@pytest.mark.parametrize(
    ("labels", "given", "y", "classes"),
    [
        (["0", "1", "1"], [], [0, 1, 1], []),
        (["-1", "+1", "1"], [], [0, 1, 1], []),
        (["0.0", "1.0"], [], [0, 1], []),
        (["b", "a", "b"], [], [1, 0, 1], ["a", "b"]),
        (["b", "a"], ["b", "a"], [0, 1], ["b", "a"]),
        (["10", "9"], [], [1, 0], ["9", "10"]),
    ],
)
def test_labels_become_numbers(labels, given, y, classes):
    found, names = code_labels(labels, given)
    assert (found.tolist(), names) == (y, classes)


def test_names_of_classes_are_checked():
    with pytest.raises(InputError, match="class 'two words', expected ASCII"):
        code_labels(["two words", "x"], [])
    with pytest.raises(InputError, match="class 'a' is there twice"):
        code_labels(["a", "a"], ["a", "a"])


NUMBERS = np.array([0, 1, 1])
TWO = np.array([[1, 0], [0, 1], [0, 1]])
THREE = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
MANY = np.array([[1, 1, 0], [0, 0, 0], [0, 0, 1]])


@pytest.mark.parametrize(
    ("y", "names", "task", "expected"),
    [
        (NUMBERS, [], "", ("binary", [], NUMBERS)),
        (NUMBERS[:, None], [], "binary", ("binary", [], NUMBERS)),
        (NUMBERS, ["CTCF"], "", ("binary", [], NUMBERS)),
        (NUMBERS, [], "multiclass", ("multiclass", ["0", "1"], TWO)),
        (NUMBERS, [], "multilabel", ("multilabel", ["class_0"], NUMBERS[:, None])),
        (NUMBERS, ["CTCF"], "multilabel", ("multilabel", ["CTCF"], NUMBERS[:, None])),
        (NUMBERS, ["a", "b"], "", ("multiclass", ["a", "b"], TWO)),
        (np.array([0, 1, 2]), [], "multiclass", ("multiclass", ["0", "1", "2"], THREE)),
        (TWO, [], "", ("binary", [], NUMBERS)),  # the second column says 1
        (TWO, ["a", "b"], "binary", ("binary", [], NUMBERS)),
        (TWO, ["a", "b"], "", ("multiclass", ["a", "b"], TWO)),
        (TWO, [], "multiclass", ("multiclass", ["class_0", "class_1"], TWO)),
        (THREE, [], "", ("multiclass", ["class_0", "class_1", "class_2"], THREE)),
        (THREE, [], "multilabel", ("multilabel", ["class_0", "class_1", "class_2"], THREE)),
        (MANY, list("xyz"), "", ("multilabel", ["x", "y", "z"], MANY)),
    ],
)
def test_the_task_follows_from_labels_or_is_asked_for(y, names, task, expected):
    found = resolve_task(y, names, task, "f.h5")
    assert found[:2] == expected[:2]
    assert found[2].dtype == np.uint8
    np.testing.assert_array_equal(found[2], expected[2])


@pytest.mark.parametrize(
    ("y", "names", "task", "message"),
    [
        (np.array([0, 4]), [], "", "label 4, task binary expects labels 0 and 1"),
        (NUMBERS, ["a", "b"], "binary", "classes a, b, task binary"),
        (THREE, [], "binary", "labels in 3 columns, task binary expects one"),
        (MANY, [], "multiclass", "row 0 is of 2 classes, task multiclass expects one"),
        (MANY, ["a"], "", "1 names of classes, labels have 3 columns"),
        (np.array([0, 2]), ["a", "b"], "", "label 2, expected 0 to 1"),
    ],
)
def test_labels_that_do_not_fit_the_task_are_refused(y, names, task, message):
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
    table = class_counts(np.array([0, 1, 1, 0, 1, 1, 1]), SPLIT, [])
    with pytest.raises(InputError, match=r"x: split test has sequences of one kind only \(1\)"):
        check_classes(table, "binary", "x")
    table = class_counts(np.array([0, 1, 1]), SPLIT[:3], [])
    with pytest.raises(InputError, match=r"x: split valid has sequences of one kind only \(none\)"):
        check_classes(table, "binary", "x")


def test_a_class_that_cannot_be_learned_is_refused_and_one_not_judged_is_told(capsys):
    number = np.array([0, 1, 1, 0, 1, 1, 2])
    table = class_counts(np.eye(3, dtype=np.uint8)[number], SPLIT, list("abc"))
    with pytest.raises(InputError, match=r"train has no sequence of 1 of 3 classes, .*first: c"):
        check_classes(table, "multiclass", "x")
    check_classes(table, "multilabel", "x")
    said = capsys.readouterr().out
    assert "WARNING: train: 1 of 3 classes hold all or no sequences" in said
    assert (
        "test: 1 of 3 classes hold all or no sequences and cannot be judged; the first: a" in said
    )
