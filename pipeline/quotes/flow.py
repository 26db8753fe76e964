"""A book as it flows: its line ends within paragraphs as single spaces, its margins left out.

How a text is wrapped then changes nothing in how its marks are read: what is near is counted in
characters in many places.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.book import Book, Chapter, Paragraph

_WRAP = re.compile(r"\s*[\r\n]\s*")
_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Flow:
    """The book as it flows, and where its pieces come from.

    The piece of text that begins at `here[i]` begins at `there[i]` in the book that was read.
    """

    book: Book
    here: list[int]
    there: list[int]

    def origin(self, offset: int) -> int:
        """Where the character at `offset` stands in the book that was read."""
        piece = bisect_right(self.here, offset) - 1
        return self.there[piece] + offset - self.here[piece]


def flow(book: Book) -> Flow:
    """Let the paragraphs of `book` flow, each apart from the next by a blank line."""
    parts: list[str] = []
    here: list[int] = []
    there: list[int] = []
    chapters, at = [], 0
    for chapter in book.chapters:
        moved = []
        for paragraph in chapter.paragraphs:
            begin = at
            for start, end in _pieces(book.text, paragraph):
                parts += (" " if at > begin else "", book.text[start:end])
                at += at > begin
                here.append(at)
                there.append(start)
                at += end - start
            moved.append(Paragraph(begin, at, paragraph.block))
            parts.append(_GAP)
            at += len(_GAP)
        chapters.append(Chapter(chapter.number, chapter.title, tuple(moved)))
    return Flow(replace(book, text="".join(parts), chapters=tuple(chapters)), here, there)


def _pieces(text: str, paragraph: Paragraph) -> Iterator[tuple[int, int]]:
    """The lines of a paragraph, without the white space around their ends."""
    start = paragraph.start
    for wrap in _WRAP.finditer(text, paragraph.start, paragraph.end):
        yield start, wrap.start()
        start = wrap.end()
    yield start, paragraph.end
