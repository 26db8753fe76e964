"""The text of a book as it is read along: chapters of paragraphs of timed phrases.

A phrase is the text of one caption. Quotation marks, which no voice speaks, come from the text of
the book, and emphasis and languages from the spans of a line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from pipeline.core.text import collapse, one_line
from pipeline.export.captions import Caption, captions
from pipeline.export.readalong.quotation_marks import edges
from pipeline.model.characters import NARRATOR
from pipeline.model.cues import Cue
from pipeline.model.script import Kind, Line, Pause
from pipeline.model.styled_span import StyledSpan


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Words of a phrase with one style; `language` is a BCP 47 tag if it is not the book's."""

    text: str
    emphasised: bool = False
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that are lit together, for `[start, end)` in milliseconds of their chapter's audio.

    `number` counts the timed phrases of a chapter from 0. A phrase that is not heard, such as a
    line of dots, has neither a number nor times. `before` and `after` are the quotation marks and
    the white space around the words.
    """

    pieces: tuple[TextPiece, ...]
    speaker: str
    kind: Kind
    number: int | None = None
    start: int = 0
    end: int = 0
    before: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        """The words."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def is_speech(self) -> bool:
        """Whether a character speaks it, rather than the narrator."""
        return self.kind is Kind.SPEECH and self.speaker != NARRATOR


@dataclass(frozen=True, slots=True)
class ReadParagraph:
    """A paragraph; `start` is the offset of its first line in the text of the book, if known."""

    phrases: tuple[Phrase, ...]
    is_heading: bool
    start: int | None
    ends_scene: bool


@dataclass(frozen=True, slots=True)
class ReadChapter:
    """A chapter, the name of its audio file, and the length of that in milliseconds."""

    number: int
    title: str
    audio: str
    length: int
    paragraphs: tuple[ReadParagraph, ...]

    @property
    def phrases(self) -> Iterator[Phrase]:
        """The phrases that are heard."""
        phrases = chain.from_iterable(paragraph.phrases for paragraph in self.paragraphs)
        return (phrase for phrase in phrases if phrase.number is not None)


def paragraphs(
    cues: Sequence[Cue], rate: int, text: str = "", language: str = "en"
) -> tuple[ReadParagraph, ...]:
    """Return the paragraphs of a chapter by its cues, in frames at `rate` Hz.

    `text` is that of the book, to which the offsets of lines refer.
    """
    result: list[ReadParagraph] = []
    phrases: list[Phrase] = []
    first = heard = 0
    lines = [cue.line for cue in cues]
    for index, (cue, marks) in enumerate(zip(cues, edges(lines, text), strict=True)):
        shown = tuple(captions([cue], rate, language))
        phrases += _phrases(cue.line, shown, marks, text, heard)
        heard += len(shown)
        if cue.line.ends_paragraph or index == len(lines) - 1:
            result.append(_paragraph(lines[first], cue.line, phrases))
            phrases, first = [], index + 1
    return tuple(result)


def _paragraph(first: Line, last: Line, phrases: Sequence[Phrase]) -> ReadParagraph:
    *others, final = phrases
    return ReadParagraph(
        phrases=(*others, replace(final, after=final.after.rstrip())),
        is_heading=first.kind is Kind.HEADING,
        start=first.start,
        ends_scene=last.pause is Pause.SCENE,
    )


def _phrases(
    line: Line, shown: Sequence[Caption], marks: tuple[str, str], book: str, first: int
) -> Iterator[Phrase]:
    """Yield the phrases of a line, numbered from `first`; `marks` are those around it."""
    text, spans = _collapsed(line, book)
    before, after = marks
    speaker = one_line(line.speaker)
    if not shown:
        pieces = tuple(_pieces(text, 0, len(text), spans))
        yield Phrase(pieces, speaker, line.kind, before=before, after=after)
        return
    places = _places(text, shown)
    nexts = [start for start, _ in places[1:]]
    for number, (caption, (begin, end)) in enumerate(zip(shown, places, strict=True)):
        is_last = number == len(nexts)
        yield Phrase(
            tuple(_pieces(text, begin, end, spans)),
            speaker,
            line.kind,
            first + number,
            caption.start,
            caption.end,
            before="" if number else before,
            after=after if is_last else text[end : nexts[number]],
        )


def _places(text: str, shown: Sequence[Caption]) -> list[tuple[int, int]]:
    """Return where the text of each caption stands in the text of its line.

    Between them is white space; what else captions left out is part of the one before.
    """
    starts, position = [], 0
    for caption in shown:
        found = text.find(caption.text, position)
        starts.append(min(position, len(text)) if found < 0 else found)
        position = starts[-1] + len(caption.text)
    starts[:1] = [0]
    ends = [start + len(text[start:end].rstrip()) for start, end in pairwise([*starts, len(text)])]
    return list(zip(starts, ends, strict=True))


def _collapsed(line: Line, book: str) -> tuple[str, list[StyledSpan]]:
    """Return the text of a line on one line, and its spans by offsets in that text."""
    text = one_line(line.text)
    raw = line.text if line.start is None else book[line.start : line.end]
    if collapse(raw) != text:
        return text, []
    offset = line.start or 0

    def place(at: int) -> int:
        ahead = raw[: max(0, at - offset)]
        return len(collapse(ahead)) + (ahead[-1:].isspace() and bool(ahead.strip()))

    return text, [StyledSpan(place(s.start), place(s.end), s.language) for s in line.spans]


def _pieces(text: str, begin: int, end: int, spans: Sequence[StyledSpan]) -> Iterator[TextPiece]:
    """Yield the text in `[begin, end)`, cut where a style begins or ends."""
    bounds = {begin, end}
    bounds |= {at for span in spans for at in (span.start, span.end) if begin < at < end}
    for start, stop in pairwise(sorted(bounds)):
        covering = [span for span in spans if span.start <= start and stop <= span.end]
        languages = [span.language for span in covering if span.language]
        emphasised = any(not span.language for span in covering)
        yield TextPiece(text[start:stop], emphasised, languages[-1] if languages else None)
