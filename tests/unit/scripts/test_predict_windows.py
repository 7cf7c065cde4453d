"""predict_windows: a saved network asked about new sequences, through the script's function."""

from collections import Counter
from pathlib import Path

import keras
import numpy as np
import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import encode, one_hot, reverse_complement
from peaks2motifs.core.tables import read_tsv
from peaks2motifs.data.genome import index_fasta
from predict_windows import check_counts, count_windows, load_model, predict_windows

LENGTH = 40


def save_network(folder, both_strands: bool) -> str:
    """Save a network of three kernels with random weights; return its path."""
    keras.utils.set_random_seed(1)
    window = keras.Input((LENGTH, 4))
    kernels = keras.layers.Conv1D(3, 5, name="kernels")
    strands = [window, keras.ops.flip(window, axis=(1, 2))][: 1 + both_strands]
    best = [keras.layers.GlobalMaxPooling1D()(kernels(strand)) for strand in strands]
    best = keras.layers.Maximum()(best) if both_strands else best[0]
    path = str(folder / "model.keras")
    keras.Model(window, keras.layers.Dense(1, "sigmoid")(best)).save(path)
    return path


@pytest.fixture
def one_strand(tmp_path) -> str:
    return save_network(tmp_path, both_strands=False)


@pytest.fixture(autouse=True)
def started(monkeypatch):
    """TensorFlow runs already, and takes no other number of threads."""
    monkeypatch.setattr("predict_windows.start_keras", lambda **options: None)


def sequences(count=5) -> list[str]:
    rng = np.random.default_rng(3)
    return ["".join(rng.choice(list("ACGT"), LENGTH)) for _ in range(count)]


def predict(folder, source, model, stride=10):
    outputs = str(folder / "p.tsv.gz"), str(folder / "b.tsv.gz")
    predict_windows(source, model, *outputs, 0, stride, 0.1, {})
    return outputs


def test_one_strand_models_are_asked_twice(tmp_path, one_strand):
    new = tmp_path / "new.fa"
    new.write_text("".join(f">s{i}\n{s}\n" for i, s in enumerate(sequences())) + ">empty\n")
    paths = predict(tmp_path, {"sequences": str(new)}, one_strand)
    table = read_tsv(paths[0])
    assert list(table.columns) == ["chrom", "start", "end", "name", "score", "note"]
    codes = encode(sequences())
    model = keras.saving.load_model(one_strand)
    both = [
        model.predict(one_hot(strand).astype(np.float32), verbose=0)
        for strand in (codes, reverse_complement(codes))
    ]
    assert not np.allclose(*both, atol=1e-3)
    np.testing.assert_allclose(table["score"].iloc[:-1], np.mean(both, axis=0)[:, 0], atol=1e-6)
    assert np.isnan(table["score"].iloc[-1])
    assert table["note"].iloc[-1] == "no_bases"
    assert len(read_tsv(paths[1])) == len(table)


def test_models_of_both_strands_are_asked_once(tmp_path, monkeypatch):
    score, length = load_model(save_network(tmp_path, both_strands=True), 0, {})
    asked = []
    monkeypatch.setattr(
        "peaks2motifs.model.scanning.score_windows",
        lambda model, codes, size: asked.append(len(codes)) or np.zeros((len(codes), 1)),
    )
    assert score(encode(sequences(7))).shape == (7,)
    assert (asked, length) == ([7], LENGTH)


def test_the_same_input_gives_the_same_bytes(tmp_path, one_strand):
    new = tmp_path / "new.fa"
    new.write_text(f">long\n{''.join(sequences())}\n")
    contents = []
    for _ in range(2):
        paths = predict(tmp_path, {"sequences": str(new)}, one_strand)
        contents.append([Path(path).read_bytes() for path in paths])
    assert contents[0] == contents[1]


def test_a_genome_is_one_table_with_one_header(tmp_path, one_strand):
    fasta = tmp_path / "genome.fa"
    fasta.write_text("".join(f">chr{i}\n{s * 3}\n" for i, s in enumerate(sequences())))
    index_fasta(str(fasta), str(fasta))
    windows, best = map(read_tsv, predict(tmp_path, {"fasta": str(fasta)}, one_strand))
    assert windows["chrom"].tolist() == [f"chr{i}" for i in range(5) for _ in range(9)]
    assert windows["start"].tolist() == list(range(0, 90, 10)) * 5
    assert best["chrom"].tolist() == [f"chr{i}" for i in range(5)]
    expected = windows.groupby("chrom")["score"].max()
    assert best["score"].tolist() == expected.tolist()


def test_a_stride_wider_than_the_window_is_warned_of(tmp_path, one_strand, capfd):
    (tmp_path / "new.fa").write_text(f">long\n{''.join(sequences())}\n")
    predict(tmp_path, {"sequences": str(tmp_path / "new.fa")}, one_strand, stride=50)
    said = capfd.readouterr().out
    assert "WARNING: stride 50 exceeds the window length 40" in said
    assert "long: 5 windows, 5 scored" in said  # at 0, 50, 100, 150 and the last, 160


def test_nothing_scored_is_an_error(tmp_path, one_strand):
    (tmp_path / "new.fa").write_text(f">n\n{'N' * LENGTH}\n>empty\n")
    with pytest.raises(InputError, match=r"none of 2 windows .*: no_bases 1, too_many_n 1"):
        predict(tmp_path, {"sequences": str(tmp_path / "new.fa")}, one_strand)


def test_many_regions_off_the_genome_are_warned_of(capsys):
    qc = count_windows(Counter({"": 90, "past_chromosome_end": 10}), 100)
    check_counts({"regions": "new.bed", "fasta": "g.fa"}, qc)
    assert "10 of 100 regions of new.bed run past a chromosome's end" in capsys.readouterr().out
    check_counts({"fasta": "g.fa"}, qc)
    assert not capsys.readouterr().out
