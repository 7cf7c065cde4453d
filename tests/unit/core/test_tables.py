"""Text files with any compression, line ends and characters."""

import gzip

import pandas as pd
import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.tables import BED6, open_gz, read_bed, read_lines, write_bed


def test_bed_files_hold_names_as_they_are(tmp_path):
    path = str(tmp_path / "a.bed")
    names = ['"p', "p'1\"", "NA", "#1", "p 1", "caf\u00e9", "\ufffd"]
    rows = pd.DataFrame([("chr1", 1, 5, name, 1.5, ".") for name in names], columns=BED6)
    write_bed(rows, path)
    with open(path) as handle:
        assert handle.readline() == 'chr1\t1\t5\t"p\t1.5\t.\n'
    assert read_bed(path)["name"].tolist() == names


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_all_line_ends_are_read(tmp_path, pack):
    path = tmp_path / "a.txt"
    path.write_bytes(pack(b"\xef\xbb\xbfa\r\nb\rc\x0cd\n\xe9"))
    assert [line.rstrip("\n") for line in read_lines(path, "").values()] == [
        "a",
        "b",
        "c\x0cd",
        "\ufffd",
    ]


def test_binary_files_are_refused(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("a b".encode("utf-16"))
    with pytest.raises(InputError, match=r"a\.txt: .*binary.*two columns"):
        read_lines(path, "two columns")


def test_gzip_carries_no_time(tmp_path, monkeypatch):
    for name, now in (("a.gz", 1), ("b.gz", 2e9)):
        monkeypatch.setattr("time.time", lambda now=now: now)
        with open_gz(str(tmp_path / name)) as file:
            file.write("one\n")
            file.write("two\n")
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    assert gzip.decompress((tmp_path / "a.gz").read_bytes()) == b"one\ntwo\n"
