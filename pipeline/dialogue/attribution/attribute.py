"""Who speaks each line of a book."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.dialogue.attribution import boosted_trees, verdicts
from pipeline.dialogue.attribution.aliases import Names
from pipeline.dialogue.attribution.chapter_memory import (
    AttributionMemory,
    ChapterAttribution,
    SpeakerRuling,
    mark,
)
from pipeline.dialogue.attribution.ranking import Casebook, Scorer
from pipeline.dialogue.attribution.script_lines import Judged, chapter_lines
from pipeline.dialogue.quotations.splitting import split
from pipeline.model.book import Book
from pipeline.model.characters import Character
from pipeline.model.script import Line, Script

if TYPE_CHECKING:
    from pipeline.dialogue.quotations.spans import Span

__all__ = ["AttributionMemory", "ChapterAttribution", "SpeakerRuling", "attribute"]


def attribute(
    book: Book,
    characters: Sequence[Character],
    first_person: str | None = None,
    *,
    passes: Sequence[Scorer] | None = None,
    memory: AttributionMemory | None = None,
) -> Script:
    """Say who speaks each line of `book`.

    `first_person` is the name of the character who tells the book as `I`. The lines come in
    reading order, headings and narration with the narrator as speaker; a speech is a character's
    or nobody's that can be named, never the narrator's. `passes` rank the candidates, those that
    come with the package if None. Chapters that `memory` recalls are not judged anew.
    """
    names, spans = Names(characters), split(book)
    told_by = next((i for i, c in enumerate(characters) if c.name == first_person), None)
    own: dict[int, list[tuple[int, Span]]] = {
        number: list(group)
        for number, group in groupby(enumerate(spans), key=lambda pair: pair[1].chapter)
    }
    case = Casebook.of(book, spans, names, told_by)
    passes = boosted_trees.shipped() if passes is None else passes
    if memory is None:
        opinions = verdicts.judge(case, passes)
    else:
        cut = ([span for _, span in own.get(chapter.number, [])] for chapter in book.chapters)
        marks = [mark(book, *each) for each in zip(book.chapters, cut, strict=True)]
        opinions = _remembered(case, marks, passes, memory)
    judged = _by_span(case, opinions)
    lines: list[Line] = []
    for chapter in book.chapters:
        lines += chapter_lines(book, chapter, own.get(chapter.number, []), judged, characters)
    return Script(tuple(lines), {chapter.number: chapter.title for chapter in book.chapters})


def _remembered(
    case: Casebook, marks: Sequence[str], passes: Sequence[Scorer], memory: AttributionMemory
) -> list[ChapterAttribution]:
    """Judge the chapters that are not in the memory, and have them kept there."""
    recalled = memory.recall(marks)
    settled = {n: recalled[each] for n, each in enumerate(marks) if each in recalled}
    opinions = verdicts.judge(case, passes, settled)
    memory.keep({marks[n]: one for n, one in enumerate(opinions) if one is not settled.get(n)})
    return opinions


def _by_span(case: Casebook, opinions: Sequence[ChapterAttribution]) -> dict[int, Judged]:
    """Give what is thought of the turn that each span of speech belongs to."""
    found: dict[int, Judged] = {}
    for number, opinion in enumerate(opinions):
        rows = zip(case.turns(number), opinion.chances, opinion.rulings, strict=True)
        for turn, chances, ruling in rows:
            found.update(dict.fromkeys(turn.spans, (chances, ruling)))
    return found
