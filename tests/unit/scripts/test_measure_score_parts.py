"""measure_score_parts: a score.tsv from the files of an experiment, with classes or without."""

from pathlib import Path

import measure_score_parts as script
import numpy as np
import pandas as pd
import pytest
from made_motifs import motif
from peaks2motifs.core.statistics import auroc
from peaks2motifs.core.tables import read_tsv, write_tsv
from peaks2motifs.data.dataset import write_dataset
from peaks2motifs.data.splits import SPLITS
from peaks2motifs.motifs.meme import write_meme

LENGTH, NUMBER = 40, 120
FILES = {"dataset": "dataset.h5", "predictions": "predictions.tsv.gz", "known": "known.tsv"}
FILES |= {"families": "families.tsv", "family_motifs": "family_motifs.meme"}
OUTPUT = {"table": "score.tsv", "figure": "score.svg"}
MOTIFS = ["TGACGTCA", "CCCCTTTT"]
KNOWN = [("M1", "A", 0.61, 0.04, 0.7, 0), ("M2", "B", 0.63, 0.05, 0.6, 1)]


def make_files(folder: Path, classes: tuple[str, ...] = (), verdict: str = "supported") -> None:
    """Write the inputs: random windows, every fourth of them a peak, or of the first class."""
    rng = np.random.default_rng(0)
    label = (np.arange(NUMBER) % 4 == 0).astype(np.uint8)
    starts = 100 * np.arange(NUMBER)
    windows = pd.DataFrame({"chrom": "c1", "start": starts, "end": starts + LENGTH})
    windows = windows.assign(name=[f"p{i}" for i in range(NUMBER)], strand="+", label=label)
    labels = {"labels": dict.fromkeys(SPLITS, np.stack([label, 1 - label], axis=1))}
    write_dataset(
        str(folder / "dataset.h5"),
        dict.fromkeys(SPLITS, windows),
        lambda rows: rng.integers(0, 4, (len(rows), LENGTH)).astype(np.uint8),
        {},
        **(labels | {"task": "multiclass", "classes": classes} if classes else {}),
    )
    scores = {f"score_{name}": rng.random(3 * NUMBER) for name in classes}
    scores = scores or {name: rng.random(3 * NUMBER) for name in ("score", "networks", "kmers")}
    write_tsv(
        pd.DataFrame({"split": np.repeat(SPLITS, NUMBER)} | scores), folder / "predictions.tsv.gz"
    )
    columns = ["motif", "name", "auroc", "auroc_se", "train_auroc", "own"]
    write_tsv(pd.DataFrame(KNOWN, columns=columns), folder / "known.tsv")
    families = {"family": ["F1", "F2"], "representative": MOTIFS, "verdict": verdict}
    write_tsv(pd.DataFrame(families), folder / "families.tsv")
    write_meme([motif(word) for word in MOTIFS], folder / "family_motifs.meme")


def measure(folder: Path, label: str | None = None) -> pd.DataFrame:
    """Run the script on the files of a folder, and read its table."""
    paths = {key: str(folder / name) for key, name in (FILES | OUTPUT).items()}
    script.measure_score_parts(**paths, label=label)
    return read_tsv(folder / "score.tsv").set_index("part")


def test_all_parts_are_there_in_order_and_repeat_to_the_byte(tmp_path):
    make_files(tmp_path)
    table = measure(tmp_path)
    assert list(table) == ["auroc", "auroc_se"]
    assert " ".join(table.index) == (
        "composition dinucleotides 4-mers known own F1 families networks k-mers all"
    )
    assert table.loc["known"].tolist() == [0.61, 0.04]
    assert table.loc["own"].tolist() == [0.63, 0.05]
    test = read_tsv(tmp_path / "predictions.tsv.gz").query("split == 'test'")
    is_peak = (np.arange(NUMBER) % 4 == 0).astype(int)
    for part, column in {"networks": "networks", "k-mers": "kmers", "all": "score"}.items():
        expected = auroc(test[[column]].to_numpy(), is_peak)[0]
        assert table.loc[part, "auroc"] == pytest.approx(expected, abs=1e-6)
    first = {name: (tmp_path / name).read_bytes() for name in OUTPUT.values()}
    measure(tmp_path)
    assert first == {name: (tmp_path / name).read_bytes() for name in OUTPUT.values()}


def test_parts_that_are_not_there_are_left_out(tmp_path):
    make_files(tmp_path, verdict="tentative")
    predictions = read_tsv(tmp_path / "predictions.tsv.gz").drop(columns="kmers")
    write_tsv(predictions, tmp_path / "predictions.tsv.gz")
    write_tsv(read_tsv(tmp_path / "known.tsv")[:1], tmp_path / "known.tsv")
    expected = "composition dinucleotides 4-mers known F1 networks all"
    assert " ".join(measure(tmp_path).index) == expected
    for name in ("families.tsv", "known.tsv"):
        write_tsv(read_tsv(tmp_path / name)[:0], tmp_path / name)
    write_meme([], tmp_path / "family_motifs.meme")
    expected = "composition dinucleotides 4-mers networks all"
    assert " ".join(measure(tmp_path).index) == expected


def test_a_class_is_measured_against_the_others(tmp_path):
    make_files(tmp_path, classes=("a", "b"))
    first, second = measure(tmp_path, "a"), measure(tmp_path, "b")
    assert " ".join(first.index) == "composition dinucleotides 4-mers known own F1 families all"
    # With two classes, one is the background of the other.
    assert first.loc["4-mers", "auroc"] == pytest.approx(second.loc["4-mers", "auroc"], abs=0.01)
    assert first.loc["F1", "auroc"] == pytest.approx(1 - second.loc["F1", "auroc"], abs=0.05)


def test_many_training_windows_are_picked_evenly_by_class(tmp_path, monkeypatch, capsys):
    make_files(tmp_path)
    monkeypatch.setattr(script, "MAX_WINDOWS", 10)
    assert len(measure(tmp_path)) == 10
    assert "20 training windows, 120 test windows" in capsys.readouterr().out
