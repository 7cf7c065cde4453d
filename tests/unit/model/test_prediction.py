"""Sequences, regions and chromosomes are cut into windows, and all are listed, scored or not."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import decode
from peaks2motifs.data.genome import index_fasta
from peaks2motifs.model.prediction import (
    average_strands,
    count_windows,
    cut_records,
    cut_source,
    genome_windows,
    merge_summaries,
    read_regions,
    score_blocks,
    sequence_windows,
    summarise_records,
)

LENGTH = 10


@pytest.fixture
def fasta(tmp_path) -> str:
    """Three sequences, chrII before chrI: 60 bases with N at 20-30, 34 bases, and 6 bases."""
    path = tmp_path / "genome.fa"
    path.write_text(
        f">chrII\n{'ACGTA' * 4}{'N' * 10}{'ACGTA' * 6}\n>chrI\n{'C' * 34}\n>s\nGGGGGG\n"
    )
    index_fasta(str(path), str(path))
    return str(path)


def count_c(codes: np.ndarray) -> np.ndarray:
    """A score: how many bases of a window are C."""
    return (codes == 1).sum(axis=1)


def scored(window_sets, max_n_fraction=0.1) -> pd.DataFrame:
    blocks = [
        block
        for window_set in window_sets
        for block in score_blocks(window_set, count_c, LENGTH, 0.1)
    ]
    return pd.concat(blocks)


def rows(table: pd.DataFrame) -> list[list]:
    return table.replace({np.nan: None}).to_numpy(object).tolist()


@pytest.mark.parametrize(
    ("size", "stride", "starts"),
    [
        (10, 4, [0]),
        (11, 4, [0, 1]),  # the last window ends where the record does
        (18, 4, [0, 4, 8]),
        (19, 4, [0, 4, 8, 9]),
        (30, 20, [0, 20]),  # a stride wider than the window leaves bases out
        (9, 4, [0]),
        (7, 4, [-1]),  # 1 N before it and 2 after
        (0, 4, [-5]),
    ],
)
def test_a_record_is_cut_in_strides_up_to_its_end(size, stride, starts):
    records = pd.DataFrame({"first": [100, 0], "size": [size, LENGTH]})
    record, start = cut_records(records, LENGTH, stride)
    assert record.tolist() == [0] * len(starts) + [1]
    assert start.tolist() == [100 + s for s in starts] + [0]


def test_sequences_short_long_and_empty(tmp_path):
    path = tmp_path / "new.fa"
    path.write_text(
        f">short\nCCCCCCC\n>long\n{'A' * 10}CC\n>none\n>n\nNNNNNNNNNN\n>same\nCCCCCCCCCC\n"
    )
    assert rows(scored(sequence_windows(str(path), LENGTH, 5))) == [
        ["short", 0, 7, "short", 7.0, "padded"],
        ["long", 0, 10, "long", 0.0, ""],
        ["long", 2, 12, "long", 2.0, ""],
        ["none", 0, 0, "none", None, "no_bases"],
        ["n", 0, 10, "n", None, "too_many_n"],
        ["same", 0, 10, "same", 10.0, ""],
    ]


def test_padding_is_n_and_not_the_next_sequence(tmp_path):
    (tmp_path / "new.fa").write_text(">a\nCCCCCCC\n>b\nGGGGGGGG\n")
    window_set = next(sequence_windows(str(tmp_path / "new.fa"), LENGTH, 5))
    assert decode(window_set.read(np.array([0, 1]))) == ["NCCCCCCCNN", "NGGGGGGGGN"]


def test_fraction_of_n_ignores_padding(tmp_path):
    (tmp_path / "new.fa").write_text(">a\nCCCN\n>b\nCCCC\n")
    table = scored(sequence_windows(str(tmp_path / "new.fa"), LENGTH, 5))
    assert table["note"].tolist() == ["too_many_n", "padded"]  # 1 of 4 is more than 0.1


@pytest.mark.parametrize("windows", [1, 2, 3, 1000])
def test_windows_of_a_genome_do_not_depend_on_blocks(fasta, windows):
    table = scored(genome_windows(fasta, LENGTH, 8, windows))
    assert table.index.tolist() == [0] * 8 + [1] * 4 + [2]
    chrII = table[table["chrom"] == "chrII"]
    assert chrII["start"].tolist() == [0, 8, 16, 24, 32, 40, 48, 50]
    assert chrII["end"].tolist() == [10, 18, 26, 34, 42, 50, 58, 60]
    assert rows(chrII["score"].to_frame()) == [
        [2.0], [2.0], [None], [None], [2.0], [2.0], [2.0], [2.0],
    ]  # fmt: skip
    assert (chrII["note"] == "too_many_n").tolist() == [False] * 2 + [True] * 2 + [False] * 4
    assert rows(table[table["chrom"] != "chrII"]) == [
        ["chrI", 0, 10, "chrI", 10.0, ""],
        ["chrI", 8, 18, "chrI", 10.0, ""],
        ["chrI", 16, 26, "chrI", 10.0, ""],
        ["chrI", 24, 34, "chrI", 10.0, ""],
        ["s", 0, 6, "s", None, "past_chromosome_end"],
    ]


def test_all_regions_are_listed_in_genome_order(fasta, tmp_path):
    bed = tmp_path / "new.bed"
    bed.write_text(
        "track name=x\n"
        "9\t5\t20\n"  # no such chromosome
        "1\t0\t30\n"  # wide: 0, 8, 16 and the last, 20
        "1\t13\t16\n"  # its middle is 14: 9 to 19
        "2\t22\t25\n"  # within the N
        "1\t30\t40\n"  # leaves its chromosome
        "1\t0\t4\n"  # its window does
        "1\t33\t36\n"  # so do both
    )
    table = scored(cut_source({"regions": str(bed), "fasta": fasta}, LENGTH, 8))
    assert rows(table) == [
        ["chrII", 18, 28, "region_5", None, "too_many_n"],
        ["chrI", 0, 4, "region_7", None, "past_chromosome_end"],
        ["chrI", 0, 10, "region_3", 10.0, ""],
        ["chrI", 8, 18, "region_3", 10.0, ""],
        ["chrI", 9, 19, "region_4", 10.0, ""],
        ["chrI", 16, 26, "region_3", 10.0, ""],
        ["chrI", 20, 30, "region_3", 10.0, ""],
        ["chrI", 30, 40, "region_6", None, "past_chromosome_end"],
        ["chrI", 33, 36, "region_8", None, "past_chromosome_end"],
        ["9", 5, 20, "region_2", None, "unknown_chromosome"],
    ]


def test_narrow_regions_get_a_window_on_their_summit(fasta, tmp_path):
    peaks = tmp_path / "new.narrowPeak"
    peaks.write_text(
        "chrI\t10\t19\tp\t0\t.\t5\t-1\t-1\t8\nchrI\t0\t25\tq\t0\t.\t5\t-1\t-1\t8\n"
        "chrI\t10\t20\tr\t0\t.\t5\t-1\t-1\t7\nchrI\t25\t35\ts\t0\t.\t5\t-1\t-1\t2\n"
    )
    records = read_regions(str(peaks), fasta, None, LENGTH).set_index("name")
    assert records.loc["p", ["start", "end", "first", "size"]].tolist() == [10, 19, 13, 10]
    assert records.loc["r", ["start", "end", "first", "size"]].tolist() == [10, 20, 12, 10]
    assert records.loc["s", "note"] == "past_chromosome_end"  # the region, not its window
    assert records.loc["q", ["start", "end", "first", "size"]].tolist() == [0, 25, 0, 25]


def test_regions_without_a_chromosome_of_the_genome_are_refused(fasta, tmp_path):
    (tmp_path / "new.bed").write_text("x\t0\t10\n")
    with pytest.raises(InputError, match="only 0 of 1 intervals"):
        read_regions(str(tmp_path / "new.bed"), fasta, None, LENGTH)


@pytest.mark.parametrize("chrom", ["II", "alias"])
def test_distant_and_overlapping_windows_are_read_alike(fasta, tmp_path, chrom):
    aliases = tmp_path / "aliases.tsv"
    aliases.write_text("alias\tchrII\n")
    bed = tmp_path / "new.bed"
    bed.write_text(f"{chrom}\t0\t10\n{chrom}\t48\t58\n{chrom}\t41\t51\n")
    source = {"regions": str(bed), "fasta": fasta, "aliases": str(aliases)}
    (window_set,) = cut_source(source, LENGTH, 8)
    assert decode(window_set.read(np.array([1, 2]))) == ["CGTAACGTAA", "TAACGTAACG"]
    assert decode(window_set.read(np.array([0, 2]))) == ["ACGTAACGTA", "TAACGTAACG"]
    assert window_set.read(np.array([], int)).shape == (0, LENGTH)


def test_scores_do_not_depend_on_the_size_of_blocks(fasta, monkeypatch):
    whole = scored(genome_windows(fasta, LENGTH, 3))
    monkeypatch.setattr("peaks2motifs.model.prediction.BLOCK_BASES", 3 * LENGTH)
    pd.testing.assert_frame_equal(scored(genome_windows(fasta, LENGTH, 3, 5)), whole)


def test_records_are_summarised_over_blocks(tmp_path, monkeypatch):
    path = tmp_path / "new.fa"
    path.write_text(f">a\n{'A' * 15}CCCCC{'A' * 10}{'N' * 10}\n>b\nCC\n>n\n{'N' * 30}\n")
    (window_set,) = sequence_windows(str(path), LENGTH, 10)

    for bases in (2 * LENGTH, 100 * LENGTH):
        monkeypatch.setattr("peaks2motifs.model.prediction.BLOCK_BASES", bases)
        blocks = list(score_blocks(window_set, count_c, LENGTH, 0.1))
        assert len(blocks) == (4 if bases == 2 * LENGTH else 1)
        best = merge_summaries([summarise_records(window_set.records, block) for block in blocks])
        columns = ["chrom", "start", "end", "name", "windows", "scored"]
        assert list(best.columns) == [*columns, "score", "note"]
        assert rows(best) == [
            ["a", 0, 40, "a", 4, 3, 5.0, ""],
            ["b", 0, 2, "b", 1, 1, 2.0, "padded"],
            ["n", 0, 30, "n", 3, 0, None, "too_many_n"],
        ]


def test_windows_are_counted_by_reason():
    qc = count_windows(Counter({"": 5, "padded": 2, "too_many_n": 3}), 4).set_index("what")["count"]
    assert qc[["records", "windows", "scored", "padded"]].tolist() == [4, 10, 7, 2]
    assert qc[["too_many_n", "unknown_chromosome"]].tolist() == [3, 0]


def test_the_mean_over_both_strands():
    codes = np.array([[1, 1, 1, 2, 0, 4]], np.uint8)
    assert average_strands(count_c)(codes).tolist() == [2.0]  # 3 C on one strand, 1 on the other
