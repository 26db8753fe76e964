"""Captions laid out: a line's text cut to two rows of 42 columns, which 21 ideographs take."""

import re
from collections.abc import Iterator

from sentencex import segment

from pipeline.export.captions.columns import breaks, columns, prefix, wrap

WIDTH = 42
"""Columns per row, as broadcasters have it."""
ROWS = 2
MAX_COLUMNS = WIDTH * ROWS

_SPACE = re.compile(r"\s")
_CLAUSE_END = re.compile(
    r"[,;:.!?)\]—–…][\"'”’»]*\s"
    r"|[\u3001\u3002\uff0c\uff01\uff1f\uff1a\uff1b…][\u300d\u300f\uff09”’]*"  # 、。 and the like
)
_CLAUSE_BONUS = 20
"""Columns by which a cut after a clause may be further off than one between words."""


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
            space = "" if captions[-1] + sentence in text else " "  # Chinese has none
            captions[-1] += space + sentence
            continue
        pieces = list(_pieces(sentence))
        captions += pieces
        whole = len(pieces) == 1
    return captions


def rows(text: str) -> list[str]:
    """Return a caption in rows of at most 42 columns and about the same length."""
    length = columns(text)
    for width in range((length + 1) // 2, WIDTH):
        lines = wrap(text, width) if length > WIDTH else [text]
        if len(lines) <= ROWS:
            return lines
    return wrap(text, WIDTH)


def fits(text: str) -> bool:
    """Return whether a text fits in one caption."""
    return columns(text) <= MAX_COLUMNS and len(wrap(text, WIDTH)) <= ROWS


def _sentences(text: str, language: str) -> Iterator[str]:
    for sentence in segment(language, text):
        if sentence.strip():
            yield sentence.strip()


def _pieces(sentence: str) -> Iterator[str]:
    """Cut a sentence into captions of about the same length."""
    start = 0
    left = columns(sentence)
    while not fits(ahead := sentence[start : start + MAX_COLUMNS + 1]):
        length = _cut(ahead, left)
        left -= columns(sentence[start : start + length])
        yield sentence[start : start + length].rstrip()
        start += length
    yield ahead


def _cut(ahead: str, left: int) -> int:
    """Return where to cut a text of which `left` columns are left and `ahead` is the beginning."""
    ideal = left / -(-left // (MAX_COLUMNS * 7 // 8))
    after_clauses = {match.end() for match in _CLAUSE_END.finditer(ahead)}
    after_words = [match.end() for match in _SPACE.finditer(ahead)] + list(breaks(ahead))
    fitting = [place for place in after_words if fits(ahead[:place].rstrip())]
    if not fitting:
        return prefix(ahead, WIDTH)  # a word that is longer than a caption
    return min(
        fitting,
        key=lambda place: (
            abs(columns(ahead[:place]) - ideal) - _CLAUSE_BONUS * (place in after_clauses)
        ),
    )
