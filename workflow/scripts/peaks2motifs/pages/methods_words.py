"""Words and numbers as the sentences of a methods section write them."""

from collections.abc import Sequence


def join_words(words: Sequence) -> str:
    """Join words as in "a, b and c"."""
    *others, last = map(str, words)
    return f"{', '.join(others)} and {last}" if others else last


def format_range(values: Sequence[float], form: str) -> str:
    """Format the lowest and the highest value as in "1–5", or the only one."""
    return "–".join(dict.fromkeys(format(value, form) for value in (min(values), max(values))))


def format_percent(fraction: float) -> str:
    """Format a fraction as in "12.5%"."""
    return f"{100 * fraction:g}%"


def count_nouns(number: int, noun: str) -> str:
    """Count nouns as in "1 kernel" and "2 kernels"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
