"""The heat map of windows and kernels: alike ones side by side, bytes that repeat."""

import numpy as np
import pytest
from peaks2motifs.pages import heatmap


def test_standardised_kernels_have_mean_0_and_spread_1_and_constant_ones_0():
    values = heatmap.standardise(np.array([[1.0, 5], [3, 5]]))
    assert values.tolist() == [[-1, 0], [1, 0]]


def test_alike_points_are_neighbours_in_the_tree():
    points = np.array([[0, 0], [9, 9], [0.1, 0], [9, 9.2]])
    leaves = heatmap.cluster_ward(points)["leaves"]
    assert {frozenset(leaves[:2]), frozenset(leaves[2:])} == {frozenset({0, 2}), frozenset({1, 3})}


@pytest.mark.parametrize("n", [0, 1])
def test_a_tree_needs_no_two_points(n):
    assert heatmap.cluster_ward(np.zeros((n, 3)))["leaves"] == list(range(n))


@pytest.mark.parametrize("kernels", [0, 1, 5])
def test_figure_repeats_to_the_byte_with_any_number_of_kernels(kernels, tmp_path):
    best = np.random.default_rng(0).random((12, kernels))
    group, names = np.arange(12) % 2, [f"k{k}" for k in range(kernels)]
    for path in ("a.svg", "b.svg"):
        paths = [str(tmp_path / path)]
        heatmap.plot_clustering(best, group, ["peaks", "background"], names, paths)
    first = (tmp_path / "a.svg").read_text()
    assert first == (tmp_path / "b.svg").read_text()
    assert f"{kernels} kernels" in first
    assert "strongest activations in 12 test windows" in first
