"""Pictures of kernels: who is in which group, where lines and bars are, that they are light."""

import time
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from peaks2motifs.pages import kernel_figures as figures

SVG = "{http://www.w3.org/2000/svg}"
PPM = np.array([[0.7, 0.1, 0.1, 0.1], [0, 1, 0, 0], [0, 0, 0, 1]])
LABELS = np.array([[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 0], [0, 0, 1]])


def draw(positions: int = 30) -> str:
    rng = np.random.default_rng(0)
    mean, spread = rng.random((2, 2, positions))
    mean[:, -2:] = np.nan
    best = [rng.random(50), rng.random(200), np.empty(0)]
    return figures.kernel_svg(
        "kernel k001",
        PPM,
        np.array([0, 0, 5]),
        (mean, spread, -14),
        best,
        ["peaks", "a & b", "c"],
        30,
    )


def test_peaks_and_background_are_two_groups():
    group, names = figures.group_windows(np.array([1, 0, 1]), [], None)
    assert (group.tolist(), names) == ([0, 1, 0], ["peaks", "background"])


def test_classes_mixtures_and_background_are_groups_own_class_first():
    group, names = figures.group_windows(LABELS, ["x", "y", "z"], "y")
    assert [names[g] for g in group] == ["x", "y", "several classes", "background", "z"]
    assert names[0] == "y"
    group, names = figures.group_windows(LABELS[:2], ["x", "y", "z"], "y")
    assert names == ["y", "x"]


def test_one_of_many_classes_is_told_apart_from_all_others(monkeypatch):
    monkeypatch.setattr(figures, "MAX_CLASSES", 2)
    group, names = figures.group_windows(LABELS, ["x", "y", "z"], "y")
    assert [names[g] for g in group] == ["other classes", "y", "y", "background", "other classes"]


def test_background_has_its_colour_wherever_it_is():
    colours = figures.group_colours(["y", "x", "several classes", "background"])
    assert colours[3] == figures.BACKGROUND_COLOUR
    assert len(set(colours)) == 4


def test_picture_is_well_formed_says_what_it_shows_and_repeats():
    svg = draw()
    root = ET.fromstring(svg)
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert {"kernel k001", "best sites in peaks: 3", "peaks", "a & b", "200", "0"} <= set(texts)
    assert svg == draw()


def test_long_maps_are_thinned():
    assert len(draw(5000)) < 2 * len(draw(500))
    assert figures.average_bins(np.arange(400.0)[None])[0, :2].tolist() == [0.5, 2.5]


def test_density_is_highest_where_the_values_are():
    levels = np.linspace(0, 1, 60)
    found = figures.density(np.array([0.2] * 10 + [0.8] * 5), levels)
    assert levels[found.argmax()] == pytest.approx(0.2, abs=0.02)
    assert found.max() == 1
    at = np.abs(levels - 0.8).argmin()
    assert 0.4 < found[at] < 0.7


def test_hundreds_of_kernels_take_seconds():
    start = time.process_time()
    for _ in range(50):
        draw(1000)
    assert time.process_time() - start < 2
