"""Splits: the block that holds a window, and no base in two of them."""

import pandas as pd
import pytest
from made_windows import make_windows
from peaks2motifs.core.joblog import InputError
from peaks2motifs.data import split_membership


def test_splits_that_share_a_base_are_refused_with_the_place():
    windows = make_windows({"train": 5, "valid": 2, "test": 2}, length=10)
    split_membership.check_leaks(windows)
    moved = windows["test"].assign(chrom="chr_train", start=[13, 49], end=[23, 59])
    with pytest.raises(InputError, match=r"train and test .* 11 bases.*chr_train:13-23"):
        split_membership.check_leaks({**windows, "test": moved})
    touching = windows["test"].assign(chrom="chr_train", start=[50, 60], end=[60, 70])
    split_membership.check_leaks({**windows, "test": touching})


def test_a_window_belongs_to_the_block_that_holds_all_of_it(tmp_path):
    splits = tmp_path / "splits.bed"
    splits.write_text("a\t0\t100\ttrain\na\t100\t200\ttest\nb\t0\t50\tvalid\n")
    windows = pd.DataFrame(
        {
            "chrom": list("aabaac"),
            "start": [90, 95, 0, 100, 150, 0],
            "end": [100, 105, 10, 110, 210, 9],
        }
    )
    found = split_membership.find_splits(windows, str(splits)).tolist()
    assert found == ["train", None, "valid", "test", None, None]
    assert split_membership.find_splits(windows[:0], str(splits)).tolist() == []
