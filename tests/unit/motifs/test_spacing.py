"""Distances between sites of two families: signs by hand, chance dealt out, planted ones found."""

import numpy as np
import pandas as pd
import pytest
from peaks2motifs.motifs import spacing


def hits_of(family, position, strand, first_site=0):
    n = len(position)
    columns = {"site": np.arange(n) + first_site, "window": np.arange(n), "family": family}
    return pd.DataFrame(columns | {"score": 1, "position": position, "strand": list(strand)})


def random_hits(n, seed=0):
    rng = np.random.default_rng(seed)
    return [
        hits_of(family, np.rint(rng.normal(0, 25, n)), rng.choice(["+", "-"], n))
        for family in ("F1", "F2")
    ]


def test_distance_is_downstream_of_the_first_site():
    """first at 0, second at 20: downstream of a + site, upstream of a - site."""
    hits = pd.concat([hits_of("F1", [0.0] * 4, "+-+-"), hits_of("F2", [20.0] * 4, "++--")])
    apart, same = spacing.measure_distances(spacing.pair_sites(hits, "F1", "F2"))
    assert (apart / 2).tolist() == [20, -20, 20, -20]
    assert same.tolist() == [True, False, False, True]


def test_reading_windows_from_the_other_end_changes_nothing():
    hits = pd.concat(random_hits(200))
    turned = hits.assign(position=-hits["position"])
    turned["strand"] = turned["strand"].map({"+": "-", "-": "+"})
    tables = [spacing.count_distances(table, "F1", "F2", 8) for table in (hits, turned)]
    keys = ["orientation", "distance"]
    one, other = (t.sort_values(keys).reset_index(drop=True) for t in tables)
    pd.testing.assert_frame_equal(one, other)


def test_expected_is_the_mean_over_dealing_out_the_second_sites():
    first, second = random_hits(30)
    table = spacing.count_distances(pd.concat([first, second]), "F1", "F2", 0)
    dealt = []
    for turn in range(30):  # every site of one meets every one of the other once
        order = np.roll(np.arange(30), turn)
        moved = second.assign(window=order)
        found = spacing.count_distances(pd.concat([first, moved]), "F1", "F2", 0)
        dealt.append(found.set_index(["orientation", "distance"])["observed"])
    mean = pd.concat(dealt, axis=1).fillna(0).mean(axis=1)
    expected = table.set_index(["orientation", "distance"])["expected"]
    assert expected.sum() == pytest.approx(30)
    pd.testing.assert_series_equal(
        mean[mean > 0].sort_index(), expected.sort_index(), check_names=False
    )


def test_a_planted_distance_is_found_and_nothing_is_without_one():
    first, second = random_hits(300)
    free = spacing.spacing_table(pd.concat([first, second]), {"F1": 12, "F2": 11})
    assert free["q_value"].min() > 0.05
    planted = slice(0, 20)
    along = np.where(first["strand"][planted] == "+", 1, -1)
    second.loc[second.index[planted], "position"] = first["position"][planted] + 23.5 * along
    second.loc[second.index[planted], "strand"] = first["strand"][planted]
    table = spacing.spacing_table(pd.concat([first, second]), {"F1": 12, "F2": 11})
    best = table.loc[table["p_value"].idxmin()]
    assert (best["orientation"], best["distance"], best["gap"]) == ("same", 23.5, 12)
    assert best["q_value"] < 1e-6
    assert (best["observed"] >= 20) & (best["expected"] < 3)


def test_sites_that_overlap_and_pairs_seen_twice_do_not_count():
    first, second = hits_of("F1", [0.0, 0, 0], "+++"), hits_of("F2", [5.0, 40, 40], "+++", 10)
    first["site"], second["site"] = [0, 1, 1], [10, 11, 11]  # windows 1 and 2 share both sites
    table = spacing.spacing_table(pd.concat([first, second]), {"F1": 10, "F2": 8})
    assert table["windows"].tolist() == [2]
    assert (table["distance"].tolist(), table["observed"].tolist()) == ([40], [1])
    assert table["gap"].tolist() == [31]


def test_one_family_or_none_has_no_spacing():
    hits = hits_of("F1", [0.0], "+")
    assert spacing.spacing_table(hits, {"F1": 10}).empty
    assert list(spacing.spacing_table(hits, {}).columns) == spacing.COLUMNS
    assert spacing.spacing_table(hits, {"F1": 10, "F2": 8}).empty
