"""One-hot arrays in HDF5 of other people's layouts: axes, channel order, types, names, guards."""

from pathlib import Path

import h5py
import numpy as np
import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import decode, encode, one_hot
from peaks2motifs.data import labelled_hdf5
from peaks2motifs.data.labelled_text import sequence_keys

ROWS = ["ACGTAC", "GGNTTA", "TTTTCA"]
LABELS = np.array([1, 0, 1])


def read(path: Path, length=None, **options):
    return labelled_hdf5.read_hdf5_sequences(str(path), length, **options)


def windows_of(source) -> list[str]:
    return decode(source.read_codes(np.arange(len(source.table))))


def write(path: Path, **datasets: np.ndarray) -> Path:
    with h5py.File(path, "w") as file:
        for name, values in datasets.items():
            file[name.replace("__", "/")] = values
    return path


X = one_hot(encode(ROWS))  # (3, 6, 4)


@pytest.mark.parametrize("dtype", ["u1", "i1", "f2", "f4", "f8", "i8", "?"])
@pytest.mark.parametrize(
    "x", [X, X.transpose(0, 2, 1), X[:, None], X.transpose(0, 2, 1)[:, :, None]]
)
def test_axes_are_found_and_any_type_of_number_will_do(tmp_path, x, dtype):
    path = write(tmp_path / "a.h5", x_train=x.astype(dtype), y_train=LABELS.astype(dtype))
    source = read(path)
    assert (source.length, windows_of(source)) == (6, ROWS)
    assert source.y.tolist() == [1, 0, 1]
    assert source.table["bases"].tolist() == [6, 5, 6]
    assert source.table["name"].tolist() == ["train_0", "train_1", "train_2"]


def test_rows_last_is_how_matlab_writes_and_deepsea_names_its_arrays(tmp_path):
    y = np.array([[1, 0], [1, 1], [0, 0]])
    path = write(tmp_path / "train.mat", trainxdata=X.transpose(1, 2, 0), traindata=y.T)
    source = read(path)
    assert windows_of(source) == ROWS
    assert source.y.tolist() == y.tolist()


def test_two_axes_of_four_need_the_option(tmp_path):
    codes = encode(["ACGT", "AAAC", "GGTA"])
    path = write(tmp_path / "a.h5", x_train=one_hot(codes), y_train=LABELS)
    with pytest.raises(InputError, match=r"x_train \(3, 4, 4\): .*sequences\.axes"):
        read(path)
    assert windows_of(read(path, axes="channels_last")) == ["ACGT", "AAAC", "GGTA"]
    path = write(tmp_path / "b.h5", x_train=one_hot(codes).swapaxes(1, 2), y_train=LABELS)
    assert windows_of(read(path, axes="channels_first")) == ["ACGT", "AAAC", "GGTA"]


def test_axes_that_are_said_must_be_right(tmp_path):
    path = write(tmp_path / "a.h5", x_train=X, y_train=LABELS)
    with pytest.raises(InputError, match=r"x_train .*sequences\.axes channels_first: "):
        read(path, axes="channels_first")


def test_the_order_of_channels_is_turned_into_acgt(tmp_path):
    deepsea = X[..., [0, 2, 1, 3]]  # A, G, C, T
    path = write(tmp_path / "a.h5", x_train=deepsea, y_train=LABELS)
    assert windows_of(read(path, alphabet="AGCT")) == ROWS
    assert windows_of(read(path)) == ["AGCTAG", "CCNTTA", "TTTTGA"]  # what silence would bring
    turned = X[..., [3, 0, 2, 1]]  # T, A, G, C
    path = write(tmp_path / "b.h5", x_train=turned, y_train=LABELS)
    assert windows_of(read(path, alphabet="TAGC")) == ROWS


def test_quarters_are_n(tmp_path):
    x = X.astype(np.float32)
    x[0, 1] = 0.25
    path = write(tmp_path / "a.h5", x_train=x, y_train=LABELS)
    assert windows_of(read(path))[0] == "ANGTAC"


@pytest.mark.parametrize("bad", [[1, 1, 0, 0], [0.5, 0.5, 0, 0], [2, 0, 0, 0], [np.nan, 0, 0, 1]])
def test_positions_that_are_neither_one_hot_nor_n_are_refused(tmp_path, monkeypatch, bad):
    monkeypatch.setattr(labelled_hdf5, "_BLOCK", 12)  # two rows at a time
    x = X.astype(np.float64)
    x[2, 4] = bad
    path = write(tmp_path / "a.h5", x_train=x, y_train=LABELS)
    with pytest.raises(InputError, match=r"a\.h5: x_train, row 2, position 4: \["):
        read(path)


@pytest.mark.parametrize(
    ("label", "found"), [(0.5, "0.5"), (-1, "-1.0"), (np.nan, "nan"), (1e9, "1000000000.0")]
)
def test_labels_that_are_no_numbers_of_classes_are_refused(tmp_path, label, found):
    y = np.array([1, 0, label], np.float64)
    path = write(tmp_path / "a.h5", x_train=X, y_train=y)
    with pytest.raises(InputError, match=rf"y_train, row 2: label {found}, expected 0 or 1"):
        read(path)
    path = write(tmp_path / "b.h5", x_train=X, y_train=np.stack([LABELS, y], axis=1))
    with pytest.raises(InputError, match=rf"y_train, row 2: label {found}, expected 0 or 1"):
        read(path)


def test_columns_of_labels_hold_0_and_1_and_one_column_numbers_of_classes(tmp_path):
    path = write(tmp_path / "a.h5", x_train=X, y_train=np.array([0, 3, 1]))
    assert read(path).y.tolist() == [0, 3, 1]
    path = write(tmp_path / "b.h5", x_train=X, y_train=np.array([[0, 1], [2, 0], [0, 0]]))
    with pytest.raises(InputError, match=r"row 1: label 2, expected 0 or 1"):
        read(path)


@pytest.mark.parametrize(
    "names",
    [
        ("x_train", "y_train", "x_valid", "y_valid", "x_test", "y_test"),
        ("X_train", "Y_train", "X_val", "Y_val", "X_test", "Y_test"),
        ("train_x", "train_y", "validation_x", "validation_y", "test_x", "test_y"),
        ("train_in", "train_out", "valid_in", "valid_out", "test_in", "test_out"),
        ("train__X", "train__y", "dev__X", "dev__y", "test__X", "test__y"),
        ("trainxdata", "traindata", "validxdata", "validdata", "testxdata", "testdata"),
    ],
)
def test_common_names_are_known(tmp_path, names):
    values = [X, LABELS, X[:2], LABELS[:2], X[2:], LABELS[2:]]
    path = write(tmp_path / "a.h5", **dict(zip(names, values, strict=True)), other=np.zeros(3))
    source = read(path)
    assert source.table["file_split"].tolist() == ["train"] * 3 + ["valid"] * 2 + ["test"]
    assert windows_of(source) == [*ROWS, *ROWS]
    assert source.y.tolist() == [1, 0, 1, 1, 0, 1]


@pytest.mark.parametrize(
    ("datasets", "message"),
    [
        ({"a": X}, r"a\.h5: datasets a, .*x_train.* y_train"),
        ({"x_train": X}, r"a\.h5: datasets x_train, .*y_train"),
        (
            {"x_train": X, "y_train": LABELS, "x_test": X},
            r"datasets x_test, x_train, y_train, .*x_test.* y_test",
        ),
        ({"x_train": X, "X_train": X, "y_train": LABELS}, "both X_train and x_train"),
        (
            {"x_train": X, "y_train": LABELS[:2]},
            r"x_train \(3, 6, 4\) and y_train \(2,\)",
        ),
        ({"x_train": X[:0], "y_train": LABELS[:0]}, r"a\.h5: x_train .* 0"),
        ({"x_train": X, "y_train": np.zeros((3, 0))}, r"a\.h5: x_train .* 0"),
        (
            {"x_train": X[..., :3], "y_train": LABELS},
            r"x_train \(3, 6, 3\)",
        ),
        ({"x_train": X[:, 0], "y_train": LABELS}, r"x_train \(3, 4\), .*\(n, 4, length\)"),
        ({"x_train": X.astype("S1"), "y_train": LABELS}, r"x_train of type \|S1"),
        (
            {"x_train": X, "y_train": np.array([b"a", b"b", b"a"])},
            r"y_train \(3,\) \|S1",
        ),
        (
            {"x_train": X, "y_train": LABELS, "x_test": X[:, 1:], "y_test": LABELS},
            "5 and 6 bp.*sequences.length",
        ),
        (
            {"x_train": X, "y_train": LABELS, "x_test": X, "y_test": np.zeros((3, 2))},
            r"a\.h5: labels .*columns",
        ),
    ],
)
def test_other_layouts_are_refused_in_a_line(tmp_path, datasets, message):
    path = write(tmp_path / "a.h5", **datasets)
    with pytest.raises(InputError, match=message):
        read(path)


def test_what_is_no_hdf5_is_refused(tmp_path):
    (tmp_path / "a.h5").write_bytes(b"\x89HDF\r\n\x1a\n and no more")
    with pytest.raises(InputError, match=r"a\.h5: cannot be read as HDF5"):
        read(tmp_path / "a.h5")


@pytest.mark.parametrize(
    ("length", "expected"),
    [(6, ROWS), (3, ["CGT", "GNT", "TTT"]), (9, ["NACGTACNN", "NGGNTTANN", "NTTTTCANN"])],
)
def test_windows_of_another_length_are_cut_or_padded_about_the_middle(tmp_path, length, expected):
    source = read(write(tmp_path / "a.h5", x_train=X, y_train=LABELS), length=length)
    assert windows_of(source) == expected
    assert source.length == length
    assert source.counts == {"padded": 3 * (length > 6), "cropped": 3 * (length < 6)}


def test_keys_are_those_of_text(tmp_path):
    source = read(write(tmp_path / "a.h5", x_train=X, y_train=LABELS))
    assert source.table["key"].tolist() == sequence_keys([row.encode() for row in ROWS]).tolist()


def test_rows_are_read_in_blocks_and_in_any_order(tmp_path, monkeypatch):
    monkeypatch.setattr(labelled_hdf5, "_BLOCK", 500)
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 5, (70, 50), dtype=np.uint8)
    x = one_hot(codes)
    datasets = {"x_train": x[:47], "y_train": np.ones(47), "x_test": x[47:], "y_test": np.ones(23)}
    largest = []
    whole = h5py.Dataset.__getitem__

    def watch(self, key):
        found = whole(self, key)
        largest.append(len(found) if found.ndim == 3 else 0)
        return found

    path = write(tmp_path / "a.h5", **datasets)
    monkeypatch.setattr(h5py.Dataset, "__getitem__", watch)
    source = read(path)
    rows = rng.permutation(70)[:31]
    np.testing.assert_array_equal(source.read_codes(rows), codes[rows])
    np.testing.assert_array_equal(source.table["bases"], (codes < 4).sum(axis=1))
    assert max(largest) == 10  # 500 positions of 50


@pytest.mark.parametrize(("chunk", "step"), [(7, 98), (100, 100), (300, 300), (401, 100)])
def test_blocks_are_whole_chunks_where_these_are_not_too_large(tmp_path, monkeypatch, chunk, step):
    monkeypatch.setattr(labelled_hdf5, "_BLOCK", 5000)
    with h5py.File(tmp_path / "a.h5", "w") as file:
        x = file.create_dataset("x", (500, 50, 4), "u1", chunks=(chunk, 50, 4))
        y = file.create_dataset("y", (500,), "u1")
        assert labelled_hdf5.describe_array("a.h5", x, y).step == step


def test_irf1(shared_data: Path):
    source = read(shared_data / "hdf5" / "IRF1_400_h3k27ac.h5")
    assert source.table["file_split"].value_counts().to_dict() == {
        "train": 2724,
        "test": 779,
        "valid": 389,
    }
    assert (source.length, source.y.shape, int(source.y.sum())) == (400, (3892,), 1946)
    assert (source.table["bases"] == 400).all()
