"""Importance of options: shares computed by hand, and none for options without effect."""

import numpy as np
import pytest
from peaks2motifs.core.effect_sizes import COLUMNS, eta_squared, group_trials, option_importance


def test_share_between_groups_by_hand():
    # Means 2 and 6 about 4, with 1 to either side in each: between 4 x 4, within 4 x 1.
    share = eta_squared(np.array([[1.0, 3, 5, 7]]), np.array([0, 0, 1, 1]))
    assert share == pytest.approx([16 / 20])


def test_share_is_epsilon_squared():
    outcome = np.array([1.0, 3, 5, 7, 1, 3, 5, 7])
    table = option_importance({"a": [0, 0, 1, 1, 0, 0, 1, 1]}, outcome, seed=0)
    # Between 32, within 8 on 6 degrees of freedom, in all 40: (32 - 8 / 6) / 40.
    assert table["share"].tolist() == pytest.approx([(32 - 8 / 6) / 40])
    # Of the 70 ways to share out 1 1 3 3 5 5 7 7, two are as far apart.
    assert table["p"].tolist() == pytest.approx([2 / 70], abs=0.005)
    assert list(table) == COLUMNS


def test_the_option_with_an_effect_comes_first():
    rng = np.random.default_rng(1)
    shares, small = [], 0
    for seed in range(40):
        rate, idle = rng.random(20), rng.integers(0, 3, 20)
        kind = rng.choice(["relu", "tanh"], 20)
        outcome = 0.9 - (rate - 0.5) ** 2 + 0.02 * rng.normal(size=20)
        values = {"idle": idle.tolist(), "kind": kind.tolist(), "rate": rate.tolist()}
        table = option_importance(values, outcome, seed).set_index("parameter")
        assert table.index[0] == "rate"
        assert table.loc["rate", "p"] < 0.05
        shares.append(table["share"])
        small += (table.loc[["idle", "kind"], "p"] < 0.05).sum()
    mean = sum(shares) / len(shares)
    assert mean["rate"] > 0.5
    assert max(mean["idle"], mean["kind"]) < 0.06
    assert small <= 10  # 4 of 80 are expected by chance


def test_it_repeats():
    values, outcome = {"a": [0, 1] * 5}, np.linspace(0, 1, 10)
    first, second = (option_importance(values, outcome, seed=3) for _ in range(2))
    assert first.equals(second)


@pytest.mark.parametrize(
    ("values", "note"),
    [
        ([1, 2, 3], "3 trials, at least 8 are needed"),
        ([[8, 9]] * 10, "has one value in all trials"),
        (list("abcdefghij"), "10 values in 10 trials, too few trials of each"),
    ],
)
def test_the_note_says_why_there_is_no_share(values, note):
    outcome = np.linspace(0.5, 1, len(values))
    row = option_importance({"a": values}, outcome, seed=0).iloc[0]
    assert row["note"] == note
    assert row[["groups", "share", "p"]].isna().all()


def test_trials_that_all_did_the_same_give_no_share():
    row = option_importance({"a": [0, 1] * 5}, np.full(10, 0.5), seed=0).iloc[0]
    assert row["note"] == "all trials did the same"
    assert np.isnan(row["share"])


def test_numbers_are_binned_where_most_trials_have_their_own():
    groups, note = group_trials([0.1 * i for i in range(12)][::-1])
    assert note == ""
    assert groups.tolist() == [2] * 4 + [1] * 4 + [0] * 4


def test_values_that_repeat_are_groups():
    assert group_trials([0, 32, 64, 0, 32, 64, 0, 32])[0].tolist() == [0, 1, 2, 0, 1, 2, 0, 1]
    assert group_trials([True, False, None, True] * 2)[0].tolist() == [2, 0, 1, 2] * 2
