"""Files that sample sheet and config name: all are found, and those that are missing refused."""

import re

import pytest
from peaks2motifs.checks.errors import InputError
from peaks2motifs.checks.files import (
    assembly_of,
    check_files,
    config_sources,
    database_files,
    genome_files,
    sheet_sources,
)

ADDRESS, FETCHED = "https://a.org/x.bed", r"results/inputs/[0-9a-f]{8}/x.bed"


def config(**sections) -> dict:
    names = {"database": "jaspar"}
    return {
        "genomes": {},
        "background": {"pool": None},
        "predict": {},
        "simulate": {},
        "names": names,
    } | sections


def test_the_assembly_of_a_genome_is_its_name_unless_given():
    assert assembly_of("mine", {"mine": {"fasta": "f", "assembly": "hg38"}}) == "hg38"
    assert assembly_of("hg38", {"hg38": {"fasta": "f"}}) == "hg38"
    assert assembly_of("hg38", {}) == "hg38"


def test_files_of_genomes_have_local_paths():
    given = {"assembly": "hg38", "blacklist": ADDRESS, "fasta": "g.fa"}
    files = genome_files({"g": given, "h": {"fasta": "h.fa"}})
    assert list(files["g"]) == ["fasta", "blacklist"]
    assert files["h"] == {"fasta": "h.fa"}
    assert re.fullmatch(FETCHED, files["g"]["blacklist"])
    with pytest.raises(InputError, match=r"^config: genomes.g: gs://b/g.fa: gs, expected an addr"):
        genome_files({"g": {"fasta": "gs://b/g.fa"}})


def test_databases_are_one_or_a_list():
    assert database_files({"database": "jaspar"}) == ["jaspar"]
    jaspar, own, fetched = database_files({"database": ["jaspar", "own.meme", ADDRESS]})
    assert (jaspar, own) == ("jaspar", "own.meme")
    assert re.fullmatch(FETCHED, fetched)
    with pytest.raises(InputError, match=r"^config: names.database: gs://b/x: gs, expected an"):
        database_files({"database": "gs://b/x"})


def test_every_file_of_the_config_is_named_with_its_place_and_kind():
    genomes = {
        "used": {"fasta": "u.fa", "aliases": "u.tsv", "assembly": "hg38"},
        "predicted": {"fasta": "p.fa", "blacklist": "p.bed"},
        "unused": {"fasta": "x.fa"},
    }
    predict = {"a": {"genome": "predicted", "regions": "r.bed"}, "b": {"sequences": "s.fa"}}
    simulate = {"c": {"database": "own.meme"}, "d": {"database": "jaspar"}}
    background = {"pool": "all.bed"}
    given = config(genomes=genomes, background=background, predict=predict, simulate=simulate)
    rows = {"e": {"genome": "used"}, "f": {"genome": ""}, "g": {"genome": "used"}}
    assert [tuple(source) for source in config_sources(given, rows)] == [
        ("config: genomes.used.fasta", "u.fa", "fasta", "hg38"),
        ("config: genomes.used.aliases", "u.tsv", "", "hg38"),
        ("config: genomes.predicted.fasta", "p.fa", "fasta", "predicted"),
        ("config: genomes.predicted.blacklist", "p.bed", "bed", "predicted"),
        ("config: background.pool", "all.bed", "", ""),
        ("config: predict.a.regions", "r.bed", "", ""),
        ("config: predict.b.sequences", "s.fa", "", ""),
        ("config: simulate.c.database", "own.meme", "", ""),
    ]
    sources = config_sources(config(names={"database": ["jaspar", "x", "y"]}), {})
    assert [source.text for source in sources] == ["x", "y"]


def test_every_file_of_the_sheet_is_named_with_its_column():
    rows = {
        "e": {"peaks": "p.bed", "background": "b.bed", "pool": "r.bed"},
        "f": {"peaks": "q.bed", "background": "", "pool": ""},
        "g": {"peaks": "", "background": "n.fa"},
    }
    sequences = {"g": ([], {"sequences": ["s.fa"], "background": ["n.fa"], "test": ["t", "u"]})}
    assert [(source.where, source.text) for source in sheet_sources(rows, sequences)] == [
        ("experiment e: peaks", "p.bed"),
        ("experiment e: background", "b.bed"),
        ("experiment e: pool", "r.bed"),
        ("experiment f: peaks", "q.bed"),
        ("experiment g: sequences", "s.fa"),
        ("experiment g: background", "n.fa"),
        ("experiment g: test", "t"),
        ("experiment g: test", "u"),
    ]


def test_missing_files_are_refused_unless_a_rule_makes_them(tmp_path):
    def check(path: str) -> None:
        sources = sheet_sources({"e": {"peaks": path, "background": "", "pool": ""}}, {})
        check_files(sources, {"results/inputs/encode/ENCFF001AAA"}, ["sim"])

    (tmp_path / "there.bed").touch()
    check(str(tmp_path / "there.bed"))
    for made in ("resources/demo/x", "results/simulations/sim/x", "ENCFF001AAA"):
        check(made)
    for missing in ("nowhere.bed", "results/simulations/other/x"):
        with pytest.raises(InputError, match=rf"^experiment e: peaks: no file {missing}$"):
            check(missing)
