"""Captions laid out: a line's text cut to two rows of 42 characters."""

import re
from collections.abc import Iterator
from textwrap import wrap

from sentencex import segment

WIDTH = 42
"""Characters per row, as broadcasters have it."""
ROWS = 2
MAX_CHARACTERS = WIDTH * ROWS

_SPACE = re.compile(r"\s")
_CLAUSE_END = re.compile(r"[,;:.!?)\]—–…][\"'”’»]*\s")
_CLAUSE_BONUS = 20
"""Characters by which a cut after a clause may be further off than one between words."""


def caption_texts(text: str, language: str = "en") -> list[str]:
    """Cut a text, on one line, into captions; only spaces at the cuts are lost.

    Sentences stay whole if they fit, and are otherwise cut after a clause.
    """
    if fits(text):
        return [text]
    captions: list[str] = []
    whole = False  # whether the last caption consists of whole sentences
    for sentence in _sentences(text, language):
        if whole and fits(f"{captions[-1]} {sentence}"):
            captions[-1] += f" {sentence}"
            continue
        pieces = list(_pieces(sentence))
        captions += pieces
        whole = len(pieces) == 1
    return captions


def rows(text: str) -> list[str]:
    """Return a caption in rows of at most 42 characters and about the same length."""
    for width in range((len(text) + 1) // 2, WIDTH):
        lines = wrap(text, width) if len(text) > WIDTH else [text]
        if len(lines) <= ROWS:
            return lines
    return wrap(text, WIDTH)


def fits(text: str) -> bool:
    """Return whether a text fits in one caption."""
    return len(text) <= MAX_CHARACTERS and len(wrap(text, WIDTH)) <= ROWS


def _sentences(text: str, language: str) -> Iterator[str]:
    for sentence in segment(language, text):
        if sentence.strip():
            yield sentence.strip()


def _pieces(sentence: str) -> Iterator[str]:
    """Cut a sentence into captions of about the same length."""
    start = 0
    while not fits(ahead := sentence[start : start + MAX_CHARACTERS + 1]):
        length = _cut(ahead, len(sentence) - start)
        yield sentence[start : start + length].rstrip()
        start += length
    yield ahead


def _cut(ahead: str, left: int) -> int:
    """Return where to cut a text of which `left` characters are left and `ahead` are the first."""
    ideal = left / -(-left // (MAX_CHARACTERS * 7 // 8))
    after_clauses = {match.end() for match in _CLAUSE_END.finditer(ahead)}
    after_words = [match.end() for match in _SPACE.finditer(ahead) if fits(ahead[: match.start()])]
    if not after_words:
        return WIDTH  # a word that is longer than a caption
    return min(
        after_words,
        key=lambda place: abs(place - ideal) - _CLAUSE_BONUS * (place in after_clauses),
    )
