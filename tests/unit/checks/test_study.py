"""What sample sheet and options say of the study."""

import re

import pytest
from peaks2motifs.checks import study
from peaks2motifs.checks.errors import InputError


def row(**cells: str) -> dict[str, str]:
    return dict.fromkeys(("peaks", "genome", "factor", "background", "pool"), "") | cells


ROWS = {
    "a": row(peaks="a.bed", genome="g"),
    "own": row(peaks="b.bed", genome="g", background="bg.bed"),
    "s": row(background="negative.fa"),
    "j": row(genome="g"),
    "j/a": row(genome="h"),
}
JOINT = {"j": {"task": "multilabel", "experiments": ["a", "own"], "more": 1}}
SEQUENCES = {"s": ([], {})}
GC = {"strategy": "gc", "ratio": 5, "pool": None}
MIXED = {"strategy": {"genomic_gc": 2, "other_peaks": 3}, "ratio": 5, "pool": None}
GENOMES = {"g": {"fasta": "g.fa"}, "h": {"fasta": "h.fa"}, "x": {"fasta": "f", "blacklist": "b"}}


@pytest.mark.parametrize(
    ("model", "shares"),
    [("a", {"gc": 5}), ("own", {"bed": 5}), ("s", {"given": 0}), ("j", {"gc": 5})],
)
def test_the_users_background_comes_before_the_option(model, shares):
    assert study.background_shares(model, ROWS, SEQUENCES, GC) == shares


def test_a_mixture_has_a_share_for_each_strategy():
    assert study.background_shares("a", ROWS, {}, MIXED) == {"genomic_gc": 2, "other_peaks": 3}


FACTORS = {
    "a": row(peaks="a.bed", genome="g", factor="CTCF"),
    "again": row(peaks="b.bed", genome="g", factor="ctcf"),
    "b": row(peaks="c.bed", genome="g", factor="SRF"),
    "c": row(peaks="d.bed", genome="g"),
    "far": row(peaks="e.bed", genome="h"),
    "j": row(genome="g"),
}


@pytest.mark.parametrize(
    ("model", "others"),
    [("a", ["b", "c"]), ("b", ["a", "again", "c"]), ("far", []), ("j", ["again", "c"])],
)
def test_other_experiments_have_the_same_genome_and_another_factor(model, others):
    rows = FACTORS | ({"again": row(peaks="b.bed", genome="g", factor="x")} if model == "j" else {})
    joint = {"j": {"experiments": ["a", "b"]}}
    assert study.other_experiments(model, rows, joint) == others


CONFIG = {"background": GC | {"others": 3}, "training": {"loss": "auto"}}


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, ["a", "again", "b", "c"]),
        ({"background": GC | {"others": 0}}, []),
        ({"background": MIXED | {"others": 3}}, []),
        ({"training": {"loss": "categorical_crossentropy"}}, []),
    ],
)
def test_experiments_are_compared_with_others_unless_these_are_the_background(changes, names):
    peaks = [name for name, cells in FACTORS.items() if cells["peaks"]]
    assert study.contrasted_experiments(peaks, FACTORS, {}, CONFIG | changes) == names


def test_a_factor_has_one_name_however_it_is_written():
    assert study.plain_name("eGFP-Ctcf") == study.plain_name("CTCF") == "ctcf"
    assert study.plain_name("NKX2-5") == study.plain_name("Nkx2_5")


def test_a_new_row_changes_few_of_many_others():
    rows = {f"e{i}": row(peaks="a.bed", genome="g") for i in range(300)}
    before = study.other_experiments("e0", rows, {})
    assert len(before) == study.MAX_OTHERS
    assert before == sorted(before, key=list(rows).index)
    after = study.other_experiments("e0", rows | {"new": row(peaks="b.bed", genome="g")}, {})
    assert len(set(before) - set(after)) <= 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"strategy": "other_peaks"}, "far has no other of genome h"),
        ({"strategy": {"genomic_gc": 1, "other_peaks": 1}}, "far has no other of genome h"),
        ({"strategy": "pool"}, "no regions are given for experiment a"),
    ],
)
def test_a_background_without_a_source_is_refused(options, message):
    with pytest.raises(InputError, match=message):
        study.check_background(FACTORS, FACTORS, {"j": {"experiments": ["a"]}}, GC | options)


def test_a_pool_of_the_row_comes_before_the_option():
    rows = {"a": row(peaks="a.bed", pool="own.bed"), "b": row(peaks="b.bed")}
    options = GC | {"strategy": "pool", "pool": "all.bed"}
    assert [study.pool_of(name, rows, options) for name in rows] == ["own.bed", "all.bed"]
    study.check_background(rows, rows, {}, options)


def test_genomes_are_named_once_in_the_order_of_rows():
    assert study.used_genomes(ROWS) == ["g", "h"]


def test_a_study_of_everything():
    assert study.describe_study(ROWS, JOINT, SEQUENCES, GENOMES, GC) == {
        "peaks": 2,
        "sequences": 1,
        "joint": [{"name": "j", "task": "multilabel", "experiments": 2}],
        "backgrounds": [{"gc": 5}, {"bed": 5}],
        "blacklist": False,
    }


def test_a_joint_model_takes_the_option_where_all_experiments_have_their_own():
    rows = {name: ROWS[name] for name in ("own", "j")}
    assert study.describe_study(rows, JOINT, {}, GENOMES, GC)["backgrounds"] == [
        {"bed": 5},
        {"gc": 5},
    ]
    rows = {"own": ROWS["own"]}
    assert study.describe_study(rows, {}, {}, GENOMES, GC)["backgrounds"] == [{"bed": 5}]


def test_sequences_alone_have_no_strategy():
    described = study.describe_study({"s": ROWS["s"]}, {}, SEQUENCES, GENOMES, GC)
    assert described["backgrounds"] == described["joint"] == []
    assert (described["peaks"], described["sequences"]) == (0, 1)


def test_a_blacklist_counts_where_its_genome_is_used():
    rows = ROWS | {"b": row(peaks="b.bed", genome="x")}
    assert study.describe_study(rows, JOINT, SEQUENCES, GENOMES, GC)["blacklist"]


def test_a_report_reads_the_files_of_peaks_or_of_sequences():
    files = study.data_files("a", SEQUENCES, [])
    assert files["peaks"] == "results/a/peaks.bed"
    assert list(files) == ["peaks", "peaks_qc", "chromosomes", "background_qc", "splits"]
    assert study.data_files("s", SEQUENCES, []) == {
        "sequences_qc": "results/s/sequences.qc.tsv",
        "predictions": "results/s/predictions.tsv.gz",
    }


def test_a_report_reads_what_was_chosen_of_other_peaks():
    files = study.data_files("a", SEQUENCES, ["a"])
    assert files["others_qc"] == "results/a/others.qc.tsv"


def test_a_simulation_has_its_own_seed_or_that_of_the_config():
    options = {"database": "jaspar", "seed": None, "length": 40}
    assert study.simulation_options(options, 5) == options | {"seed": 5}
    assert study.simulation_options(options | {"seed": 0}, 5) == options | {"seed": 0}


def test_a_simulation_reads_the_local_copy_of_its_database():
    options = {"database": "https://a.org/m.meme", "seed": 1}
    local = study.simulation_options(options, 5)["database"]
    assert re.fullmatch(r"results/inputs/[0-9a-f]{8}/m.meme", local)
