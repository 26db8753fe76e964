"""A book as it was read: its text, untouched, and where its chapters and paragraphs lie in it.

All offsets are in characters of `Book.text`, the decoded text with its line ends as they stand in
the file; ends are exclusive. Nothing here holds a second copy of the text.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


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
    """What a library catalogue would say of the book; every field may be missing but the title."""

    title: str
    subtitle: str | None = None
    author: str | None = None
    narrator: str | None = None
    series: str | None = None
    part: str | None = None
    year: str | None = None
    genre: str | None = None
    publisher: str | None = None
    language: str | None = None
    description: str | None = None
    copyright: str | None = None
    isbn: str | None = None
    asin: str | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """A book: its text, its chapters in reading order (at least one), and its metadata."""

    path: Path
    text: str = field(repr=False)
    chapters: tuple[Chapter, ...]
    metadata: Metadata

    def line_number(self, offset: int) -> int:
        """The line of the file that holds the character at `offset`, counted from 1."""
        before = self.text[:offset]
        return 1 + before.count("\n") + before.replace("\r\n", "").count("\r")
