"""Who speaks each line of a book."""

from collections.abc import Sequence
from itertools import groupby

from pipeline.attribution import speakers, turns
from pipeline.attribution.lines import chapter_lines
from pipeline.attribution.names import Names
from pipeline.attribution.teller import find as find_teller
from pipeline.book import Book
from pipeline.characters import Character
from pipeline.quotes import split
from pipeline.script import Line, Script

__all__ = ["attribute"]


def attribute(
    book: Book, characters: Sequence[Character], first_person: str | None = None
) -> Script:
    """Say who speaks each line of `book`.

    `first_person` is the name of the character who tells the book as `I`. The lines come in
    reading order, headings and narration with the narrator as speaker; a speech is a character's
    or nobody's that can be named, never the narrator's.
    """
    names = Names(characters)
    teller = next((i for i, c in enumerate(characters) if c.name == first_person), None)
    spans = {
        number: list(group)
        for number, group in groupby(enumerate(split(book)), key=lambda pair: pair[1].chapter)
    }
    read = [
        turns.read(book.text, chapter, spans.get(chapter.number, []), names)
        for chapter in book.chapters
    ]
    if teller is None:
        teller = find_teller(item for items in read for item in items)
    lines: list[Line] = []
    for chapter, items in zip(book.chapters, read, strict=True):
        verdicts = speakers.judge(book.text, items, names, teller)
        by_span = {index: verdict for verdict in verdicts for index in verdict.turn.spans}
        own = spans.get(chapter.number, [])
        lines += chapter_lines(book, chapter, own, by_span, characters)
    return Script(tuple(lines), {chapter.number: chapter.title for chapter in book.chapters})
