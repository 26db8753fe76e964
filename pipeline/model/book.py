"""A book as it was read: its text, untouched, and where its chapters and paragraphs lie in it.

All offsets are in characters of `Book.text`, the decoded text with its line ends as they stand in
the file; ends are exclusive. Nothing here holds a second copy of the text.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path

from pipeline.model.script import Script

_LINE_END = re.compile(r"\r\n?|\n")


class Block(StrEnum):
    """What a paragraph is."""

    PROSE = "prose"
    HEADING = "heading"  # read aloud by the narrator
    BREAK = "break"  # a scene break, not spoken


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text `[start, end)` without white space at its ends."""

    start: int
    end: int
    block: Block = Block.PROSE


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: `number` counts from 1, `title` is what its chapter mark says."""

    number: int
    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a library catalogue would say of the book; every field may be missing but the title.

    `author` may name several, with `&` or `;` between them. `title_sort` and `author_sort` are what
    a shelf is ordered by, `year` may be a whole date.
    """

    title: str
    subtitle: str | None = None
    title_sort: str | None = None
    author: str | None = None
    author_sort: str | None = None
    narrator: str | None = None
    series: str | None = None
    part: str | None = None
    year: str | None = None
    genre: str | None = None
    publisher: str | None = None
    language: str | None = None
    description: str | None = None
    copyright: str | None = None
    licence: str | None = None
    isbn: str | None = None
    asin: str | None = None


LABELS = tuple(each.name for each in fields(Metadata))
OTHER_LABELS: Mapping[str, str] = {
    "authors": "author",
    "written_by": "author",
    "writer": "author",
    "narrators": "narrator",
    "read_by": "narrator",
    "date": "year",
    "license": "licence",
}
"""By what other names people call a field of the metadata."""


def label(name: str) -> str | None:
    """Give the field of the metadata that is meant by `name`, such as `Author-Sort`, if any."""
    plain = re.sub(r"[\s_-]+", "_", name.strip().lower())
    found = OTHER_LABELS.get(plain, plain)
    return found if found in LABELS else None


@dataclass(frozen=True, slots=True)
class Book:
    """A book: its text, its chapters in reading order (at least one), and its metadata.

    `script` holds the lines of a source that is a script; it is None for prose. The chapters of a
    script have no paragraphs.
    """

    path: Path
    text: str = field(repr=False)
    chapters: tuple[Chapter, ...]
    metadata: Metadata
    script: Script | None = field(default=None, repr=False)
    _begins: Sequence[int] | None = field(default=None, repr=False)

    def line_number(self, offset: int) -> int:
        """The line of the file that holds the character at `offset`, counted from 1."""
        begins = _line_begins(self.text) if self._begins is None else self._begins
        return 1 + bisect_right(begins, offset)

    def closed(self) -> "Book":
        """Return the book without text, chapters and script; it still knows its line numbers."""
        return replace(self, text="", chapters=(), script=None, _begins=_line_begins(self.text))


def _line_begins(text: str) -> Sequence[int]:
    """Where each line but the first begins."""
    return array("Q", (end.end() for end in _LINE_END.finditer(text)))
