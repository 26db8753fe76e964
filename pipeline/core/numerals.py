"""Numerals as headings write them: `12`, `XII`, `twelve`, `Twelfth`."""

import re

LARGEST = 399
"""The largest chapter number; beyond it lie years, and words such as `MIX` or `DC`."""

_ROMAN = re.compile(r"(C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_VALUES = {"C": 100, "L": 50, "X": 10, "V": 5, "I": 1}
_UNITS = re.findall(
    r"\w+",
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def _ordinal(word: str) -> str:
    """Return the ordinal of a cardinal: `twenty-first` for `twenty-one`."""
    head, hyphen, last = word.rpartition("-")
    regular = last[:-1] + "ieth" if last.endswith("y") else last + "th"
    return head + hyphen + _ORDINALS.get(last, regular)


def _spelled() -> dict[str, int]:
    """Return the words for 1 to 99, cardinal and ordinal, with their values."""
    cardinals = {word: value for value, word in enumerate(_UNITS, 1)}
    for tens, word in enumerate(_TENS, 2):
        cardinals[word] = 10 * tens
        cardinals |= {f"{word}-{unit}": 10 * tens + n for n, unit in enumerate(_UNITS[:9], 1)}
    return cardinals | {_ordinal(word): value for word, value in cardinals.items()}


_WORDS = _spelled()


def roman(numeral: str) -> int | None:
    """Return the value of a well-formed roman numeral in one letter case, or None."""
    upper = numeral.upper()
    if numeral not in {upper, numeral.lower()} or not upper or not _ROMAN.fullmatch(upper):
        return None
    values = [_VALUES[letter] for letter in upper]
    # A smaller value before a larger one is subtracted: IX, XC.
    following = [*values[1:], 0]
    return sum(-v if v < after else v for v, after in zip(values, following, strict=True))


def word(spelled: str) -> int | None:
    """Return the value of `Twenty-One`, `twenty one` or `first`, or None."""
    return _WORDS.get("-".join(spelled.lower().split()))


def value(written: str) -> int | None:
    """Return the value of digits, a roman numeral or a word; None if invalid or over `LARGEST`."""
    if written.isascii() and written.isdigit():
        number = int(written) if len(written) <= 4 else 0
        return number if 0 < number <= LARGEST else None
    return roman(written) or word(written)
