"""Motif files: what is written is read back, by us, by Biopython and by memelite."""

import gzip
from pathlib import Path

import memelite
import numpy as np
import pandas as pd
import pytest
from Bio import motifs as biopython
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.tables import read_tsv
from peaks2motifs.motifs.meme import read_meme, round_rows, write_meme
from peaks2motifs.motifs.motif import Motif
from peaks2motifs.motifs.tomtom import TOMTOM_COLUMNS, write_tomtom

BACKGROUND = np.array([0.31, 0.19, 0.19, 0.31])
FIRST = Motif("k000", "F1", np.array([[0.7, 0.1, 0.1, 0.1], [1 / 3, 1 / 3, 1 / 3, 0]]), 47)
SECOND = Motif("k017", "", np.array([[0.25, 0.25, 0.25, 0.25]]), 12)


@pytest.fixture
def meme(tmp_path):
    path = str(tmp_path / "motifs.meme")
    write_meme([FIRST, SECOND], path, BACKGROUND)
    return path


def write(tmp_path, text):
    path = tmp_path / "given.meme"
    path.write_text(text)
    return str(path)


def test_meme_comes_back_as_written(meme):
    motifs, background = read_meme(meme)
    assert [m[:2] for m in motifs] == [("k000", "F1"), ("k017", "")]
    assert [m.nsites for m in motifs] == [47, 12]
    assert background == pytest.approx(BACKGROUND)
    for found, given in zip(motifs, [FIRST, SECOND], strict=True):
        assert found.ppm == pytest.approx(given.ppm, abs=1e-6)


def test_meme_text_holds_true_sites_and_background_and_no_made_up_e_value(meme):
    text = Path(meme).read_text()
    assert "A 0.310000 C 0.190000 G 0.190000 T 0.310000" in text
    assert "letter-probability matrix: alength= 4 w= 2 nsites= 47\n" in text
    assert "strands: + -" in text
    assert "E=" not in text.replace("ALPHABET=", "")


def test_printed_rows_sum_to_one(tmp_path):
    ppm = np.random.default_rng(0).dirichlet(np.full(4, 0.3), 500)
    rows = round_rows(ppm)
    assert (rows.sum(axis=1) == 10**6).all()
    assert np.abs(rows / 10**6 - ppm).max() < 1e-6
    assert round_rows(np.full((1, 3), 1 / 3), 100).tolist() == [[34, 33, 33]]


def test_biopython_reads_what_we_write(meme):
    with open(meme) as handle:
        found = biopython.parse(handle, "minimal")
    assert [m.name for m in found] == ["k000", "k017"]
    assert [m.num_occurrences for m in found] == [47, 12]
    assert found[0].counts["A"] == [33, 16]
    assert found[0].background["C"] == pytest.approx(0.19)


def test_memelite_reads_what_we_write(meme):
    found = memelite.io.read_meme(meme)
    assert list(found) == ["k000 F1", "k017"]
    np.testing.assert_allclose(found["k000 F1"].T, FIRST.ppm, atol=1e-6)


def test_no_motifs_at_all_is_a_file_too(tmp_path):
    path = str(tmp_path / "none.meme")
    write_meme([], path, BACKGROUND)
    motifs, background = read_meme(path)
    assert motifs == []
    assert background == pytest.approx(BACKGROUND)


def test_reader_takes_old_versions_tabs_log_odds_and_no_final_newline(tmp_path):
    path = write(
        tmp_path,
        "MEME version 4.9.0\n\nALPHABET= ACGT\n\nMOTIF\tM0\tO0\n\n"
        "log-odds matrix: alength= 4 w= 1 E= 0\n -10\t20\t3\t4\n\n"
        "letter-probability matrix: alength= 4\n\n0.1\t0.2\t0.3\t0.4\n 1 0 0 0\n\nURL http://x\n"
        "MOTIF M1\nletter-probability matrix: alength= 4 w= 1 nsites= 7.0 E= 1337.0e-6\n0 0 0 1",
    )
    motifs, background = read_meme(path)
    assert [(m.name, m.alternate, m.nsites) for m in motifs] == [("M0", "O0", 0), ("M1", "", 7)]
    assert motifs[0].ppm.tolist() == [[0.1, 0.2, 0.3, 0.4], [1, 0, 0, 0]]
    assert motifs[1].ppm.tolist() == [[0, 0, 0, 1]]
    assert background.tolist() == [0.25] * 4


def test_reader_takes_full_output_gzip_windows_lines_and_rows_that_miss_one(tmp_path):
    text = (
        "\ufeffMEME version 4.12.0 (Release date: x)\nALPHABET= ACGT\n\n"
        "MOTIF  1 MEME\twidth =   2  sites =  18  llr = 1  E-value = 1.3e-010\n"
        "\tMotif 1 position-specific probability matrix\n"
        "letter-probability matrix: alength= 4 w= 2 nsites= 18 E= 1.3e-010\n"
        " 0.33 0.33 0.33 0.0\n 0.26 0.26 0.25 0.25\n\nMOTIF  2 width = 1 sites = 3\n"
        "letter-probability matrix: alength= 4 w= 1\n1 0 0 0\n"
    )
    path = tmp_path / "given.meme.gz"
    path.write_bytes(gzip.compress(text.replace("\n", "\r\n").encode(), mtime=0))
    motifs, _ = read_meme(str(path))
    assert [(m.name, m.alternate, m.nsites) for m in motifs] == [("1", "MEME", 18), ("2", "", 0)]
    assert motifs[0].ppm == pytest.approx(
        np.array([[1, 1, 1, 0], [0.765, 0.765, 0.735, 0.735]]) / 3, abs=1e-3
    )


def test_letters_may_be_declared_one_by_one(tmp_path):
    head = 'MEME version 5\nALPHABET "DNA" DNA-LIKE\nA "Adenine" CC0000 ~ T "Thymine" 008000\n'
    path = write(tmp_path, head + "END ALPHABET\nMOTIF a\n" + MATRIX + "0 1 0 0")
    assert read_meme(path)[0][0].ppm.tolist() == [[0, 1, 0, 0]]


HEAD = "MEME version 5\n\nALPHABET= ACGT\n\n"
MATRIX = "letter-probability matrix: alength= 4 w= 1\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (">MA0004.1 Arnt\nA [4 19]\n", "no line begins with 'MEME version'"),
        ("MEME version 5\nALPHABET= ACGU\n", "line 2: 'ALPHABET= ACGU', expected"),
        (HEAD + "MOTIF a\n", "line 5: motif 'a' has no 'letter-probability matrix:' line"),
        (HEAD + "MOTIF a\n" + MATRIX + "0.5 0.5 0\n", "line 7: '0.5 0.5 0', expected 4"),
        (HEAD + "MOTIF a\n" + MATRIX + "9 1 0 0\n", "line 7: '9 1 0 0', expected 4 prob"),
        (HEAD + "MOTIF a\n" + MATRIX + "nan 1 0 0\n", "line 7: 'nan 1 0 0', expected 4 prob"),
        (HEAD + "MOTIF a\n" + MATRIX + "MOTIF b\n", "line 6: 0 rows follow, expected 1"),
        (HEAD + ("MOTIF a\n" + MATRIX + "1 0 0 0\n") * 2, "line 8: second motif named 'a'"),
        (HEAD + "Background letter frequencies\nA 0.3 C x\n", "line 6: 'A 0.3 C x', expected"),
    ],
)
def test_bad_files_are_refused_with_the_line(tmp_path, text, message):
    with pytest.raises(InputError) as error:
        read_meme(write(tmp_path, text))
    assert message in str(error.value)
    assert "given.meme" in str(error.value)


def matches():
    row = ["k000", "MA0139.2", -3, 1.23456789e-10, 3.2e-8, 3.2e-8, 12, "ACGT", "CCGT", "-"]
    return pd.DataFrame([row], columns=TOMTOM_COLUMNS)


def test_tomtom_table_is_the_meme_suites(tmp_path):
    path = tmp_path / "tomtom.tsv"
    write_tomtom(matches(), str(path))
    assert path.read_text() == (
        "Query_ID\tTarget_ID\tOptimal_offset\tp-value\tE-value\tq-value\tOverlap\t"
        "Query_consensus\tTarget_consensus\tOrientation\n"
        "k000\tMA0139.2\t-3\t1.23457e-10\t3.2e-08\t3.2e-08\t12\tACGT\tCCGT\t-\n"
        "\n# Tomtom (Motif Comparison Tool): as memelite computes it\n"
        "# The format of this file is described at "
        "https://meme-suite.org/meme/doc/tomtom-output-format.html.\n"
        "# Euclidean distance, complete scores, both strands\n"
    )


def test_tomtom_table_comes_back_without_its_comments(tmp_path):
    path = tmp_path / "tomtom.tsv"
    write_tomtom(matches(), str(path))
    found = read_tsv(path, comment="#")
    assert found.to_dict("records")[0] | {"p-value": 0} == matches().to_dict("records")[0] | {
        "p-value": 0
    }
    assert found["p-value"][0] == pytest.approx(1.23457e-10)
