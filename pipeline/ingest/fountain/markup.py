"""Escape Fountain's markup, and split a script into lines without its notes and boneyards.

A backslash before a character makes it a plain one, as Fountain has it for `*` and `_`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_OPENS = re.compile(r"\\|\[(?=\[)|/(?=\*)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_ASIDE = re.compile(r"/\*|\[\[")
_NOTE_END = re.compile(r"\]\]|\n[^\S\n]*+\n")
"""A blank line ends what looked like a note."""


def escape(text: str) -> str:
    r"""Escape `text` so that nothing in it opens a note or a boneyard; `unescape` undoes it."""
    return _OPENS.sub(lambda m: "\\\\" if m[0] == "\\" else m[0] + "\\", text)


def unescape(text: str) -> str:
    """Remove the backslashes that `escape`, or a person, put before a character."""
    return _ESCAPED.sub(r"\1", text)


def without_carets(cue: str) -> str:
    """Return a cue without the carets at its end, which mark dual dialogue."""
    whole = cue.rstrip()
    bare = whole.rstrip("^")
    if bare == whole:
        return cue
    return f"{bare}^" if bare.endswith("\\") else bare.rstrip()


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A line of the file: its number from 1, its text without asides, and the notes in it.

    An aside is a note (`[[...]]`) or a boneyard (`/*...*/`, Fountain's comment).
    """

    number: int
    text: str
    notes: tuple[str, ...] = ()


def rows(text: str) -> list[SourceRow]:
    """Return the lines of a script without its asides.

    A line with nothing but asides on it is left out, so that it does not end a dialogue; its notes
    go to the line before it.
    """
    kept: list[SourceRow] = []
    notes: list[list[str]] = []
    for row, aside in _rows(text.replace("\r\n", "\n").replace("\r", "\n")):
        if not aside or row.text.strip():
            kept.append(row)
            notes.append(list(row.notes))
        elif kept:
            notes[-1] += row.notes
    return [
        row if len(row.notes) == len(own) else replace(row, notes=tuple(own))
        for row, own in zip(kept, notes, strict=True)
    ]


def _asides(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Yield the beginning and end of each aside, and its words if it is a note.

    The end of each kind is searched for once, not from each beginning that has none.
    """
    position = 0
    unclosed = -1  # the place that no note before it reaches
    boneyards = True  # whether there may be one more end of them
    while match := _ASIDE.search(text, position):
        start = match.start()
        position = start + 1
        if match[0] == "/*":
            end = text.find("*/", start + 2) if boneyards else -1
            boneyards = end >= 0
            if boneyards:
                position = end + 2
                yield start, position, None
        elif start >= unclosed:
            closing = _NOTE_END.search(text, start + 2)
            if closing and closing[0] == "]]":
                position = closing.end()
                yield start, position, text[start + 2 : closing.start()]
            else:
                unclosed = closing.start() if closing else len(text)


def _rows(text: str) -> Iterator[tuple[SourceRow, bool]]:
    """Yield each line, and whether there is an aside, or a part of one, on it."""
    number, line, aside = 1, "", False
    notes: list[str] = []
    position = 0
    for start, end, note in [*_asides(text), (len(text), len(text), None)]:
        first, *others = text[position:start].split("\n")
        line += first
        for other in others:
            yield SourceRow(number, line, tuple(notes)), aside
            number, line, notes, aside = number + 1, other, [], False
        aside = aside or end > start
        if note is not None:
            notes.append(" ".join(note.split()))
        for _ in range(text.count("\n", start, end)):
            yield SourceRow(number, line, tuple(notes)), True
            number, line, notes = number + 1, "", []
        position = end
    yield SourceRow(number, line, tuple(notes)), aside
