"""Bad options and bad input: one line that names the place, before or instead of a long run."""

import re
import shutil

import pytest
import yaml

from .conftest import copy_demo, snakemake


def edit_config(project, **changes):
    path = project / "config/config.yaml"
    config = yaml.safe_load(path.read_text())
    path.write_text(yaml.safe_dump(config | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"windowz": {}}, "windowz"),
        ({"windows": {"lenght": 200}}, "config: windows: .*lenght"),
        ({"windows": {"length": 4}}, "config: windows.length: 4 "),
        ({"background": {"ratio": "five"}}, "config: background.ratio: 'five' "),
        ({"splits": {"test": "chr1"}}, "config: splits.test"),
        ({"seed": -1}, "config: seed: -1"),
        ({"model": {"kernels": [[8, 300]]}}, "config: model.kernels"),
        ({"experiments": "none.tsv"}, "no file none.tsv"),
        ({"genomes": {"other": {"fasta": "x.fa"}}}, "genome 'demo' .*: other"),
        ({"genomes": {7: {"fasta": "x.fa"}}}, "config: genomes: 7 .*text"),
        ({"splits": {"valid": [1]}}, "config: splits.valid.0: 1 .*string"),
        (
            {"splits": {"strategy": "random", "test": ["chr1"]}},
            "config: splits.strategy: random .*chromosomes",
        ),
        ({"training": {"momentum": 0.9}}, "config: training.momentum: 0.9, adam "),
        (
            {"training": {"optimizer": "sgd", "nesterov": True}},
            "config: training.nesterov: true .*sgd, .* 0;",
        ),
        (
            {"windows": {"length": 40}, "model": {"kernels": [[8, 60]]}},
            r"config: model: kernels: .*\b60\b.*\b40 bp",
        ),
        ({"joint": {"SRF": {}}}, "config: joint.SRF: .*reserved"),
        ({"joint": {"j": {"experiments": ["SRF"]}}}, "config: joint.j.experiments"),
        ({"joint": {"j": {"experiments": ["SRF", "Q"]}}}, "config: joint.j.experiments: 'Q', "),
        (
            {"windows": {"length": 40}, "model": {"preset": "pysster"}},
            r"config: model: .* 40, 40 - 25 \+ 1 = 16 \(convolution 1\)",
        ),
        (
            {"joint": {"j": {}}, "training": {"loss": "categorical_crossentropy"}},
            "config: joint.j: training.loss .*categorical_crossentropy, .*multilabel",
        ),
        ({"model": {"preset": "toy1", "zones": [1]}}, "model.zones: .*preset toy1 "),
        ({"model": {"zones": [50, 20]}}, r"model.zones: \[50, 20\], .*increasing"),
        ({"model": {"kernels": [[8, 9], [4, 9]]}}, r"model.kernels: \[9, 9\] .*twice"),
        ({"names": {"database": ["jaspar", "no.meme"]}}, "names.database: no file no.meme"),
        pytest.param(
            {"names": {"tomtom_html": True}},
            "names.tomtom_html: tomtom .*PATH",
            marks=pytest.mark.skipif(bool(shutil.which("tomtom")), reason="tomtom is there"),
        ),
    ],
)
def test_bad_options_stop_before_any_job(project, changes, message):
    edit_config(project, **changes)
    printed = snakemake(project, "--dry-run", fails=True)
    lines = [line for line in printed.splitlines() if re.search(message, line)]
    assert len(lines) == 1, printed
    assert "Job stats" not in printed


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("SRF\tpeaks.bed\tdemo\t", "line 5: experiment SRF .*twice"),
        ("a b\tpeaks.bed\tdemo\t", "line 5: experiment: 'a b' "),
        ("genomes\tpeaks.bed\tdemo\t", "line 5: .*genomes .*reserved"),
        ("index.html\tpeaks.bed\tdemo\t", r"line 5: .*index\.html .*reserved"),
        ("new\t\tdemo\t", "line 5: nothing, .*peaks or sequences"),
        ("new\tpeaks.bed", "line 5: genome '' .*: demo"),
        ("new\tpeaks.bed\tdemo\tSRF\tmore", "line 5: 5 columns, .* 4"),
        ("new\tnowhere.bed\tdemo\t", r"ERROR: experiment new: peaks: no file nowhere\.bed"),
    ],
)
def test_bad_rows_of_the_sample_sheet_stop_before_any_job(project, row, message):
    with open(project / "config/experiments.tsv", "a") as sheet:
        sheet.write(row + "\n")
    printed = snakemake(project, "--dry-run", fails=True)
    errors = [line for line in printed.splitlines() if line.startswith("ERROR")]
    assert re.search(message, "\n".join(errors)), printed


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", ": 0 lines, "),
        (b"# nothing\n\n", ": 0 lines, "),
        (b"experiment\tpeaks\tgenome\n", ": 1 lines, .*column names"),
        (
            b"experiment peaks genome\nA p.bed demo\n",
            ": .*experiment peaks genome, .*tabs",
        ),
        (b"experiment\tpeaks\nA\tp.bed\n", "line 2: genome '' .*: demo"),
        (
            b"experiment\tpeaks\tgenome\tgenome\nA\tp.bed\tdemo\tdemo\n",
            r": .*genome \| genome, .*once",
        ),
        (
            b"experiment\tpeaks\tgenome\tnote\nA\tp.bed\tdemo\thm\n",
            "line 2: .*'note'",
        ),
        (b"experiment\tpeaks\tgenome\nA\tp\xe9.bed\tdemo\n", "byte 27, .*UTF-8"),
        ("experiment\tpeaks\n".encode("utf-16"), "byte 0, .*UTF-8"),
    ],
)
def test_a_bad_sample_sheet_is_refused_in_one_line(project, content, message):
    (project / "config/experiments.tsv").write_bytes(content)
    printed = snakemake(project, "--dry-run", fails=True)
    lines = [line for line in printed.splitlines() if not line.startswith("Using profile")]
    assert re.search(rf"^ERROR: config/experiments\.tsv.*{message}", lines[-1])
    assert "Traceback" not in printed


def test_a_sample_sheet_from_a_spreadsheet_program_is_read(project):
    lines = [
        "\ufeff# mine",
        'experiment\tpeaks\tgenome\t"factor"\t',
        '001\t"my peaks#1.bed"\tdemo\t5" x#1\t',
        " NA \tmy peaks#1.bed\tdemo",
    ]
    (project / "config/experiments.tsv").write_bytes("\r\n".join(lines).encode())
    (project / "my peaks#1.bed").write_text("chr1\t100\t200\n")
    targets = [f"results/{name}/peaks.bed" for name in ("001", "NA")]
    printed = snakemake(project, "--dry-run", *targets)
    assert printed.count("my peaks#1.bed") == 2


def test_a_broken_peak_file_does_not_stop_the_others(project):
    (project / "bad.bed").write_text("chr1\t100\t200\nchr1\tfive\t200\n")
    with open(project / "config/experiments.tsv", "a") as sheet:
        sheet.write("bad\tbad.bed\tdemo\t\n")
    targets = ["results/bad/peaks.bed", "results/SRF/peaks.bed"]
    printed = snakemake(project, "--cores", "2", "--keep-going", *targets, fails=True)
    assert "ERROR: bad.bed, line 2" in printed
    assert (project / "results/SRF/peaks.bed").is_file()
    assert not (project / "results/bad/peaks.bed").exists()


def test_the_index_lists_what_failed_until_it_is_mended(demo, tmp_path):
    """The bad experiment has a genome of its own, so it is not among the others of the demo's."""
    folder = copy_demo(demo, tmp_path / "demo")
    index, sheet = folder / "results/index.html", folder / "config/experiments.tsv"
    config = folder / "config/config.yaml"
    before = sheet.read_text(), index.read_text(), config.read_text()
    (folder / "bad.bed").write_text("chr1\t100\t200\nchr1\tfive\t200\n")
    sheet.write_text(before[0] + "bad\tbad.bed\tother\t\n")
    other = "genomes:\n  other: {fasta: resources/demo/genome.fa.gz}\n"
    config.write_text(before[2].replace("genomes:\n", other))
    snakemake(folder, "--cores", "2", fails=True)
    page = index.read_text()
    assert re.search(r"ERROR: bad\.bed, line 2: .*&#39;five&#39;", page)
    assert 'href="../logs/bad/prepare_peaks.log"' in page
    assert 'href="SRF/report.html"' in page
    assert 'href="bad/report.html"' not in page
    sheet.write_text(before[0])
    config.write_text(before[2])
    snakemake(folder, "--cores", "2", "--rerun-triggers", "mtime", "code")
    assert index.read_text() == before[1]


@pytest.mark.parametrize("key", ["fasta", "blacklist", "aliases"])
def test_missing_files_of_a_genome_stop_before_any_job(project, key):
    path = project / "config/config.yaml"
    config = yaml.safe_load(path.read_text())
    config["genomes"]["demo"][key] = "nowhere.gz"
    path.write_text(yaml.safe_dump(config))
    printed = snakemake(project, "--dry-run", fails=True)
    assert f"ERROR: config: genomes.demo.{key}: no file nowhere.gz" in printed.splitlines()
