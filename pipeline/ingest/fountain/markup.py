"""Escape Fountain's markup, and split a script into lines without its notes and boneyards.

A backslash before a character makes it a plain one, as Fountain has it for `*` and `_`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPENS = re.compile(r"\\|\[(?=\[)|/(?=\*)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_ASIDE = re.compile(
    r"/\*(?P<boneyard>.*?)\*/|\[\[(?P<note>(?:[^\]\n]|\](?!\])|\n(?!\s*\n))*)\]\]", re.DOTALL
)


def escape(text: str) -> str:
    r"""Escape `text` so that nothing in it opens a note or a boneyard; `unescape` undoes it."""
    return _OPENS.sub(lambda m: "\\\\" if m[0] == "\\" else m[0] + "\\", text)


def unescape(text: str) -> str:
    """Remove the backslashes that `escape`, or a person, put before a character."""
    return _ESCAPED.sub(r"\1", text)


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
    for row, aside in _rows(text.replace("\r\n", "\n").replace("\r", "\n")):
        if not aside or row.text.strip():
            kept.append(row)
        elif kept:
            before = kept[-1]
            kept[-1] = SourceRow(before.number, before.text, before.notes + row.notes)
    return kept


def _rows(text: str) -> Iterator[tuple[SourceRow, bool]]:
    """Yield each line, and whether there is an aside, or a part of one, on it."""
    number, line, aside = 1, "", False
    notes: list[str] = []
    position = 0
    for match in [*_ASIDE.finditer(text), None]:
        plain = text[position : match.start() if match else len(text)]
        first, *others = plain.split("\n")
        line += first
        for other in others:
            yield SourceRow(number, line, tuple(notes)), aside
            number, line, notes, aside = number + 1, other, [], False
        if match is None:
            break
        aside = True
        if match["note"] is not None:
            notes.append(" ".join(match["note"].split()))
        for _ in range(match[0].count("\n")):
            yield SourceRow(number, line, tuple(notes)), True
            number, line, notes = number + 1, "", []
        position = match.end()
    yield SourceRow(number, line, tuple(notes)), aside
