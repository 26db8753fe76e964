"""Numbers as headings write them: `12`, `XII`, `twelve`, `Twelfth`."""

import re
from functools import cache

LARGEST = 399
"""No book counts its chapters further; beyond lie years, and words such as `MIX` or `DC`."""

_ROMAN = re.compile(r"(C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_VALUES = {"C": 100, "L": 50, "X": 10, "V": 5, "I": 1}


@cache
def _words() -> dict[str, int]:
    """Return the English words for 1 to 99, cardinal and ordinal, with their values."""
    from num2words import num2words  # noqa: PLC0415 - a twentieth of a second, only for headings

    numbers = range(1, 100)
    return {num2words(n, to=form): n for form in ("cardinal", "ordinal") for n in numbers}


def roman(numeral: str) -> int | None:
    """The value of a well-formed roman numeral in one case, or None."""
    upper = numeral.upper()
    if numeral not in {upper, numeral.lower()} or not upper or not _ROMAN.fullmatch(upper):
        return None
    values = [_VALUES[letter] for letter in upper]
    # A smaller value before a larger one is taken away: IX, XC.
    following = [*values[1:], 0]
    return sum(-v if v < after else v for v, after in zip(values, following, strict=True))


def word(spelled: str) -> int | None:
    """The value of `Twenty-One`, `twenty one` or `first`, or None."""
    return _words().get("-".join(spelled.lower().split()))


def value(written: str) -> int | None:
    """The value of digits, a roman numeral or a word, at most `LARGEST`; else None."""
    if written.isascii() and written.isdigit():
        number = int(written) if len(written) <= 4 else 0
        return number if 0 < number <= LARGEST else None
    return roman(written) or word(written)
