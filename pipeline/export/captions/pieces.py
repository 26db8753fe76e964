"""A line's text in pieces that a caption can show: two lines of 42 characters."""

import re
from collections.abc import Iterator
from textwrap import wrap

from pipeline.tts.segmentation import sentences

WIDTH = 42
"""Characters of a line of captions, as broadcasters have it."""
ROWS = 2
MOST = WIDTH * ROWS

_SPACE = re.compile(r"\s")
_CLAUSE = re.compile(r"[,;:.!?)\]—–…][\"'”’»]*\s")
_WORTH = 20
"""By how many characters a break after a clause may lie further off than one between words."""


def pieces(text: str, language: str = "en") -> list[str]:
    """Cut a text, on one line, into pieces that fit a caption; spaces at the cuts alone are lost.

    Sentences stay together where they fit, and are cut after a clause where they do not.
    """
    if fits(text):
        return [text]
    found: list[str] = []
    whole = False  # whether the last piece consists of whole sentences
    for sentence in sentences(text, language):
        if whole and fits(f"{found[-1]} {sentence}"):
            found[-1] += f" {sentence}"
            continue
        cut = list(_cut(sentence))
        found += cut
        whole = len(cut) == 1
    return found


def rows(text: str) -> list[str]:
    """Lay a piece out in rows of at most 42 characters and about the same length."""
    for width in range((len(text) + 1) // 2, WIDTH):
        found = wrap(text, width) if len(text) > WIDTH else [text]
        if len(found) <= ROWS:
            return found
    return wrap(text, WIDTH)


def fits(text: str) -> bool:
    """Whether a text can be laid out in two rows."""
    return len(text) <= MOST and len(wrap(text, WIDTH)) <= ROWS


def _cut(sentence: str) -> Iterator[str]:
    """Cut a sentence into pieces of about one length."""
    start = 0
    while not fits(left := sentence[start : start + MOST + 1]):
        at = _break(left, len(sentence) - start)
        yield sentence[start : start + at].rstrip()
        start += at
    yield left


def _break(left: str, length: int) -> int:
    """Give where to cut what is left, of which `left` is the beginning and `length` the length."""
    aim = length / -(-length // (MOST * 7 // 8))
    clauses = {found.end() for found in _CLAUSE.finditer(left)}
    places = [found.end() for found in _SPACE.finditer(left) if fits(left[: found.start()])]
    if not places:
        return WIDTH  # a word that is longer than a caption
    return min(places, key=lambda at: abs(at - aim) - _WORTH * (at in clauses))
