"""Addresses and accessions: what is one, its checksum, and where its file is put."""

import re

import pytest
from peaks2motifs.checks.addresses import (
    IN_CELL,
    Source,
    at_hand,
    fetched_files,
    is_accession,
    is_remote,
    local_path,
    mirrored,
    split_checksum,
)
from peaks2motifs.checks.errors import InputError

SHA = "sha256=" + "0a" * 32


@pytest.mark.parametrize(
    ("text", "address", "checksum"),
    [
        ("https://a.org/x.bed.gz", "https://a.org/x.bed.gz", ""),
        (f"s3://bucket/a/x.bed#{SHA.upper()}", "s3://bucket/a/x.bed", SHA),
        (f"ftp://a.org/x.bed#md5={'0a' * 16}", "ftp://a.org/x.bed", f"md5={'0a' * 16}"),
    ],
)
def test_checksums_stand_behind_addresses(text, address, checksum):
    assert split_checksum(text) == (address, checksum)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("gs://bucket/x.bed", "gs, expected an address of http, https, ftp, s3"),
        ("https://a.org", "expected the address of a file"),
        ("https://a.org/peaks/", "expected the address of a file"),
        ("https://a.org/a b.bed", "expected %20 for a blank"),
        ("https://a.org/ä.bed", "expected %20 for a blank"),
        ("https://[a.org/x.bed", "expected the address of a file"),
        ("https://a.org:web/x.bed", "expected the address of a file"),
        ("https://a.org/x.bed#sha256=12", "#sha256=12, expected #sha256= and 64"),
        (f"https://a.org/x.bed#md5={'0a' * 32}", "or #md5= and 32 hex digits"),
        ("https://a.org/x.bed#top", "#top, expected #sha256="),
    ],
)
def test_other_addresses_are_refused(text, message):
    with pytest.raises(InputError, match=re.escape(message)):
        split_checksum(text)


def test_each_address_and_checksum_has_a_file_of_its_own():
    texts = ["https://a.org/x.bed", "https://b.org/x.bed", f"https://a.org/x.bed#{SHA}"]
    paths = [local_path(text) for text in texts]
    assert len(set(paths)) == 3
    assert all(re.fullmatch("results/inputs/[0-9a-f]{8}/[^/]+", path) for path in paths)
    assert all(path.endswith("/x.bed") for path in paths)
    assert local_path("https://a.org/get/x%20y.bed?as=gz").endswith("/x_20y.bed")
    assert local_path("ENCFF660GHM") == "results/inputs/encode/ENCFF660GHM"


def test_sources_are_found_in_cells_and_paths_are_not():
    cell = "A=https://a.org/x.fa?b=c; B=own.fa;s3://b/y.fa"
    assert IN_CELL.sub("!", cell) == "A=!; B=own.fa;!"
    assert IN_CELL.sub("!", "ENCFF660GHM") == "!"
    for path in ("my peaks#1.bed", "ENCFF660GHM.bed.gz", "data/ENCFF660GHM", "a=b/c.bed"):
        assert IN_CELL.sub("!", path) == path


def test_a_mirror_takes_the_place_of_the_beginning():
    mirrors = {"https://a.org": "http://localhost:80/a"}
    assert mirrored("https://a.org/x/y.bed", mirrors) == "http://localhost:80/a/x/y.bed"
    assert mirrored("https://b.org/x/y.bed", mirrors) == "https://b.org/x/y.bed"


def test_addresses_and_accessions_are_told_from_paths():
    for text in ("https://a.org/x.bed", "s3://b/x.bed", "ENCFF660GHM"):
        assert is_remote(text)
        assert at_hand(text) == local_path(text)
    for text in ("x.bed", "ENCFF660GHM.bed.gz", "data/ENCFF660GHM"):
        assert not is_remote(text)
        assert not is_accession(text)
        assert at_hand(text) == text


def test_rules_know_of_each_fetched_file_what_they_need():
    address = f"https://a.org/x.bed#{SHA}"
    sources = [
        Source("row 1", "ENCFF001AAA", "bed"),
        Source("row 2", address, "bed", "hg38"),
        Source("row 3", "own.bed", "bed", "hg38"),
        Source("row 4", "ENCFF001AAA", "bed", "hg38"),
    ]
    expected = {"kind": "bed", "assembly": "hg38"}
    assert fetched_files(sources, {"https://a.org": "http://b.org"}) == {
        "results/inputs/encode/ENCFF001AAA": expected
        | {"source": "ENCFF001AAA", "address": "", "checksum": ""},
        local_path(address): {"kind": "", "assembly": ""}
        | {"source": address, "address": "http://b.org/x.bed", "checksum": SHA},
    }


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            ("genome", "ENCFF001AAA", "fasta"),
            "genome: ENCFF001AAA: kind fasta, elsewhere it is bed",
        ),
        (("row 2", "ENCFF001AAA", "bed", "hg19"), "row 2: ENCFF001AAA: assembly hg19, elsewhere"),
        (("row 2", "gs://b/x.bed"), "row 2: gs://b/x.bed: gs, expected an address"),
    ],
)
def test_sources_that_cannot_be_are_refused_with_their_place(source, message):
    sources = [Source("row 1", "ENCFF001AAA", "bed", "hg38"), Source(*source)]
    with pytest.raises(InputError, match=f"^{message}"):
        fetched_files(sources, {})
