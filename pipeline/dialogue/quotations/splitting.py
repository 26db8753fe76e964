"""The whole book, cut into narration and speech in reading order."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, zip_longest

from pipeline.dialogue.quotations import (
    dashes,
    letters,
    marks,
    pairing,
    reported_speech,
    scare_quotes,
    unspoken,
)
from pipeline.dialogue.quotations.flowed_text import flow
from pipeline.dialogue.quotations.pairing import MarkedParagraph, Pairing
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.quotations.style import QuoteStyle, detect
from pipeline.model.book import Block, Book, Chapter, Paragraph

_Scene = list[tuple[int, Paragraph]]
_TRIM = "\ufeff\u200b\u2060"
_AFTER_SPEECH = ",.;:"
_WORD = re.compile(r"[^\W_]+")
_PAUSE = re.compile(r"[,.!?…—–-]\s+(?=[^\W\d_])")


def split(book: Book) -> tuple[Span, ...]:
    """Cut every prose paragraph of `book` into spans; how its lines are wrapped is no matter.

    Every letter and digit of the prose lies in exactly one span.
    """
    flowing = flow(book)
    return tuple(
        replace(span, start=flowing.origin(span.start), end=flowing.origin(span.end - 1) + 1)
        for span in _split(flowing.book)
    )


def _split(book: Book) -> Iterator[Span]:
    spans = tuple(
        span
        for chapter, style in zip(book.chapters, detect(book), strict=True)
        for scene in _scenes(chapter)
        for span in letters.narrated(
            book.text, tuple(_split_scene(book.text, chapter.number, scene, style))
        )
    )
    spans = tuple(unspoken.narrated(book.text, spans))
    return _join(reported_speech.narrated(book.text, spans))


def _join(spans: Iterable[Span]) -> Iterator[Span]:
    """Make one span of neighbouring narration in a paragraph."""
    held: Span | None = None
    for span in spans:
        if held is None:
            held = span
        elif held.speech or span.speech or held.place != span.place:
            yield held
            held = span
        else:
            held = replace(held, end=span.end)
    if held is not None:
        yield held


def _scenes(chapter: Chapter) -> Iterator[_Scene]:
    """The runs of prose between headings and scene breaks, each paragraph with its index."""
    scene: _Scene = []
    for index, paragraph in enumerate(chapter.paragraphs):
        if paragraph.block is Block.PROSE:
            scene.append((index, paragraph))
        elif scene:
            yield scene
            scene = []
    if scene:
        yield scene


def _split_scene(text: str, chapter: int, scene: _Scene, style: QuoteStyle) -> Iterator[Span]:
    pattern = style.pattern
    marked = []
    for _, p in scene:
        found = marks.find(text, p.start, p.end, style, pattern)
        marked.append(MarkedParagraph(found, marks.starts(found, text, p.start)))
    open_end = False
    readings = pairing.read(marked)
    for (index, paragraph), begins, reading in zip(scene, marked, readings, strict=True):
        continues = open_end and (reading.run_on or begins.begins)
        dash = dashes.opening(text, paragraph.start, paragraph.end) if style.dash else None
        pieces: Iterable[dashes.Piece]
        if dash is None or (dash > paragraph.start and reading.opens):
            pieces = _pieces(text, paragraph, reading)
        else:
            told = [(paragraph.start, dash, False)] if dash > paragraph.start else []
            pieces = chain(told, dashes.split(text, dash, paragraph.end, asides=style.asides))
            continues = False  # a dash is another's turn, even inside guillemets
        for start, end, speech in _tidy(text, pieces):
            yield Span(start, end, speech, chapter, index, speech and continues)
            continues = False
        open_end = reading.open_end


def _pieces(text: str, paragraph: Paragraph, reading: Pairing) -> Iterator[dashes.Piece]:
    """What a reading makes of a paragraph, in order and without gaps but for the marks."""
    at = paragraph.start
    for start, end, resume in _speeches(text, paragraph, reading):
        if start - 1 > at:
            yield at, start - 1, False
        yield start, end, True
        at = resume
    if at < paragraph.end:
        yield at, paragraph.end, False


def _speeches(text: str, paragraph: Paragraph, reading: Pairing) -> Iterator[tuple[int, int, int]]:
    """Where each speech starts and ends, marks outside, and where what follows it starts."""
    opens = (paragraph.start - 1, *reading.opens) if reading.inside else reading.opens
    reopened = set(reading.opens)
    last = None
    for mark, close in zip_longest(opens, reading.closes):
        start, end = mark + 1, paragraph.end if close is None else close
        if close is None:
            told = end if reading.continued else _told(text, start, end)
            yield start, told, told
        elif close in reopened:
            told = _told(text, start, end)
            yield start, told, told
        elif start == paragraph.start or _said(text, paragraph, (start, end), last):
            yield start, end, close + 1
        else:
            continue  # left in the narrator's sentence
        last = end


def _said(text: str, paragraph: Paragraph, inner: tuple[int, int], last: int | None) -> bool:
    bounds = (paragraph.start, paragraph.end)
    return scare_quotes.is_speech(scare_quotes.phrase(text, bounds, inner, last))


def _told(text: str, start: int, end: int) -> int:
    """Where the narrator's tag begins in a speech whose closing mark is missing, else its end."""
    for pause in _PAUSE.finditer(text, start, end):
        if dashes.is_tag(_WORD.findall(text[pause.end() : min(end, pause.end() + 60)])[:4]):
            return pause.end()
    return end


def _tidy(text: str, pieces: Iterable[dashes.Piece]) -> Iterator[dashes.Piece]:
    """Trim white space and drop narration without a word."""
    spoke = False
    for start, end, speech in pieces:
        piece = _trim(text, start, end, speech, spoke)
        spoke = speech
        if piece is not None:
            yield piece


def _trim(text: str, start: int, end: int, speech: bool, spoke: bool) -> dashes.Piece | None:
    """The piece without white space at its ends; None when nothing is left to say.

    Narration after a speech also loses the comma or full stop that the closing mark left behind.
    """
    while start < end and (text[start].isspace() or text[start] in _TRIM):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _TRIM):
        end -= 1
    if not speech and spoke:
        while start < end and (text[start].isspace() or text[start] in _AFTER_SPEECH):
            start += 1
    if start == end or not (speech or _WORD.search(text, start, end)):
        return None
    return start, end, speech
