"""Evidence of families: what each shows of its own beside the others."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from made_families import find, spelt
from peaks2motifs.motifs.family_table import independent_enrichment

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
