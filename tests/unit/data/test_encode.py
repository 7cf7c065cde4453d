"""Records of the ENCODE portal: fields kept, and files refused before any download."""

import json

import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.data.encode import check_record, fill_factors, read_record, same_assembly

JSON = {
    "accession": "ENCFF001AAA",
    "assembly": "GRCh38",
    "dataset": "/experiments/ENCSR000AAA/",
    "file_format": "bed",
    "href": "/files/ENCFF001AAA/@@download/ENCFF001AAA.bed.gz",
    "md5sum": "0a" * 16,
    "output_type": "IDR thresholded peaks",
    "status": "released",
    "target": {"@id": "/targets/CTCF-human/", "label": "CTCF"},
    "file_size": 12,
}


def test_a_record_keeps_what_matters(tmp_path):
    path = tmp_path / "ENCFF001AAA.json"
    path.write_text(json.dumps(JSON))
    record = read_record(path, "ENCFF001AAA")
    assert record == {k: v for k, v in JSON.items() if k != "file_size"} | {"target": "CTCF"}


@pytest.mark.parametrize(
    ("target", "label"), [({"label": None}, ""), (None, ""), ({}, ""), ({"label": "SRF"}, "SRF")]
)
def test_a_target_may_be_unknown(tmp_path, target, label):
    path = tmp_path / "x.json"
    path.write_text(json.dumps(JSON | {"target": target}))
    assert read_record(path, "ENCFF001AAA")["target"] == label


@pytest.mark.parametrize(
    "text", ["<html>", "[]", '{"status": "error"}', '{"accession": "ENCFF001AAB"}']
)
def test_other_json_is_refused(tmp_path, text):
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(InputError, match="expected the JSON of the file ENCFF001AAA"):
        read_record(path, "ENCFF001AAA")


@pytest.mark.parametrize("assembly", ["GRCh38", "hg38", "GRCh38.p14", ""])
def test_a_released_file_of_this_assembly_is_taken(assembly):
    check_record(JSON, "bed", assembly)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"status": "revoked"}, "ENCFF001AAA: .* revoked"),
        ({"href": ""}, "ENCFF001AAA: .* released"),
        ({"file_format": "bam", "output_type": "alignments"}, "alignments as bam, expected .* bed"),
        ({"assembly": "hg19"}, "ENCFF001AAA: .* hg19, .* hg38; .* genomes.<name>.assembly"),
        ({"assembly": ""}, "ENCFF001AAA: .* unknown, .* hg38"),
    ],
)
def test_other_files_are_refused(changes, message):
    with pytest.raises(InputError, match=message):
        check_record(JSON | changes, "bed", "hg38")


def test_an_archived_file_is_taken_with_a_warning(capsys):
    check_record(JSON | {"status": "archived"}, "bed", "hg38")
    assert "WARNING: ENCFF001AAA is archived" in capsys.readouterr().out


def test_assemblies_have_one_name():
    assert same_assembly("GRCm38-minimal") == same_assembly("mm10") == "mm10"
    assert same_assembly("sacCer3") == "saccer3"


def test_factors_come_from_the_sheet_or_from_the_portal(tmp_path):
    path = tmp_path / "ENCFF001AAA.json"
    path.write_text(json.dumps({"target": "CTCF"}))
    factors = ["SRF", "ENCFF001AAA", "", "ENCFF001AAA"]
    assert fill_factors(factors, [str(path)]) == ["SRF", "CTCF", "", "CTCF"]
