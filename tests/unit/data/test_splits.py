"""Splits: whole chromosomes, or blocks that cut no window; every split with enough peaks."""

import numpy as np
import pandas as pd
import pytest
from assign_splits import assign_splits
from peaks2motifs.core.joblog import InputError
from peaks2motifs.data.splits import (
    choose_chromosomes,
    cut_blocks,
    describe_splits,
    split_by_chromosome,
    split_random_blocks,
)

COUNTS = pd.Series({"chrI": 20, "chrII": 35, "chrIII": 15, "chrIV": 13, "chrX": 17, "chrmt": 0})


def windows_at(starts, chrom="a", length=10) -> pd.DataFrame:
    return pd.DataFrame({"chrom": chrom, "start": starts, "end": np.add(starts, length)})


def test_auto_takes_chromosomes_near_the_target():
    split = split_by_chromosome(COUNTS, "auto", "auto")
    assert split.index.tolist() == COUNTS.index.tolist()
    assert split[split == "test"].index.tolist() == ["chrIII"]
    assert split[split == "valid"].index.tolist() == ["chrIV"]
    assert split["chrmt"] == "train"


@pytest.mark.parametrize(
    ("counts", "target", "chosen"),
    [
        ([50, 9, 6, 5, 4], 15, ["1", "2"]),  # the largest that fits, then what fits beside it
        ([80, 14, 1, 1, 1], 15, ["1"]),  # within a fifteenth: no tail of tiny ones
        ([60, 25, 20], 15, ["2"]),  # none fits: the smallest
        ([60, 30, 10, 8], 15, ["2", "3"]),  # 18 is nearer than 10
        ([60, 11, 9], 15, ["1"]),  # 20 is no nearer than 11
        ([20, 20, 5, 5], 5, ["2"]),  # ties go by genome order
    ],
)
def test_choose_chromosomes(counts, target, chosen):
    names = [str(position) for position in range(len(counts))]
    assert choose_chromosomes(pd.Series(counts, index=names), target) == chosen


def test_named_chromosomes_may_use_another_naming():
    split = split_by_chromosome(COUNTS, ["chr4"], [10, "chrIII"])
    assert split.to_dict() == {
        "chrI": "train",
        "chrII": "train",
        "chrIII": "test",
        "chrIV": "valid",
        "chrX": "test",
        "chrmt": "train",
    }


def test_one_split_named_the_other_chosen():
    split = split_by_chromosome(COUNTS, "auto", "chrIII")
    assert split[split == "valid"].index.tolist() == ["chrIV"]


@pytest.mark.parametrize(
    ("counts", "valid", "test", "message"),
    [
        (COUNTS, ["chr99"], "auto", r"splits\.valid: .* chr99.*chrI, chrII"),
        (COUNTS, ["chrI"], ["chrI"], r"splits: chrI .*valid.*test"),
        (COUNTS[:2], "auto", "auto", r"splits: .* 2 chromosomes .*splits\.strategy: random"),
        (COUNTS, [], ["chrI"], r"splits: valid .* 0 peaks"),
        (COUNTS, ["chrmt"], ["chrI"], r"splits: valid .* 0 peaks, .* 5 "),
        (COUNTS // 9, "auto", "auto", r"splits: valid .* 1 peaks"),
        (COUNTS, ["chrI"], ["chrII", "chrIII", "chrIV", "chrX"], r"splits: train .* 0 peaks"),
        (
            pd.Series([30, 30, 30], index=["a", "b", "c"]),
            "auto",
            "auto",
            r"splits: .* 30 of 90 peaks",
        ),
    ],
)
def test_impossible_splits_are_refused(counts, valid, test, message):
    with pytest.raises(InputError, match=message):
        split_by_chromosome(counts, valid, test)


def test_cut_blocks_in_the_middle_of_gaps_between_clusters():
    # Clusters 0-15, 30-40, 60-70: gaps 15-30 and 40-60.
    blocks = cut_blocks("a", 100, windows_at([0, 5, 30, 60]), per_block=1)
    assert blocks[["start", "end", "peaks"]].values.tolist() == [
        [0, 22, 2],
        [22, 50, 1],
        [50, 100, 1],
    ]
    blocks = cut_blocks("a", 100, windows_at([0, 5, 30, 60]), per_block=2)
    assert blocks[["start", "end", "peaks"]].values.tolist() == [[0, 22, 2], [22, 100, 2]]


def test_cut_blocks_of_a_chromosome_without_or_with_one_cluster():
    assert cut_blocks("a", 100, windows_at([]), 1)["end"].tolist() == [100]
    assert cut_blocks("a", 100, windows_at([3, 9, 12]), 1)["peaks"].tolist() == [3]


@pytest.fixture
def many_peaks() -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng([0, 2])
    starts = {chrom: np.sort(rng.integers(0, 9990, 300)) for chrom in ("b", "a")}
    peaks = pd.concat([windows_at(starts[chrom], chrom) for chrom in starts], ignore_index=True)
    return peaks, pd.Series({"b": 10000, "empty": 50, "a": 10000})


def test_random_blocks_cover_the_genome_and_cut_no_window(many_peaks, capsys):
    peaks, sizes = many_peaks
    blocks = split_random_blocks(peaks, sizes, seed=0)
    assert "WARNING: splits.strategy random" in capsys.readouterr().out
    assert blocks["chrom"].unique().tolist() == ["b", "empty", "a"]
    for chrom, size in sizes.items():
        rows = blocks[blocks["chrom"] == chrom]
        assert rows["start"].tolist() == [0, *rows["end"].tolist()[:-1]]
        assert rows["end"].iloc[-1] == size
        assert (rows["split"] != rows["split"].shift()).all()
        for window in peaks[peaks["chrom"] == chrom].itertuples():
            inside = (rows["start"] <= window.start) & (window.end <= rows["end"])
            assert inside.sum() == 1
    share = describe_splits(blocks, peaks).set_index("split")["share"]
    assert share["valid"] == pytest.approx(0.15, abs=0.03)
    assert share["test"] == pytest.approx(0.15, abs=0.03)


def test_random_blocks_repeat_by_seed(many_peaks):
    first, again, other = (split_random_blocks(*many_peaks, seed=seed) for seed in (0, 0, 1))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_random_blocks_of_too_few_peaks_are_refused():
    with pytest.raises(InputError, match=r"splits: \w+ would hold \d peaks, .* 5 "):
        split_random_blocks(windows_at([0, 20, 40]), pd.Series({"a": 100}))


def test_describe_splits_counts_peaks_by_block():
    blocks = pd.DataFrame(
        {
            "chrom": ["b", "b", "a"],
            "start": [0, 50, 0],
            "end": [50, 100, 200],
            "split": ["test", "train", "valid"],
        }
    )
    peaks = pd.concat([windows_at([0, 40, 50], "b"), windows_at([100], "a")])
    table = describe_splits(blocks, peaks).set_index("split")
    assert table["peaks"].to_dict() == {"train": 1, "valid": 1, "test": 2}
    assert table["megabases"].to_dict() == pytest.approx({"train": 0, "valid": 0, "test": 0})


def test_assign_splits_writes_one_row_for_each_chromosome(tmp_path, capsys):
    (tmp_path / "genome.fa.fai").write_text(
        "b\t900\t0\t9\t10\na\t500\t0\t9\t10\nc\t300\t0\t9\t10\n"
    )
    peaks = [(chrom, 20 * row) for chrom, n in (("b", 20), ("a", 6), ("c", 5)) for row in range(n)]
    text = "".join(f"{chrom}\t{start}\t{start + 10}\tp\t1\t.\n" for chrom, start in peaks)
    (tmp_path / "peaks.bed").write_text(text)
    output = tmp_path / "splits.bed"
    assign_splits(
        str(tmp_path / "peaks.bed"),
        str(tmp_path / "genome.fa"),
        "chromosomes",
        "auto",
        "auto",
        0,
        str(output),
    )
    assert output.read_text() == "b\t0\t900\ttrain\na\t0\t500\tvalid\nc\t0\t300\ttest\n"
    assert "test: c" in capsys.readouterr().out
