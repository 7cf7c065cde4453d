"""Which family shows a k-mer."""

import pandas as pd
from made_motifs import motif
from peaks2motifs.motifs.kmer_families import add_families

FAMILIES = [
    motif("TTGATTACAGCC")._replace(name="F1"),
    motif("CCGGAAGT")._replace(name="F2"),
]


def families_of(*kmers: str) -> list[str]:
    return add_families(pd.DataFrame({"kmer": kmers}), FAMILIES, 1)["family"].tolist()


def test_a_kmer_belongs_to_the_family_whose_motif_contains_it_on_either_strand():
    assert families_of("GATTAC", "GTAATC", "GATNACA", "CCGGAA", "AAAAAA") == [
        *("F1", "F1", "F1", "F2", "")
    ]


def test_without_kmers_or_families_there_is_the_same_column():
    assert families_of() == []
    words = pd.DataFrame({"kmer": ["GATTAC"]})
    assert add_families(words, [], 1)["family"].tolist() == [""]
