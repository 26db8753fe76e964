"""Unwrap a book: each paragraph on one line, margins removed.

Many rules measure distance in characters, so the wrapping of the source must not influence them.
Quotation marks in TeX notation, ``so'' or `so', become curly.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.model.book import Book, Chapter, Paragraph

_LINE_BREAK = re.compile(r"\s*[\r\n]\s*")
_PARAGRAPH_GAP = "\n\n"
_OPENING_GRAVE = re.compile(r"(?<![^\W_])`{1,2}(?=[^\W_]|['\"_*¿¡])")
_CLOSING_GRAVE = re.compile(r"(?<=[\w.,;:!?…])`{1,2}(?![^\W_])")
_TEX_DOUBLE = re.compile(r"``|''(?!')")
_CURLY_DOUBLE = {"``": "“", "''": "”"}
_CURLY_SINGLE = str.maketrans("`'", "‘’")


@dataclass(frozen=True, slots=True)
class UnwrappedText:
    """An unwrapped book and the map from its offsets to those of the original.

    The piece of text that starts at `starts[i]` in `book` starts at `sources[i]` in the original.
    """

    book: Book
    starts: list[int]
    sources: list[int]

    def original_offset(self, offset: int) -> int:
        """Return the offset in the original book of the character at `offset`."""
        piece = bisect_right(self.starts, offset) - 1
        return self.sources[piece] + offset - self.starts[piece]


def unwrap(book: Book) -> UnwrappedText:
    """Return `book` with each paragraph on one line and a blank line between paragraphs."""
    parts: list[str] = []
    starts: list[int] = []
    sources: list[int] = []
    chapters, offset = [], 0
    pieces = _curly_pieces if _uses_tex_quotes(book.text) else _line_pieces
    for chapter in book.chapters:
        paragraphs = []
        for paragraph in chapter.paragraphs:
            start = offset
            for source, piece in pieces(book.text, paragraph):
                parts.append(piece)
                starts.append(offset)
                sources.append(source)
                offset += len(piece)
            paragraphs.append(Paragraph(start, offset, paragraph.block))
            parts.append(_PARAGRAPH_GAP)
            offset += len(_PARAGRAPH_GAP)
        chapters.append(Chapter(chapter.number, chapter.title, tuple(paragraphs)))
    unwrapped = replace(book, text="".join(parts), chapters=tuple(chapters))
    return UnwrappedText(unwrapped, starts, sources)


def _line_pieces(text: str, paragraph: Paragraph) -> Iterator[tuple[int, str]]:
    """Yield the lines of a paragraph with their offsets, each line break as one space."""
    start = paragraph.start
    for line_break in _LINE_BREAK.finditer(text, paragraph.start, paragraph.end):
        yield start, f"{text[start : line_break.start()]} "
        start = line_break.end()
    yield start, text[start : paragraph.end]


def _uses_tex_quotes(text: str) -> bool:
    """Check whether grave accents open quotations rather than enclose `code`."""
    if "`" not in text:
        return False
    opening = sum(1 for _ in _OPENING_GRAVE.finditer(text))
    return opening > 10 * sum(1 for _ in _CLOSING_GRAVE.finditer(text))


def _curly_pieces(text: str, paragraph: Paragraph) -> Iterator[tuple[int, str]]:
    """Yield the lines of a paragraph as `_line_pieces` does, with TeX quotes made curly."""
    for start, line in _line_pieces(text, paragraph):
        offset = 0
        for double in _TEX_DOUBLE.finditer(line):
            yield start + offset, line[offset : double.start()].translate(_CURLY_SINGLE)
            yield start + double.start(), _CURLY_DOUBLE[double[0]]
            offset = double.end()
        yield start + offset, line[offset:].translate(_CURLY_SINGLE)
