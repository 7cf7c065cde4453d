"""Heat maps, of catalogues and of activations: their order, and reproducible bytes."""

import re

import numpy as np
import pandas as pd
import pytest
from peaks2motifs.pages import heatmap
from peaks2motifs.pages.heatmap import cluster, draw_heatmap, leaf_order


def test_standardised_kernels_have_mean_0_and_spread_1_and_constant_ones_0():
    values = heatmap.standardise(np.array([[1.0, 5], [3, 5]]))
    assert values.tolist() == [[-1, 0], [1, 0]]


def test_similar_points_are_neighbours_in_the_dendrogram():
    points = np.array([[0, 0], [9, 9], [0.1, 0], [9, 9.2]])
    leaves = heatmap.cluster_ward(points)["leaves"]
    assert {frozenset(leaves[:2]), frozenset(leaves[2:])} == {frozenset({0, 2}), frozenset({1, 3})}


@pytest.mark.parametrize("n", [0, 1])
def test_clustering_works_with_fewer_than_two_points(n):
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
    assert re.search(r"\b12\b[^<]*windows", first)


def test_clusters_put_like_rows_side_by_side():
    values = np.array([[0.9, 0.5], [0.1, 0.5], [0.8, np.nan]])
    order = leaf_order(cluster(values), 3).tolist()
    assert abs(order.index(0) - order.index(2)) == 1
    assert leaf_order(cluster(values[:1]), 1).tolist() == [0]


@pytest.mark.parametrize("shape", [(3, 4), (1, 1), (2, 0), (200, 3)])
def test_heat_maps_of_any_size_repeat_to_the_byte(shape, tmp_path):
    values = np.random.default_rng(0).random(shape)
    table = pd.DataFrame(
        values, [f"e{i}" for i in range(shape[0])], [f"M{i}" for i in range(shape[1])]
    )
    paths = [tmp_path / "a.svg", tmp_path / "b.svg"]
    for path in paths:
        rows, columns = draw_heatmap(table, values > 0.9, [path])
    assert sorted(rows) == list(range(shape[0]))
    assert sorted(columns) == list(range(shape[1]))
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert (">e0<" in paths[0].read_text()) == (0 < shape[0] < 200 and shape[1] > 0)
