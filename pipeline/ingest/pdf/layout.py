"""Make paragraphs, headings and scene breaks of the lines of pages, by their geometry.

Three layouts are common, and a book mostly keeps to one: paragraphs with an indented first line,
with space between them, or with neither, so that only a short last line ends them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from pipeline.ingest import headings
from pipeline.ingest.markup import unread
from pipeline.ingest.markup.blocks import SCENE_BREAK, MarkupBlock
from pipeline.ingest.paragraphs import is_break
from pipeline.ingest.pdf.line_joining import join_lines
from pipeline.ingest.pdf.lines import PdfLine, PdfPage, usual_size
from pipeline.model.book import Block

_OPENING = tuple('“"„«—–―‘')
_NOTE = re.compile(r"\d{1,3}\s?(?=\D)|[*†‡§]")
_LEADER = re.compile(r"(?:[.…·_]\s?){4,}\s*[\divxlc]+\Z")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SMALLER, _LARGER = 0.93, 1.12
"""Sizes of notes and of headings, in that of the text."""
_INDENT, _DEEPEST = 0.5, 5.0
"""Sizes of type by which a first line is indented."""
_WIDE_GAP, _BREAK_GAP = 1.35, 1.9
"""Distances of two lines between paragraphs, and at a scene break, in the usual one."""
_COMMON = 0.05
_BREAK = MarkupBlock(SCENE_BREAK, Block.BREAK)
_MAX_HEADING = 250  # characters


class PageLayout(Enum):
    """How a document separates its paragraphs."""

    INDENT = auto()
    GAP = auto()
    SHORT = auto()


@dataclass(frozen=True, slots=True)
class _Column:
    """Lines one below another: those of a page, or of one of its columns."""

    page: int
    lines: tuple[PdfLine, ...]
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A block, and where it begins: the index of its page, and its height there."""

    block: MarkupBlock
    page: int
    y: float


def blocks_of(pages: Sequence[PdfPage]) -> list[PlacedBlock]:
    """Return the blocks of pages without furniture, in the order in which they are read."""
    size = usual_size(line for page in pages for line in page.lines)
    columns = [column for number, page in enumerate(pages) for column in _columns(number, page)]
    return list(_Typesetting(columns, size).blocks())


def _is_listed(text: str) -> bool:
    """Whether a text ends as an entry of a table of contents does: `The Quay ..... 12`."""
    return _LEADER.search(text[-200:]) is not None


def _columns(number: int, page: PdfPage) -> Iterator[_Column]:
    """Yield the columns of a page: a new one begins where the lines go up again."""
    lines: list[PdfLine] = []
    for line in page.lines:
        if lines and line.y > lines[-1].y + 0.5 * line.size:
            yield _column(number, lines)
            lines = []
        lines.append(line)
    if lines:
        yield _column(number, lines)


def _column(number: int, lines: Sequence[PdfLine]) -> _Column:
    """Return a column between the margins that most of its lines keep to."""
    lefts = Counter(round(line.left) for line in lines)
    common = [left for left, count in lefts.items() if count >= 0.2 * len(lines)]
    rights = sorted(line.right for line in lines)
    return _Column(number, tuple(lines), min(common or lefts), rights[len(rights) * 9 // 10])


class _Typesetting:
    """The columns of a document with what is usual in them."""

    def __init__(self, columns: Sequence[_Column], size: float):
        self._columns = columns
        self._size = size
        text = [line for column in columns for line in column.lines]
        self._bold = 2 * sum(len(x.text) for x in text if x.bold) > sum(len(x.text) for x in text)
        self._words = Counter(
            word.lower()
            for line in text
            for word in _WORD.findall(line.text[line.text.find(" ") : line.text.rfind(" ") + 1])
        )
        self._leading = self._usual_leading()
        self._layout = self._usual_layout()
        self._sizes = self._heading_sizes(text)

    def _pairs(self) -> Iterator[tuple[_Column, PdfLine, PdfLine]]:
        """Yield each two lines of the text, one below the other."""
        for column in self._columns:
            for before, line in pairwise(column.lines):
                if self._is_text(before) and self._is_text(line):
                    yield column, before, line

    def _usual_leading(self) -> float:
        gaps = Counter(round(before.y - line.y, 1) for _, before, line in self._pairs())
        gaps = Counter({gap: n for gap, n in gaps.items() if gap > 0.5 * self._size})
        return gaps.most_common(1)[0][0] if gaps else 1.2 * self._size

    def _usual_layout(self) -> PageLayout:
        pairs = list(self._pairs())
        indented = sum(self._is_indented(column, line) for column, _, line in pairs)
        apart = sum(self._gap(before, line) > _WIDE_GAP for _, before, line in pairs)
        if max(indented, apart) < _COMMON * len(pairs) or not pairs:
            return PageLayout.SHORT
        return PageLayout.INDENT if indented >= apart else PageLayout.GAP

    def _heading_sizes(self, lines: Sequence[PdfLine]) -> list[float]:
        """Return the sizes of headings, the largest first."""
        return sorted({round(line.size) for line in lines if self._is_large(line)}, reverse=True)

    def _gap(self, before: PdfLine, line: PdfLine) -> float:
        return (before.y - line.y) / self._leading

    def _is_large(self, line: PdfLine) -> bool:
        return line.size >= _LARGER * self._size

    def _is_text(self, line: PdfLine) -> bool:
        return _SMALLER * self._size <= line.size < _LARGER * self._size

    def _is_heading(self, line: PdfLine) -> bool:
        words = any(map(str.isalnum, line.text))
        return words and (self._is_large(line) or (line.bold and not self._bold))

    def _is_indented(self, column: _Column, line: PdfLine) -> bool:
        return _INDENT * self._size < line.left - column.left < _DEEPEST * self._size

    def blocks(self) -> Iterator[PlacedBlock]:
        """Yield all blocks; notes at the foot of a page follow the paragraph that it ends in."""
        open_lines: list[PdfLine] = []
        start: tuple[int, float] = (0, 0.0)
        pending: list[PlacedBlock] = []
        previous: _Column | None = None
        for column in self._columns:
            body, foot = self._split_notes(column)
            for line in body:
                gap = self._separation(open_lines, previous, column, line)
                if gap is not None:
                    yield from self._block(open_lines, start)
                    yield from pending
                    if gap:
                        yield PlacedBlock(_BREAK, column.page, line.y)
                    open_lines, start, pending = [], (column.page, line.y), []
                open_lines.append(line)
                previous = column
            pending += self._notes(foot, column.page)
        yield from self._block(open_lines, start)
        yield from pending

    def _split_notes(self, column: _Column) -> tuple[Sequence[PdfLine], Sequence[PdfLine]]:
        """Return the lines of a column above its notes, and those of its notes."""
        first = len(column.lines)
        while first and column.lines[first - 1].size < _SMALLER * self._size:
            first -= 1
        while first < len(column.lines) and not _NOTE.match(column.lines[first].text):
            first += 1
        return (column.lines[:first], column.lines[first:]) if first else (column.lines, ())

    def _notes(self, lines: Sequence[PdfLine], page: int) -> Iterator[PlacedBlock]:
        note: list[PdfLine] = []
        for line in [*lines, None]:
            if note and (line is None or _NOTE.match(line.text)):
                text = self._joined(note)
                yield PlacedBlock(MarkupBlock(text, reason=unread.NOTES), page, note[0].y)
                note = []
            if line is not None:
                note.append(line)

    def _separation(
        self,
        open_lines: Sequence[PdfLine],
        previous: _Column | None,
        column: _Column,
        line: PdfLine,
    ) -> bool | None:
        """Return None if a line continues the paragraph, else whether a scene has ended."""
        if not open_lines or previous is None:
            return None
        before = open_lines[-1]
        alike = self._is_heading(before) == self._is_heading(line)
        if not alike or any(is_break(x.text) or _is_listed(x.text) for x in (before, line)):
            return False
        if self._is_heading(line):
            same = before.bold == line.bold and abs(before.size - line.size) < 0.05 * line.size
            near = previous is column and before.y - line.y < 2.2 * line.size
            return None if same and near else False
        if previous is not column:
            return False if self._starts_column(open_lines, previous, column, line) else None
        gap = self._gap(before, line)
        if self._layout is PageLayout.INDENT and gap > _BREAK_GAP:
            return self._is_text(before) and self._is_text(line)
        return False if gap > _WIDE_GAP or self._starts(open_lines, column, line) else None

    def _starts(self, open_lines: Sequence[PdfLine], column: _Column, line: PdfLine) -> bool:
        """Whether a line begins a paragraph, by its indent or the end of the line before it."""
        before = open_lines[-1]
        if before.divided:
            return False
        closed = headings.ends_sentence(before.text)
        is_short = self._is_short(before, column, line)
        if self._layout is PageLayout.INDENT and self._is_indented(column, line):
            set_in = len(open_lines) > 1 and abs(before.left - line.left) < 1
            return not set_in or (closed and is_short)
        half = self._is_half(before, column)
        if self._layout is PageLayout.SHORT:
            return (closed and (is_short or line.text.startswith(_OPENING))) or (is_short and half)
        return closed and half

    def _starts_column(
        self,
        open_lines: Sequence[PdfLine],
        previous: _Column,
        column: _Column,
        line: PdfLine,
    ) -> bool:
        """Whether the first line of a column begins a paragraph."""
        before = open_lines[-1]
        if before.divided or not headings.ends_sentence(before.text):
            return False
        if self._layout is PageLayout.INDENT:
            return self._is_indented(column, line) or self._is_half(before, previous)
        return self._is_short(before, previous, line) or line.text.startswith(_OPENING)

    def _is_half(self, line: PdfLine, column: _Column) -> bool:
        return line.right - column.left < 0.5 * (column.right - column.left)

    def _is_short(self, before: PdfLine, column: _Column, line: PdfLine) -> bool:
        """Whether the first word of a line would have fitted at the end of the line before."""
        width = (line.right - line.left) / max(len(line.text), 1)
        word = len(line.text.split(maxsplit=1)[0]) + 1
        return column.right - before.right > width * word + 0.3 * self._size

    def _block(self, lines: Sequence[PdfLine], start: tuple[int, float]) -> Iterator[PlacedBlock]:
        if not lines:
            return
        text = self._joined(lines)
        if is_break(text):
            yield PlacedBlock(MarkupBlock(text, Block.BREAK), *start)
        elif self._is_heading(lines[0]) and len(text) <= _MAX_HEADING and not _is_listed(text):
            yield PlacedBlock(MarkupBlock(text, Block.HEADING, self._level(lines[0])), *start)
        else:
            listed = _is_listed(text)
            yield PlacedBlock(MarkupBlock(text, linked=listed), *start)

    def _level(self, line: PdfLine) -> int:
        """Return the level of a heading by its size; bold type of the usual size is the lowest."""
        sizes = self._sizes
        return 1 + (sizes.index(round(line.size)) if round(line.size) in sizes else len(sizes))

    def _joined(self, lines: Sequence[PdfLine]) -> str:
        return join_lines([line.text for line in lines], self._words)
