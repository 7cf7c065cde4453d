"""Scores of windows as bedGraph and bigWig: means by hand, in parts and as a whole."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pyBigWig
import pytest
from peaks2motifs.data.genome import index_fasta
from peaks2motifs.model.tracks import mean_intervals, mean_track, read_scores, write_track
from write_tracks import write_tracks


def read_gz(path: str) -> str:
    return gzip.decompress(Path(path).read_bytes()).decode()


def windows(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["start", "end", "value"])


@pytest.fixture
def scores(tmp_path) -> str:
    """Windows of 200 in strides of 100 on b, one of them without a score; two far apart on a."""
    path = tmp_path / "new.tsv.gz"
    lines = [
        "chrom\tstart\tend\tname\tscore\tnote",
        "b\t0\t200\tb\t0.100000\t",
        "b\t100\t300\tb\t0.300000\t",
        "b\t200\t400\tb\t\ttoo_many_n",
        "b\t300\t500\tb\t0.500000\t",
        "a\t0\t200\tNA\t1.000000\t",
        "a\t500\t700\tNA\t0.123456\t",
        "z\t5\t7\tNA\t\tunknown_chromosome",
    ]
    with gzip.open(path, "wt") as file:
        file.write("\n".join(lines) + "\n")
    return str(path)


def test_the_mean_of_the_windows_that_cover_a_base():
    found = mean_intervals(
        windows((0, 10, 100_000), (5, 15, 300_000), (5, 15, 200_000), (20, 30, 7))
    )
    assert found.to_numpy().tolist() == [
        [0, 5, 0.1],
        [5, 10, 0.2],
        [10, 15, 0.25],
        [20, 30, 0.000007],
    ]


def test_windows_of_a_stride_give_stretches_of_a_stride():
    starts = np.arange(0, 1000, 50)
    found = mean_intervals(windows(*((start, start + 200, start) for start in starts)))
    assert (found["end"] - found["start"]).tolist() == [50] * 23
    assert found["value"].iloc[5] == pytest.approx((100 + 150 + 200 + 250) / 4 / 1e6)


@pytest.mark.parametrize("rows", [1, 2, 3, 100])
def test_chunks_make_no_difference(scores, rows):
    found = [
        [chrom, *row]
        for chrom, table in mean_track(read_scores(scores, rows))
        for row in table.to_numpy().tolist()
    ]
    assert found == [
        ["b", 0, 100, 0.1],
        ["b", 100, 200, 0.2],
        ["b", 200, 300, 0.3],
        ["b", 300, 500, 0.5],
        ["a", 0, 200, 1.0],
        ["a", 500, 700, 0.123456],
    ]


def test_bedgraph_and_bigwig_hold_the_same_and_repeat(scores, tmp_path):
    fasta = tmp_path / "genome.fa"
    fasta.write_text(f">b\n{'A' * 600}\n>empty\nAC\n>a\n{'A' * 700}\n")
    index_fasta(str(fasta), str(fasta))
    outputs = [(str(tmp_path / f"{n}.bedgraph.gz"), str(tmp_path / f"{n}.bw")) for n in "12"]
    for bedgraph, bigwig in outputs:
        write_tracks(scores, str(fasta), bedgraph, bigwig)
    for one, other in zip(*outputs, strict=True):
        assert Path(one).read_bytes() == Path(other).read_bytes()
    lines = [line.split("\t") for line in read_gz(outputs[0][0]).splitlines()]
    assert lines[0] == ["b", "0", "100", "0.100000"]
    assert lines[-1] == ["a", "500", "700", "0.123456"]
    with pyBigWig.open(outputs[0][1]) as file:
        assert file.chroms() == {"b": 600, "empty": 2, "a": 700}
        found = [(chrom, *row) for chrom in ("b", "a") for row in file.intervals(chrom)]
        assert file.intervals("empty") is None
    assert [row[:3] for row in found] == [(c, int(start), int(end)) for c, start, end, _ in lines]
    assert [row[3] for row in found] == [np.float32(value) for *_, value in lines]


def test_a_track_without_a_stretch_is_an_empty_file(tmp_path):
    paths = str(tmp_path / "0.bedgraph.gz"), str(tmp_path / "0.bw")
    assert write_track([], pd.Series({"a": 10}), *paths) == 0
    assert read_gz(paths[0]) == ""
    with pyBigWig.open(paths[1]) as file:
        assert file.intervals("a") is None
