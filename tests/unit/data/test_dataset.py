"""dataset.h5: its layout, round trips, and the checks that guard it."""

from functools import partial
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
from build_dataset import build_dataset
from made_windows import make_windows
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import decode, encode, one_hot
from peaks2motifs.core.tables import BED6, write_bed
from peaks2motifs.data import background, dataset
from peaks2motifs.data.genome import index_fasta
from peaks2motifs.data.shuffle import count_dinucleotides

LETTERS = {"train": ["ACGT", "NACG", "TTTT"], "valid": ["GGCC", "acgt"], "test": ["CANT", "TGCA"]}


def write_letters(path: Path, letters: dict[str, list[str]], compression: str = "blosc") -> None:
    windows = make_windows({split: len(rows) for split, rows in letters.items()})
    table = {f"chr_{split}": encode(rows) for split, rows in letters.items()}

    def read_codes(rows: pd.DataFrame) -> np.ndarray:
        return table[rows["chrom"].iloc[0]][rows["start"] // 4]

    attributes = {"experiment": "demo", "background": "genomic_gc"}
    dataset.write_dataset(str(path), windows, read_codes, attributes, compression)


@pytest.mark.parametrize("compression", ["blosc", "gzip", "none"])
def test_what_is_written_is_read_again(tmp_path, compression):
    write_letters(tmp_path / "d.h5", LETTERS, compression)
    for split, rows in LETTERS.items():
        codes, y, windows = dataset.read_split(str(tmp_path / "d.h5"), split)
        assert decode(codes) == [row.upper() for row in rows]
        assert (codes.dtype, y.dtype) == (np.uint8, np.uint8)
        assert y.tolist() == [0, 1, 0][: len(rows)]
        expected = make_windows({split: len(rows)})[split].drop(columns="label")
        pd.testing.assert_frame_equal(windows, expected)


def test_the_layout_is_the_contract(tmp_path):
    write_letters(tmp_path / "d.h5", LETTERS)
    with h5py.File(tmp_path / "d.h5") as file:
        assert sorted(file) == sorted(f"{a}_{s}" for a in ("x", "y", "windows") for s in LETTERS)
        x = file["x_train"]
        assert (x.shape, x.dtype, x.chunks) == ((3, 4, 4), np.uint8, (3, 4, 4))
        assert x[0].tolist() == np.eye(4).tolist()  # ACGT
        assert not x[1, 0].any()  # N
        assert file["windows_train"].dtype.names == ("chrom", "start", "end", "name", "strand")
        assert dict(file.attrs) == {
            "alphabet": "ACGT",
            "axes": "window,position,base",
            "window": 4,
            "task": "binary",
            "classes": "[]",
            "experiment": "demo",
            "background": "genomic_gc",
        }


def test_gzip_needs_no_plugin_and_blosc_is_the_default(tmp_path):
    write_letters(tmp_path / "gzip.h5", LETTERS, "gzip")
    write_letters(tmp_path / "blosc.h5", LETTERS)
    with h5py.File(tmp_path / "gzip.h5") as file:
        assert {file[name].compression for name in file} == {"gzip"}
    with h5py.File(tmp_path / "blosc.h5") as file:
        assert "32001" in file["x_train"]._filters  # Blosc's registered number


def test_two_writes_give_the_same_bytes(tmp_path):
    for name in ("one.h5", "another.h5"):
        write_letters(tmp_path / name, LETTERS)
    assert (tmp_path / "one.h5").read_bytes() == (tmp_path / "another.h5").read_bytes()


def test_windows_are_read_and_written_a_block_at_a_time(tmp_path):
    seen = []

    def read_codes(rows: pd.DataFrame) -> np.ndarray:
        seen.append(len(rows))
        return np.zeros((len(rows), 4), np.uint8)

    dataset.write_dataset(str(tmp_path / "d.h5"), make_windows({"train": 2500}), read_codes, {})
    assert seen == [1024, 1024, 452]
    with h5py.File(tmp_path / "d.h5") as file:
        assert file["x_train"].chunks == (1024, 4, 4)


def test_n_are_counted_in_the_log(tmp_path, capsys):
    write_letters(tmp_path / "d.h5", LETTERS)
    assert "train: 1 peaks, 2 background, 1 bases N" in capsys.readouterr().out


@pytest.mark.parametrize("bad", [[1, 1, 0, 0], [2, 0, 0, 0], [0, 0, 255, 0], [3, 0, 0, 0]])
def test_rows_that_are_neither_one_hot_nor_n_are_refused(tmp_path, monkeypatch, bad):
    def broken(codes: np.ndarray) -> np.ndarray:
        x = one_hot(codes)
        x[1, 2] = bad
        return x

    monkeypatch.setattr(dataset, "one_hot", broken)
    with pytest.raises(ValueError, match=r"row 1, position 2: .* neither one-hot nor N"):
        write_letters(tmp_path / "d.h5", LETTERS)


def test_find_n_finds_the_rows_of_zeros():
    assert dataset.find_n(one_hot(encode(["ANGT", "NNCC"]))).tolist() == [
        [False, True, False, False],
        [True, True, False, False],
    ]


def test_a_window_of_n_alone_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"w1 \(chr_train:4-8\)"):
        write_letters(tmp_path / "d.h5", {"train": ["ACGT", "NNNN"]})


def write_matrix(path: Path, classes: list[str], task: str = "multilabel", n: int = 5) -> dict:
    windows = make_windows({"train": n, "valid": 2, "test": 2})
    labels = {
        split: np.random.default_rng(len(table)).integers(0, 2, (len(table), 3))
        for split, table in windows.items()
    }
    windows = {split: table.drop(columns="label") for split, table in windows.items()}

    def read_codes(rows: pd.DataFrame) -> np.ndarray:
        return np.zeros((len(rows), 4), np.uint8)

    dataset.write_dataset(
        str(path), windows, read_codes, {}, labels=labels, task=task, classes=classes
    )
    return labels


def test_label_matrices_tasks_and_classes_are_read_again(tmp_path, capsys):
    path = str(tmp_path / "d.h5")
    labels = write_matrix(path, ["CTCF", "β", "x y"], n=1500)
    for split, y in labels.items():
        found = dataset.read_split(path, split)[1]
        assert found.dtype == np.uint8
        assert found.tolist() == y.tolist()
    assert dataset.read_classes(path) == ("multilabel", ["CTCF", "β", "x y"])
    counts = labels["train"].sum(axis=0)
    said = f"train: 1500 windows, {counts.min()} to {counts.max()} in each of 3 classes, 0 bases N"
    assert said in capsys.readouterr().out
    codes, windows = dataset.read_rows(path, np.array(["test", "train"]), np.array([1, 1400]))
    assert codes.tolist() == [[0] * 4] * 2
    assert windows["name"].tolist() == ["w1", "w1400"]
    assert windows["chrom"].tolist() == ["chr_test", "chr_train"]


def test_binary_datasets_have_no_classes_and_older_ones_are_binary(tmp_path):
    write_letters(tmp_path / "d.h5", LETTERS)
    assert dataset.read_classes(str(tmp_path / "d.h5")) == ("binary", [])
    with h5py.File(tmp_path / "d.h5", "a") as file:
        del file.attrs["task"], file.attrs["classes"]
    assert dataset.read_classes(str(tmp_path / "d.h5")) == ("binary", [])


def test_many_long_names_of_classes_fit(tmp_path):
    """HDF5 holds at most 64 KB of an attribute in its header."""
    windows = make_windows({"train": 2, "valid": 2, "test": 2})
    names = [f"{i:04}" + "x" * 196 for i in range(1000)]
    labels = {split: np.ones((2, 1000), np.uint8) for split in windows}

    def read_codes(rows: pd.DataFrame) -> np.ndarray:
        return np.zeros((len(rows), 4), np.uint8)

    path = str(tmp_path / "d.h5")
    dataset.write_dataset(
        path, windows, read_codes, {}, labels=labels, task="multilabel", classes=names
    )
    assert dataset.read_classes(path) == ("multilabel", names)


def test_sequences_shorter_than_the_window_keep_their_coordinates(tmp_path):
    table = pd.DataFrame({"chrom": ["a", "b", "c"], "start": [0, 0, 3], "end": [2, 3, 8]})
    table = table.assign(name=table["chrom"], strand="+", label=[0, 1, 1])
    codes = encode(["NACNN", "NACGN", "ACGTA"])  # as `labelled_text.crop_or_pad` pads
    path = str(tmp_path / "d.h5")
    dataset.write_dataset(path, {"train": table}, lambda rows: codes[rows.index], {}, length=5)
    found, _, windows = dataset.read_split(path, "train")
    assert found.shape == (3, 5)
    assert windows[["start", "end"]].values.tolist() == [[0, 2], [0, 3], [3, 8]]
    first = dataset.first_bases(windows, 5)
    assert first.tolist() == [-1, -1, 3]
    assert [codes[i, -first[i]] for i in (0, 1)] == [0, 0]  # coordinate 0 is their A


def test_labels_and_classes_must_agree(tmp_path):
    with pytest.raises(ValueError, match=r"train: labels \(5, 3\) for 2 classes"):
        write_matrix(tmp_path / "d.h5", ["a", "b"])


def test_long_and_foreign_names_are_read_again(tmp_path):
    windows = make_windows({"train": 1200, "valid": 2, "test": 2})
    windows["train"].loc[1100, "name"] = "größer" * 20
    windows["train"].loc[3, "chrom"] = ""
    path = str(tmp_path / "d.h5")
    dataset.write_dataset(path, windows, lambda rows: np.zeros((len(rows), 4), np.uint8), {})
    found = dataset.read_split(path, "train")[2]
    pd.testing.assert_frame_equal(found, windows["train"].drop(columns="label"))


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Three chromosomes of 1000 random bases, ten peaks and ten background windows on each."""
    rng = np.random.default_rng(0)
    names = ("peaks", "background", "splits", "fasta", "sha256")
    paths = {name: str(tmp_path / name) for name in names}
    chroms = ["c10", "c2", "c1"]
    letters = {chrom: "".join(rng.choice(list("ACGT"), 1000)) for chrom in chroms}
    Path(paths["fasta"]).write_text("".join(f">{c}\n{s}\n" for c, s in letters.items()))
    index_fasta(paths["fasta"], "test")
    Path(paths["sha256"]).write_text("0123abc\n")
    blocks = [(chrom, 0, 1000, split) for chrom, split in zip(chroms, LETTERS, strict=True)]
    write_bed(pd.DataFrame(blocks), paths["splits"])
    for kind, shift in (("peaks", 0), ("background", 50)):
        start = np.tile(100 * np.arange(10) + shift, 3)
        table = pd.DataFrame({"chrom": np.repeat(chroms, 10), "start": start, "end": start + 40})
        table["name"] = [f"{kind}{i}" for i in range(30)]
        write_bed(table.assign(score=0, strand=".")[BED6], paths[kind])
    return paths


def build(
    files: dict[str, str],
    output: Path,
    strategy: str = "genomic_gc",
    seed: int = 0,
    others: str | None = None,
) -> str:
    build_dataset(
        **files,
        output=str(output),
        strategy=strategy,
        compression="blosc",
        seed=seed,
        config_digest="d1",
        experiment="demo",
        others=others,
    )
    return str(output)


@pytest.mark.parametrize(("number", "kept"), [(10, True), (9, False)])
def test_windows_at_other_peaks_are_splits_of_their_own(files, tmp_path, number, kept):
    rows = [
        f"{chrom}\t{start}\t{start + 40}\tCTCF\t0\t.\n"
        for chrom, total in (("c10", 12), ("c2", 11), ("c1", number))
        for start in range(400, 400 + 45 * total, 45)
    ]
    (tmp_path / "others.bed").write_text("".join(rows))
    path = build(
        files, tmp_path / "d.h5", "dinucleotide_shuffle", others=str(tmp_path / "others.bed")
    )
    assert dataset.has_others(path) is kept
    plain = build(files, tmp_path / "plain.h5", "dinucleotide_shuffle")
    for split in LETTERS:
        for found, expected in zip(
            dataset.read_split(path, split)[:2], dataset.read_split(plain, split)[:2], strict=True
        ):
            assert (found == expected).all()
    if kept:
        codes, y, windows = dataset.read_split(path, "others_test")
        assert (len(codes), y.sum(), set(windows["name"])) == (10, 0, {"CTCF"})


def test_rows_are_in_genome_order_and_splits_follow_splits_bed(files, tmp_path):
    path = build(files, tmp_path / "d.h5")
    for split, chrom in zip(LETTERS, ["c10", "c2", "c1"], strict=True):
        codes, y, windows = dataset.read_split(path, split)
        assert codes.shape == (20, 40)
        assert y.tolist() == [1, 0] * 10
        assert set(windows["chrom"]) == {chrom}
        assert windows["start"].is_monotonic_increasing
    with h5py.File(path) as file:
        assert file.attrs["genome_sha256"] == "0123abc"
        assert file.attrs["config_digest"] == "d1"
        assert file.attrs["window"] == 40


def test_shuffled_background_keeps_dinucleotides_but_not_the_sequence(files, tmp_path):
    plain = build(files, tmp_path / "plain.h5")
    shuffled = build(files, tmp_path / "shuffled.h5", "dinucleotide_shuffle")
    codes, y, _ = dataset.read_split(plain, "train")
    changed, _, _ = dataset.read_split(shuffled, "train")
    assert (codes[y == 1] == changed[y == 1]).all()
    assert (codes[y == 0] != changed[y == 0]).any(axis=1).all()
    assert (count_dinucleotides(codes) == count_dinucleotides(changed)).all()


def test_a_dataset_of_shuffles_repeats_to_the_byte_and_follows_the_seed(files, tmp_path):
    strategy = "dinucleotide_shuffle"
    one, same, other = (
        Path(build(files, tmp_path / f"{name}.h5", strategy, seed)).read_bytes()
        for name, seed in (("a", 0), ("b", 0), ("c", 1))
    )
    assert one == same
    assert one != other


def replace_first_row(path: str, row: str) -> None:
    rows = Path(path).read_text().splitlines()
    Path(path).write_text("\n".join([row, *rows[1:]]) + "\n")


def test_a_window_outside_all_splits_stops_the_build(files, tmp_path):
    replace_first_row(files["background"], "c10\t980\t1020\tx\t0\t.")
    with pytest.raises(InputError, match=r"1 windows .*x \(c10:980-1020\)"):
        build(files, tmp_path / "d.h5")


def test_a_leak_stops_the_build(files, tmp_path):
    """Blocks that overlap may put windows that overlap into two splits."""
    blocks = ["c10\t0\t545\ttrain", "c10\t505\t1000\ttest", "c2\t0\t1000\tvalid"]
    Path(files["splits"]).write_text("\n".join([*blocks, "c1\t0\t1000\ttest"]) + "\n")
    replace_first_row(files["background"], "c10\t506\t546\tx\t0\t.")
    with pytest.raises(InputError, match=r"train and test .* 34 bases.*c10:506-540"):
        build(files, tmp_path / "d.h5")


def test_a_split_of_one_class_is_refused(files, tmp_path):
    background = Path(files["background"])
    rows = [row for row in background.read_text().splitlines() if not row.startswith("c2\t")]
    background.write_text("\n".join(rows) + "\n")
    with pytest.raises(InputError, match=r"demo: split valid .* background"):
        build(files, tmp_path / "d.h5")


def test_background_that_cannot_be_shuffled_is_refused(tmp_path):
    fasta = tmp_path / "g.fa"
    fasta.write_text(">c\n" + "A" * 20 + "\n")
    index_fasta(str(fasta), "test")
    windows = pd.DataFrame({"chrom": ["c"], "start": 0, "end": 10, "name": "x_bg1"})
    read = partial(background.fetch_shuffled, fasta=str(fasta), rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="x_bg1 "):
        read(windows.assign(shuffled=True))
    assert decode(read(windows.assign(shuffled=False))) == ["A" * 10]


def test_peaks_and_background_are_read_apart_and_evenly_picked(tmp_path):
    path = str(tmp_path / "d.h5")
    write_letters(tmp_path / "d.h5", {"test": ["AAAA", "CAAA", "GAAA", "TAAA", "AAAC", "CAAC"]})
    peaks, background = dataset.read_peaks_and_background(path, "test", 10)
    assert decode(peaks) == ["CAAA", "TAAA", "CAAC"]  # every other is a peak
    assert decode(background) == ["AAAA", "GAAA", "AAAC"]
    peaks, background = dataset.read_peaks_and_background(path, "test", 2)
    assert decode(peaks) == ["CAAA", "TAAA"]
    assert len(background) == 2
