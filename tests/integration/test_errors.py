"""Bad options and bad input: one line that names the place, before or instead of a long run."""

import pytest
import yaml

from .conftest import snakemake


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
        ("SRF\tpeaks.bed\tdemo\t", "experiment SRF is there twice"),
        ("a b\tpeaks.bed\tdemo\t", "row 4: experiment: 'a b' does not match"),
        ("genomes\tpeaks.bed\tdemo\t", "row 4: the name genomes is taken"),
        ("new\t\tdemo\t", "row 4: peaks"),
        ("new\tnowhere.bed\tdemo\t", "nowhere.bed"),
    ],
)
def test_bad_rows_of_the_sample_sheet_stop_before_any_job(project, row, message):
    with open(project / "config/experiments.tsv", "a") as sheet:
        sheet.write(row + "\n")
    assert message in snakemake(project, "--dry-run", fails=True)


def test_a_broken_peak_file_does_not_stop_the_others(project):
    (project / "bad.bed").write_text("chr1\t100\t200\nchr1\tfive\t200\n")
    with open(project / "config/experiments.tsv", "a") as sheet:
        sheet.write("bad\tbad.bed\tdemo\t\n")
    targets = ["results/bad/peaks.bed", "results/SRF/peaks.bed"]
    printed = snakemake(project, "--cores", "2", "--keep-going", *targets, fails=True)
    assert "ERROR: bad.bed, line 2" in printed
    assert (project / "results/SRF/peaks.bed").is_file()
    assert not (project / "results/bad/peaks.bed").exists()
