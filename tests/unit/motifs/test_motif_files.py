"""Motif files of other programs: what is written is read back, by us and by Biopython."""

import gzip
import itertools
import math

import numpy as np
import pytest
from Bio import motifs as biopython
from peaks2motifs.core.joblog import InputError
from peaks2motifs.motifs import motif_files
from peaks2motifs.motifs.meme import write_meme
from peaks2motifs.motifs.motif import Motif

COUNTS = np.array([[40, 3, 2, 2], [0, 47, 0, 0], [11, 12, 12, 12], [1, 0, 45, 1], [0, 0, 0, 47]])
FIRST = Motif("k000", "F1", COUNTS / 47, 47)
SECOND = Motif("k017", "", np.array([[0.25, 0.25, 0.25, 0.25], [1, 0, 0, 0]]), 12)
WRITERS = {
    "meme": write_meme,
    "jaspar": motif_files.write_jaspar,
    "transfac": motif_files.write_transfac,
    "homer": motif_files.write_homer,
}


def write(tmp_path, text):
    path = tmp_path / "given.txt"
    path.write_text(text)
    return str(path)


@pytest.mark.parametrize("ending", ["\n", ""], ids=["newline", "no newline"])
@pytest.mark.parametrize("kind", WRITERS)
def test_what_is_written_comes_back(tmp_path, kind, ending):
    path = tmp_path / "motifs"
    WRITERS[kind]([FIRST, SECOND], str(path))
    assert path.read_text().endswith("\n")
    path.write_bytes(gzip.compress((path.read_text().rstrip("\n") + ending).encode(), mtime=0))
    found = motif_files.read_motif_file(str(path))
    names, nsites = [(m.name, m.alternate) for m in found], [m.nsites for m in found]
    if kind == "homer":  # which has but one name, that begins with the factor, and no sites
        assert names == [("F1/k000", "F1"), ("k017", "")]
    else:
        assert (names, nsites) == ([("k000", "F1"), ("k017", "")], [47, 12])
    for motif, given in zip(found, [FIRST, SECOND], strict=True):
        assert motif.ppm == pytest.approx(given.ppm, abs=0.004 if kind == "homer" else 1e-6)


@pytest.mark.parametrize("kind", ["jaspar", "transfac"])
def test_biopython_reads_the_same_counts(tmp_path, kind):
    path = tmp_path / "motifs"
    WRITERS[kind]([FIRST, SECOND], str(path))
    with path.open() as handle:
        found = biopython.parse(handle, kind)
    for motif, counts in zip(found, (COUNTS, [[3, 3, 3, 3], [12, 0, 0, 0]]), strict=True):
        assert (
            np.array([motif.counts[base] for base in "ACGT"]).T.tolist()
            == np.array(counts).tolist()
        )
    names = [(m.matrix_id, m.name) if kind == "jaspar" else (m["AC"], m.get("NA")) for m in found]
    assert names == [("k000", "F1"), ("k017", "k017" if kind == "jaspar" else None)]


@pytest.mark.parametrize("kind", WRITERS)
def test_no_motifs_make_an_empty_list(tmp_path, kind):
    WRITERS[kind]([], str(tmp_path / "none"))
    assert (tmp_path / "none").exists()


def test_counts_sum_to_the_number_of_sites_in_each_column(tmp_path):
    ppm = np.random.default_rng(0).dirichlet(np.full(4, 0.3), 40)
    motif_files.write_transfac([Motif("a", "", ppm, 1237)], str(tmp_path / "a"))
    rows = [
        line.split()[1:5]
        for line in (tmp_path / "a").read_text().splitlines()
        if line[:1].isdigit()
    ]
    assert len(rows) == 40
    assert {sum(map(int, row)) for row in rows} == {1237}


def test_motifs_that_no_sites_made_are_written_as_percentages(tmp_path):
    path = str(tmp_path / "raw.transfac")
    motif = Motif("k0_raw", "", np.array([[0.5, 0.25, 0.25, 0]]), 0)
    motif_files.write_transfac([motif], path)
    text = (tmp_path / "raw.transfac").read_text()
    assert text.split("\n")[5].split() == ["01", "50", "25", "25", "0", "V"]
    assert "sites" not in text


def test_homers_title_has_consensus_name_and_a_threshold_that_its_best_word_passes(tmp_path):
    motif_files.write_homer([FIRST], str(tmp_path / "a"))
    title, *rows = (tmp_path / "a").read_text().splitlines()
    consensus, name, threshold = title.split("\t")
    assert (consensus, name) == (">ACNGT", "F1/k000")
    ppm = np.array([row.split("\t") for row in rows], float)
    assert ppm.min() > 0
    best = np.log(ppm.max(axis=1) / 0.25).sum()
    assert float(threshold) <= best  # 5 columns: no word is as rare as 1 in 10,000
    assert float(threshold) == pytest.approx(best, abs=1e-5)


def test_homers_threshold_is_passed_by_one_random_word_in_ten_thousand():
    """All words of eight letters, one by one, against the distribution of scores."""
    ppm = np.random.default_rng(3).dirichlet(np.full(4, 0.5), 8) * 0.98 + 0.005
    background = np.array([0.3, 0.2, 0.2, 0.3])
    threshold = motif_files.homer_threshold(ppm, background)
    words = np.array(list(itertools.product(range(4), repeat=8)))
    score = np.log(ppm / 0.25)[np.arange(8), words].sum(axis=1)
    chance = background[words].prod(axis=1)
    assert chance[score >= threshold + 0.05].sum() <= motif_files.HOMER_MAX_P
    assert chance[score >= threshold - 0.05].sum() > 0.8 * motif_files.HOMER_MAX_P


JASPAR_PLAIN = ">MA0001.1 AGL3\n0 3 79\n94 75 4\n1 0 3\n2 19 11"
JASPAR_OTHER = ">MA0001.1\tAGL3 var.2\nA  [0 3 79 ]\nC  [94 75 4]\nG  [ 1 0 3]\nT|2 19 11\n\n"
JASPAR_TRANSFAC = (
    "AC MA0001.1\nXX\nID AGL3\nXX\nDE MA0001.1 AGL3 ; From JASPAR\nPO\tA\tC\tG\tT\n"
    "01\t0.0\t94.0\t1.0\t2.0\n02\t3.0\t75.0\t0.0\t19.0\n03\t79.0\t4.0\t3.0\t11.0\nXX\n"
    "CC tax_group:plants\nXX\n//\n"
)
RSAT = "VV  x\n//\n" + JASPAR_TRANSFAC.replace("PO\tA\tC\tG\tT", "P0   a   c  g  t").replace(
    "0", "0"
)
HOCOMOCO_PCM = ">MA0001.1\n0\t94.0\t1\t2\n3\t75\t0\t19\n79\t4\t3\t11"
AGL3 = np.array([[0, 94, 1, 2], [3, 75, 0, 19], [79, 4, 3, 11]]) / 97


@pytest.mark.parametrize(
    ("text", "alternate"),
    [
        (JASPAR_PLAIN, "AGL3"),
        (JASPAR_OTHER, "AGL3_var.2"),
        (JASPAR_TRANSFAC, "AGL3"),
        (RSAT, "AGL3"),
        (JASPAR_TRANSFAC.removesuffix("//\n"), "AGL3"),
        (HOCOMOCO_PCM, ""),
    ],
)
def test_dialects_give_the_same_motif(tmp_path, text, alternate):
    (motif,) = motif_files.read_motif_file(write(tmp_path, text))
    assert (motif.name, motif.alternate, motif.nsites) == ("MA0001.1", alternate, 97)
    assert motif.ppm == pytest.approx(AGL3)


def test_hocomocos_and_cis_bps_meme_files_are_read(tmp_path):
    text = (
        "MEME version 4\n\nALPHABET= ACGT\n\nstrands: + -\n\nBackground letter frequencies\n"
        "A 0.25 C 0.25 G 0.25 T 0.25\n\nMOTIF AHR.H12CORE.0.P.B\n"
        "letter-probability matrix: alength= 4 w= 2 nsites= 154\n"
        "  0.25\t0.25\t0.25\t0.25\n  0.0\t1.0\t0.0\t0.0\nURL https://x/AHR\n\n"
        "MOTIF M00008_2.00 (Hmga1)_(Mus_musculus)_(DBD_1.00)\n\n"
        "letter-probability matrix: alength= 4 w= 1 nsites= 1 E= 0\n 0 0 0 1 \nURL http://y"
    )
    found = motif_files.read_motif_file(write(tmp_path, text))
    assert [(m.name, len(m.ppm), m.nsites) for m in found] == [
        ("AHR.H12CORE.0.P.B", 2, 154),
        ("M00008_2.00", 1, 1),
    ]


def test_homers_own_file_gives_factor_and_probabilities(tmp_path):
    name = "AP-1(bZIP)/ThioMac-PU.1-ChIP-Seq(GSE21512)/Homer"
    title = f">ATGA\t{name}\t6.049537\t-1.782996e+03\t0\t9805.3,5781.0\n"
    rows = "0.419\t0.275\t0.277\t0.028\n0.001\t0.001\t0.001\t0.997\n" * 2
    (motif,) = motif_files.read_motif_file(write(tmp_path, title + rows))
    assert (motif.name, motif.alternate, motif.nsites) == (name, "AP-1", 20)
    assert motif.ppm.shape == (4, 4)
    assert motif.ppm[1].argmax() == 3  # a line is a position, though there are four


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not a file of motifs"),
        ("gene\tscore\nA\t1\n", "not a file of motifs"),
        (">seq1\nACGTACGT\n", "line 1: rows ACGTACGT, expected ACGT"),
        (">a\nA [ 1 2 ]\nC [ 1 2 ]\nG [ 1 2 ]\n", "line 1: rows ACG, expected ACGT"),
        (">a\n1 2\n1 2\n1 2\n1\n", "line 1: rows of different lengths"),
        (">a\n1 2 3 x\n", "line 2: '1 2 3 x', expected numbers"),
        (">a\n1 2 3\n1 2 3\n", "line 1: motif 'a': 2 positions, expected a name and four"),
        (">a\n>b\n1 0\n1 0\n0 1\n0 1\n", "line 1: motif 'a': 0 positions"),
        (">a\n-1 1\n1 1\n0 1\n0 1\n", "line 1: motif 'a': negative numbers"),
        (JASPAR_PLAIN + "\n" + JASPAR_PLAIN, "line 6: second motif named 'MA0001.1'"),
        ("AC  a\nP0  A C G T\n01  1 2 3\n//\n", "line 2: motif 'a': 1 positions"),
        ("AC  a\nP0  T G C A\n01  1 2 3 4\n//\n", "line 2: 'P0  T G C A', expected 'P0 A C G T'"),
        ("P0  A C G T\n01  1 2 3 4\n//\n", "line 1: motif '': no name"),
        ("AC  a\nP0  A C G T\n01  1 2 3 4\nAC  b\nP0  A C G T\n", "line 5: 'P0  A C G T'"),
    ],
)
def test_bad_files_are_refused_with_the_line(tmp_path, text, message):
    with pytest.raises(InputError) as error:
        motif_files.read_motif_file(write(tmp_path, text))
    assert message in str(error.value)
    assert "given.txt" in str(error.value)


def test_score_of_the_best_word_by_hand():
    """Two columns of certain bases: no word is rare enough, so the best word's score it is."""
    ppm = np.array([[0.997, 0.001, 0.001, 0.001]] * 2)
    assert motif_files.homer_threshold(ppm, np.full(4, 0.25)) == pytest.approx(
        2 * math.log(3.988), abs=1e-5
    )


def test_a_long_motif_calls_no_word_that_is_likelier_by_chance():
    ppm = np.full((40, 4), 0.001)
    ppm[:, 0] = 0.997  # one random word in 10,000 has 21 A's, and a score below 0
    assert motif_files.homer_threshold(ppm, np.full(4, 0.25)) == 0
