"""Attribution of a whole book: from its text and cast to a script."""

from collections.abc import Mapping, Sequence

from pipeline.dialogue.attribution import speaker_model
from pipeline.dialogue.attribution.aliases import CastNames
from pipeline.dialogue.attribution.analysed_book import AnalysedBook
from pipeline.dialogue.attribution.chapter_memory import (
    AttributionMemory,
    ChapterAttribution,
    TurnAttribution,
    chapter_key,
)
from pipeline.dialogue.attribution.conversation import Probabilities
from pipeline.dialogue.attribution.decisions import attribute_chapters
from pipeline.dialogue.attribution.nicknames import with_nicknames
from pipeline.dialogue.attribution.script_lines import LineMaker
from pipeline.dialogue.attribution.speaker_model import SpeakerModel
from pipeline.dialogue.quotations.spans import by_chapter
from pipeline.dialogue.quotations.splitting import split
from pipeline.model.book import Book
from pipeline.model.characters import Character
from pipeline.model.script import Line, Script


def attribute(
    book: Book,
    characters: Sequence[Character],
    first_person: str | None = None,
    *,
    model: SpeakerModel | None = None,
    memory: AttributionMemory | None = None,
) -> Script:
    """Return the script of `book`: its lines in reading order, each with its speaker.

    `first_person` is the name of the character who tells the book as `I`. Headings and narration
    are the narrator's; a speech is a character's or unknown, never the narrator's. `model` is the
    package's own if None. Chapters that `memory` recalls keep their attribution.
    """
    analysed = analyse(book, characters, first_person)
    model = model or speaker_model.shipped()
    if memory is None:
        chapters = attribute_chapters(analysed, model)
    else:
        chapters = attribute_changed(book, analysed, model, memory)
    return script_of(book, characters, analysed, chapters)


def analyse(
    book: Book, characters: Sequence[Character], first_person: str | None = None
) -> AnalysedBook:
    """Analyse a book for attribution; find its first-person narrator if none is named."""
    narrator = next((i for i, c in enumerate(characters) if c.name == first_person), None)
    names = CastNames(with_nicknames(book.text, characters))
    return AnalysedBook.of(book, split(book), names, narrator)


def script_of(
    book: Book,
    characters: Sequence[Character],
    analysed: AnalysedBook,
    attributions: Sequence[ChapterAttribution],
) -> Script:
    """Return the script of a book from the attribution of each of its chapters."""
    spans_of = by_chapter(split(book))
    maker = LineMaker(book, characters, _by_span(analysed, attributions))
    lines: list[Line] = []
    for chapter in book.chapters:
        lines += maker.lines(chapter, spans_of.get(chapter.number, []))
    return Script(tuple(lines), {chapter.number: chapter.title for chapter in book.chapters})


def attribute_changed(
    book: Book, analysed: AnalysedBook, model: SpeakerModel, memory: AttributionMemory
) -> list[ChapterAttribution]:
    """Attribute the chapters that the memory does not recall, and add them to it."""
    spans_of = by_chapter(split(book))
    keys = [
        chapter_key(book, chapter, [span for _, span in spans_of.get(chapter.number, [])])
        for chapter in book.chapters
    ]
    by_key = memory.recall(keys)
    recalled = {number: by_key[key] for number, key in enumerate(keys) if key in by_key}
    chapters = attribute_chapters(analysed, model, recalled)
    memory.keep(
        {
            keys[number]: chapter
            for number, chapter in enumerate(chapters)
            if chapter is not recalled.get(number)
        }
    )
    return chapters


def _by_span(
    book: AnalysedBook, chapters: Sequence[ChapterAttribution]
) -> Mapping[int, tuple[Probabilities, TurnAttribution]]:
    """Return the attribution of the turn that each span of speech is in."""
    by_span: dict[int, tuple[Probabilities, TurnAttribution]] = {}
    for number, chapter in enumerate(chapters):
        turns = zip(book.turns(number), chapter.probabilities, chapter.turns, strict=True)
        for turn, probabilities, attribution in turns:
            by_span.update(dict.fromkeys(turn.spans, (probabilities, attribution)))
    return by_span
