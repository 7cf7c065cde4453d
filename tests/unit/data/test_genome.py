"""The genome: unpacked, indexed, checked; windows read by position; its blacklist adapted."""

import gzip
import hashlib

import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import decode
from peaks2motifs.data.genome import (
    chrom_sizes,
    described_chromosomes,
    fetch_codes,
    index_fasta,
    read_index,
    sha256,
)
from prepare_genome import prepare_genome

TEXT = b">chrII first\nACGTAC\nGTnRAC\nTT\n>NA\nacgtac\n>empty\n"


@pytest.fixture
def fasta_of(tmp_path):
    """Write and index a FASTA file."""

    def write(content: bytes) -> str:
        path = tmp_path / "genome.fa"
        path.write_bytes(content)
        index_fasta(str(path), "mine.fa")
        return str(path)

    return write


def test_index_and_sizes_are_in_file_order(fasta_of):
    fasta = fasta_of(TEXT)
    assert read_index(fasta).values.tolist() == [
        ["chrII", 14, 13, 6, 7],
        ["NA", 6, 34, 6, 7],
    ]
    assert chrom_sizes(fasta).to_dict() == {"chrII": 14, "NA": 6}


def test_sequences_without_a_base_are_left_out_and_counted(fasta_of, capsys):
    fasta = fasta_of(b">none\n" + TEXT)
    assert chrom_sizes(fasta).to_dict() == {"chrII": 14, "NA": 6}
    assert decode(fetch_codes(fasta, ["NA"], [0], 6)) == ["ACGTAC"]
    assert "mine.fa: 2 sequences" in capsys.readouterr().out


@pytest.mark.parametrize("rows", [1, 100])
@pytest.mark.parametrize("content", [TEXT, TEXT.replace(b"\n", b"\r\n")])
def test_fetch_codes_over_line_ends_and_chromosome_ends(fasta_of, content, rows):
    fasta = fasta_of(content)
    chroms = ["chrII", "chrII", "chrII", "NA", "NA", "chrII"]
    starts = [0, 4, 12, -2, 5, 50]
    codes = fetch_codes(fasta, chroms, starts, 4, rows=rows)
    assert codes.shape == (6, 4)
    assert decode(codes) == ["ACGT", "ACGT", "TTNN", "NNAC", "CNNN", "NNNN"]
    assert decode(fetch_codes(fasta, ["chrII"], [0], 14)) == ["ACGTACGTNNACTT"]


def test_fetch_codes_of_nothing_and_of_an_unknown_name(fasta_of):
    fasta = fasta_of(TEXT)
    assert fetch_codes(fasta, [], [], 4).shape == (0, 4)
    with pytest.raises(KeyError):
        fetch_codes(fasta, ["chr2"], [0], 4)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b">a\nAC\n>a\nAC\n", "Duplicate key"),
        (b">a\nACGT\nAC\nACGT\n", "not consistent"),
        (b">a\nACGT\nACGTAC\n", "lines of different lengths"),
        (b">a\nACGT\nACGTAC\n>b\nAC\n", "lines of different lengths"),
        (b">a\nACGT\n>p\nMKLV\n", "sequence p holds 'L'"),
        (b">a\nACGT\n\n\n\n", "not a regular FASTA"),
        (b">a\nAC\nAC<br>\n", "sequence a holds"),
        (b">a\rACGT\rACGT\r>b\rACGT\r", "no base in its 1 sequences"),
        (b">a\n>b\n", "no base in its 2 sequences"),
        (b'>"a"\nACGT\n', "sequence name '\"a\"'"),
        (b">#1\nACGT\n", "sequence name '#1'"),
        (b">track1\nACGT\n", "sequence name 'track1'"),
        (">\u67d3\nACGT\n".encode(), "sequence name '\u67d3'"),
    ],
)
def test_irregular_fasta_is_refused(fasta_of, content, message):
    with pytest.raises(InputError, match=rf"^mine\.fa: .*{message}") as error:
        fasta_of(content)
    assert "\n" not in str(error.value)


def test_names_with_the_signs_of_databases_pass(fasta_of):
    assert chrom_sizes(fasta_of(b">gi|1|ref|NC_1.1| x\nAC\n>HLA:A*01,(b)'\nAC\n")).tolist() == [
        2,
        2,
    ]


def test_every_iupac_letter_passes(fasta_of):
    fasta = fasta_of(b">a\nACGTNRYKMSWBDHV\nacgtnrykmswbdhv\n")
    assert chrom_sizes(fasta)["a"] == 30


def test_sha256_is_of_the_bytes(fasta_of):
    assert sha256(fasta_of(TEXT)) == hashlib.sha256(TEXT).hexdigest()


def test_described_chromosomes_are_those_named_once(fasta_of):
    fasta = fasta_of(
        b">NC_1.9 Yeast S288C chromosome I, complete sequence\nACGT\n>x\nAC\n"
        b">NT_5 Homo sapiens chromosome 1 unlocalized scaffold, GRCh38\nAC\n"
        b">d1 chromosome 7\nAC\n>d2 chromosome 7, again\nAC\n"
        b">NC_2.1 Yeast S288C mitochondrion, complete genome\nAC\n"
    )
    assert described_chromosomes(fasta) == {"I": "NC_1.9", "mitochondrion": "NC_2.1"}


@pytest.fixture
def prepare(tmp_path):
    """Prepare a genome from bytes, with or without a blacklist."""

    def run(content: bytes, blacklist: str | None = None, aliases: str | None = None):
        source, black, names = tmp_path / "in.fa", tmp_path / "in.bed", tmp_path / "names.txt"
        source.write_bytes(content)
        black.write_text(blacklist or "")
        names.write_text(aliases or "")
        prepare_genome(
            source=str(source),
            fasta=str(tmp_path / "genome.fa"),
            checksum=str(tmp_path / "genome.sha256"),
            blacklist_source=None if blacklist is None else str(black),
            blacklist=str(tmp_path / "blacklist.bed"),
            aliases=None if aliases is None else str(names),
        )
        return tmp_path

    return run


@pytest.mark.parametrize(
    "content",
    [
        TEXT,
        gzip.compress(TEXT, mtime=0),
        gzip.compress(TEXT[:9], mtime=0) + gzip.compress(TEXT[9:], mtime=0),
    ],
)
def test_plain_gzip_and_blocked_gzip_give_one_genome(prepare, content):
    folder = prepare(content)
    assert (folder / "genome.fa").read_bytes() == TEXT
    assert (folder / "genome.sha256").read_text() == hashlib.sha256(TEXT).hexdigest() + "\n"
    assert (folder / "genome.fa.fai").exists()
    assert (folder / "blacklist.bed").read_text() == ""


def test_prepare_genome_may_run_again_over_its_link(prepare):
    prepare(TEXT)
    assert (prepare(gzip.compress(TEXT, mtime=0)) / "in.fa").read_bytes() == gzip.compress(
        TEXT, mtime=0
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty, expected FASTA"),
        (b"<!DOCTYPE html>", "starts with '<', expected FASTA"),
        (gzip.compress(b"<html>", mtime=0), "starts with '<'"),
        (gzip.compress(TEXT * 99, mtime=0)[:-10], "broken or truncated gzip"),
        (gzip.compress(TEXT * 99, mtime=0)[:5], "broken or truncated gzip"),
        (b"PK\3\4", "starts with 'P'"),
    ],
)
def test_other_formats_are_refused_in_one_line(prepare, content, message):
    with pytest.raises(InputError, match=rf"in\.fa: {message}") as error:
        prepare(content)
    assert "\n" not in str(error.value)


def test_blacklist_is_renamed_clipped_sorted_and_merged(prepare, capsys):
    folder = prepare(TEXT, "NA\t2\t99\nchr2\t5\t9\n2x\t0\t5\nchr2\t-1\t5\nchr2\t20\t30\n")
    assert (folder / "blacklist.bed").read_text() == "chrII\t0\t9\nNA\t2\t6\n"
    assert "1 of 5 intervals" in capsys.readouterr().out


def test_blacklist_by_aliases_or_of_another_genome(prepare):
    folder = prepare(TEXT, "NC_2\t1\t2\n", "NC_2\tchrII\n")
    assert (folder / "blacklist.bed").read_text() == "chrII\t1\t2\n"
    with pytest.raises(InputError, match=r"in\.bed: only 0 of 1 intervals"):
        prepare(TEXT, "NC_2\t1\t2\n")
