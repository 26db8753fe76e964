"""What stands between the lines of a book without being spoken: quotation marks and spaces."""

from collections.abc import Sequence
from itertools import pairwise

from pipeline.model.script import Kind, Line

_MARKS = "\"'“”„‟‘’‚‛«»‹›「」『』〝〞〟—–"  # noqa: RUF001
_REACH = 6
"""Characters before the first line of a chapter that may be its opening marks."""
_OPENING, _CLOSING = "“", "”"


def edges(lines: Sequence[Line], text: str) -> list[tuple[str, str]]:
    """Return what is shown before and after each line; spaces stand after a line.

    `text` is that of the book, to which the offsets of the lines refer. The speeches of a script,
    whose lines have no offsets, get quotation marks.
    """
    gaps = [_gap(before, after, text) for before, after in pairwise([None, *lines, None])]
    return [(left[1], right[0]) for left, right in pairwise(gaps)]


def _gap(before: Line | None, after: Line | None, text: str) -> tuple[str, str]:
    """Return what is shown after one line, and before the next."""
    end = before.end if before else None
    start = after.start if after else None
    if end is None and start is None:
        return _script_gap(before, after)
    if end is None:
        return "", _last_marks(text[max(0, (start or 0) - _REACH) : start])
    if start is None or start < end:
        return _first_marks(text[end : end + _REACH]), ""
    between = text[end:start]
    if between and not between.strip(_MARKS):
        return ("", between) if after and after.kind is Kind.SPEECH else (between, "")
    space = " " if between else ""
    return _first_marks(between) + space, _last_marks(between)


def _script_gap(before: Line | None, after: Line | None) -> tuple[str, str]:
    """Return the gap between lines of a script."""
    if before and after and not before.ends_paragraph and before.speaker == after.speaker:
        return " ", ""
    closing = _CLOSING if before and before.kind is Kind.SPEECH else ""
    opening = _OPENING if after and after.kind is Kind.SPEECH else ""
    return closing + (" " if after else ""), opening


def _first_marks(text: str) -> str:
    """Return the marks that a text begins with."""
    return text[: len(text) - len(text.lstrip(_MARKS))]


def _last_marks(text: str) -> str:
    """Return the marks that a text ends with."""
    return text[len(text.rstrip(_MARKS)) :]
