"""Models with classes: joint ones of several experiments, and those of labelled sequences."""

import pytest
from peaks2motifs.checks.errors import InputError
from peaks2motifs.checks.joint import class_rows, find_classes, read_joint

COLUMNS = ("peaks", "genome", "factor", "task")


def row(**cells: str) -> dict[str, str]:
    return dict.fromkeys(COLUMNS, "") | cells


ROWS = {
    "a": row(peaks="a.bed", genome="g", factor="A"),
    "b": row(peaks="b.bed", genome="g", factor="B"),
    "background": row(peaks="c.bed", genome="g"),
    "other": row(peaks="d.bed", genome="h"),
    "s": row(factor="S"),
}


def model(experiments="all", task="multilabel") -> dict[str, dict]:
    return {"j": {"task": task, "experiments": experiments}}


def test_experiments_of_a_joint_model_are_listed():
    rows = {name: ROWS[name] for name in ("a", "b", "s")}
    assert read_joint(model(), rows, "auto") == model(["a", "b"])
    given = model(["b", "a"], "multiclass")
    assert read_joint(given, ROWS, "auto") == given


@pytest.mark.parametrize(
    ("joint", "loss", "message"),
    [
        ({"a": model()["j"]}, "auto", r"joint\.a: .*reserved"),
        ({"genomes": model()["j"]}, "auto", r"joint\.genomes: .*reserved"),
        (
            model(),
            "categorical_crossentropy",
            r"joint\.j: training\.loss .*categorical_crossentropy",
        ),
        (model(["a", "x"]), "auto", r"joint\.j\.experiments: 'x', .*\ba, b,"),
        (model(["a", "s"]), "auto", r"joint\.j\.experiments: 's', .*\ba, b,"),
        (
            model(["a", "background"], "multiclass"),
            "auto",
            r"joint\.j\.experiments: background\b.* rename",
        ),
        (model(["a"]), "auto", r"joint\.j\.experiments: 1 on g, .*two"),
        (model(), "auto", r"joint\.j\.experiments: 4 on g, h, .*two"),
    ],
)
def test_joint_models_that_cannot_be_are_refused(joint, loss, message):
    with pytest.raises(InputError, match=f"^config: {message}"):
        read_joint(joint, ROWS, loss)


FASTA = {"sequences": ["s.fa"], "background": [], "labels": [], "test": []}


def test_classes_are_experiments_or_those_of_labels():
    joint = model(["a", "b"])
    assert find_classes(joint, {}, ROWS, "auto") == {"j": ["a", "b"]}
    assert find_classes({}, {"s": (["x", "y"], FASTA)}, ROWS, "auto") == {"s": ["x", "y"]}
    assert find_classes({}, {"s": ([], FASTA)}, ROWS, "auto") == {}


@pytest.mark.parametrize(
    ("classes", "task", "loss", "message"),
    [
        (["x/y", "z"], "", "auto", "class 'x/y', .*letters"),
        (
            ["x", "y"],
            "",
            "binary_crossentropy",
            r"training\.loss .*binary_crossentropy.* multiclass",
        ),
        (
            [],
            "multilabel",
            "categorical_crossentropy",
            r"training\.loss .*categorical_crossentropy.* multilabel",
        ),
    ],
)
def test_classes_that_cannot_be_are_refused(classes, task, loss, message):
    rows = {"s": row(task=task)}
    with pytest.raises(InputError, match=f"^experiment s: {message}"):
        find_classes({}, {"s": (classes, FASTA)}, rows, loss)


def test_joint_models_and_classes_have_rows():
    classes = {"j": ["b", "a"], "s": ["x", "y"]}
    assert class_rows(classes, model(["b", "a"]), ROWS) == {
        "j": row(genome="g"),
        "j/b": row(genome="g", factor="B"),
        "j/a": row(genome="g", factor="A"),
        "s/x": row(factor="S"),
        "s/y": row(factor="S"),
    }
