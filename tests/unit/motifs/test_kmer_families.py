"""Which family is similar to a k-mer."""

import numpy as np
import pandas as pd
from made_motifs import motif
from peaks2motifs.motifs.kmer_families import add_families


def families_of(kmers: list[str], *motifs: str, supported: tuple[int, ...] = ()) -> list[str]:
    """The families of k-mers, F1 to the last; those numbered `supported` are."""
    named = [motif(word)._replace(name=f"F{n}") for n, word in enumerate(motifs, 1)]
    is_supported = np.isin(np.arange(1, len(named) + 1), supported)
    verdicts = ["supported" if yes else "tentative" for yes in is_supported]
    table = add_families(pd.DataFrame({"kmer": kmers}), named, verdicts, is_supported)
    by_name = dict(zip([m.name for m in named], verdicts, strict=True)) | {"": ""}
    assert table["verdict"].tolist() == [by_name[name] for name in table["family"]]
    return table["family"].tolist()


def test_a_kmer_has_the_family_whose_motif_contains_it_on_either_strand():
    kmers = ["GATTAC", "GTAATC", "GATNACA", "CCGGAA", "AAAAAA"]
    found = families_of(kmers, "TTGATTACAGCC", "CCGGAAGT", supported=(1,))
    assert found == ["F1", "F1", "F1", "F2", ""]


def test_a_supported_family_comes_before_a_more_similar_one():
    motifs = ("GATTACA", "TTGATTTCAGCC")
    assert families_of(["GATTACA"], *motifs, supported=(2,)) == ["F2"]
    assert families_of(["GATTACA"], *motifs) == ["F1"]


def test_without_kmers_or_families_there_are_the_same_columns():
    assert families_of([], "GATTACA") == []
    assert families_of(["GATTAC"]) == [""]
