"""What a job asks a cluster for, by the sizes of files."""

import pytest
from peaks2motifs.checks import resources
from peaks2motifs.checks.resources import Size

TRAINING = {"epochs": 10, "replicates": 3}
SIZE = Size(2_000_000, 500)  # a billion bases


def config(length=200, max_peaks=0, ratio=5, sequences=None) -> dict:
    return {
        "windows": {"length": length, "max_peaks": max_peaks},
        "background": {"ratio": ratio, "strategy": "genomic_gc", "others": 0},
        "sequences": {"length": sequences},
    }


@pytest.fixture
def file(tmp_path):
    """A function that makes a file of a name and size and returns its path."""

    def make(name: str, size: int) -> str:
        (tmp_path / name).write_bytes(b"x" * size)
        return str(tmp_path / name)

    return make


@pytest.fixture(autouse=True)
def rows_of_needs(monkeypatch):
    """Numbers of our own, so that new measurements change no test."""
    needs = {"train_model": (1800, 4, 30, 0.04), "build_dataset": (600, 2, 10, 0.2)}
    monkeypatch.setattr(resources, "NEEDS", needs)


def test_memory_grows_with_windows_genome_and_attempts():
    assert resources.memory("build_dataset", Size(0, 500), 0, 1) == 600
    assert resources.memory("build_dataset", Size(3000, 500), 0, 1) == 606
    assert resources.memory("build_dataset", Size(3000, 500), 5_000_000, 1) == 611
    assert resources.memory("build_dataset", Size(3000, 500), 5_000_000, 3) == 1833


def test_time_grows_with_bases_and_attempts_and_that_of_training_with_epochs():
    assert resources.runtime("build_dataset", SIZE, TRAINING, 1) == 10 + 200
    assert resources.runtime("build_dataset", SIZE, TRAINING, 2) == 420
    assert resources.runtime("train_model", SIZE, TRAINING, 1) == 30 + 40 * 30


def test_disk_holds_windows_and_genome():
    assert resources.disk(Size(0, 200), 0) == 1000
    assert resources.disk(Size(10_000, 200), 0) == 1012
    assert resources.disk(Size(10_000, 200), 7_000_000) == 1019


def test_gpus_are_asked_for_by_rules_that_can_use_them():
    assert resources.gpus("train_model", "gpu") == {"gpu": 1}
    assert resources.gpus("train_model", "cpu") == {"gpu": 0}
    assert resources.gpus("build_dataset", "gpu") == {}


def test_an_experiment_is_a_thousand_windows_to_rules_over_all():
    assert resources.size_of_all(3) == (3000, 1000)


def test_windows_of_a_model_are_those_of_its_files(file):
    rows = {"a": {"peaks": file("a", 200)}, "b": {"peaks": file("b", 400)}}
    joint = {"j": {"experiments": ["a", "b"]}}
    files = {"sequences": [file("s", 100), file("t", 50)], "labels": [file("u", 50)]}
    tables = (rows, joint, {"s": ([], files)}, config())
    assert resources.size_of_model("a", *tables) == (10 * 6, 200)
    assert resources.size_of_model("j", *tables) == (30 * 6, 200)
    assert resources.size_of_model("s", *tables) == (4, 200)


def test_sequences_have_a_length_of_their_own_and_may_come_later(file):
    paths = [file("s", 100), "later.fa"]
    assert resources.sequence_windows(paths, config(sequences=50)) == (8, 50)
    assert resources.sequence_windows(paths, config()) == (2, 200)


def test_each_peak_has_windows_of_background(file):
    peaks = [file("a.bed", 2000), file("b.bed", 1000)]
    assert resources.peak_windows(peaks, config(ratio=2)) == (150 * 3, 200)
    assert resources.peak_windows(peaks, config(ratio=2, max_peaks=60)) == (110 * 3, 200)


@pytest.mark.parametrize(
    ("name", "max_peaks", "peaks"),
    [
        ("a.bed", 0, 120),
        ("a.bed.gz", 0, 200),
        ("a.bed", 119, 119),
        ("a.bed", 121, 120),
    ],
)
def test_peaks_are_at_most_so_many_by_the_size_of_their_file(file, name, max_peaks, peaks):
    assert resources.peaks_in(file(name, 2400), max_peaks) == peaks


def test_a_file_to_be_made_is_taken_to_have_many_peaks():
    assert resources.peaks_in("later.bed", 0) == 20_000
    assert resources.peaks_in("later.bed.gz", 1000) == 1000


def test_a_genome_is_in_the_memory_of_rules_that_read_it_whole(file):
    rows = {"e": {"genome": "g"}, "z": {"genome": "packed"}, "s": {"genome": ""}}
    rows["l"] = {"genome": "later"}
    genomes = {
        "g": {"fasta": file("g.fa", 30)},
        "packed": {"fasta": file("g.fa.gz", 10)},
        "later": {"fasta": "later.fa"},
    }
    tables = (rows, genomes)
    assert resources.genome_size("train_model", None, "e", *tables) == 0
    assert resources.genome_size("build_dataset", None, "e", *tables) == 30
    assert resources.genome_size("build_dataset", None, "z", *tables) == 40
    assert resources.genome_size("build_dataset", None, "s", *tables) == 0
    assert resources.genome_size("build_dataset", None, "l", *tables) == 0
    assert resources.genome_size("prepare_genome", "packed", None, *tables) == 40
