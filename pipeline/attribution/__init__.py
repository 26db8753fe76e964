"""Who speaks each line of a book."""

from collections.abc import Sequence
from itertools import groupby

from pipeline.attribution import speakers, trees
from pipeline.attribution.lines import chapter_lines
from pipeline.attribution.names import Names
from pipeline.attribution.ranking import Casebook, Scorer
from pipeline.book import Book
from pipeline.characters import Character
from pipeline.quotes import split
from pipeline.script import Line, Script

__all__ = ["attribute"]


def attribute(
    book: Book,
    characters: Sequence[Character],
    first_person: str | None = None,
    *,
    passes: Sequence[Scorer] | None = None,
) -> Script:
    """Say who speaks each line of `book`.

    `first_person` is the name of the character who tells the book as `I`. The lines come in
    reading order, headings and narration with the narrator as speaker; a speech is a character's
    or nobody's that can be named, never the narrator's. `passes` rank the candidates, those that
    come with the package if None.
    """
    names, spans = Names(characters), split(book)
    told_by = next((i for i, c in enumerate(characters) if c.name == first_person), None)
    case = Casebook.of(book, spans, names, told_by)
    verdicts = speakers.judge(case, trees.shipped() if passes is None else passes)
    by_span = {index: v for chapter in verdicts for v in chapter for index in v.turn.spans}
    own = {
        number: list(group)
        for number, group in groupby(enumerate(spans), key=lambda pair: pair[1].chapter)
    }
    lines: list[Line] = []
    for chapter in book.chapters:
        lines += chapter_lines(book, chapter, own.get(chapter.number, []), by_span, characters)
    return Script(tuple(lines), {chapter.number: chapter.title for chapter in book.chapters})
