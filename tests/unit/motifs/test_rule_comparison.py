"""Rules side by side, from hand-made tables."""

import numpy as np
import pandas as pd
import pytest
from peaks2motifs.motifs.motif import Motif
from peaks2motifs.motifs.published_rules import name_kernel_motifs, published_limits
from peaks2motifs.motifs.rule_comparison import (
    best_targets,
    first_kernels,
    make_motifs,
    summarise_rules,
)
from peaks2motifs.motifs.rule_results import RuleResult

ABOUT = pd.DataFrame(
    {
        "status": ["motif", "dead", "motif"],
        "nsites": [10, 0, 30],
        "information": [8.0, 0, 12],
        "first": [0, 0, 1],
        "end": [2, 0, 3],
    }
)
KERNELS = np.array(["k000", "k001", "k002"])
MATRIX = np.ones((3, 3, 4))


def motifs_of(rule):
    result = RuleResult(
        **dict.fromkeys(("width", "counts", "nsites", "threshold", "sites", "flank")),
        kernel=name_kernel_motifs(rule, KERNELS),
        matrix=MATRIX,
        background=np.full(4, 0.25),
        limits=published_limits(rule),
        counted=rule != "raw",
        summit_window=0,
    )
    return make_motifs(rule, ABOUT, result)


def test_only_live_kernels_give_motifs():
    motifs = motifs_of("danq")
    assert {k: (m.name, m.alternate, m.nsites) for k, m in motifs.items()} == {
        0: ("k000", "danq", 10),
        2: ("k002", "danq", 30),
    }
    assert motifs[2].ppm.tolist() == [[0.25] * 4] * 2


def test_raw_weights_are_named_so_and_have_no_sites():
    assert [(m.name, m.nsites) for m in motifs_of("raw").values()] == [
        ("k000_raw", 0),
        ("k002_raw", 0),
    ]


def test_a_kernel_matches_its_best_target_or_none():
    rng = np.random.default_rng(0)
    targets = [Motif(f"T{i}", "", p, 9) for i, p in enumerate(rng.dirichlet([0.2] * 4, (60, 10)))]
    motifs = {0: targets[7], 2: Motif("flat", "", np.full((8, 4), 0.25), 9)}
    assert best_targets(motifs, targets, 3, 1).tolist() == [7, -1, -1]
    assert best_targets({}, targets, 3, 1).tolist() == [-1] * 3


def test_rules_are_counted_against_the_first():
    first, other = ABOUT.assign(target=[5, -1, 6]), ABOUT.assign(target=[5, -1, 4], nsites=None)
    table = summarise_rules({"scan": first, "raw": other, "koo": ABOUT.assign(target=-1)})
    assert table["motifs"].tolist() == [2, 2, 2]
    assert table["matched"].tolist() == [2, 2, 0]
    assert table["targets"].tolist() == [2, 2, 0]
    assert table["matched_by_both"].tolist() == [2, 2, 0]
    assert table["same_target"].tolist() == [2, 1, 0]
    assert table["median_nsites"][0] == pytest.approx(20)
    assert pd.isna(table["median_nsites"][1])


def test_each_family_shows_its_most_important_kernel():
    family = ["F2", None, "F10", "F2", "F1"]
    kernels = pd.DataFrame({"family": family, "importance": [1, 9, 3, 2, 0.5], "number": range(5)})
    assert first_kernels(kernels) == {"F1": 4, "F2": 3, "F10": 2}
