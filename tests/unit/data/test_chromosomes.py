"""Chromosome names match if the match is unique, and are refused otherwise."""

import gzip

import pandas as pd
import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.data.chromosomes import ROMAN, count_chromosomes, match_chromosomes, read_aliases

YEAST = [f"chr{numeral}" for numeral in list(ROMAN)[:16]] + ["chrmt"]
HUMAN = [f"chr{number}" for number in range(1, 23)] + ["chrX", "chrY", "chrM"]


def matched(peaks, genome, **kwargs) -> dict[str, tuple[str | None, str]]:
    table = match_chromosomes(peaks, genome, **kwargs)
    assert list(table.columns) == ["peaks_name", "genome_name", "rule"]
    assert (table["genome_name"].isna() == (table["rule"] == "unknown")).all()
    genome_name = table["genome_name"].where(table["genome_name"].notna(), "-")
    return dict(zip(table["peaks_name"], zip(genome_name, table["rule"], strict=True), strict=True))


def test_roman_table_counts_as_the_romans_did():
    assert list(ROMAN.values()) == list(range(1, 40))
    assert (ROMAN["IV"], ROMAN["X"], ROMAN["XVI"], ROMAN["XXXIX"]) == (4, 10, 16, 39)


def test_identical_names_stay():
    assert matched(["chr2", "chrX"], HUMAN) == {
        "chr2": ("chr2", "identical"),
        "chrX": ("chrX", "identical"),
    }


@pytest.mark.parametrize("name", ["7", "chr7", "Chr7", "CHR7"])
@pytest.mark.parametrize("genome", [["7", "8"], ["chr7", "chr8"], ["Chr7", "Chr8"]])
def test_prefix_is_dropped_or_added(name, genome):
    expected = "identical" if name == genome[0] else "prefix"
    assert matched([name], genome) == {name: (genome[0], expected)}


def test_arabic_peaks_on_the_roman_yeast_genome():
    found = matched([f"chr{number}" for number in range(1, 17)] + ["chrM"], YEAST)
    assert found["chr4"] == ("chrIV", "roman")
    assert found["chr10"] == ("chrX", "roman")
    assert found["chr16"] == ("chrXVI", "roman")
    assert found["chrM"] == ("chrmt", "mitochondrial")


def test_roman_peaks_on_an_arabic_genome():
    found = matched(["chrII", "chrX"], ["1", "2", "10"])
    assert found == {"chrII": ("2", "roman"), "chrX": ("10", "roman")}


def test_human_x_is_no_ten():
    assert matched(["1", "10", "X"], HUMAN) == {
        "1": ("chr1", "prefix"),
        "10": ("chr10", "prefix"),
        "X": ("chrX", "prefix"),
    }


def test_x_and_v_alone_are_no_roman_numerals():
    assert matched(["chr10", "chr5"], ["chrX", "chrV", "chr1"])["chr10"] == ("-", "unknown")


def test_worm_x_stays_beside_roman_autosomes():
    found = matched(["chr1", "chr5", "chrX"], ["I", "II", "III", "IV", "V", "X", "MtDNA"])
    assert found == {"chr1": ("I", "roman"), "chr5": ("V", "roman"), "chrX": ("X", "prefix")}


def test_ten_and_x_together_are_refused_on_a_roman_genome():
    with pytest.raises(InputError, match=r"chr10 and chrX .* chrX"):
        match_chromosomes(["chr1", "chr10", "chrX"], YEAST)


def test_roman_x_is_refused_where_the_genome_has_ten_and_x():
    with pytest.raises(InputError, match=r"chrX .* 10 or X .*genome: 2, 10, X"):
        match_chromosomes(["chrII", "chrX"], ["2", "10", "X"])


def test_roman_x_is_refused_where_an_arabic_genome_has_that_name_and_ten():
    with pytest.raises(InputError, match=r"chrX .* chr10 or chrX"):
        match_chromosomes(YEAST, HUMAN)
    assert matched(["chrIII", "chrX"], ["chr3", "chrX"]) == {
        "chrIII": ("chr3", "roman"),
        "chrX": ("chrX", "identical"),
    }


def test_two_namings_in_one_file_are_refused_with_first_names_of_both_sides():
    with pytest.raises(InputError, match=r"1 and chr1 .*file: 1, chr1; .*genome: chr1, chr2"):
        match_chromosomes(["1", "chr1"], ["chr1", "chr2"])


def test_two_candidates_in_the_genome_are_refused():
    with pytest.raises(InputError, match=r"Chr1 .* 1 or chr1"):
        match_chromosomes(["Chr1"], ["1", "chr1"])


@pytest.mark.parametrize(
    "name", ["M", "MT", "Mt", "mt", "mito", "mitochondrion", "chrM", "chrMito"]
)
@pytest.mark.parametrize("genome", ["mtDNA", "chrMITO"])
def test_mitochondrial_synonyms(name, genome):
    assert matched([name], ["chr1", genome])[name] == (genome, "mitochondrial")


@pytest.mark.parametrize("flip", [False, True])
def test_aliases_are_read_in_both_directions(flip):
    pairs = [("NC_001133.9", "chrI"), ("one", "chrI"), ("NC_001134.8", "chrII")]
    pairs = [pair[::-1] for pair in pairs] if flip else pairs
    assert matched(["NC_001133.9", "one"][:1], YEAST, aliases=pairs) == {
        "NC_001133.9": ("chrI", "alias")
    }
    assert matched(["nc_001133.9"], YEAST, aliases=pairs)["nc_001133.9"][1] == "unknown"


def test_an_alias_goes_before_the_prefix():
    assert matched(["1"], ["chr1", "chr2"], aliases=[("1", "chr2")]) == {"1": ("chr2", "alias")}


def test_names_that_fasta_headers_describe():
    described = {"I": "NC_001133.9", "II": "NC_001134.8", "mitochondrion": "NC_001224.1"}
    for first, second in (("chr1", "2"), ("I", "chrII")):
        names = [first, second, "chrM", "2-micron"]
        assert matched(names, described.values(), described=described) == {
            first: ("NC_001133.9", "header"),
            second: ("NC_001134.8", "header"),
            "chrM": ("NC_001224.1", "header"),
            "2-micron": ("-", "unknown"),
        }


def test_count_chromosomes_is_in_genome_order_with_unknown_names_last():
    chroms = pd.Series(["chrUn_1", "chr10", "chr2", "chr10"])
    table = count_chromosomes(chroms, YEAST)
    assert table.fillna("-").values.tolist() == [
        ["chr2", "chrII", "roman", 1],
        ["chr10", "chrX", "roman", 2],
        ["chrUn_1", "-", "unknown", 1],
    ]


def test_less_than_half_of_the_peaks_known_is_refused():
    chroms = pd.Series(["chr1", "odd1", "odd2"])
    with pytest.raises(InputError, match=r"my\.bed: .* 1 of 3 .*chr1, odd1, odd2.*chr1, chr2"):
        count_chromosomes(chroms, HUMAN, source="my.bed")
    assert len(count_chromosomes(chroms, HUMAN, least=0)) == 3
    with pytest.raises(InputError, match=r" 0 of 2 .*genomes\.<name>\.aliases"):
        count_chromosomes(chroms[1:], HUMAN, least=0)


def test_read_aliases(tmp_path):
    path = tmp_path / "aliases.txt"
    path.write_text("# alias\tname\nNC_1\tchrI\trefseq\n\nNC_2 chrII")
    assert read_aliases(path) == [("NC_1", "chrI"), ("NC_2", "chrII")]
    path.write_bytes(gzip.compress(b"NC_1\tchrI\r\n# caf\xe9\r\n", mtime=0))
    assert read_aliases(path) == [("NC_1", "chrI")]
    with pytest.raises(InputError, match=r"none\.txt: .*No such file"):
        read_aliases(tmp_path / "none.txt")
    with pytest.raises(InputError, match=r": .*Is a directory"):
        read_aliases(tmp_path)
    path.write_text("NC_1\tchrI\nNC_2\n")
    with pytest.raises(InputError, match=r"aliases\.txt, line 2: one column"):
        read_aliases(path)
