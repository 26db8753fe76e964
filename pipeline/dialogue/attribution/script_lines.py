"""Lines of a script, made of the book's paragraphs and spans."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from pipeline.dialogue.attribution.chapter_memory import SpeakerRuling
from pipeline.dialogue.attribution.conversation import Chances
from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.quotations.spans import Span
from pipeline.model.book import Block, Book, Chapter, Paragraph
from pipeline.model.characters import NARRATOR, UNKNOWN, Character
from pipeline.model.script import Kind, Line, Pause

Judged = tuple[Chances, SpeakerRuling]
"""What is thought of a turn: each one's chances, and who is taken to speak it."""


def chapter_lines(
    book: Book,
    chapter: Chapter,
    spans: Sequence[tuple[int, Span]],
    judged: Mapping[int, Judged],
    characters: Sequence[Character],
) -> Iterator[Line]:
    """The lines of a chapter in reading order, each with the pause after it."""
    by_paragraph = {
        number: list(group) for number, group in groupby(spans, key=lambda pair: pair[1].paragraph)
    }
    held: Line | None = None
    for number, paragraph in enumerate(chapter.paragraphs):
        if paragraph.block is Block.BREAK:
            if held is not None:
                held = replace(held, pause=Pause.SCENE)
            continue
        for line in _paragraph(
            book.text, chapter, paragraph, by_paragraph.get(number, []), judged, characters
        ):
            if held is not None:
                yield held
            held = line
    if held is not None:
        yield replace(held, pause=Pause.CHAPTER)


def _paragraph(
    text: str,
    chapter: Chapter,
    paragraph: Paragraph,
    spans: Sequence[tuple[int, Span]],
    judged: Mapping[int, Judged],
    characters: Sequence[Character],
) -> Iterator[Line]:
    if paragraph.block is Block.HEADING:
        words = _words(text, paragraph.start, paragraph.end)
        yield Line(words, NARRATOR, Kind.HEADING, chapter.number, paragraph.start, paragraph.end)
        return
    held: Line | None = None
    for index, span in spans:
        line = _line(text, span, judged.get(index), characters)
        if not any(char.isalnum() for char in line.text):
            continue
        if held is not None:
            same = held.speaker == line.speaker
            yield replace(held, pause=Pause.SENTENCE if same else Pause.SPEAKER)
        held = line
    if held is not None:
        yield held


def _line(text: str, span: Span, judged: Judged | None, characters: Sequence[Character]) -> Line:
    words = _words(text, span.start, span.end)
    if not span.speech:
        return Line(words, NARRATOR, Kind.NARRATION, span.chapter, span.start, span.end)
    if judged is None:
        return Line(words, UNKNOWN, Kind.SPEECH, span.chapter, span.start, span.end, 0.0)
    chances, ruling = judged
    candidates = {characters[who].name: chance for who, chance in chances.items() if who != NOBODY}
    speaker = UNKNOWN if ruling.speaker == NOBODY else characters[ruling.speaker].name
    return Line(
        words, speaker, Kind.SPEECH, span.chapter, span.start, span.end,
        confidence=ruling.confidence, why=ruling.why, candidates=candidates,
    )  # fmt: skip


def _words(text: str, start: int, end: int) -> str:
    return " ".join(text[start:end].split())
