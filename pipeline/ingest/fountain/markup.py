"""Words that must not be taken for Fountain's signs, and the lines of a script without asides.

A backslash before a sign makes it a plain character, as Fountain has it for `*` and `_`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPENS = re.compile(r"\\|\[(?=\[)|/(?=\*)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_ASIDE = re.compile(
    r"/\*(?P<boneyard>.*?)\*/|\[\[(?P<note>(?:[^\]\n]|\](?!\])|\n(?!\s*\n))*)\]\]", re.DOTALL
)


def escaped(text: str) -> str:
    r"""Write `text` so that nothing in it opens a note or a boneyard; `unescaped` undoes it."""
    return _OPENS.sub(lambda m: "\\\\" if m[0] == "\\" else m[0] + "\\", text)


def unescaped(text: str) -> str:
    """Give the plain text of what `escaped` wrote, or of a person's own backslashes."""
    return _ESCAPED.sub(r"\1", text)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A line of the file: its number from 1, its text without asides, and the notes in it."""

    number: int
    text: str
    notes: tuple[str, ...] = ()


def rows(text: str) -> list[SourceRow]:
    """Give the lines of a script without its notes and boneyards.

    A line on which nothing else stood is gone, so that it ends no dialogue; its notes belong to
    the line before it.
    """
    found: list[SourceRow] = []
    for row, aside in _rows(text.replace("\r\n", "\n").replace("\r", "\n")):
        if not aside or row.text.strip():
            found.append(row)
        elif found:
            before = found[-1]
            found[-1] = SourceRow(before.number, before.text, before.notes + row.notes)
    return found


def _rows(text: str) -> Iterator[tuple[SourceRow, bool]]:
    """Give each line, and whether an aside stood on it or ran through it."""
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
