"""Labelled sequences in text: FASTA, lines with labels, one file per class; windows and keys."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import decode
from peaks2motifs.data import labelled_text


@pytest.fixture
def write(tmp_path):
    """Write a file of the text or bytes given and return its path."""

    def _write(content: str | bytes, name: str = "sequences.txt") -> str:
        data = content if isinstance(content, bytes) else content.encode()
        (tmp_path / name).write_bytes(
            gzip.compress(data, mtime=0) if name.endswith(".gz") else data
        )
        return str(tmp_path / name)

    return _write


def files(**given: str | list[str]) -> dict[str, list[str]]:
    """The files of all four columns, none where none is given."""
    columns = {key: [] for key in ("sequences", "background", "labels", "test")}
    return columns | {k: [v] if isinstance(v, str) else v for k, v in given.items()}


def windows_of(source: labelled_text.LabelledSequences) -> list[str]:
    return decode(source.read_codes(np.arange(len(source.table))))


@pytest.mark.parametrize("name", ["a.fa", "a.fa.gz", "no_extension"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_fasta_is_read_in_all_its_forms(write, name, end):
    lines = ["", ">chr1:10-17 described", "acgt", "ACG", ">two", "NNNN", "", ">", "T T"]
    path = write(end.join(lines), name)  # no final newline
    names, sequences = labelled_text.read_sequences(path)
    assert names == ["chr1:10-17", "two", "sequence_3"]
    assert sequences == [b"ACGTACG", b"NNNN", b"TT"]


@pytest.mark.parametrize("text", ["ACGT\nGGCC", "acgt\r\nggcc\r\n\r\n\n", "\ufeffACGT \nGGCC\n"])
def test_lines_are_sequences(write, text):
    assert labelled_text.read_sequences(write(text)) == (
        ["sequence_1", "sequence_2"],
        [b"ACGT", b"GGCC"],
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("ACGT\n\nACGT\n", "line 2: blank"),
        ("ACGT\nACGE\n", "line 2: 'E', .*IUPAC"),
        ("ACGT\t1\n", r"line 1: '\\t', .*IUPAC"),
        (">a\nACGT\n>b\nAC(.)\n", r"sequence b: '\(', .*IUPAC"),
        ("", "no sequence"),
        (b"\x89HDF\0\0", "binary"),
    ],
)
def test_other_letters_are_refused_with_file_and_line(write, content, message):
    with pytest.raises(InputError, match=rf"sequences\.txt[:,].*{message}"):
        labelled_text.read_sequences(write(content))


def test_two_files_are_positives_and_background(write):
    source = labelled_text.read_text_sequences(
        files(sequences=write(">a\nACGTA\n", "p"), background=write(">b\nAC\n>c\nacn\n", "n")),
        [],
        None,
    )
    assert source.length == 5
    assert source.y.tolist() == [1, 0, 0]
    assert windows_of(source) == ["ACGTA", "NACNN", "NACNN"]
    assert source.table["bases"].tolist() == [5, 2, 2]
    assert source.table[["name", "start", "end"]].values.tolist() == [
        ["a", 0, 5],
        ["b", 0, 2],
        ["c", 0, 3],
    ]
    assert set(source.table["file_split"]) == {"train"}
    assert source.counts["padded"] == 2


def test_labels_that_are_names_are_numbered_in_the_order_of_classes(write):
    sequences = write("ACGT\nCCCC\nGGGG\n", "s")
    named = files(sequences=sequences, labels=write("weak\r\nstrong\r\nweak", "l"))
    assert labelled_text.read_text_sequences(named, ["strong", "weak"], None).y.tolist() == [
        1,
        0,
        1,
    ]


def test_a_file_per_class_keeps_the_order_of_the_sheet(write):
    paths = [write(f">{name}\nACGT\n", name) for name in ("q", "p", "qt", "pt")]
    source = labelled_text.read_text_sequences(
        files(sequences=paths[:2], test=paths[2:]), ["QKI", "PUM2"], None
    )
    assert source.y.tolist() == [0, 1, 0, 1]
    assert source.table["file_split"].tolist() == ["train", "train", "test", "test"]


def test_a_held_out_set_takes_the_form_of_the_training_set(write):
    train, test = write("ACGT\nCCCC\n", "s"), write("GGGGGG\n", "st")
    labels, test_labels = write("1\n0\n", "l"), write("1\n", "lt")
    source = labelled_text.read_text_sequences(
        files(sequences=train, labels=labels, test=[test, test_labels]), [], None
    )
    assert source.table["file_split"].tolist() == ["train", "train", "test"]
    assert source.y.tolist() == [1, 0, 1]
    assert source.length == 6  # the longest of both sets


def test_counts_that_differ_are_refused_with_both_numbers(write):
    given = files(sequences=write("ACGT\nCCCC\nGGGG\n", "s"), labels=write("1\n0\n", "l"))
    with pytest.raises(InputError, match=r"s holds 3 .*l 2 labels"):
        labelled_text.read_text_sequences(given, [], None)


def test_odd_letters_are_counted_and_u_is_t(write):
    given = files(sequences=write("AUGU\nARY-\n", "s"), labels=write("1\n0\n", "l"))
    source = labelled_text.read_text_sequences(given, [], None)
    assert windows_of(source) == ["ATGT", "ANNN"]
    assert source.counts == {
        "letters_u_read_as_t": 2,
        "letters_read_as_n": 3,
        "padded": 0,
        "cropped": 0,
    }


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (3, ["ACG", "CGT", "ACN", "NNN"]),
        (4, ["ACGT", "ACGT", "NACN", "NNNN"]),
        (6, ["NACGTN", "ACGTAN", "NNACNN", "NNNNNN"]),
    ],
)
def test_windows_are_the_middle_of_sequences(length, expected):
    letters = np.frombuffer(b"ACGTACGTAAC", np.uint8)
    first, size = np.array([0, 4, 9, 11]), np.array([4, 5, 2, 0])
    assert decode(labelled_text.crop_or_pad(letters, first, size, length)) == expected


def test_cropped_and_padded_are_counted_where_the_length_is_given(write):
    given = files(sequences=write(">a\nACGTACGT\n", "p"), background=write(">b\nAC\n", "n"))
    source = labelled_text.read_text_sequences(given, [], 4)
    assert windows_of(source) == ["GTAC", "NACN"]
    assert (source.counts["cropped"], source.counts["padded"]) == (1, 1)
    assert source.table[["start", "end"]].values.tolist() == [[2, 6], [0, 2]]


def test_one_huge_sequence_makes_no_huge_windows(write):
    given = files(sequences=write(f">a\n{'A' * 100_001}\n", "p"), background=write(">b\nAC\n", "n"))
    with pytest.raises(InputError, match=r"100001 bp, .* 100000.*sequences.length"):
        labelled_text.read_text_sequences(given, [], None)
    assert labelled_text.read_text_sequences(given, [], 40).length == 40


def test_copies_and_reverse_complements_have_one_key():
    keys = labelled_text.sequence_keys([b"AACG", b"CGTT", b"NAACGNN", b"AACGA", b"AANCG", b"CGNTT"])
    assert keys[0] == keys[1] == keys[2]
    assert keys[4] == keys[5]
    assert len(set(keys.tolist())) == 3


def test_names_that_repeat_become_unique():
    names = labelled_text.make_unique(pd.Series(["a", "b", "a", "a"]))
    assert names.tolist() == ["a", "b", "a/2", "a/3"]


def test_primer(shared_data: Path):
    given = files(
        sequences=str(shared_data / "primer" / "sequences.txt"),
        labels=str(shared_data / "primer" / "labels.txt"),
    )
    source = labelled_text.read_text_sequences(given, [], None)
    assert source.length == 50
    assert np.bincount(source.y).tolist() == [1013, 987]
    has_motif = ["CGACCGAACTCC" in window for window in windows_of(source)]
    assert (np.array(has_motif) == (source.y == 1)).all()


def test_nfe2(shared_data: Path):
    folder = shared_data / "human"
    paths = [str(folder / f"GM12878.NFE2.{x}.fa") for x in ("tr", "neg.tr", "test", "neg.test")]
    given = files(sequences=paths[0], background=paths[1], test=paths[2:])
    source = labelled_text.read_text_sequences(given, [], None)
    assert pd.crosstab(source.table["file_split"], source.y).loc["train"].tolist() == [644, 644]
    assert pd.crosstab(source.table["file_split"], source.y).loc["test"].tolist() == [69, 69]
    assert source.table["name"].iloc[0] == "chr10:22605206-22605441"
