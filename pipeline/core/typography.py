"""Folding of typography: what a text looks like, reduced to the characters that it means.

Invisible characters are dropped, ligatures, full-width forms and unusual spaces and hyphens become
ordinary characters, and a letter with a combining accent becomes one character (Unicode NFC).
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufe0e\ufe0f\ufeff"
)
"""Soft hyphen, zero-width and bidirectional marks, variation selectors, byte order mark."""

_COMBINING = "\u0300-\u034e\u0350-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_COMPATIBLE = (
    "\u00a0\u017f\u2000-\u200a\u2011\u202f\u205f\u2126\u212a\u212b\u2160-\u217f\u3000\ufb00-\ufb06"
    "\uff01-\uff5e\U0001d400-\U0001d7ff"
)
_LOOKALIKES = {  # which Unicode keeps apart even in NFKC
    "\u2010": "-",
    "\u02bc": "\u2019",
    "\u02b9": "'",
    "\u2032": "'",
    "\u02ba": '"',
    "\u2033": '"',
    "\u275d": "\u201c",
    "\u275e": "\u201d",
}


@cache
def _odd() -> re.Pattern[str]:
    """Return the pattern of the stretches that folding may change."""
    accented = f"[^{INVISIBLE}{_COMBINING}\\s]?(?:[{INVISIBLE}]*[{_COMBINING}])+[{INVISIBLE}]*"
    return re.compile(
        f"{accented}|[{INVISIBLE}]+|[{_COMPATIBLE}{''.join(map(re.escape, _LOOKALIKES))}]"
    )


_COMPATIBLE_CHARACTER = re.compile(f"[{_COMPATIBLE}]")
_REPLACEMENTS = str.maketrans(dict.fromkeys(INVISIBLE, "") | _LOOKALIKES)


def fold(text: str) -> str:
    """Return `text` with its typography folded."""
    if text.isascii():
        return text
    return _odd().sub(lambda match: _folded(match[0]), text)


def folded_pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Yield `text[start:end]` in pieces: the offsets of each in `text`, and what it folds to.

    A piece that folding changes is as short as possible. Together they make up `fold`.
    """
    if not text.isascii():
        for odd in _odd().finditer(text, start, end):
            if start < odd.start():
                yield start, odd.start(), text[start : odd.start()]
            folded = _folded(odd[0])
            if folded:
                yield odd.start(), odd.end(), folded
            start = odd.end()
    if start < end:
        yield start, end, text[start:end]


def _folded(odd: str) -> str:
    ordinary = _COMPATIBLE_CHARACTER.sub(lambda char: unicodedata.normalize("NFKC", char[0]), odd)
    return unicodedata.normalize("NFC", ordinary.translate(_REPLACEMENTS))


_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "þ": "th", "ß": "ss"}
    | {"æ": "ae", "œ": "oe"}
)
"""Lower-case letters that Unicode does not decompose into a plain one and a mark."""


def without_diacritics(word: str) -> str:
    """Return a lower-case word in plain letters: `thérèse` as `therese`."""
    if word.isascii():
        return word
    letters = unicodedata.normalize("NFKD", word.translate(_UNDECOMPOSED))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
