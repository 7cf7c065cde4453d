"""FASTA whatever its lines and packing; what is none is refused."""

import gzip

import numpy as np
import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import decode
from peaks2motifs.data.fasta import read_fasta


@pytest.mark.parametrize("letters", [1, 7, 1 << 20])
@pytest.mark.parametrize("packed", [False, True])
def test_fasta_is_read_whatever_its_lines(tmp_path, letters, packed):
    text = b"\xef\xbb\xbf\n>one two\r\nACGU\r\nnn r\r\n>\n>three\t4\nt\n\nT"
    path = tmp_path / "new.fa"
    path.write_bytes(gzip.compress(text, mtime=0) if packed else text)
    found = [], [], []
    parts = list(read_fasta(str(path), letters))
    assert (len(parts) > 1) == (letters < 8)  # else memory would grow with the file
    for names, sizes, codes in parts:
        for whole, part in zip(found, (names, sizes, codes), strict=True):
            whole.extend(part)
    assert found[0] == ["one", "sequence_2", "three"]
    assert found[1] == [7, 0, 2]
    assert decode(np.array([found[2]], np.uint8)) == ["ACGTNNNTT"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty, expected FASTA"),
        (b"ACGT\n", "starts with 'A', expected FASTA"),
        (b">a\nACGT\n>b\nAC!GT\n", "sequence b: '!', expected IUPAC"),
        (b">protein\nMEEPQSDPSV\n", "sequence protein: 'E'"),
        (gzip.compress(b">a\nACGT\n" * 99, mtime=0)[:-9], "broken or truncated gzip file"),
    ],
)
def test_what_is_no_fasta_is_refused(tmp_path, content, message):
    (tmp_path / "new.fa").write_bytes(content)
    with pytest.raises(InputError, match=f"new.fa.*{message}"):
        list(read_fasta(str(tmp_path / "new.fa")))
