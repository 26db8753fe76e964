"""Join the lines of a paragraph, and the words that their ends divide."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from pipeline.ingest.hyphenation import joint

_DASHES = ("—", "–", "-")
_LONGEST = 80  # characters of a word
_LAST = re.compile(r"([^\W\d_]+(?:['’-][^\W\d_]+)*)-\Z")
_FIRST = re.compile(r"\A[^\W\d_]+(?:['’-][^\W\d_]+)*")


def join_lines(lines: Sequence[str], own: Mapping[str, int]) -> str:
    """Return lines as one text, with the words that their ends divide joined.

    `own` are the words that the book has in the middle of its lines, in lower case, and how often.
    No space is added at a dash that has none on its other side.
    """
    pieces = [_before(line, after, own) for line, after in pairwise(lines)]
    return "".join([*pieces, *lines[-1:]])


def _before(line: str, after: str, own: Mapping[str, int]) -> str:
    """Return a line with what stands between it and the line after it."""
    last, first = _LAST.search(line[-_LONGEST:]), _FIRST.match(after)
    if last is None or first is None:
        closed = line.endswith(_DASHES) and not line[:-1].endswith(" ")
        opened = after.startswith(_DASHES) and not after[1:].startswith((" ", *_DASHES))
        return line if closed or opened else f"{line} "
    hyphen = joint(last[1], first[0], own)
    return f"{line} " if hyphen is None else line[:-1] + hyphen
