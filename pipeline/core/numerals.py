"""Parse numbers as headings write them: `12`, `XII`, `twelve`, `Twelfth`."""

import re
from collections.abc import Mapping
from functools import cache

MAX_VALUE = 399
"""Largest chapter number; beyond it are years, and words such as `MIX` or `DC`."""
_MAX_IN_WORDS = 99

_ROMAN = re.compile(r"(C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_VALUES = {"C": 100, "L": 50, "X": 10, "V": 5, "I": 1}


@cache
def _spelled() -> Mapping[str, int]:
    """Map the words for 1 to 99, cardinal and ordinal, to their values."""
    from num2words import num2words  # noqa: PLC0415 - 0.05 s: it imports all of its languages

    numbers = range(1, _MAX_IN_WORDS + 1)
    return {num2words(n, to=form): n for form in ("cardinal", "ordinal") for n in numbers}


def roman(numeral: str) -> int | None:
    """Return the value of a well-formed Roman numeral in one case, or None."""
    upper = numeral.upper()
    if numeral not in {upper, numeral.lower()} or not upper or not _ROMAN.fullmatch(upper):
        return None
    values = [_VALUES[letter] for letter in upper]
    # A smaller value before a larger one is subtracted: IX, XC.
    following = [*values[1:], 0]
    return sum(-v if v < after else v for v, after in zip(values, following, strict=True))


def word(spelled: str) -> int | None:
    """Return the value of `Twenty-One`, `twenty one` or `first`, at most 99, or None."""
    return _spelled().get("-".join(spelled.lower().split()))


def value(written: str) -> int | None:
    """Return the value of digits, a Roman numeral or words, at most `MAX_VALUE`, or None."""
    if written.isascii() and written.isdigit():
        number = int(written) if len(written) <= 4 else 0
        return number if 0 < number <= MAX_VALUE else None
    return roman(written) or word(written)
