"""Bad options and bad input: one line that names the place, before or instead of a long run."""

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
        ({"windows": {"length": 4}}, "config: windows.length: 4 is less than"),
        ({"background": {"ratio": "five"}}, "config: background.ratio: 'five' is not of type"),
        ({"splits": {"test": "chr1"}}, "config: splits.test"),
        ({"seed": -1}, "config: seed: -1"),
        ({"model": {"kernels": [[8, 300]]}}, "config: model.kernels"),
        ({"experiments": "none.tsv"}, "no file none.tsv"),
        ({"genomes": {"other": {"fasta": "x.fa"}}}, "genome 'demo' is not among genomes: other"),
        ({"genomes": {7: {"fasta": "x.fa"}}}, "config: genomes: 7 is not text"),
        ({"splits": {"valid": [1]}}, "config: splits.valid.0: 1 is not of type 'string'"),
        (
            {"splits": {"strategy": "random", "test": ["chr1"]}},
            "config: splits.strategy: random takes no named chromosomes",
        ),
        ({"training": {"momentum": 0.9}}, "config: training.momentum: 0.9, adam takes none"),
        (
            {"training": {"optimizer": "sgd", "nesterov": True}},
            "config: training.nesterov: true with sgd, momentum 0; sgd needs both",
        ),
        (
            {"windows": {"length": 40}, "model": {"kernels": [[8, 60]]}},
            "config: model: kernels: width 60, windows are only 40 bp",
        ),
        ({"joint": {"SRF": {}}}, "config: joint.SRF: the name is taken"),
        ({"joint": {"j": {"experiments": ["SRF"]}}}, "config: joint.j.experiments"),
        ({"joint": {"j": {"experiments": ["SRF", "Q"]}}}, "joint.j.experiments: 'Q', expected all"),
        (
            {"windows": {"length": 40}, "model": {"preset": "pysster"}},
            r"config: model: .* 40, 40 - 25 \+ 1 = 16 \(convolution 1\)",
        ),
        (
            {"joint": {"j": {}}, "training": {"loss": "categorical_crossentropy"}},
            "config: joint.j: training.loss is categorical_crossentropy, the task is multilabel",
        ),
        ({"model": {"preset": "toy1", "zones": [1]}}, "model.zones: the preset toy1 knows no such"),
        ({"model": {"zones": [50, 20]}}, r"model.zones: \[50, 20\], expected increasing distances"),
        ({"model": {"kernels": [[8, 9], [4, 9]]}}, r"model.kernels: \[9, 9\] names a width twice"),
        ({"names": {"database": ["jaspar", "no.meme"]}}, "names.database: no file no.meme"),
        pytest.param(
            {"names": {"tomtom_html": True}},
            "names.tomtom_html: tomtom is not on the PATH",
            marks=pytest.mark.skipif(bool(shutil.which("tomtom")), reason="tomtom is there"),
        ),
    ],
)
def test_bad_options_stop_before_any_job(project, changes, message):
    edit_config(project, **changes)
    printed = snakemake(project, "--dry-run", fails=True)
    lines = [line for line in printed.splitlines() if re_search(message, line)]
    assert len(lines) == 1, printed
    assert "Job stats" not in printed


def re_search(pattern, line):
    import re

    return re.search(pattern, line)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("SRF\tpeaks.bed\tdemo\t", "line 5: experiment SRF occurs twice"),
        ("a b\tpeaks.bed\tdemo\t", "line 5: experiment: 'a b' does not match"),
        ("genomes\tpeaks.bed\tdemo\t", "line 5: the name genomes is taken"),
        ("index.html\tpeaks.bed\tdemo\t", "line 5: the name index.html is taken"),
        ("new\t\tdemo\t", "line 5: nothing, expected either peaks or sequences"),
        ("new\tpeaks.bed", "line 5: genome '' is not among genomes: demo"),
        ("new\tpeaks.bed\tdemo\tSRF\tmore", "line 5: 5 columns, the first line has 4"),
        ("new\tnowhere.bed\tdemo\t", "ERROR: experiment new: peaks: no file nowhere.bed"),
    ],
)
def test_bad_rows_of_the_sample_sheet_stop_before_any_job(project, row, message):
    with open(project / "config/experiments.tsv", "a") as sheet:
        sheet.write(row + "\n")
    assert message in snakemake(project, "--dry-run", fails=True)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "0 lines, expected a line of column names"),
        (b"# nothing\n\n", "0 lines, expected a line of column names"),
        (b"experiment\tpeaks\tgenome\n", "1 lines, expected a line of column names and one per"),
        (
            b"experiment peaks genome\nA p.bed demo\n",
            "experiment peaks genome, expected tabs between",
        ),
        (b"experiment\tpeaks\nA\tp.bed\n", "line 2: genome '' is not among genomes: demo"),
        (b"experiment\tpeaks\tgenome\tgenome\nA\tp.bed\tdemo\tdemo\n", "each once"),
        (
            b"experiment\tpeaks\tgenome\tnote\nA\tp.bed\tdemo\thm\n",
            "line 2: .*'note' was unexpected",
        ),
        (b"experiment\tpeaks\tgenome\nA\tp\xe9.bed\tdemo\n", "at byte 27, expected text in UTF-8"),
        ("experiment\tpeaks\n".encode("utf-16"), "expected text in UTF-8"),
    ],
)
def test_a_bad_sample_sheet_is_refused_in_one_line(project, content, message):
    (project / "config/experiments.tsv").write_bytes(content)
    printed = snakemake(project, "--dry-run", fails=True)
    lines = [line for line in printed.splitlines() if not line.startswith("Using profile")]
    assert re_search("^ERROR: config/experiments.tsv.*" + message.replace("|", r"\|"), lines[-1])
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
    folder = copy_demo(demo, tmp_path / "demo")
    index, sheet = folder / "results/index.html", folder / "config/experiments.tsv"
    before = sheet.read_text(), index.read_text()
    (folder / "bad.bed").write_text("chr1\t100\t200\nchr1\tfive\t200\n")
    sheet.write_text(before[0] + "bad\tbad.bed\tdemo\t\n")
    snakemake(folder, "--cores", "2", fails=True)
    page = index.read_text()
    assert "ERROR: bad.bed, line 2: start is &#39;five&#39;" in page
    assert 'href="../logs/bad/prepare_peaks.log"' in page
    assert 'href="SRF/report.html"' in page
    assert 'href="bad/report.html"' not in page
    sheet.write_text(before[0])
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
