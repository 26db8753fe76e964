"""The text of a book with its typography normalised.

The analysis counts characters and looks at punctuation. Here every line end is a space, every
speech has straight double quote marks, every apostrophe is straight and `core.typography` folds the
rest, so that a book has the same speakers however it is set.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from pipeline.core.typography import fold
from pipeline.dialogue.quotations.spans import Span

_SINGLE_MARKS = "‘’‚‛`"
_DOUBLE_MARKS = '"“”„‟＂«»「」'
_IN_NARRATION = str.maketrans(dict.fromkeys(_SINGLE_MARKS, "'") | dict.fromkeys(_DOUBLE_MARKS, '"'))
_IN_SPEECH = str.maketrans(dict.fromkeys(_SINGLE_MARKS + _DOUBLE_MARKS, "'"))
_WHITE_SPACE = re.compile(r"\s+")


def plain(text: str, spans: Sequence[Span]) -> tuple[str, tuple[Span, ...]]:
    """Return the normalised text of `spans`, and the spans moved to where they are in it.

    They keep their order and number. Text outside all spans is left out.
    """
    parts: list[str] = []
    moved: list[Span] = []
    at = 0
    for _, group in groupby(spans, key=lambda span: span.place):
        at = _append_paragraph(text, group, parts, moved, at)
    return "".join(parts), tuple(moved)


def _append_paragraph(
    text: str, spans: Iterable[Span], parts: list[str], moved: list[Span], at: int
) -> int:
    """Append a paragraph at offset `at` of the new text, and return the offset after it."""
    gap = ""
    for span in spans:
        mark = '"' if span.speech else ""
        words = _WHITE_SPACE.sub(" ", fold(text[span.start : span.end]))
        words = words.translate(_IN_SPEECH if span.speech else _IN_NARRATION)
        parts += (gap, mark, words, mark)
        start = at + len(gap) + len(mark)
        at = start + len(words) + len(mark)
        moved.append(replace(span, start=start, end=start + len(words)))
        gap = " "
    parts.append("\n\n")
    return at + 2
