"""Evidence of families: what each shows of its own beside the others."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from made_families import ABOUT, find, plant, spelt
from peaks2motifs.motifs.family_table import independent_enrichment, motifs_without_test

A, B = "GATTACGTCA", "CCTGAACCTT"


def own_p(found):
    """How each family is related, and its own p-value, by its motif on either strand."""
    table = found.families.table.assign(word=spelt(found)).set_index("word")
    relation = (table["relation"] + " " + table["relation_to"]).str.strip()
    return table.assign(relation=relation)[["relation", "enrichment_p", "own_p"]]


def test_a_family_always_beside_a_more_important_one_is_not_enriched_alone():
    found = find([A + "." * 18 + B], [A, A, B])
    table = own_p(found)
    assert sorted(table["relation"]) == ["", "beside F1"]
    second = table[table["relation"] == "beside F1"].iloc[0]
    assert second["enrichment_p"] < 1e-20
    assert second["own_p"] > 0.05


def test_a_family_that_also_occurs_alone_is_enriched_alone():
    found = find([A + "." * 18 + B, A, B], [A, A, B])
    second = own_p(found)[lambda table: table["relation"] != ""].iloc[0]
    assert second["own_p"] < 1e-6


def test_a_copy_of_the_second_family_is_not_enriched_beside_it():
    """Related to both, it is enriched on its own beside the first and not beside the second."""
    label = np.repeat([1, 0], 200)
    first, second = np.zeros(400, bool), np.zeros(400, bool)
    first[:100], second[80:200] = True, True
    passes = np.stack([first, second, second], axis=1)
    table = pd.DataFrame({"enrichment_p": [1e-30, 1e-40, 1e-40]})
    view = SimpleNamespace(split=np.full(400, "test"), label=label)
    related = [[], [(0, "beside")], [(0, "beside"), (1, "variant of")]]
    found = independent_enrichment(table, view, passes, related)
    assert found["relation"] == ["", "beside", "variant of"]
    assert found["relation_to"] == ["", "F1", "F2"]
    assert found["own_p"][1] < 1e-10
    assert found["own_p"][2] == 1


def test_families_that_never_occur_together_are_not_related():
    found = find([A, B], [A, A, B])
    table = own_p(found)
    assert table["relation"].tolist() == ["", ""]
    assert (table["own_p"] == table["enrichment_p"]).all()


def test_matrices_without_test_count_no_base_of_test_windows():
    """One window of five is a test window, and 450 of 900 windows are peaks with a site each."""
    found = find([A], [A, A])
    codes, split = plant(np.random.default_rng(0), 900, A)[0], found.seen.split
    other = codes.copy()
    other[split == "test"] = 0
    published = found.families.motifs
    first, again = (motifs_without_test(found.families, split, x, ABOUT) for x in (codes, other))
    assert [motif.nsites for motif in published] == [450]
    assert [motif.nsites for motif in first] == [360]
    assert np.array_equal(first[0].ppm, again[0].ppm)
    # The counts are those of 90 sites fewer in each column, beside a pseudocount of 1.
    counts, fewer = (motif.ppm * (motif.nsites + 1) - 0.25 for motif in (published[0], first[0]))
    assert np.allclose((counts - fewer).sum(axis=1), 90)
    assert (counts - fewer > -1e-6).all()
    alone = find([A], [A, A]).families
    assert motifs_without_test(alone, np.full(900, "test"), codes, ABOUT) == alone.motifs
