"""Small SVG of the pages: letter heights and positions, histograms of sites."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from peaks2motifs.pages import logos
from peaks2motifs.pages.logos import interval_svg


def parse(svg: str) -> ET.Element:
    """The root of well-formed SVG."""
    return ET.fromstring(svg)


def test_letter_heights_are_shares_of_the_information():
    ppm = np.array([[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0.25, 0.25, 0.25, 0.25], [0.5, 0.25, 0.25, 0]])
    expected = [[2, 0, 0, 0], [0.5, 0.5, 0, 0], [0, 0, 0, 0], [0.25, 0.125, 0.125, 0]]
    assert logos.letter_heights(ppm) == pytest.approx(np.array(expected))


def test_logo_places_letters_from_the_baseline_up_largest_on_top():
    svg = parse(logos.logo_svg(np.array([[0, 0, 0, 1], [0.8, 0.2, 0, 0]]), "TA"))
    letters = svg.findall("use")
    assert [letter.get("href") for letter in letters] == ["#gT", "#gC", "#gA"]
    numbers = [[float(x) for x in re.findall(r"-?[\d.]+", u.get("transform"))] for u in letters]
    heights, tops = [n[3] * 100 for n in numbers], [n[5] for n in numbers]
    # A whole column is 2 bits and 64 units high.
    assert heights[0] == pytest.approx(64)
    assert tops[0] == pytest.approx(0)
    assert tops[1] + heights[1] == pytest.approx(64, abs=0.2)
    assert tops[2] + heights[2] == pytest.approx(tops[1], abs=0.2)
    assert svg.get("aria-label") == "Logo TA"


def test_glyphs_are_defined_once_for_all_four_letters():
    paths = parse(logos.glyph_definitions()).findall("defs/path")
    assert [path.get("id") for path in paths] == ["gA", "gC", "gG", "gT"]
    assert [path.get("fill") for path in paths] == list(logos.COLOURS.values())
    for path in paths:
        numbers = [int(x) for x in re.findall(r"\d+", path.get("d"))]
        assert (min(numbers), max(numbers)) == (0, 100)


def test_position_histogram_counts_all_sites_round_a_central_bin():
    counts = logos.position_histogram(np.array([0, -1, 1, 99, -130]), window=200, bins=5)
    assert counts.tolist() == [1, 0, 3, 0, 1]


def test_histogram_draws_a_bar_for_each_filled_bin():
    svg = parse(logos.histogram_svg(np.array([0, 4, 2]), 200, "6 sites"))
    bars = svg.find("path").get("d")
    assert bars.count("M") == 2
    assert "v-44.0" in bars
    assert "v-22.0" in bars
    assert [text.text for text in svg.findall("text")] == ["−100", "0", "+100 bp"]


def test_histogram_without_sites_is_empty():
    assert parse(logos.histogram_svg(np.zeros(3, int), 200, "0 sites")).find("path").get("d") == ""


def test_a_table_of_logos_has_a_column_for_each_name_and_gaps():
    motif = np.eye(4)
    svg = logos.logo_table({"one": {0: motif, 7: motif}, "two": {7: motif}}, {"F1": 0, "F2": 7})
    root = ET.fromstring(svg)
    assert [text.text for text in root.findall("{*}text")] == ["F1", "F2", "one", "two"]
    assert svg.count('class="logo"') == 3
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"


def test_interval_bar_runs_from_one_half_to_one():
    bar = str(interval_svg(0.75, 0.4, 1.0))
    assert 'cx="60.0"' in bar
    assert "M4.0 7H116.0" in bar
