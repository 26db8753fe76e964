"""Numbers in words, by num2words; the only module that knows where its output needs correction.

Its commas (`one thousand, two hundred`) would become pauses. For languages that lack a form it
raises several kinds of error; those numbers stay figures.
"""

import unicodedata
from decimal import Decimal
from functools import lru_cache

_NAMED_DENOMINATORS = {2: ("half", "halves"), 4: ("quarter", "quarters")}


@lru_cache(maxsize=4096)
def _words(number: str, to: str, language: str) -> str:
    from num2words import num2words  # noqa: PLC0415 - a twentieth of a second, and few lines need it

    value = Decimal(number) if "." in number else int(number)
    try:
        words = str(num2words(value, to=to, lang=language))
    except (NotImplementedError, OverflowError, KeyError, ValueError, TypeError, IndexError):
        return ""
    return " ".join(words.replace(",", "").split())


def cardinal(number: int | str, language: str = "en") -> str:
    """Return `12` or `"3.14"` in words, or an empty string if the language has no form for it."""
    return _words(str(number), "cardinal", language)


def ordinal(number: int) -> str:
    """Return 21 as `twenty-first`."""
    return _words(str(number), "ordinal", "en")


def year(number: int) -> str:
    """Return 1905 as `nineteen oh-five`."""
    return _words(str(number), "year", "en")


def oh(number: int) -> str:
    """Return 5 as `oh five` and 15 as `fifteen`: minutes, and the end of a year."""
    return f"oh {cardinal(number)}" if number < 10 else cardinal(number)


def pairwise(written: str) -> str:
    """Return `101` as `one oh one`, `747` as `seven forty-seven`, `1549` as `fifteen forty-nine`.

    So are rooms, flights and models read; round numbers and those of other lengths are cardinals.
    """
    head, tail = written[:-2], int(written[-2:])
    if len(written) not in {3, 4} or written.startswith("0"):
        return cardinal(int(written))
    if not tail:
        hundreds = len(written) == 4 and not head.endswith("0")
        return f"{cardinal(int(head))} hundred" if hundreds else cardinal(int(written))
    return f"{cardinal(int(head))} {oh(tail)}"


def digits(written: str) -> str:
    """Return `007` as `zero zero seven`."""
    return " ".join(cardinal(int(digit)) for digit in written if digit.isdecimal())


def plural(word: str) -> str:
    """Return the plural of a number's last word: `thirds`, `twenties`, `sixes`."""
    if word.endswith("y"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith("x") else "s")


def counted(number: int, singular: str, several: str) -> str:
    """Return 1 with `singular`, any other number with `several`: `two pounds`."""
    return f"{cardinal(number)} {singular if number == 1 else several}"


def fraction(numerator: int, denominator: int, one: str = "one") -> str:
    """Return 3, 4 as `three quarters`; `one` is the word for a numerator of 1: `one` or `a`."""
    last = ordinal(denominator)
    singular, plural_form = _NAMED_DENOMINATORS.get(denominator, (last, plural(last)))
    return f"{one} {singular}" if numerator == 1 else f"{cardinal(numerator)} {plural_form}"


def vulgar_fraction(character: str, one: str = "one") -> str:
    """Return `¾` as `three quarters`, or an empty string if it is not a whole fraction."""
    numerator, _, denominator = unicodedata.normalize("NFKC", character).partition("\u2044")
    if not numerator or not denominator:
        return ""
    return fraction(int(numerator), int(denominator), one)
