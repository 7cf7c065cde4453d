"""Figures of attributions: letter heights, the region shown, and reproducible bytes."""

import numpy as np
import pytest
from peaks2motifs.core.sequences import encode
from peaks2motifs.pages import attribution_figures as figures

CODES = encode(["AN"])[0]


@pytest.mark.parametrize(
    ("method", "values", "height"),
    [
        ("gradient_x_input", [2, 0, 0, 0], 2),
        ("integrated_gradients", [2, -0.5, 0, 0], 1.5),
        ("mutagenesis", [0, -3, -1, 1], 1),
    ],
)
def test_letters_have_their_height_at_the_reference_base(method, values, height):
    heights = figures.letter_scores(method, np.array([values, [0, 0, 0, 0]], float), CODES)
    assert heights.tolist() == [[height, 0, 0, 0], [0, 0, 0, 0]]


def test_the_strongest_region_is_shown():
    values = np.zeros((10, 4))
    values[6, 1], values[8, 0], values[0, 0] = 1, -2, 2.5
    assert figures.strongest_region(values, 3) == slice(6, 9)
    assert figures.strongest_region(values, 20) == slice(0, 10)


@pytest.mark.parametrize("length", [30, 230])
def test_figure_is_reproducible_and_labelled(length, tmp_path):
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 5, length).astype(np.uint8)
    attributions = {name: rng.normal(size=(length, 4)) for name in ("saliency", "mutagenesis")}
    for path in ("a.svg", "b.svg"):
        figures.plot_attributions("window", codes, attributions, True, str(tmp_path / path))
    first = (tmp_path / "a.svg").read_text()
    assert first == (tmp_path / "b.svg").read_text()
    assert "saliency: " in first
    assert "k-mers" in first
    assert ("of 230" in first) == (length == 230)
    assert "integrated gradients</text>" not in first


def test_inputs_are_drawn_with_their_warning(tmp_path):
    ppm = np.full((2, 12, 4), 0.25)
    ppm[:, 3] = [0.1, 0.1, 0.7, 0.1]
    figures.plot_inputs(["logit, unit 0", "head, unit 1"], ppm, str(tmp_path / "a.svg"))
    svg = (tmp_path / "a.svg").read_text()
    assert [words for words in ("head, unit 1", figures.WARNING) if words not in svg] == []


def test_letters_are_stacked_from_0_largest_on_top():
    _, axes = figures.new_strips([1], slice(0, 1))
    figures.draw_letters(axes[0], np.array([[0.5, 0, 1.0, 0]]), 0)
    spans = [
        (path.vertices[:, 1].min(), path.vertices[:, 1].max())
        for letters in axes[0].collections
        for path in letters.get_paths()
    ]
    assert spans == [pytest.approx((0, 0.5)), pytest.approx((0.5, 1.5))]
