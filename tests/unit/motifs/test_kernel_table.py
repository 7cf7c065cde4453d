"""Evidence of motifs on held-out windows, and their order by evidence."""

import numpy as np
import pandas as pd
import pytest
from peaks2motifs.motifs.kernel_table import by_evidence, held_out_evidence, rank_motifs


def test_held_out_evidence_counts_the_windows_hit():
    best = np.array([3, 2, 1, 0, 2, 0, 0, 0], float)[:, None]
    label = np.array([1, 1, 1, 1, 0, 0, 0, 0])
    table = held_out_evidence(best, best > 0, label)
    counts = ["peaks_hit", "test_peaks", "background_hit", "test_background"]
    assert table.loc[0, counts].tolist() == [3, 4, 1, 4]
    assert table["test_auroc"].tolist() == pytest.approx([12 / 16])


def test_no_kernels_are_no_rows():
    none, label = np.zeros((4, 0)), np.array([0, 1, 0, 1])
    assert len(held_out_evidence(none, none > 0, label)) == 0


def test_motifs_rank_by_evidence_the_first_of_equals_first():
    status = ["motif", "dead", "motif", "motif", "low_information", "motif"]
    table = pd.DataFrame({"status": status, "evident": [2.0, 9, 5, 2, 1, -1]})
    table["evidence_rank"] = rank_motifs(table)
    assert table["evidence_rank"].fillna(0).tolist() == [2, 0, 1, 3, 0, 4]
    assert by_evidence(table) == [2, 0, 3, 5]
    assert by_evidence(table[:0]) == []
