"""Text measured and wrapped by the columns that it takes on a screen.

An ideograph, a kana or a Hangul syllable takes two columns, and a line may end after it, but not
before punctuation that closes something, nor after what opens it.
"""

import re
import unicodedata
from collections.abc import Iterator
from textwrap import TextWrapper

_OPENING = ("Ps", "Pi")
_CLOSING = ("Pe", "Pf", "Po")
"""Categories of punctuation; `Po` has stops, commas and dots."""
_NOT_FIRST = "\u30fc\u3005"  # marks that lengthen or repeat what is before them


def columns(text: str) -> int:
    """Return the columns that a text takes on a screen."""
    return len(text) if text.isascii() else sum(map(_width, text))


def wrap(text: str, width: int) -> list[str]:
    """Wrap a text to lines of at most `width` columns; a longer word is cut."""
    if columns(text) == len(text):
        return TextWrapper(width).wrap(text)
    lines: list[str] = []
    line = ""
    for piece in _unbroken(text):
        if line and columns((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line = line + piece if line else piece.lstrip()
        while columns(line.rstrip()) > width:
            length = prefix(line, width)
            lines.append(line[:length].rstrip())
            line = line[length:].lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def prefix(text: str, width: int) -> int:
    """Return how many characters of a text fit in `width` columns, at least one."""
    used = 0
    for length, character in enumerate(text):
        used += _width(character)
        if used > width:
            return max(1, length)
    return len(text)


def breaks(text: str) -> Iterator[int]:
    """Yield where a line may end between the characters of a text without a space."""
    for place in range(1, len(text)):
        before, after = text[place - 1], text[place]
        wide = _width(before) == 2 or _width(after) == 2
        spaced = before.isspace() or after.isspace()
        if wide and not spaced and not _sticks(before, after) and _width(after):
            yield place


def _sticks(before: str, after: str) -> bool:
    """Return whether no line may end between two characters."""
    return (
        unicodedata.category(before) in _OPENING
        or unicodedata.category(after) in _CLOSING
        or after in _NOT_FIRST
        or " SMALL " in unicodedata.name(after, "")  # kana that modify what is before them
    )


def _unbroken(text: str) -> Iterator[str]:
    """Yield the pieces of a text that stay on a line, each with the space after it."""
    for word in re.findall(r"\S+\s*|\s+", text):
        start = 0
        for place in breaks(word):
            yield word[start:place]
            start = place
        yield word[start:]


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
