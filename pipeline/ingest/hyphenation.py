"""Join words that are divided at the end of a line."""

import re
from collections.abc import Container

from pipeline.core import numerals

_DASHES = ("—", "–", "-")
_SHORT = 2
"""Letters of pieces that are too short to tell that they are words by themselves."""
_LAST = re.compile(r"([^\W_]+(?:['’-][^\W_]+)*)-\Z")
_FIRST = re.compile(r"\A[^\W\d_]+(?:['’-][^\W\d_]+)*")


def join_lines(before: str, after: str, words: Container[str]) -> str:
    """Return a line and the next one as one, with a word that they divide joined.

    `words` are those, in lower case, that the book has in the middle of its lines: they tell
    `har-bour` from `twenty-five`. No space is added at a dash that has none on its other side.
    """
    last = _LAST.search(before)
    first = _FIRST.match(after)
    if last is None or first is None:
        closed = before.endswith(_DASHES) and not before[:-1].endswith(" ")
        opened = after.startswith(_DASHES) and not after[1:].startswith((" ", *_DASHES))
        return f"{before}{after}" if closed or opened else f"{before} {after}"
    if is_compound(last[1], first[0], words):
        return f"{before}{after}"
    return f"{before[:-1]}{after}"


def is_compound(left: str, right: str, words: Container[str]) -> bool:
    """Whether the hyphen between two pieces belongs to the word: `twenty-five`, `Jean-Paul`."""
    joined, hyphenated = f"{left}{right}".lower(), f"{left}-{right}".lower()
    if hyphenated in words or joined in words:
        return joined not in words
    if right[:1].isupper() or not left[-1:].isalpha():
        return True
    if "-" in left or "-" in right:  # `sister-in-` and `law`, but also `far-gleam-` and `ing`
        return (right if "-" in left else left).lower() in words
    if min(len(left), len(right)) > _SHORT and left.lower() in words and right.lower() in words:
        return True
    return numerals.value(left) is not None and numerals.value(right) is not None
