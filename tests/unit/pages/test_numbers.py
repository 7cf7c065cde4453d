"""Numbers as they are written on pages."""

import numpy as np
import pytest
from peaks2motifs.pages.numbers import count, metric, number_or_text, percent, small, spell, words


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.05, "0.05"),
        (0.001, "0.001"),
        (3.21e-12, "3.2&nbsp;×&nbsp;10<sup>−12</sup>"),
        (1e-300, "≤&nbsp;10<sup>−300</sup>"),
        (float("nan"), "–"),
        (None, "–"),
    ],
)
def test_small_numbers(value, written):
    assert str(small(value)) == written


def test_numbers_and_missing_values():
    numbers = [0.93149, -0.2, -0.0004, np.nan]
    assert [metric(x) for x in numbers] == ["0.931", "−0.200", "0.000", "–"]
    assert [count(12345), count(0), count(None)] == ["12,345", "0", "–"]
    shares = [0, 0.0004, 0.0125, 0.08, np.nan]
    assert [percent(x) for x in shares] == ["0 %", "< 0.1 %", "1.2 %", "8 %", "–"]
    cells = ["1234", 0.00091, "genomic_gc", "", np.nan]
    assert [number_or_text(x) for x in cells] == ["1,234", "0.00091", "genomic_gc", "–", "–"]
    assert [spell(x) for x in (1, 10, 1234)] == ["one", "ten", "1,234"]
    assert words("dropped_too_many_n") == "dropped too many N"
