"""The motifs of one factor in the peaks of another: what each pair is called."""

import numpy as np
import pandas as pd
import pytest
from peaks2motifs.motifs import cobinding


def test_pairs_are_called_in_words():
    rows = [
        ("M1", "a", 1e-30, 90, 5),  # found there
        ("M2", "a", 1e-20, 40, 5),  # like what was found there
        ("M3", "a", 1e-20, 40, 5),
        ("M4", "a", 1e-3, 8, 5),
        ("M5", "a", 0.9, 5, 5),
    ]
    pairs = pd.DataFrame(
        rows, columns=["motif", "experiment", "enrichment_p", "peaks_hit", "background_hit"]
    ).assign(peaks=100, background=100)
    called = cobinding.call_pairs(pairs, {("M1", "a"), ("M2", "b")}, {"M2": ["M1"], "M3": ["M2"]})
    assert called["call"].tolist() == ["found", "similar", "co-binding", "weak", "none"]
    assert called["similar_to"].tolist() == ["", "M1", "", "", ""]
    assert called["q"][1:].tolist() == pytest.approx([2e-20, 2e-20, 1e-3 * 4 / 3, 0.9])
    assert np.isnan(called["q"][0])


def test_motifs_in_their_own_peaks_lower_no_q():
    """Twenty sure pairs would make 0.04 a q of 0.042."""
    motifs = [f"M{i}" for i in range(20)]
    own = pd.DataFrame({"motif": motifs, "experiment": motifs, "enrichment_p": 1e-40})
    asked = pd.DataFrame({"motif": "M0", "experiment": ["M1", "M2"], "enrichment_p": [0.04, 0.8]})
    pairs = pd.concat([own, asked], ignore_index=True)
    pairs = pairs.assign(peaks_hit=20, peaks=100, background_hit=5, background=100)
    called = cobinding.call_pairs(pairs, set(zip(motifs, motifs, strict=True)), {})
    assert called["q"].isna().tolist() == [True] * 20 + [False] * 2
    assert called["q"][20:].tolist() == pytest.approx([0.08, 0.8])
    assert called["call"][20:].tolist() == ["none"] * 2
