"""A book as read from its file: its text, and the extents of chapters and paragraphs.

All offsets count characters of `Book.text`, the decoded text with the line ends of the file; ends
are exclusive. Where the text was repaired before reading, `Book.source` leads back to the file.
"""

import re
import shlex
from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path

from pipeline.core.errors import Problem
from pipeline.model.script import Line, Script
from pipeline.model.source_map import SourceText
from pipeline.model.styled_span import StyledSpan

_LINE_END = re.compile(r"\r\n?|\n")


class Block(StrEnum):
    """The kind of a paragraph."""

    PROSE = "prose"
    HEADING = "heading"  # read aloud by the narrator
    BREAK = "break"  # a scene break, not spoken


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The text in `[start, end)`, without white space at either end.

    `spans` are its parts that are emphasised or in another language.
    """

    start: int
    end: int
    block: Block = Block.PROSE
    spans: tuple[StyledSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: `number` counts from 1, `title` goes into its chapter mark."""

    number: int
    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class SourceSection:
    """A section of the source, `number` from 1: a chapter, unless `reason` says why it is not read.

    `paragraphs` are those that are read if the section is; `omitted` are others within it, such as
    notes.
    """

    number: int
    title: str
    paragraphs: tuple[Paragraph, ...]
    reason: str | None = None
    omitted: tuple[Paragraph, ...] = ()


class MarkKind(StrEnum):
    """What a mark in the text asks for."""

    PAUSE = "pause"  # its value is a number of seconds
    DELIVERY = "delivery"
    PRONUNCIATION = "pronunciation"  # `word=/waɪnd/`


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark for a reading machine, which stood in the text at `start` and is not read."""

    start: int
    kind: MarkKind
    value: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """Bibliographic data of a book; only the title is required.

    `author` may name several authors, separated by `&` or `;`. Libraries sort by `title_sort` and
    `author_sort`. `year` may be a full date.
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


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that a book was joined from; it begins at `start` in `Book.source_text`."""

    path: Path
    start: int


METADATA_FIELDS = tuple(field.name for field in fields(Metadata))
METADATA_ALIASES: Mapping[str, str] = {
    "authors": "author",
    "written_by": "author",
    "writer": "author",
    "narrators": "narrator",
    "read_by": "narrator",
    "date": "year",
    "lang": "language",
    "license": "licence",
}
"""Alternative names of metadata fields."""


def metadata_field(name: str) -> str | None:
    """Return the metadata field that a name such as `Author-Sort` denotes, if any."""
    normalised = re.sub(r"[\s_-]+", "_", name.strip().lower())
    field_name = METADATA_ALIASES.get(normalised, normalised)
    return field_name if field_name in METADATA_FIELDS else None


@dataclass(frozen=True, slots=True)
class Book:
    """A book: its text, its chapters in reading order (at least one), and its metadata.

    `script` holds the lines of a source that is a script; it is None for prose. The chapters of a
    script have no paragraphs. `sections` lists all that the source contains, read or not; `cover`
    is the picture file of its cover. `marks` are those that a reading obeys, in order; `notices`
    are for the producer. `source` is the text of the file if what is read was repaired. A book
    joined from several files has these as `files`; then `sources` are the files and folders that
    it was named by, and `path` is the first of them.
    """

    path: Path
    text: str = field(repr=False)
    chapters: tuple[Chapter, ...]
    metadata: Metadata
    script: Script | None = field(default=None, repr=False)
    sections: tuple[SourceSection, ...] = field(default=(), repr=False)
    cover: bytes | None = field(default=None, repr=False)
    marks: tuple[Mark, ...] = field(default=(), repr=False)
    notices: tuple[Problem, ...] = field(default=(), repr=False)
    source: SourceText | None = field(default=None, repr=False, compare=False)
    files: tuple[SourceFile, ...] = field(default=(), repr=False)
    sources: tuple[Path, ...] = ()
    _line_starts: Sequence[int] | None = field(default=None, repr=False)

    @property
    def source_text(self) -> str:
        """The text of the file, before any repair."""
        return self.text if self.source is None else self.source.text

    def source_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in `source_text` of the characters in `[start, end)` of the text."""
        return (start, end) if self.source is None else self.source.original_range(start, end)

    def line_number(self, offset: int) -> int:
        """Return the line of the file, counted from 1, that holds the character at `offset`."""
        return self._source_line(self.source_range(offset, offset + 1)[0])

    def _source_line(self, offset: int) -> int:
        starts = _line_starts(self.source_text) if self._line_starts is None else self._line_starts
        return 1 + bisect_right(starts, offset)

    def place(self, line: Line) -> tuple[Path, int]:
        """Return the file that a line of the book is in, and the number of its line there."""
        start = line.start or 0
        if line.row is not None or not self.files:
            return self.path, line.row or self.line_number(start)
        offset, _ = self.source_range(start, start + 1)
        file = self.files[bisect_right(self.files, offset, key=lambda file: file.start) - 1]
        return file.path, 1 + self._source_line(offset) - self._source_line(file.start)

    @property
    def arguments(self) -> str:
        """The files and folders of the book as they are typed in a command."""
        return shlex.join(map(str, self.sources or (self.path,)))

    def without_text(self) -> "Book":
        """Return the book with its metadata and line numbers only."""
        return replace(
            self,
            text="",
            chapters=(),
            sections=(),
            cover=None,
            marks=(),
            notices=(),
            script=None,
            source=self.source and self.source.without_text(),
            _line_starts=_line_starts(self.source_text),
        )


def _line_starts(text: str) -> Sequence[int]:
    """Return the offset of each line but the first."""
    return array("Q", (match.end() for match in _LINE_END.finditer(text)))
