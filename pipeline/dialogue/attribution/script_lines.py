"""Lines of a script, made from a book's paragraphs, spans and attributed turns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pipeline.core.text import collapse
from pipeline.dialogue.attribution.chapter_memory import TurnAttribution
from pipeline.dialogue.attribution.conversation import Probabilities
from pipeline.dialogue.attribution.evidence import NOBODY
from pipeline.dialogue.quotations.spans import Span
from pipeline.model.book import Block, Book, Chapter, Paragraph
from pipeline.model.characters import NARRATOR, UNKNOWN, Character
from pipeline.model.script import Kind, Line, Pause

Spans = Sequence[tuple[int, Span]]
"""Spans with their index in the book."""


@dataclass(frozen=True, slots=True)
class LineMaker:
    """Makes the lines of a book.

    `turns` has the probabilities and the attribution of the turn that each span of speech is in,
    by the span's index.
    """

    book: Book
    characters: Sequence[Character]
    turns: Mapping[int, tuple[Probabilities, TurnAttribution]]

    def lines(self, chapter: Chapter, spans: Spans) -> Iterator[Line]:
        """Yield the lines of a chapter in reading order, each with the pause after it."""
        spans_of = {
            number: list(group)
            for number, group in groupby(spans, key=lambda pair: pair[1].paragraph)
        }
        pending: Line | None = None  # its pause depends on what follows
        for number, paragraph in enumerate(chapter.paragraphs):
            if paragraph.block is Block.BREAK:
                if pending is not None:
                    pending = replace(pending, pause=Pause.SCENE)
                continue
            for line in self._paragraph(chapter, paragraph, spans_of.get(number, [])):
                if pending is not None:
                    yield pending
                pending = line
        if pending is not None:
            yield replace(pending, pause=Pause.CHAPTER)

    def _paragraph(self, chapter: Chapter, paragraph: Paragraph, spans: Spans) -> Iterator[Line]:
        if paragraph.block is Block.HEADING:
            start, end = paragraph.start, paragraph.end
            text = self._text(start, end)
            yield Line(text, NARRATOR, Kind.HEADING, chapter.number, start, end)
            return
        pending: Line | None = None
        for index, span in spans:
            line = self._line(index, span)
            if not any(char.isalnum() for char in line.text):
                continue
            if pending is not None:
                same = pending.speaker == line.speaker
                yield replace(pending, pause=Pause.SENTENCE if same else Pause.SPEAKER)
            pending = line
        if pending is not None:
            yield pending

    def _line(self, index: int, span: Span) -> Line:
        text = self._text(span.start, span.end)
        if not span.speech:
            return Line(text, NARRATOR, Kind.NARRATION, span.chapter, span.start, span.end)
        unknown = Line(
            text, UNKNOWN, Kind.SPEECH, span.chapter, span.start, span.end, confidence=0.0
        )
        if index not in self.turns:
            return unknown
        probabilities, turn = self.turns[index]
        return replace(
            unknown,
            speaker=UNKNOWN if turn.speaker == NOBODY else self.characters[turn.speaker].name,
            confidence=turn.confidence,
            why=turn.why,
            candidates={
                self.characters[candidate].name: probability
                for candidate, probability in probabilities.items()
                if candidate != NOBODY
            },
        )

    def _text(self, start: int, end: int) -> str:
        return collapse(self.book.text[start:end])
