"""Numbers in words, by num2words; the one place that knows what it gets wrong.

Its commas (`one thousand, two hundred`) would be pauses, and it raises several kinds of error for
languages that lack a form: those numbers stay figures.
"""

from decimal import Decimal
from functools import lru_cache


@lru_cache(maxsize=4096)
def _words(number: str, to: str, language: str) -> str:
    from num2words import num2words  # noqa: PLC0415 - needed by few lines

    value = Decimal(number) if "." in number else int(number)
    try:
        told = str(num2words(value, to=to, lang=language))
    except (NotImplementedError, OverflowError, KeyError, ValueError, TypeError, IndexError):
        return ""
    return " ".join(told.replace(",", "").split())


def cardinal(number: int | str, language: str = "en") -> str:
    """Give `12` or `"3.14"` in words; empty where the language has none."""
    return _words(str(number), "cardinal", language)


def ordinal(number: int) -> str:
    """Give `21` as `twenty-first`."""
    return _words(str(number), "ordinal", "en")


def year(number: int) -> str:
    """Give `1905` as `nineteen oh-five`."""
    return _words(str(number), "year", "en")


def digits(written: str) -> str:
    """Give `007` as `zero zero seven`."""
    return " ".join(cardinal(int(digit)) for digit in written if digit.isdecimal())


def plural(word: str) -> str:
    """Give the last word of a number as several: `thirds`, `twenties`, `sixes`."""
    if word.endswith("y"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith("x") else "s")
