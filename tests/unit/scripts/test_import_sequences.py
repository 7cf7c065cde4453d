"""From files of labelled sequences to dataset.h5: splits, counts, order, tasks, real files."""

from pathlib import Path

import h5py
import numpy as np
import pytest
from import_sequences import import_sequences
from peaks2motifs.checks.labelled_files import known_classes
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import decode, encode, one_hot
from peaks2motifs.core.tables import read_tsv
from peaks2motifs.data.dataset import read_classes, read_split

SPLITS = ("train", "valid", "test")
OPTIONS = {"length": None, "alphabet": "ACGT", "axes": "auto", "valid": 0.15, "test": 0.15}


@pytest.fixture
def load(tmp_path):
    """Import files of the sheet's columns; give the splits, the counts and the dataset's path."""

    def _load(classes=(), task="", seed=0, options=None, **columns):
        path, qc = tmp_path / "dataset.h5", tmp_path / "qc.tsv"
        names = ("sequences", "background", "labels", "test")
        files = {name: [str(p) for p in columns.get(name, [])] for name in names}
        import_sequences(
            files=files,
            classes=known_classes(list(classes), files),
            output=str(path),
            qc_tsv=str(qc),
            options=OPTIONS | (options or {}),
            task=task,
            compression="gzip",
            seed=seed,
            config_digest="d1",
            experiment="demo",
        )
        splits = {name: read_split(str(path), name) for name in SPLITS}
        return splits, read_tsv(str(qc)).set_index("what")["count"], path

    return _load


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Few sequences will do, so that what becomes of each can be told."""
    monkeypatch.setattr("peaks2motifs.data.labels.MIN_WINDOWS", 1)


def random_sequences(number: int, length: int = 20, seed: int = 0) -> list[str]:
    return decode(np.random.default_rng(seed).integers(0, 4, (number, length), np.uint8))


def write_fasta(path: Path, sequences: list[str]) -> Path:
    path.write_text("".join(f">{path.stem}{i}\n{s}\n" for i, s in enumerate(sequences)))
    return path


def write_lines(path: Path, lines: list) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


@pytest.fixture
def two_fastas(tmp_path) -> dict[str, list[Path]]:
    sequences = random_sequences(160)
    return {
        "sequences": [write_fasta(tmp_path / "pos.fa", sequences[:60])],
        "background": [write_fasta(tmp_path / "neg.fa", sequences[60:])],
    }


def test_two_fasta_files_become_a_dataset(load, two_fastas):
    splits, counts, path = load(**two_fastas)
    assert {name: np.bincount(y).tolist() for name, (_, y, _) in splits.items()} == {
        "train": [70, 42],
        "valid": [15, 9],
        "test": [15, 9],
    }
    given = random_sequences(160)
    for codes, y, windows in splits.values():
        number = windows["name"].str[3:].astype(int) + np.where(y == 1, 0, 60)
        assert decode(codes) == [given[i] for i in number]
        assert windows["name"].str.startswith("pos").tolist() == (y == 1).tolist()
        assert (windows["chrom"] == windows["name"]).all()
        assert windows[["start", "end", "strand"]].drop_duplicates().values.tolist() == [
            [0, 20, "+"]
        ]
    y = splits["train"][1]
    assert 0 < y[:42].sum() < 42  # rows are shuffled: their order says nothing of the label
    assert read_classes(str(path)) == ("binary", [])
    assert counts["sequences_read"] == counts["kept"] == 160
    with h5py.File(path) as file:
        assert file.attrs["source_alphabet"] == "ACGT"
        assert file.attrs["config_digest"] == "d1"
        assert file.attrs["experiment"] == "demo"
        assert file.attrs["background"] == "given"


def test_it_repeats_to_the_byte_and_follows_the_seed(load, two_fastas):
    first = load(**two_fastas)[2].read_bytes()
    assert load(**two_fastas)[2].read_bytes() == first
    assert load(**two_fastas, seed=1)[2].read_bytes() != first


def test_a_held_out_set_stays_what_it_is_and_its_copies_leave_training(load, two_fastas, tmp_path):
    sequences = random_sequences(160)
    backward = decode(3 - encode(sequences[:1])[:, ::-1])
    tests = [
        write_fasta(tmp_path / "pos_test.fa", [*backward, *random_sequences(5, seed=1)]),
        write_fasta(tmp_path / "neg_test.fa", random_sequences(7, seed=2)),
    ]
    splits, counts, _ = load(**two_fastas, test=tests)
    assert sorted(splits["test"][2]["name"]) == sorted(
        [f"pos_test{i}" for i in range(6)] + [f"neg_test{i}" for i in range(7)]
    )
    assert counts["dropped_in_another_split"] == 1
    assert counts["kept"] == 172
    assert "pos0" not in {name for s in SPLITS for name in splits[s][2]["name"]}
    assert len(splits["valid"][1]) == 24  # of the training rows


def test_copies_on_either_strand_share_a_split(load, tmp_path):
    sequences = random_sequences(40)
    backward = decode(3 - encode(sequences)[:, ::-1])
    lines = [*sequences, *backward, *sequences]
    labels = [i % 2 for i in range(40)] * 3
    splits, counts, _ = load(
        sequences=[write_lines(tmp_path / "s", lines)],
        labels=[write_lines(tmp_path / "l", labels)],
    )
    assert counts["copies"] == 80
    assert counts["copies_with_other_labels"] == 0
    seen = {
        name: {min(a, b) for a, b in zip(decode(c), decode(3 - c[:, ::-1]), strict=True)}
        for name, (c, _, _) in splits.items()
    }
    assert sum(map(len, seen.values())) == len(set.union(*seen.values())) == 40


def test_sequences_of_n_alone_are_dropped_and_counted(load, tmp_path):
    splits, counts, _ = load(
        sequences=[write_fasta(tmp_path / "p.fa", [*random_sequences(20), "NNN", ""])],
        background=[write_fasta(tmp_path / "n.fa", random_sequences(20, seed=1))],
    )
    assert counts["dropped_nothing_but_n"] == 2
    assert counts["sequences_read"] == 42
    assert sum(len(y) for _, y, _ in splits.values()) == counts["kept"] == 40


def test_zeros_alone_are_refused(load, tmp_path):
    """An encoder that returns nothing but zeros has made networks that never learned."""
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["x_train"], file["y_train"] = np.zeros((10, 20, 4)), np.arange(10) % 2
    with pytest.raises(InputError, match=r"a\.h5: split train has sequences of one kind only"):
        load(sequences=[tmp_path / "a.h5"])


def test_a_file_per_class_becomes_multiclass(load, tmp_path):
    files = [
        write_fasta(tmp_path / f"{name}.fa", random_sequences(number, seed=number))
        for name, number in (("QKI", 20), ("PUM2", 40), ("IGF", 10))
    ]
    splits, counts, path = load(classes=["QKI", "PUM2", "IGF"], sequences=files)
    assert read_classes(str(path)) == ("multiclass", ["QKI", "PUM2", "IGF"])
    assert {name: y.sum(axis=0).tolist() for name, (_, y, _) in splits.items()} == {
        "train": [14, 28, 6],
        "valid": [3, 6, 2],
        "test": [3, 6, 2],
    }
    for _, y, windows in splits.values():
        file = windows["name"].str.rstrip("0123456789").to_numpy()
        assert (np.array(["QKI", "PUM", "IGF"])[y.argmax(axis=1)] == file).all()
    assert counts["train_PUM2"] == 28


def test_multilabel_joins_the_labels_of_one_sequence(load, tmp_path):
    both, only = random_sequences(30, seed=1), random_sequences(20, seed=2)
    files = [
        write_fasta(tmp_path / "a.fa", [*both, *only]),
        write_fasta(tmp_path / "b.fa", [*both, *random_sequences(20, seed=3)]),
    ]
    splits, counts, path = load(classes=["A", "B"], sequences=files, task="multilabel")
    assert read_classes(str(path)) == ("multilabel", ["A", "B"])
    assert counts["dropped_merged"] == 30
    labels = np.concatenate([y for _, y, _ in splits.values()])
    assert np.unique(labels, axis=0, return_counts=True)[1].tolist() == [20, 20, 30]
    shared = {text for codes, y, _ in splits.values() for text in decode(codes[y.all(axis=1)])}
    assert shared == set(both)


def test_a_class_too_small_for_every_split_is_refused(load, tmp_path):
    files = [
        write_fasta(tmp_path / f"{name}.fa", random_sequences(number, seed=number))
        for name, number in (("a", 20), ("b", 30), ("c", 2))
    ]
    with pytest.raises(InputError, match="split valid has 0 sequences of class c"):
        load(classes=list("abc"), sequences=files)


def write_hdf5(path: Path, alphabet: str = "ACGT", **splits: tuple) -> Path:
    order = ["ACGT".index(letter) for letter in alphabet]
    with h5py.File(path, "w") as file:
        for name, (sequences, y) in splits.items():
            file[f"x_{name}"] = one_hot(encode(sequences))[..., order].astype(np.float32)
            file[f"y_{name}"] = y
    return path


def test_hdf5_splits_are_kept_in_order_and_its_channels_become_acgt(load, tmp_path):
    parts = {
        name: (random_sequences(number, seed=number), np.arange(number) % 2)
        for name, number in (("train", 30), ("valid", 6), ("test", 8))
    }
    path = write_hdf5(tmp_path / "a.h5", "AGCT", **parts)
    splits, _, dataset = load(sequences=[path], options={"alphabet": "AGCT"})
    for name, (sequences, y) in parts.items():
        codes, found, windows = splits[name]
        assert decode(codes) == sequences
        assert found.tolist() == y.tolist()
        assert windows["name"].tolist() == [f"{name}_{i}" for i in range(len(y))]
    with h5py.File(dataset) as file:
        assert file.attrs["source_alphabet"] == "AGCT"
        assert file.attrs["alphabet"] == "ACGT"


def test_hdf5_without_validation_gets_it_from_training(load, tmp_path):
    parts = {
        name: (random_sequences(number, seed=number), np.arange(number) % 2)
        for name, number in (("train", 40), ("test", 8))
    }
    splits, _, _ = load(sequences=[write_hdf5(tmp_path / "a.h5", **parts)])
    assert [len(y) for _, y, _ in splits.values()] == [34, 6, 8]
    assert splits["valid"][2]["chrom"].str.startswith("train_").all()
    assert splits["train"][1].sum() == 17


def test_multilabel_hdf5(load, tmp_path):
    y = np.random.default_rng(0).random((60, 3)) < [0.5, 0.2, 0.1]
    path = write_hdf5(tmp_path / "a.h5", train=(random_sequences(60), y.astype(np.uint8)))
    names = write_lines(tmp_path / "names", ["DNase", "CTCF", "REST"])
    splits, counts, dataset = load(sequences=[path], labels=[names])
    assert read_classes(str(dataset)) == ("multilabel", ["DNase", "CTCF", "REST"])
    for split, (codes, found, windows) in splits.items():
        rows = windows["name"].str[6:].astype(int)
        assert decode(codes) == [random_sequences(60)[i] for i in rows]
        assert found.tolist() == y[rows].tolist()
        assert counts[f"{split}_CTCF"] == y[rows, 1].sum()


def test_nameless_classes_are_refused(load, tmp_path):
    y = np.random.default_rng(0).random((60, 3)) < 0.5
    path = write_hdf5(tmp_path / "a.h5", train=(random_sequences(60), y.astype(np.uint8)))
    with pytest.raises(InputError, match="labels of 3 classes, the sheet names 0; a file"):
        load(sequences=[path])


def test_what_was_written_can_be_imported_again(load, two_fastas, tmp_path):
    splits, _, path = load(**two_fastas)
    again = path.rename(tmp_path / "again.h5")
    for name, (codes, y, _) in load(sequences=[again])[0].items():
        assert (codes == splits[name][0]).all()
        assert (y == splits[name][1]).all()


def test_splits_of_one_class_are_refused(load, tmp_path):
    given = (random_sequences(30), np.arange(30) % 2)
    path = write_hdf5(tmp_path / "a.h5", train=given, valid=(random_sequences(5, seed=1), [1] * 5))
    with pytest.raises(InputError, match=r"split valid has sequences of one kind only \(1\)"):
        load(sequences=[path])


def test_lengths_that_give_labels_away_are_told(load, tmp_path, capsys):
    load(
        sequences=[write_fasta(tmp_path / "p.fa", random_sequences(20, 20))],
        background=[write_fasta(tmp_path / "n.fa", random_sequences(20, 10))],
    )
    assert "tells classes apart with AUROC 1.00" in capsys.readouterr().out


def test_primer(load, shared_data):
    folder = shared_data / "primer"
    splits, counts, _ = load(
        sequences=[folder / "sequences.txt"],
        labels=[folder / "labels.txt"],
        options={"test": 0.25},
    )
    assert [len(y) for _, y, _ in splits.values()] == [1200, 300, 500]
    assert sum(int(y.sum()) for _, y, _ in splits.values()) == 987
    for codes, y, _ in splits.values():
        assert [("CGACCGAACTCC" in text) for text in decode(codes)] == (y == 1).tolist()
    assert (counts["copies"], counts["bases_n"]) == (0, 0)


def test_nfe2(load, shared_data):
    tr, neg, test, neg_test = (
        shared_data / "human" / f"GM12878.NFE2.{name}.fa"
        for name in ("tr", "neg.tr", "test", "neg.test")
    )
    splits, counts, _ = load(sequences=[tr], background=[neg], test=[test, neg_test])
    assert {name: np.bincount(y).tolist() for name, (_, y, _) in splits.items()} == {
        "train": [547, 547],
        "valid": [97, 97],
        "test": [69, 69],
    }
    assert splits["train"][0].shape[1] == 247
    assert counts["dropped_in_another_split"] == 0


def test_irf1(load, shared_data):
    path = shared_data / "hdf5" / "IRF1_400_h3k27ac.h5"
    splits, _, _ = load(sequences=[path])
    assert [codes.shape for codes, _, _ in splits.values()] == [(2724, 400), (389, 400), (779, 400)]
    with h5py.File(path) as file:
        assert (file["Y_test"][:].ravel() == splits["test"][1]).all()
        assert (file["X_test"][:].argmax(axis=1) == splits["test"][0]).all()
