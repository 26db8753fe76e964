"""Unwrap a book: each paragraph on one line, margins removed, typography folded.

Many rules measure distance in characters, so the wrapping of the source must not influence them.
Quotation marks in TeX notation, ``so'' or `so', become curly, and those typed twice, ''so'', one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline.core.data import word_set
from pipeline.core.typography import folded_pieces
from pipeline.model.book import Book, Chapter, Paragraph
from pipeline.model.source_map import OffsetMap

_LINE_BREAK = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]\s*")
_PARAGRAPH_GAP = "\n\n"
_OPENING_GRAVE = re.compile(r"(?<![^\W_])`{1,2}(?=[^\W_]|['\"_*¿¡])")
_CLOSING_GRAVE = re.compile(r"(?<=[\w.,;:!?…])`{1,2}(?![^\W_])")
_OPENING_TWICE = re.compile(r"(?<![^\s(\[—–-])(''|‘‘|\"\"|““)(?=([^\W_]+))")
_LONE_OPENING = re.compile(r"(?<![^\s(\[—–-])['‘](?=([^\W_]+))")


@dataclass(frozen=True, slots=True)
class _Notation:
    """How a text writes its quotation marks: what stands for a double mark, and single ones."""

    double: re.Pattern[str]
    marks: Mapping[str, str]
    single: Mapping[int, int]

    def pieces(self, start: int, end: int, piece: str) -> Iterator[tuple[int, int, str]]:
        """Yield a piece with the usual marks."""
        offset = 0
        for double in self.double.finditer(piece):
            if offset < double.start():
                words = piece[offset : double.start()].translate(self.single)
                yield start + offset, start + double.start(), words
            yield start + double.start(), start + double.end(), self.marks[double[0]]
            offset = double.end()
        if offset < len(piece):
            yield start + offset, end, piece[offset:].translate(self.single)


_USUAL = _Notation(re.compile(r"(?!)"), {}, {})
_TEX = _Notation(re.compile(r"``|''(?!')"), {"``": "“", "''": "”"}, str.maketrans("`'", "‘’"))
_TWICE = _Notation(
    re.compile(r"(?<!['‘’\"“”])(?:''|‘‘|’’|\"\"|““|””)(?!['‘’\"“”])"),
    {"''": '"', "‘‘": "“", "’’": "”", '""': '"', "““": "“", "””": "”"},
    {},
)


@dataclass(frozen=True, slots=True)
class UnwrappedText:
    """An unwrapped book and the map from its offsets to those of the original."""

    book: Book
    offsets: OffsetMap


def unwrap(book: Book) -> UnwrappedText:
    """Return `book` with each paragraph on one line and a blank line between paragraphs."""
    pieces: list[tuple[int, int, str]] = []
    chapters, offset = [], 0
    tex = _uses_tex_quotes(book.text)
    for chapter in book.chapters:
        paragraphs = []
        for paragraph in chapter.paragraphs:
            start = offset
            for piece in _pieces(book.text, paragraph, tex=tex):
                pieces.append(piece)
                offset += len(piece[2])
            paragraphs.append(Paragraph(start, offset, paragraph.block))
            pieces.append((paragraph.end, paragraph.end, _PARAGRAPH_GAP))
            offset += len(_PARAGRAPH_GAP)
        chapters.append(Chapter(chapter.number, chapter.title, tuple(paragraphs)))
    text, offsets = OffsetMap.of(pieces)
    return UnwrappedText(replace(book, text=text, chapters=tuple(chapters)), offsets)


def _pieces(text: str, paragraph: Paragraph, *, tex: bool) -> Iterator[tuple[int, int, str]]:
    """Yield the pieces of a paragraph: their offsets in `text`, and what they become."""
    notation = _TEX if tex else _notation(text[paragraph.start : paragraph.end])
    for start, end, gap in _lines(text, paragraph):
        for piece in folded_pieces(text, start, end):
            yield from notation.pieces(*piece)
        if gap:
            yield end, end + 1, gap


def _notation(paragraph: str) -> _Notation:
    """Return how a paragraph without TeX writes its marks: once, or some of them twice.

    Two single marks beside lone ones are a quotation within another.
    """
    opening = next(filter(_is_mark, _OPENING_TWICE.finditer(paragraph)), None)
    if opening is None:
        return _USUAL
    single = opening[1] in ("''", "‘‘")
    nested = single and any(map(_is_mark, _LONE_OPENING.finditer(paragraph)))
    return _USUAL if nested else _TWICE


def _is_mark(opening: re.Match[str]) -> bool:
    """Check for an opening mark rather than the apostrophe of `'tis`."""
    return opening[opening.lastindex or 0].lower() not in word_set("elisions")


def _lines(text: str, paragraph: Paragraph) -> Iterator[tuple[int, int, str]]:
    """Yield the bounds of each line of a paragraph, and the space for the line break after it."""
    start = paragraph.start
    for line_break in _LINE_BREAK.finditer(text, paragraph.start, paragraph.end):
        yield start, line_break.start(), " "
        start = line_break.end()
    yield start, paragraph.end, ""


def _uses_tex_quotes(text: str) -> bool:
    """Check whether grave accents open quotations rather than enclose `code`."""
    if "`" not in text:
        return False
    opening = sum(1 for _ in _OPENING_GRAVE.finditer(text))
    return opening > 10 * sum(1 for _ in _CLOSING_GRAVE.finditer(text))
