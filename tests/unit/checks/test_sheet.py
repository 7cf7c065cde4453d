"""The sample sheet: how it is read, and what is refused with file and line."""

import pytest
from paths import ROOT
from peaks2motifs.checks.errors import InputError
from peaks2motifs.checks.options import read_schemas
from peaks2motifs.checks.sheet import (
    RESERVED,
    check_row,
    find_sources,
    put_paths,
    read_sheet,
    read_table,
)

_, SCHEMA, _ = read_schemas(ROOT / "workflow/schemas")
GENOMES = {"g": {"fasta": "g.fa", "assembly": "hg38"}}
ADDRESS = "https://a.org/x.bed"
HEADER = "experiment\tpeaks\tgenome\tfactor\tsequences\tbackground\tlabels\ttest\ttask"


def row(**cells: str) -> dict[str, str]:
    return dict.fromkeys(SCHEMA["properties"], "") | cells


@pytest.fixture
def write(tmp_path, monkeypatch):
    """A function that writes the sample sheet, sheet.tsv, into an empty folder."""
    monkeypatch.chdir(tmp_path)

    def write(content: str | bytes) -> str:
        data = content.encode() if isinstance(content, str) else content
        (tmp_path / "sheet.tsv").write_bytes(data)
        return "sheet.tsv"

    return write


def test_rows_have_every_column_and_are_found_by_experiment(write):
    path = write("experiment\tpeaks\tgenome\nA\tp.bed\tg\nB\tq.bed\tg\n")
    rows, sources = read_sheet(path, SCHEMA, GENOMES)
    assert list(rows) == ["A", "B"]
    expected = row(peaks="p.bed", genome="g")
    del expected["experiment"]
    assert rows["A"] == expected
    assert sources == []


def test_addresses_become_paths_and_are_listed_with_their_line(write):
    path = write(f"experiment\tpeaks\tgenome\nA\tENCFF001AAA\tg\nB\t{ADDRESS}\tg\n")
    rows, sources = read_sheet(path, SCHEMA, GENOMES)
    assert rows["A"]["peaks"] == "results/inputs/encode/ENCFF001AAA"
    assert [tuple(source) for source in sources] == [
        ("sheet.tsv, line 2", "ENCFF001AAA", "bed", "hg38"),
        ("sheet.tsv, line 3", ADDRESS, "bed", "hg38"),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a b\tp.bed\tg", "experiment: 'a b' "),
        ("A\tp.bed\tg\t\t\t\t\t\tclasses", "task: 'classes' "),
        ("A", "nothing, .*peaks or sequences"),
        ("A\tp.bed", "genome '' .*: g$"),
        ("A\tp.bed\th", "genome 'h' .*: g$"),
        ("genomes\tp.bed\tg", ".*genomes .*reserved"),
        ("FIRST\tp.bed\tg", "experiment FIRST .*twice"),
        ("A\tgs://b/x.bed\tg", "gs://b/x.bed: gs, .*address"),
        (
            "A\t\t\t\ts.fa\t\thttps://a.org/l",
            "labels: https://a.org/l: .*classes",
        ),
        ("A\t\t\t\ts.fa", "sequences: text with nothing"),
    ],
)
def test_bad_rows_are_refused_with_their_line(write, line, message):
    path = write(f"# mine\n{HEADER}\nFIRST\tp.bed\tg\n{line}\n")
    with pytest.raises(InputError, match=rf"^sheet.tsv, line 4: {message}"):
        read_sheet(path, SCHEMA, GENOMES)


def test_without_genomes_there_are_none_to_name(write):
    path = write("experiment\tpeaks\tgenome\nA\tp.bed\tg\n")
    with pytest.raises(InputError, match=r"line 2: genome 'g' .*: none"):
        read_sheet(path, SCHEMA, {})


def test_a_table_of_a_spreadsheet_program_is_read(write):
    lines = [
        "\ufeff# mine",
        'experiment\tpeaks\tgenome\t"factor"\t',
        "",
        '001\t"my peaks#1.bed"\tdemo\t5" x#1\t',
        " NA \tmy peaks#1.bed\tdemo",
    ]
    assert read_table(write("\r\n".join(lines)), SCHEMA) == {
        4: {"experiment": "001", "peaks": "my peaks#1.bed", "genome": "demo", "factor": '5" x#1'},
        5: {"experiment": "NA", "peaks": "my peaks#1.bed", "genome": "demo", "factor": ""},
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", ": 0 lines, .*column names"),
        ("# nothing\n\n", ": 0 lines, .*column names"),
        ("experiment\tpeaks\n", ": 1 lines, .*column names"),
        ("experiment peaks\nA p.bed\n", ": columns experiment peaks, .*tabs"),
        ("peaks\tgenome\np.bed\tg\n", r": columns peaks \| genome, .*experiment"),
        (
            "experiment\tgenome\tgenome\nA\tg\tg\n",
            r": columns experiment \| genome \| genome, .*once",
        ),
        ("experiment\tpeaks\n\nA\tp.bed\tg\n", ", line 3: 3 columns, .* 2"),
        (b"experiment\tpeaks\nA\tp\xe9.bed\n", ": .*byte 20, .*UTF-8"),
        ("experiment\tpeaks\n".encode("utf-16"), ": .*byte 0, .*UTF-8"),
    ],
)
def test_tables_that_are_none_are_refused(write, content, message):
    with pytest.raises(InputError, match=rf"^sheet.tsv{message}"):
        read_table(write(content), SCHEMA)


def test_a_sheet_that_is_not_there_is_refused():
    with pytest.raises(InputError, match=r"^experiments: no file none\.tsv"):
        read_table("none.tsv", SCHEMA)


def test_sources_of_sequences_may_be_of_any_kind():
    cells = row(sequences=f"A={ADDRESS};B=own.fa", test="A=a;B=s3://b/b.fa")
    assert [tuple(source) for source in find_sources(cells, "here", GENOMES)] == [
        ("here", ADDRESS, "", ""),
        ("here", "s3://b/b.fa", "", ""),
    ]
    labels = row(sequences="s.fa", labels="https://a.org/l", task="binary")
    assert [source.text for source in find_sources(labels, "here", {})] == ["https://a.org/l"]


def test_an_accession_stands_for_its_factor():
    assert put_paths(row(peaks="ENCFF001AAA"))["factor"] == "ENCFF001AAA"
    assert put_paths(row(peaks="ENCFF001AAA", factor="CTCF"))["factor"] == "CTCF"
    assert put_paths(row(peaks="p.bed"))["factor"] == ""


def test_rows_of_peaks_and_of_sequences_are_taken():
    check_row(row(peaks="p.bed", genome="g", background="b.bed"))
    check_row(row(sequences="s.fa", background="n.fa", task="binary"))


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({}, "nothing, .*peaks or sequences"),
        ({"peaks": "p", "sequences": "a.h5"}, "peaks and sequences, .*either"),
        ({"peaks": "p", "labels": "l"}, "labels: 'l' .*with peaks"),
        ({"peaks": "p", "task": "binary"}, "task: 'binary' .*with peaks"),
        ({"sequences": "a.h5", "genome": "g"}, "genome: 'g' .*with sequences"),
    ],
)
def test_rows_of_neither_or_both_are_refused(cells, message):
    with pytest.raises(InputError, match=message):
        check_row(row(**cells))


def test_names_of_other_folders_of_results_are_reserved():
    rules = "\n".join(path.read_text() for path in ROOT.glob("workflow/rules/*.smk"))
    for name in RESERVED - {"examples"}:  # a folder of logs
        assert f"results/{name}" in rules or name == "inputs"
