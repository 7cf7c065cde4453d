"""What a rule found: written and read again, and the view of its kernels."""

import numpy as np
from made_maps import result_of, use
from peaks2motifs.model.activations import Activations
from peaks2motifs.motifs.published_rules import published_limits
from peaks2motifs.motifs.rule_results import (
    RuleResult,
    read_limits,
    read_result,
    view_of_rule,
    write_result,
)

FIELDS = ("width", "counts", "matrix", "nsites", "threshold", "sites")
THREE = ["AACGTAAA", "TTTACGTT", "CCCCCCCC"]
ACTIVATIONS = [[0, 2.5, 0, 0, 1], [0, 0, 0, 0.1, 0], [0, 0, 0, 0, 0]]


def test_what_a_rule_finds_comes_back_as_written(tmp_path):
    found = use("danq", THREE, ACTIVATIONS, width=4)
    path = str(tmp_path / "danq.h5")
    write_result(path, found)
    again = read_result(path)
    for name in RuleResult._fields:
        if name != "sites":
            np.testing.assert_array_equal(getattr(found, name), getattr(again, name), name)
    for one, other in zip(found.sites, again.sites, strict=True):
        np.testing.assert_array_equal(one, other)
    assert read_limits(path) == found.limits == published_limits("danq")


def test_kernels_that_are_looked_at_in_20_bp_see_these_on_either_strand():
    seen = Activations(
        best=np.ones((2, 2), np.float32),
        position=np.array([[30, 30], [30, 30]]),
        reverse=np.array([[False, False], [True, True]]),
        label=np.ones(2),
        row=np.arange(2),
        split=np.full(2, "test"),
        kernel=np.array(["k0", "k1"]),
        width=np.array([8, 20]),
        layer=np.full(2, "kernels"),
        replicate=np.zeros(2),
    )
    result = result_of("koo", dict.fromkeys(FIELDS) | {"width": np.full(2, 20)})
    wide = view_of_rule(seen, result)
    # The middle, base 33, has 10 bases before it and 9 behind; turned round, base 34 has 9 and 10.
    assert wide.position.tolist() == [[23, 30], [25, 30]]
    assert wide.width.tolist() == [20, 20]
    same = view_of_rule(seen, result._replace(width=seen.width))
    assert same.position.tolist() == seen.position.tolist()
    assert same.kernel.tolist() == ["k000", "k001"]
