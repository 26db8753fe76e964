"""Parse numbers as headings write them: `12`, `XII`, `twelve`, `Twelfth`, `十二`."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal

MAX_VALUE = 399
"""Largest number that stands alone; beyond it are years, and words such as `MIX` or `DC`."""
MAX_NUMBERED = 9999
"""Largest number after a word such as `chapter`."""
_MAX_IN_WORDS = 199

Form = Literal["cardinal", "ordinal"]

_ROMAN = re.compile(r"(M{0,3})(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_VALUES = {"M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1}
_HUNDREDS = re.compile(r"(?:(.+?)-)?hundred(?:th)?(?:-and)?(?:-(.+))?")
_IDEOGRAPHS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "两": 2,
    "兩": 2,
}
_MULTIPLES = {"十": 10, "百": 100, "千": 1000}
IDEOGRAPHIC = "".join((*_IDEOGRAPHS, *_MULTIPLES))
"""The characters of Chinese and Japanese numbers."""


@cache
def spelled(code: str, form: Form) -> Mapping[str, int]:
    """Map the words for 1 to 199 in the language of that code, in lower case, to their values."""
    from num2words import num2words  # noqa: PLC0415 - 0.05 s: it imports all of its languages

    return {num2words(n, lang=code, to=form).lower(): n for n in range(1, _MAX_IN_WORDS + 1)}


def roman(numeral: str, largest: int = MAX_VALUE) -> int | None:
    """Return the value of a well-formed Roman numeral in one case, up to `largest`, or None."""
    upper = numeral.upper()
    if numeral not in {upper, numeral.lower()} or not upper or not _ROMAN.fullmatch(upper):
        return None
    values = [_VALUES[letter] for letter in upper]
    # A smaller value before a larger one is subtracted: IX, XC.
    following = [*values[1:], 0]
    value = sum(-v if v < after else v for v, after in zip(values, following, strict=True))
    return value if value <= largest else None


def word(written: str, forms: Iterable[Form] = ("cardinal", "ordinal")) -> int | None:
    """Return the value of `Twenty-One`, `one hundred and first`, `first`, at most 999, or None."""
    words = "-".join(re.split(r"[\s-]+", written.lower()))
    hundreds = _HUNDREDS.fullmatch(words)
    if hundreds is None:
        return next((n for form in forms if (n := _below_hundred(words, form))), None)
    count = 1 if hundreds[1] in {None, "a"} else _below_hundred(hundreds[1], "cardinal")
    rest = word(hundreds[2], forms) if hundreds[2] else 0
    if count is None or rest is None or count > 9 or rest > 99:
        return None
    return 100 * count + rest


def _below_hundred(words: str, form: Form) -> int | None:
    value = spelled("en", form).get(words)
    return value if value is not None and value < 100 else None


def ideographic(written: str) -> int | None:
    """Return the value of a Chinese or Japanese number, `十二` or `一〇三`, or None."""
    if not written or not set(written) <= set(IDEOGRAPHIC):
        return None
    if not set(written) & set(_MULTIPLES):
        number = int("".join(str(_IDEOGRAPHS[char]) for char in written))
        return number if 0 < number <= MAX_NUMBERED else None
    total, digit = 0, None
    for char in written:
        if char in _MULTIPLES:
            total += (1 if digit is None else digit) * _MULTIPLES[char]
            digit = None
        else:
            digit = _IDEOGRAPHS[char] or None  # the zero of `一百零一` only holds a place
    return total + (digit or 0)


def value(written: str, largest: int = MAX_VALUE) -> int | None:
    """Return the value of digits, a Roman numeral or words, at most `largest`, or None."""
    if written.isascii() and written.isdigit():
        number = int(written) if len(written) <= 6 else 0
        return number if 0 < number <= largest else None
    numeral = roman(written, largest) or word(written)
    return numeral if numeral is not None and numeral <= largest else None
