"""A book as it flows: its line ends within paragraphs as single spaces, its margins left out.

How a text is wrapped then changes nothing in how its marks are read: what is near is counted in
characters in many places. Marks that are typed as TeX wants them, ``so'' or `so', become curly.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.model.book import Book, Chapter, Paragraph

_WRAP = re.compile(r"\s*[\r\n]\s*")
_GAP = "\n\n"
_TYPED = re.compile(r"(?<![^\W_])`{1,2}(?=[^\W_]|['\"_*¿¡])")
_TICKED = re.compile(r"(?<=[\w.,;:!?…])`{1,2}(?![^\W_])")
_PAIRS = re.compile(r"``|''(?!')")
_CURLY = {"``": "“", "''": "”"}
_CURLY_SINGLES = str.maketrans("`'", "‘’")


@dataclass(frozen=True, slots=True)
class FlowedText:
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


def flow(book: Book) -> FlowedText:
    """Let the paragraphs of `book` flow, each apart from the next by a blank line."""
    parts: list[str] = []
    here: list[int] = []
    there: list[int] = []
    chapters, at = [], 0
    cut = _typed_pieces if _is_typed(book.text) else _pieces
    for chapter in book.chapters:
        moved = []
        for paragraph in chapter.paragraphs:
            begin = at
            for start, words in cut(book.text, paragraph):
                parts.append(words)
                here.append(at)
                there.append(start)
                at += len(words)
            moved.append(Paragraph(begin, at, paragraph.block))
            parts.append(_GAP)
            at += len(_GAP)
        chapters.append(Chapter(chapter.number, chapter.title, tuple(moved)))
    return FlowedText(replace(book, text="".join(parts), chapters=tuple(chapters)), here, there)


def _pieces(text: str, paragraph: Paragraph) -> Iterator[tuple[int, str]]:
    """The lines of a paragraph, each where it starts, a space for the white space between them."""
    start = paragraph.start
    for wrap in _WRAP.finditer(text, paragraph.start, paragraph.end):
        yield start, f"{text[start : wrap.start()]} "
        start = wrap.end()
    yield start, text[start : paragraph.end]


def _is_typed(text: str) -> bool:
    """Whether grave accents open quotations; those that also close, as in `code`, do not."""
    if "`" not in text:
        return False
    return sum(1 for _ in _TYPED.finditer(text)) > 10 * sum(1 for _ in _TICKED.finditer(text))


def _typed_pieces(text: str, paragraph: Paragraph) -> Iterator[tuple[int, str]]:
    """The same, in curly marks."""
    for start, words in _pieces(text, paragraph):
        at = 0
        for pair in _PAIRS.finditer(words):
            yield start + at, words[at : pair.start()].translate(_CURLY_SINGLES)
            yield start + pair.start(), _CURLY[pair[0]]
            at = pair.end()
        yield start + at, words[at:].translate(_CURLY_SINGLES)
