"""Emphasis and other languages in the lines of a script, and what they say of the delivery.

A speech that is emphasised as a whole is stressed; narration that is, if it is short and by
itself, is a thought.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.dialogue.unspoken.passage import PassageKind
from pipeline.dialogue.unspoken.thoughts import LONGEST_THOUGHT
from pipeline.model.book import Book
from pipeline.model.script import Kind, Line, Script
from pipeline.model.styled_span import StyledSpan

STRESSED, THOUGHT = "emphatically", PassageKind.THOUGHT.value

_COMMON = 0.3
"""Share of the speeches from which it is no stress that they are emphasised as a whole."""


def with_styles(script: Script, book: Book) -> Script:
    """Return the script with the styled spans of its lines, and the delivery of those in one."""
    spans = sorted(
        (span for chapter in book.chapters for p in chapter.paragraphs for span in p.spans),
        key=lambda span: span.start,
    )
    if not spans:
        return script
    lines = list(_styled(script.lines, spans))
    whole = [_is_emphasised(line, book.text) for line in lines]
    unspoken = frozenset(PassageKind)
    speeches = [
        emphasised
        for line, emphasised in zip(lines, whole, strict=True)
        if line.kind is Kind.SPEECH and line.delivery not in unspoken
    ]
    stressed = sum(speeches) <= _COMMON * len(speeches) or sum(speeches) == 1
    return replace(script, lines=tuple(_delivered(lines, whole, stressed=stressed)))


def _styled(lines: Sequence[Line], spans: Sequence[StyledSpan]) -> Iterator[Line]:
    longest = max(span.end - span.start for span in spans)
    starts = [span.start for span in spans]
    for line in lines:
        if line.start is None or line.end is None:
            yield line
            continue
        first = bisect_left(starts, line.start - longest)
        last = bisect_left(starts, line.end)
        own = tuple(
            StyledSpan(max(s.start, line.start), min(s.end, line.end), s.language)
            for s in spans[first:last]
            if s.end > line.start
        )
        yield replace(line, spans=own) if own else line


def _is_emphasised(line: Line, text: str) -> bool:
    """Whether every letter of the line is emphasised."""
    emphasis = [span for span in line.spans if span.language is None]
    if not emphasis or line.start is None or line.end is None:
        return False
    position = line.start
    for span in emphasis:
        if any(map(str.isalnum, text[position : span.start])):
            return False
        position = max(position, span.end)
    return not any(map(str.isalnum, text[position : line.end]))


def _delivered(lines: Sequence[Line], whole: Sequence[bool], *, stressed: bool) -> Iterator[Line]:
    for index, line in enumerate(lines):
        if not whole[index] or line.delivery or line.corrected:
            yield line
        elif line.kind is Kind.SPEECH and stressed:
            yield replace(line, delivery=STRESSED)
        elif _is_thought(lines, whole, index):
            yield replace(line, delivery=THOUGHT)
        else:
            yield line


def _is_thought(lines: Sequence[Line], whole: Sequence[bool], index: int) -> bool:
    line = lines[index]
    if line.kind is not Kind.NARRATION or not 2 <= len(line.text.split()) <= LONGEST_THOUGHT:
        return False
    return not any(
        whole[other] and lines[other].kind is Kind.NARRATION
        for other in (index - 1, index + 1)
        if 0 <= other < len(lines)
    )
