"""What sample sheet and options say of the study."""

import re

import pytest
from peaks2motifs.checks import study


def row(**cells: str) -> dict[str, str]:
    return dict.fromkeys(("peaks", "genome", "background"), "") | cells


ROWS = {
    "a": row(peaks="a.bed", genome="g"),
    "own": row(peaks="b.bed", genome="g", background="bg.bed"),
    "s": row(background="negative.fa"),
    "j": row(genome="g"),
    "j/a": row(genome="h"),
}
JOINT = {"j": {"task": "multilabel", "experiments": ["a", "own"], "more": 1}}
SEQUENCES = {"s": ([], {})}
GENOMES = {"g": {"fasta": "g.fa"}, "h": {"fasta": "h.fa"}, "x": {"fasta": "f", "blacklist": "b"}}


@pytest.mark.parametrize(
    ("model", "strategy"), [("a", "gc"), ("own", "bed"), ("s", "given"), ("j", "gc")]
)
def test_the_users_background_comes_before_the_option(model, strategy):
    assert study.background_strategy(model, ROWS, SEQUENCES, "gc") == strategy


def test_genomes_are_named_once_in_the_order_of_rows():
    assert study.used_genomes(ROWS) == ["g", "h"]


def test_a_study_of_everything():
    assert study.describe_study(ROWS, JOINT, SEQUENCES, GENOMES, "gc") == {
        "peaks": 2,
        "sequences": 1,
        "joint": [{"name": "j", "task": "multilabel", "experiments": 2}],
        "strategies": ["bed", "gc"],
        "blacklist": False,
    }


def test_a_joint_model_takes_the_option_where_all_experiments_have_their_own():
    rows = {name: ROWS[name] for name in ("own", "j")}
    assert study.describe_study(rows, JOINT, {}, GENOMES, "gc")["strategies"] == ["bed", "gc"]
    rows = {"own": ROWS["own"]}
    assert study.describe_study(rows, {}, {}, GENOMES, "gc")["strategies"] == ["bed"]


def test_sequences_alone_have_no_strategy():
    described = study.describe_study({"s": ROWS["s"]}, {}, SEQUENCES, GENOMES, "gc")
    assert described["strategies"] == described["joint"] == []
    assert (described["peaks"], described["sequences"]) == (0, 1)


def test_a_blacklist_counts_where_its_genome_is_used():
    rows = ROWS | {"b": row(peaks="b.bed", genome="x")}
    assert study.describe_study(rows, JOINT, SEQUENCES, GENOMES, "gc")["blacklist"]


def test_a_report_reads_the_files_of_peaks_or_of_sequences():
    files = study.data_files("a", SEQUENCES)
    assert files["peaks"] == "results/a/peaks.bed"
    assert list(files) == ["peaks", "peaks_qc", "chromosomes", "background_qc", "splits"]
    assert study.data_files("s", SEQUENCES) == {
        "sequences_qc": "results/s/sequences.qc.tsv",
        "predictions": "results/s/predictions.tsv.gz",
    }


def test_a_simulation_has_its_own_seed_or_that_of_the_config():
    options = {"database": "jaspar", "seed": None, "length": 40}
    assert study.simulation_options(options, 5) == options | {"seed": 5}
    assert study.simulation_options(options | {"seed": 0}, 5) == options | {"seed": 0}


def test_a_simulation_reads_the_local_copy_of_its_database():
    options = {"database": "https://a.org/m.meme", "seed": 1}
    local = study.simulation_options(options, 5)["database"]
    assert re.fullmatch(r"results/inputs/[0-9a-f]{8}/m.meme", local)
