"""The text of a book in one manner of writing, whatever the manner it was written in.

Evidence counts characters and looks at marks. Here every line end is a space, every speech stands
in straight double marks and every apostrophe is straight, so that a book has the same speakers
however it is wrapped and whichever marks it uses.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from pipeline.dialogue.quotations.spans import Span

_SINGLE = dict.fromkeys(map(ord, "‘’‚‛`"), "'")
_DOUBLE = map(ord, '"“”„‟＂«»「」')
_NARRATED = _SINGLE | dict.fromkeys(_DOUBLE, '"')
_SPOKEN = _NARRATED | {ord(mark): "'" for mark in '"“”„‟＂«»「」'}
_BLANKS = re.compile(r"\s+")


def plain(text: str, spans: Sequence[Span]) -> tuple[str, tuple[Span, ...]]:
    """The words of `spans`, cut from `text`, in one manner of writing, and where each lies there.

    The spans come in the same order and number. What lies in none of them is left out.
    """
    parts: list[str] = []
    moved: list[Span] = []
    at = 0
    for _, group in groupby(spans, key=lambda span: span.place):
        at = _paragraph(text, group, parts, moved, at)
    return "".join(parts), tuple(moved)


def _paragraph(
    text: str, spans: Iterable[Span], parts: list[str], moved: list[Span], at: int
) -> int:
    """Write a paragraph at offset `at` of what will be the text; the offset after it."""
    gap = ""
    for span in spans:
        mark = '"' if span.speech else ""
        words = _BLANKS.sub(" ", text[span.start : span.end])
        words = words.translate(_SPOKEN if span.speech else _NARRATED)
        parts += (gap, mark, words, mark)
        start = at + len(gap) + len(mark)
        at = start + len(words) + len(mark)
        moved.append(replace(span, start=start, end=start + len(words)))
        gap = " "
    parts.append("\n\n")
    return at + 2
