"""Known profiles: found by name, in JASPAR or a MEME file, or refused; pseudocounts."""

import numpy as np
import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.motifs.jaspar import add_pseudocount, find_profiles
from peaks2motifs.motifs.meme import write_meme
from peaks2motifs.motifs.motif import Motif


def test_profiles_come_in_the_order_asked_for():
    found = find_profiles(["MA0139.1", "MA0149", "MA0139.1"], "jaspar", "JASPAR2026")
    assert [motif.name for motif in found] == ["MA0139.1", "MA0149.1", "MA0139.1"]
    assert found[1].alternate == "EWSR1-FLI1"


def test_a_name_that_a_meme_file_lacks_is_refused_with_those_it_has(tmp_path):
    source = str(tmp_path / "mine.meme")
    write_meme([Motif(f"m{i}", "", np.full((5, 4), 0.25), 9) for i in range(7)], source)
    with pytest.raises(
        InputError, match=r"no motif 'x', expected one of m0, m1, m2, m3, m4, \.\.\.$"
    ):
        find_profiles(["m3", "x"], source, "")


def test_release_must_be_known():
    with pytest.raises(InputError, match="'JASPAR1999' unknown"):
        find_profiles(["MA0149.1"], "jaspar", "JASPAR1999")


def test_a_pseudocount_lets_in_what_the_profile_never_saw():
    ppm = np.array([[1, 0, 0, 0], [0.5, 0.5, 0, 0]])
    smoothed = add_pseudocount(Motif("m", "", ppm, 4), 1)
    np.testing.assert_allclose(
        smoothed, [[0.85, 0.05, 0.05, 0.05], [0.45, 0.45, 0.05, 0.05]]
    )  # (4 + 0.25) / 5, 0.25 / 5; (2 + 0.25) / 5
    assert np.array_equal(add_pseudocount(Motif("m", "", ppm, 4), 0), ppm)
