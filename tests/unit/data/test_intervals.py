"""Reading of peak files in all their forms, and interval algebra in genome order."""

import gzip
import os

import numpy as np
import pandas as pd
import pybedtools
import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.data.intervals import clip, merge, overlaps, read_intervals, read_peaks


@pytest.fixture
def peaks_of(tmp_path):
    """Read peaks from the text or bytes given."""

    def read(content: str | bytes, name: str = "peaks.bed") -> pd.DataFrame:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_peaks(str(path))[0]

    return read


@pytest.fixture
def index(tmp_path) -> str:
    """The index of a genome whose order is not the alphabet's."""
    path = tmp_path / "genome.fa.fai"
    path.write_text("chr2\t1000\t6\t60\t61\nchr10\t500\t1030\t60\t61\nchr1\t300\t1600\t60\t61\n")
    return str(path)


def test_bed3_has_midpoints_and_no_signal(peaks_of):
    peaks = peaks_of("chr1\t100\t205\n")
    assert peaks.loc[1].to_dict() == {
        "chrom": "chr1",
        "start": 100,
        "end": 205,
        "name": ".",
        "signal": 0.0,
        "strand": ".",
        "summit": 152,
        "summit_from": "midpoint",
    }


def test_bed6_has_score_and_strand_and_one_base_is_its_own_summit(peaks_of):
    peaks = peaks_of("chr4\t9\t10\tp1\t765\t-\nchr4\t20\t30\tp2\t.\t*\n")
    assert peaks["signal"].tolist() == [765.0, 0.0]
    assert peaks["strand"].tolist() == ["-", "."]
    assert peaks["summit"].tolist() == [9, 25]
    assert peaks["summit_from"].tolist() == ["1bp", "midpoint"]


def test_narrowpeak_uses_column_10_and_signal_value(peaks_of):
    line = "chr1\t100\t200\tp\t1000\t.\t5.25\t-1\t2.5\t{}\n"
    peaks = peaks_of(line.format(0) + line.format(-1) + line.format(99) + line.format(100))
    assert peaks["summit"].tolist() == [100, 150, 199, 200]
    assert peaks["summit_from"].tolist() == ["column_10", "midpoint", "column_10", "column_10"]
    assert peaks["signal"].tolist() == [5.25] * 4


def test_narrowpeak_with_extra_columns(peaks_of):
    peaks = peaks_of("chr1\t100\t200\tp\t10\t.\t5.25\t-1\t2.5\t7\textra\t8\n")
    assert (peaks["summit"].item(), peaks["signal"].item()) == (107, 5.25)


def test_broadpeak_uses_signal_value_and_midpoint(peaks_of):
    peaks = peaks_of("chr1\t100\t200\tp\t10\t.\t5.25\t3\t2.5\n")
    assert (peaks["summit"].item(), peaks["signal"].item()) == (150, 5.25)


@pytest.mark.parametrize(
    "tail", ["120\t180\t0", "120\t180\t0\t1\t100\t0", "120\t180\t0,0,9\t2\t5,5,\t0,9,"]
)
def test_bed9_and_bed12_are_no_broadpeak_or_narrowpeak(peaks_of, tail):
    peaks = peaks_of(f"chr1\t100\t200\tp\t10\t+\t{tail}\n")
    assert (peaks["summit"].item(), peaks["signal"].item()) == (150, 10.0)


@pytest.mark.parametrize("tail", ["0\t0\t0", "0\t0\t0\t1\t100,\t0,"])
def test_bed9_and_bed12_without_a_thick_part_are_no_broadpeak_or_narrowpeak(peaks_of, tail):
    peaks = peaks_of(f"chr1\t100\t200\tp\t10\t+\t{tail}\n")
    assert (peaks["summit"].item(), peaks["signal"].item()) == (150, 10.0)


@pytest.mark.parametrize("signal", ["nan", "NA", ".", "5,3"])
def test_a_narrowpeak_without_readable_signals_keeps_its_summits(peaks_of, signal, capsys):
    peaks = peaks_of(f"chr1\t100\t200\tp\t1000\t.\t{signal}\t-1\t2.5\t7\n")
    assert (peaks["summit"].item(), peaks["summit_from"].item()) == (107, "column_10")
    assert peaks["signal"].item() == 0


def test_macs_summits(peaks_of):
    peaks = peaks_of("chr1\t13972\t13973\tpeak_1\t12.7509\n", "x_summits.bed")
    assert (peaks["summit"].item(), peaks["signal"].item()) == (13972, 12.7509)


def test_a_text_column_5_is_no_score(peaks_of):
    peaks = peaks_of("chr1\t100\t200\tp\tREB1\nchr1\t300\t400\tq\tABF1\n")
    assert peaks["signal"].tolist() == [0.0, 0.0]


def test_lines_that_are_no_peaks_are_skipped_and_counted(tmp_path):
    path = tmp_path / "peaks.bed"
    text = 'browser position chr1\r\ntrack name="a b"\r\n# note\r\n\r\ntrack1\t5\t9\r\nchr1 7 8\r\n'
    path.write_bytes(text.encode())
    peaks, skipped = read_peaks(str(path))
    assert skipped == 4
    assert peaks.index.tolist() == [5, 6]
    assert peaks["chrom"].tolist() == ["track1", "chr1"]
    assert peaks["end"].tolist() == [9, 8]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_a_missing_last_one(peaks_of, end):
    assert peaks_of(end.join(["chr1\t1\t5", "chr2\t6\t9"]))["end"].tolist() == [5, 9]


def test_fields_are_split_by_tabs_or_else_by_spaces(peaks_of):
    assert peaks_of("chr1\t1\t5\ta name\n")["name"].item() == "a name"
    assert peaks_of("chr1  1 5   a\n")["name"].item() == "a"


def test_gzip_is_recognised_by_its_bytes_not_its_name(peaks_of):
    data = b"chr1\t1\t5\n"
    assert peaks_of(gzip.compress(data, mtime=0), "peaks.bed")["end"].item() == 5
    assert peaks_of(data, "peaks.bed.gz")["end"].item() == 5


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"peaks\.bed: no peaks in it"),
        ("# only\n\n", r"peaks\.bed: no peaks in it"),
        ("chr1\t1\t5\nchr1\tone\t5\n", r"peaks\.bed, line 2: start is 'one'"),
        ("chr1\t1\t1e+05\n", r"line 1: end is '1e\+05'"),
        ("#\nchr1\t-1\t5\n", r"line 2: start is -1"),
        ("chr1\t5\t5\n", r"line 1: end is 5, start is 5"),
        ("chr1\t5\n", r"line 1: 2 columns in 'chr1\\t5'"),
        ("<!DOCTYPE html>\n<html>\n", r"line 1: 2 columns in '<!DOCTYPE html>'"),
        ("chr1\t5\t6\na\t1\t2\tb\n", r"line 2: 4 columns, .* 3 .*line 1"),
        ("chr1\t5\t6\ta\t7\nchr1\t5\t6\ta\tx\n", r"line 2: column 5 is 'x'"),
        ("a\t5\t9\tp\t0\t.\t1\t1\t1\t5\n", r"line 1: .*column 10.* 5, .* 4 bp"),
        ("a\t5\t9\tp\t0\t.\t1\t1\t1\t2\n" * 2 + "a\t5\t9\tp\t0\t.\t1\t1\t1\tx\n", r"line 3: peak"),
        (b"BM\0\1", r"a binary file"),
        (gzip.compress(b"chr1\t1\t5\n" * 99, mtime=0)[:-9], r"broken or truncated gzip"),
    ],
)
def test_bad_files_are_refused_in_one_line(peaks_of, content, message):
    with pytest.raises(InputError, match=message) as error:
        peaks_of(content)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"none\.bed: cannot be read: No such file"):
        read_peaks(str(tmp_path / "none.bed"))


def test_read_intervals_lets_starts_be_negative_and_files_empty(tmp_path):
    path = tmp_path / "blacklist.bed"
    path.write_text("chr1\t-1\t5\n")
    assert read_intervals(str(path)).values.tolist() == [["chr1", -1, 5]]
    path.write_text("")
    assert read_intervals(str(path)).empty


def test_read_intervals_takes_lines_of_any_width(tmp_path):
    path = tmp_path / "blacklist.bed"
    path.write_text("chr1 1 5 High Signal Region\nchr1 7 9 Low Mappability\nchr1\t11\t12\n")
    assert read_intervals(str(path))["end"].tolist() == [5, 9, 12]
    path.write_text("chr1\t1\t5\nchr1\t7\n")
    with pytest.raises(InputError, match="line 2: 2 columns"):
        read_intervals(str(path))


def test_clip():
    table = pd.DataFrame({"chrom": ["a", "a", "b"], "start": [-5, 10, 3], "end": [4, 12, 99]})
    clipped = clip(table, pd.Series({"a": 10, "b": 20}))
    assert clipped.values.tolist() == [["a", 0, 4], ["b", 3, 20]]


def test_merge_is_in_genome_order_and_joins_touching_intervals(index):
    table = pd.DataFrame(
        {"chrom": ["chr1", "chr10", "chr2", "chr2"], "start": [5, 7, 20, 10], "end": [9, 8, 30, 20]}
    )
    merged = [["chr2", 10, 30], ["chr10", 7, 8], ["chr1", 5, 9]]
    assert merge(table, index).values.tolist() == merged
    assert merge(table[:0], index).empty


def test_overlaps_needs_a_shared_base(index, tmp_path):
    blacklist = tmp_path / "blacklist.bed"
    blacklist.write_text("chr2\t100\t200\nchr1\t0\t10\n")
    starts = [0, 1, 199, 200, 100, 9, 10]
    chroms = ["chr2"] * 4 + ["chr10"] + ["chr1"] * 2
    table = pd.DataFrame({"chrom": chroms, "start": starts}).assign(end=np.add(starts, 100))
    hit = overlaps(table, str(blacklist), index)
    assert hit.tolist() == [False, True, True, False, False, True, False]
    assert overlaps(table[:0], str(blacklist), index).shape == (0,)
    blacklist.write_text("")
    assert not overlaps(table, str(blacklist), index).any()


def test_temporary_files_of_pybedtools_are_gone(index, tmp_path):
    before = pybedtools.get_tempdir()
    folder = tmp_path / "tmp"
    folder.mkdir()
    pybedtools.set_tempdir(str(folder))
    try:
        merge(pd.DataFrame({"chrom": ["chr1"], "start": [1], "end": [2]}), index)
        assert pybedtools.get_tempdir() == str(folder)
        assert os.listdir(folder) == []
    finally:
        pybedtools.set_tempdir(before)


def test_real_narrowpeaks(shared_data):
    peaks, skipped = read_peaks(str(shared_data / "human" / "K562.CTCF.hg19.narrowPeak.gz"))
    assert (len(peaks), skipped) == (47804, 0)
    assert (peaks["summit_from"] == "column_10").all()
