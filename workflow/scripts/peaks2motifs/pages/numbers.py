"""Numbers and words as the pages write them."""

from markupsafe import Markup

from peaks2motifs.core.limits import MIN_P
from peaks2motifs.core.tables import is_missing

DASH = "–"


SPELLINGS = {"n": "N", "t": "T", "u": "U", "gc": "GC", "1bp": "1 bp"}


def metric(value: float | None) -> str:
    """A number with three decimals, zero without a sign, or a dash."""
    return DASH if is_missing(value) else f"{value:z.3f}".replace("-", "−")


def count(value: float | None) -> str:
    """A whole number with its thousands set apart, or a dash."""
    return DASH if is_missing(value) else f"{int(value):,}"


def percent(value: float | None) -> str:
    """A fraction in percent, or a dash."""
    if is_missing(value):
        return DASH
    return "< 0.1 %" if 0 < value < 0.001 else f"{100 * value:.1f} %".replace(".0 %", " %")


def small(value: float | None) -> str | Markup:
    """A p- or q-value: two digits, powers of ten below 0.001, or a dash."""
    if is_missing(value):
        return DASH
    if value <= MIN_P:
        return Markup("≤&nbsp;10<sup>−300</sup>")
    if value >= 0.001:
        return f"{value:.2g}"
    digits, exponent = f"{value:.1e}".split("e")
    return Markup(f"{digits}&nbsp;×&nbsp;10<sup>−{abs(int(exponent))}</sup>")


def text(value: object) -> str:
    """A cell as it is, or a dash."""
    return DASH if is_missing(value) else str(value)


def figure(value: object) -> str:
    """A cell of a column of mixed numbers and words: numbers to four digits or with thousands."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return text(value)
    if is_missing(number):
        return DASH
    return f"{number:,.0f}" if number.is_integer() else f"{number:.4g}"


def words(name: str) -> str:
    """A table's key as words: "dropped_too_many_n" reads "dropped too many N"."""
    return " ".join(SPELLINGS.get(word, word) for word in str(name).split("_"))


def keep_units(words: str) -> Markup:
    """Words of ours, with each number kept on one line with its percent sign."""
    return Markup(words.replace(" %", "\N{NO-BREAK SPACE}%"))


FILTERS = (metric, count, percent, small, text, figure, words)
