"""Windows round summits, and each reason to drop one."""

import numpy as np
import pandas as pd
import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.tables import read_tsv
from peaks2motifs.data.chromosomes import ASSEMBLY_MISMATCHES
from peaks2motifs.data.genome import index_fasta
from peaks2motifs.data.windows import (
    DROP_REASONS,
    beyond_strongest,
    centred_windows,
    judge_windows,
    n_fraction,
    near_identical,
    past_end,
    sort_by_genome,
)
from prepare_genome import prepare_genome
from prepare_peaks import check_kept, count_peaks, prepare_peaks


def windows_at(starts, scores=None, length=10, chroms="a") -> pd.DataFrame:
    starts = np.asarray(starts)
    return pd.DataFrame(
        {
            "chrom": list(chroms) if len(chroms) > 1 else chroms,
            "start": starts,
            "end": starts + length,
            "score": [0.0] * len(starts) if scores is None else scores,
        }
    )


@pytest.fixture
def fasta(tmp_path) -> str:
    """Two sequences, b before a: 100 bases with an N gap at 40-50, and 60 bases."""
    path = tmp_path / "genome.fa"
    path.write_text(f">b\n{'ACGTA' * 8}{'N' * 10}{'ACGTA' * 10}\n>a\n{'acgta' * 12}\n")
    index_fasta(str(path), str(path))
    return str(path)


@pytest.mark.parametrize(("length", "start", "end"), [(10, 45, 55), (11, 45, 56), (1, 50, 51)])
def test_windows_are_centred_and_may_leave_the_chromosome(length, start, end):
    peaks = pd.DataFrame(
        {
            "chrom": ["a", "a"],
            "summit": [50, 0],
            "name": ["p", "q"],
            "signal": [2.5, 1.0],
            "strand": ".",
        },
        index=[3, 7],
    )
    windows = centred_windows(peaks, length)
    assert list(windows.columns) == ["chrom", "start", "end", "name", "score", "strand"]
    assert windows.loc[3].tolist() == ["a", start, end, "p", 2.5, "."]
    assert windows.loc[7, "start"] == -(length // 2)


@pytest.mark.parametrize("names", [["p", "p"], ["p", "."], ["", "q"]])
def test_names_that_are_not_unique_become_line_numbers(names):
    peaks = pd.DataFrame(
        {"chrom": "a", "summit": 50, "name": names, "signal": 0.0, "strand": "."}, index=[3, 7]
    )
    assert centred_windows(peaks, 10)["name"].tolist() == ["peak_3", "peak_7"]


def test_sort_by_genome_follows_the_fasta_not_the_alphabet():
    table = windows_at([5, 1, 9, 2], chroms=["a", "b", "b", None])
    ordered = sort_by_genome(table, pd.Series({"b": 100, "a": 100}))
    assert ordered.index.tolist() == [1, 2, 0, 3]


def test_past_end_at_both_ends():
    table = windows_at([-1, 0, 90, 91])
    assert past_end(table, pd.Series({"a": 100})).tolist() == [True, False, False, True]


def test_n_fraction_in_parts(fasta):
    table = windows_at([30, 35, 40, 0], chroms="bbba")
    assert n_fraction(table, fasta, rows=3).tolist() == [0.0, 0.5, 1.0, 0.0]
    assert n_fraction(table[:0], fasta).shape == (0,)


def test_near_identical_keeps_the_strongest_of_each_neighbourhood():
    # 3 apart share 7 of 10 bases, more than half; 5 apart share just half.
    drops = near_identical(windows_at([0, 3, 8, 20], [1, 2, 3, 1]), 0.5)
    assert drops.tolist() == [True, False, False, False]


def test_near_identical_keeps_windows_that_overlap_only_dropped_ones():
    drops = near_identical(windows_at([0, 4, 8], [3, 2, 1]), 0.5)
    assert drops.tolist() == [False, True, False]


def test_near_identical_ties_go_to_the_first_and_chromosomes_do_not_touch():
    table = windows_at([0, 0, 1, 1], chroms="aabb")
    assert near_identical(table, 0.9).tolist() == [False, True, False, True]


@pytest.mark.parametrize(
    ("max_overlap", "dropped"), [(0.0, 9), (0.7, 2), (0.3, 6), (0.95, 0), (1.0, -1)]
)
def test_near_identical_counts_bases_exactly(max_overlap, dropped):
    """Of windows 0-10 bases from a stronger one, those sharing more than the fraction drop."""
    for distance in range(11):
        drops = near_identical(windows_at([0, distance], [2, 1]), max_overlap)
        assert drops.tolist() == [False, distance <= dropped]


def test_near_identical_agrees_with_the_plain_definition():
    rng = np.random.default_rng([0, 1])
    table = windows_at(np.sort(rng.integers(0, 900, 200)), rng.integers(0, 9, 200).astype(float))
    kept: list[int] = []
    for row in sorted(range(200), key=lambda row: (-table["score"][row], row)):
        if all(10 - abs(table["start"][row] - table["start"][other]) <= 6 for other in kept):
            kept.append(row)
    assert np.flatnonzero(~near_identical(table, 0.6)).tolist() == sorted(kept)


def test_beyond_strongest_takes_ties_evenly_along_the_genome():
    score = pd.Series([1.0] * 6 + [5.0])
    assert np.flatnonzero(~beyond_strongest(score, 4)).tolist() == [0, 2, 4, 6]
    assert np.flatnonzero(~beyond_strongest(score, 1)).tolist() == [6]
    assert not beyond_strongest(score, None).any()
    assert not beyond_strongest(score, 7).any()


def test_judge_windows_names_one_reason_for_each(fasta, tmp_path):
    blacklist = tmp_path / "blacklist.bed"
    blacklist.write_text("b\t60\t65\n")
    table = windows_at(
        [0, 1, 20, 41, 58, 91, 10, 0], [9, 1, 8, 9, 9, 9, 2, 9], chroms=[*"bbbbbba", None]
    )
    status = judge_windows(table, fasta, str(blacklist), 0.1, 0.5, max_peaks=2)
    assert status.tolist() == [
        "kept",
        "dropped_near_identical",
        "kept",
        "dropped_too_many_n",
        "dropped_blacklisted",
        "dropped_past_chromosome_end",
        "dropped_beyond_max_peaks",
        "dropped_unknown_chromosome",
    ]


def test_count_peaks_adds_up():
    status = pd.Series(["kept", "kept", "dropped_too_many_n"])
    table = count_peaks(pd.Series(["1bp", "column_10", "1bp"]), status, skipped=4)
    assert list(table.columns) == ["what", "count", "note"]
    count = table.set_index("what")["count"]
    assert count["lines_skipped"] == 4
    assert count["summit_from_1bp"] == 2
    assert count["peaks_read"] == count[["kept", *DROP_REASONS]].sum() == 3


def test_prepare_peaks_writes_all_four_tables(fasta, tmp_path):
    source, blacklist = tmp_path / "in.bed", tmp_path / "blacklist.bed"
    source.write_text(
        "chra\t25\t35\tq\t1\nchrb\t20\t23\tp\t7\nchrb\t90\t99\tr\t7\nchrUn\t1\t9\ts\t3\n"
    )
    blacklist.write_text("")
    names = ["peaks.bed", "regions.bed", "qc.tsv", "chromosomes.tsv"]
    paths = [str(tmp_path / name) for name in names]
    prepare_peaks(str(source), fasta, str(blacklist), None, *paths, 20, None, 0.5, 0.1)
    peaks, regions, qc, chromosomes = ((tmp_path / name).read_text() for name in names)
    assert peaks == "b\t11\t31\tp\t7\t.\na\t20\t40\tq\t1\t.\n"
    assert regions == "b\t11\t31\nb\t84\t100\na\t20\t40\n"
    assert "dropped_past_chromosome_end\t1\t" in qc
    assert chromosomes == (
        "peaks_name\tgenome_name\trule\tpeaks\n"
        "chrb\tb\tprefix\t2\nchra\ta\tprefix\t1\nchrUn\t\tunknown\t1\n"
    )


@pytest.mark.parametrize("reason", ["dropped_past_chromosome_end", "dropped_unknown_chromosome"])
def test_many_peaks_that_do_not_fit_the_genome_give_a_warning(reason, capsys):
    check_kept("my.bed", pd.Series([reason] + ["kept"] * 99))
    assert not capsys.readouterr().out
    check_kept("my.bed", pd.Series([reason] * 2 + ["kept"] * 98))
    problem = ASSEMBLY_MISMATCHES[reason.removeprefix("dropped_")]
    assert f"WARNING: 2 of 100 windows of my.bed {problem}; " in capsys.readouterr().out


def test_prepare_peaks_refuses_to_go_on_without_peaks(fasta, tmp_path):
    source, blacklist = tmp_path / "in.bed", tmp_path / "blacklist.bed"
    source.write_text("b\t0\t4\nb\t40\t50\n")
    blacklist.write_text("")
    paths = [str(tmp_path / str(number)) for number in range(4)]
    with pytest.raises(InputError, match=r"none of 2 peaks is kept: .*past_chromosome_end 1"):
        prepare_peaks(str(source), fasta, str(blacklist), None, *paths, 20, None, 0.5, 0.1)


def test_yeast_peaks_on_the_yeast_genome(shared_data, tmp_path):
    yeast = shared_data / "yeast"
    genome = [str(tmp_path / name) for name in ("genome.fa", "genome.sha256")]
    blacklist = str(tmp_path / "blacklist.bed")
    prepare_genome(str(yeast / "S_cerevisiae.fa.gz"), *genome, None, blacklist, None)
    paths = [str(tmp_path / name) for name in ("peaks.bed", "regions.bed", "qc.tsv", "names.tsv")]
    source = str(yeast / "peaks" / "Reb1.bed")
    prepare_peaks(source, genome[0], blacklist, None, *paths, 200, None, 1.0, 0.1)
    names = read_tsv(paths[3]).set_index("peaks_name")
    assert names.loc["chr10", ["genome_name", "rule"]].tolist() == ["chrX", "roman"]
    count = read_tsv(paths[2]).set_index("what")["count"]
    assert count["summit_from_1bp"] == count["peaks_read"] == count["kept"] == 1078
