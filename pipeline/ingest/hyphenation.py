"""Join words that are divided at the end of a line."""

import re
from collections.abc import Container, Sequence
from itertools import pairwise

from pipeline.core import numerals

_DASHES = ("—", "–", "-")
_LONGEST = 80  # characters of a word
_SHORT = 2
"""Letters of pieces that are too short to tell that they are words by themselves."""
_LAST = re.compile(r"([^\W_]+(?:['’-][^\W_]+)*)-\Z")
_FIRST = re.compile(r"\A[^\W\d_]+(?:['’-][^\W\d_]+)*")


def join_lines(lines: Sequence[str], words: Container[str]) -> str:
    """Return lines as one text, with the words that their ends divide joined.

    `words` are those, in lower case, that the book has in the middle of its lines: they tell
    `har-bour` from `twenty-five`. No space is added at a dash that has none on its other side.
    """
    pieces = [_before(line, after, words) for line, after in pairwise(lines)]
    return "".join([*pieces, *lines[-1:]])


def _before(line: str, after: str, words: Container[str]) -> str:
    """Return a line with what stands between it and the line after it."""
    last, first = _LAST.search(line[-_LONGEST:]), _FIRST.match(after)
    if last is None or first is None:
        closed = line.endswith(_DASHES) and not line[:-1].endswith(" ")
        opened = after.startswith(_DASHES) and not after[1:].startswith((" ", *_DASHES))
        return line if closed or opened else f"{line} "
    return line if is_compound(last[1], first[0], words) else line[:-1]


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
