"""Activations of kernels: written, read again, and refused where something is missing."""

import h5py
import numpy as np
import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.model.activations import (
    Activations,
    read_activations,
    read_others,
    write_activations,
)

RNG = np.random.default_rng(5)
SEEN = Activations(
    best=RNG.random((360, 4)).astype(np.float32),
    position=RNG.integers(0, 50, (360, 4)).astype(np.int16),
    reverse=RNG.random((360, 4)) < 0.5,
    label=np.tile(np.array([1, 0], np.uint8), 180),
    row=np.concatenate([np.arange(n) for n in (240, 40, 80)]),
    split=np.repeat(["train", "valid", "test"], [240, 40, 80]),
    kernel=np.array(["k000", "k001", "k002", "k003"]),
    width=np.array([13, 8, 8, 8], np.int16),
    layer=np.full(4, "kernels_8"),
    replicate=np.zeros(4, int),
)


@pytest.fixture
def written(tmp_path):
    """The file of these activations."""
    path = tmp_path / "given" / "activations.h5"
    path.parent.mkdir()
    write_activations(str(path), SEEN, both_strands=True)
    return path


def test_activations_come_back_as_written(written, tmp_path):
    seen = read_activations(str(written))
    assert seen.best.shape == seen.position.shape == seen.reverse.shape == (360, 4)
    assert [array[[0, -1]].tolist() for array in seen[3:6]] == [[1, 0], [0, 79], ["train", "test"]]
    assert [array[0] for array in seen[6:]] == ["k000", 13, "kernels_8", 0]
    write_activations(str(tmp_path / "again.h5"), seen, both_strands=True)
    assert (tmp_path / "again.h5").read_bytes() == written.read_bytes()
    again = read_activations(str(tmp_path / "again.h5"))
    for name, array in SEEN._asdict().items():
        np.testing.assert_array_equal(getattr(seen, name), array, err_msg=name)
        np.testing.assert_array_equal(getattr(again, name), array, err_msg=name)


def test_incomplete_activations_are_refused(written, tmp_path):
    path = str(tmp_path / "activations.h5")
    with h5py.File(written) as given, h5py.File(path, "w") as file:
        for name in given:
            if name != "reverse":
                file[name] = given[name][:]
    with pytest.raises(InputError, match=r"activations\.h5: .*reverse.* missing"):
        read_activations(path)
    with h5py.File(path, "a") as file:
        file["reverse"] = np.zeros((3, 4), bool)
    with pytest.raises(InputError, match=r"activations\.h5: .*reverse.* \(3, 4\).* \(360, 4\)"):
        read_activations(path)


def test_windows_at_other_peaks_are_read_apart(tmp_path):
    path = str(tmp_path / "a.h5")
    names = np.where(np.arange(360) % 3 == 0, np.char.add("others_", SEEN.split), SEEN.split)
    write_activations(path, SEEN._replace(split=names), True)
    rest, others = read_activations(path), read_others(path)
    assert len(rest.label) == 240
    assert set(rest.split) == set(others.split) == {"train", "valid", "test"}
    np.testing.assert_array_equal(others.best, SEEN.best[::3])
    assert others.row.tolist() == SEEN.row[::3].tolist()


def test_without_other_experiments_there_are_no_such_windows(written):
    assert read_others(str(written)) is None


def test_activations_of_a_class_have_its_labels(tmp_path):
    names = {
        "split": np.array(["test", "test"]),
        "kernel": np.array(["k"]),
        "layer": np.array(["l"]),
    }
    seen = np.zeros((2, 1))
    label = np.array([[0, 1], [1, 0]], np.uint8)
    numbers = {"row": np.arange(2), "width": np.array([8]), "replicate": np.array([0])}
    arrays = {"best": seen, "position": seen, "reverse": seen, "label": label} | numbers | names
    write_activations(str(tmp_path / "a.h5"), Activations(**arrays), True, ["x", "y"])
    assert read_activations(str(tmp_path / "a.h5"), "y").label.tolist() == [1, 0]
