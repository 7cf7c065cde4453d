"""Rows of labelled sequences: their files, and what says which sequence is what."""

import pytest
from peaks2motifs.checks import labelled_files
from peaks2motifs.checks.errors import InputError


def row(**cells: str) -> dict[str, str]:
    return dict.fromkeys(labelled_files.FILES, "") | cells


@pytest.mark.parametrize(
    ("cells", "classes", "files"),
    [
        ({"sequences": "a.h5"}, [], ["a.h5"]),
        ({"sequences": "a.h5", "labels": "names.txt"}, [], ["a.h5", "names.txt"]),
        ({"sequences": "p.fa", "background": "n.fa"}, [], ["p.fa", "n.fa"]),
        (
            {"sequences": "s.txt", "labels": "l.txt", "test": "st.txt; lt.txt"},
            [],
            ["s.txt", "l.txt", "st.txt", "lt.txt"],
        ),
        ({"sequences": "B=d/b=1.fa; A=x=y.fa"}, ["B", "A"], ["d/b=1.fa", "x=y.fa"]),
        (
            {"sequences": "B=b.fa;A=a.fa", "test": "A=at.fa;B=bt.fa"},
            ["B", "A"],
            ["b.fa", "a.fa", "bt.fa", "at.fa"],
        ),
        ({"sequences": "./run=1.fa", "background": "n.fa"}, [], ["./run=1.fa", "n.fa"]),
    ],
)
def test_each_form_of_input_is_understood(cells, classes, files):
    found, by_column = labelled_files.sequence_files(row(**cells))
    assert found == classes
    assert [path for column in labelled_files.FILES for path in by_column[column]] == files


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"sequences": "s.fa"}, "text with nothing .*background"),
        ({"sequences": "s", "background": "b", "labels": "l"}, "text with background and labels"),
        ({"sequences": "A=a;B=b", "background": "n"}, "text with background and classes"),
        ({"sequences": "A=a"}, "text with classes\\b"),
        ({"sequences": "a;b"}, "sequences: several files, .*class=file"),
        ({"sequences": "A=a;b"}, "sequences: 'A=a;b', .*class=file"),
        ({"sequences": "A=a;"}, "sequences: 'A=a;', .*class=file"),
        ({"sequences": "A=a;A=b"}, "sequences: 'A=a;A=b' .*twice"),
        ({"sequences": "s", "labels": "l;m"}, "labels: 'l;m', .*one"),
        ({"sequences": "s", "labels": "l", "test": "t"}, "test: 1 .* 2"),
        ({"sequences": "A=a;B=b", "test": "A=a;C=c"}, "test: classes A, C .*train"),
        ({"sequences": "a.h5", "test": "t.h5"}, "HDF5 with test, .*alone"),
        ({"sequences": "A=a.h5;B=b.h5"}, "HDF5 with classes, .*alone"),
    ],
)
def test_rows_that_do_not_say_what_is_what_are_refused(cells, message):
    with pytest.raises(InputError, match=message):
        labelled_files.sequence_files(row(**cells))


def test_hdf5_is_known_by_its_signature_wherever_it_begins_and_else_by_name(tmp_path):
    path = tmp_path / "data"
    for start in (b"", b"MATLAB 7.3".ljust(512)):
        path.write_bytes(start + b"\x89HDF\r\n\x1a\n...")
        assert labelled_files.is_hdf5(str(path))
    (tmp_path / "text.h5").write_text("ACGT\n")
    assert not labelled_files.is_hdf5(str(tmp_path / "text.h5"))
    assert labelled_files.is_hdf5(str(tmp_path / "not_there.h5"))


def write(path, *lines) -> str:
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def test_classes_are_those_of_cells_of_columns_or_of_labels(tmp_path):
    labels = write(tmp_path / "labels", "b", "a", "b", "10")
    test = write(tmp_path / "test", "c")
    numbers, truth = write(tmp_path / "numbers", "10", "9"), write(tmp_path / "truth", "1", "0")
    names = write(tmp_path / "names", "z", "y|1")
    empty = {column: [] for column in labelled_files.FILES}
    text, hdf5 = empty | {"sequences": ["s.txt"]}, empty | {"sequences": ["s.h5"]}
    assert labelled_files.known_classes(["q", "p"], text) == ["q", "p"]
    found = labelled_files.known_classes([], text | {"labels": [labels], "test": ["t", test]})
    assert found == ["10", "a", "b", "c"]
    assert labelled_files.known_classes([], text | {"labels": [numbers]}) == ["9", "10"]
    assert labelled_files.known_classes([], text | {"labels": [truth]}) == []
    assert labelled_files.known_classes([], hdf5 | {"labels": [names]}) == ["z", "y|1"]
    assert labelled_files.known_classes([], hdf5 | {"labels": [str(tmp_path / "later")]}) == []
    with pytest.raises(InputError, match="class 'a/b'"):
        labelled_files.known_classes(["a/b", "c"], text)
    with pytest.raises(InputError, match=r"class 'c' .*twice"):
        labelled_files.known_classes(["c", "c"], text)
