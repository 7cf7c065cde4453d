"""`snakemake simulate`: its files from the config's options, defaults filled in, and refusals."""

import pytest
import yaml

from .conftest import snakemake


def write_config(project, **simulations):
    path = project / "config/config.yaml"
    config = yaml.safe_load(path.read_text()) | {"simulate": simulations}
    path.write_text(yaml.safe_dump(config))


def read(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_options_reach_the_simulator_and_a_seed_alone_decides(project):
    options = {"motifs": ["MA0149.1"], "sequences": 20, "length": 40, "strand": "+"}
    write_config(project, a=options, b=options | {"seed": 1}, c=options | {"seed": 0})
    snakemake(project, "simulate")
    a, b, c = (read(project / "results/simulations" / name) for name in "abc")
    assert sorted(a) == ["background.fa", "dataset.h5", "motifs.meme", "sequences.fa", "sites.bed"]
    assert a["sequences.fa"].count(b">") == 20
    assert a["background.fa"].count(b">") == 1000  # the default
    text = [name for name in a if name != "dataset.h5"]  # whose attributes name the simulation
    assert all(a[name] == b[name] for name in text)  # the config's seed is 1
    assert a["sequences.fa"] != c["sequences.fa"]
    assert "Nothing to be done" in snakemake(project, "simulate")
    write_config(project, a=options | {"gc": 0.4}, b=options | {"seed": 1})
    printed = snakemake(project, "simulate", "--dry-run")
    assert "wildcards: simulation=a" in printed
    assert "wildcards: simulation=b" not in printed


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "config: simulate.x: 'motifs' is a required property"),
        ({"motifs": ["A"], "gc": 1.5}, "config: simulate.x.gc: 1.5"),
        ({"motifs": ["A"], "database": "no.meme"}, "simulate.x.database: no file no.meme"),
        ({"motifs": ["MA0149.1"], "length": 9}, "simulate.x.length: 9, "),
    ],
)
def test_bad_options_are_refused_in_one_line(project, options, message):
    write_config(project, x=options)
    assert message in snakemake(project, "simulate", fails=True)


def test_nothing_to_simulate_is_said(project):
    assert "config: simulate: " in snakemake(project, "simulate", fails=True)
