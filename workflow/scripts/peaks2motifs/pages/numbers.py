"""Jinja filters: how the pages write numbers and words."""

from markupsafe import Markup

from peaks2motifs.core.limits import MIN_P
from peaks2motifs.core.tables import is_missing

DASH = "–"  # for a missing value
SPELT = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# Words of keys that pages write otherwise.
SPELLINGS = {"n": "N", "t": "T", "u": "U", "gc": "GC", "1bp": "1 bp"}


def metric(value: float | None) -> str:
    """Write a number with three decimals and no negative zero; a dash if it is missing."""
    return DASH if is_missing(value) else f"{value:z.3f}".replace("-", "−")


def count(value: float | None) -> str:
    """Write a whole number with thousands separators; a dash if it is missing."""
    return DASH if is_missing(value) else f"{int(value):,}"


def percent(value: float | None) -> str:
    """Write a fraction in percent; a dash if it is missing."""
    if is_missing(value):
        return DASH
    return "< 0.1 %" if 0 < value < 0.001 else f"{100 * value:.1f} %".replace(".0 %", " %")


def small(value: float | None) -> str | Markup:
    """Write a p- or q-value with two digits, in powers of ten below 0.001; a dash if missing."""
    if is_missing(value):
        return DASH
    if value <= MIN_P:
        return Markup("≤&nbsp;10<sup>−300</sup>")
    if value >= 0.001:
        return f"{value:.2g}"
    digits, exponent = f"{value:.1e}".split("e")
    return Markup(f"{digits}&nbsp;×&nbsp;10<sup>−{abs(int(exponent))}</sup>")


def text(value: object) -> str:
    """Write a cell as it is; a dash if it is missing."""
    return DASH if is_missing(value) else str(value)


def number_or_text(value: object) -> str:
    """Write a cell of a column that mixes numbers and words.

    Whole numbers have thousands separators, others four significant digits.
    """
    try:
        number = float(value)
    except (TypeError, ValueError):
        return text(value)
    if is_missing(number):
        return DASH
    return f"{number:,.0f}" if number.is_integer() else f"{number:.4g}"


def spell(number: int) -> str:
    """Write a small whole number as a word, others in digits."""
    return SPELT[number] if number < len(SPELT) else f"{number:,}"


def words(name: str) -> str:
    """Write a key of a table as words: "dropped_too_many_n" as "dropped too many N"."""
    return " ".join(SPELLINGS.get(word, word) for word in str(name).split("_"))


def keep_units(words: str) -> Markup:
    """Words of ours, with each number kept on one line with its percent sign."""
    return Markup(words.replace(" %", "\N{NO-BREAK SPACE}%"))


FILTERS = (metric, count, percent, small, text, number_or_text, spell, words)
