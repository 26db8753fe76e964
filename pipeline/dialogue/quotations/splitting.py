"""Split a whole book into narration and speech, in reading order."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import zip_longest

from pipeline.dialogue.quotations import (
    dash_dialogue,
    letters,
    missing_marks,
    reported_speech,
    scare_quotes,
    unspoken_quotations,
)
from pipeline.dialogue.quotations.pairing import MarkedParagraph, Pairing, pair_marks
from pipeline.dialogue.quotations.quote_marks import find_marks, opens_paragraph
from pipeline.dialogue.quotations.quote_style import QuoteStyle, detect_styles
from pipeline.dialogue.quotations.spans import Piece, Span
from pipeline.dialogue.quotations.unwrapping import UnwrappedText, unwrap
from pipeline.model.book import Block, Book, Chapter, Paragraph

_SceneParagraphs = list[tuple[int, Paragraph]]
"""The paragraphs of a scene, each with its index in the chapter."""

_AFTER_SPEECH = re.compile(r"(?:[*_]+(?=[\s,.;:]))?[\s,.;:]*")
_BEFORE_SPEECH = re.compile(r"\s[*_]+$")
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=1)
def split(book: Book) -> tuple[Span, ...]:
    """Split every prose paragraph of `book` into spans, regardless of how its lines are wrapped.

    Every letter and digit of the prose is in exactly one span. The spans of the latest book are
    kept: a first render identifies its characters, counts their lines and attributes them.
    """
    unwrapped = unwrap(book)
    return tuple(_moved_back(span, unwrapped) for span in _split_unwrapped(unwrapped.book))


def _moved_back(span: Span, unwrapped: UnwrappedText) -> Span:
    """Return the span with its offsets in the original text."""
    start, end = unwrapped.offsets.original_range(span.start, span.end)
    return replace(span, start=start, end=end)


def _split_unwrapped(book: Book) -> Iterator[Span]:
    spans = tuple(
        span
        for chapter, style in zip(book.chapters, detect_styles(book), strict=True)
        for scene in _scenes(chapter)
        for span in letters.reclassify(
            book.text, tuple(_split_scene(book.text, chapter.number, scene, style))
        )
    )
    spans = tuple(unspoken_quotations.reclassify(book.text, spans))
    return _join_narration(reported_speech.reclassify(book.text, spans))


def _scenes(chapter: Chapter) -> Iterator[_SceneParagraphs]:
    """Yield the runs of prose between headings and scene breaks."""
    scene: _SceneParagraphs = []
    for index, paragraph in enumerate(chapter.paragraphs):
        if paragraph.block is Block.PROSE:
            scene.append((index, paragraph))
        elif scene:
            yield scene
            scene = []
    if scene:
        yield scene


def _split_scene(
    text: str, chapter: int, scene: _SceneParagraphs, style: QuoteStyle
) -> Iterator[Span]:
    marked = [_mark_paragraph(text, paragraph, style) for _, paragraph in scene]
    previous_open = False
    for (index, paragraph), marks, pairing in zip(scene, marked, pair_marks(marked), strict=True):
        continues = previous_open and (pairing.run_on or marks.opens)
        dash = _opening_dash(text, paragraph, pairing, style)
        if dash is None:
            pieces = _quoted_pieces(text, paragraph, pairing)
        else:
            pieces = _dash_pieces(text, paragraph, dash, style)
            continues = False  # a dash starts another turn, even inside guillemets
        spoken = False
        for start, end, spoken in clean(text, pieces):
            yield Span(start, end, spoken, chapter, index, spoken and continues)
            continues = False
        previous_open = pairing.ends_inside and (spoken or dash is not None)


def _mark_paragraph(text: str, paragraph: Paragraph, style: QuoteStyle) -> MarkedParagraph:
    marks = find_marks(text, paragraph.start, paragraph.end, style)
    return MarkedParagraph(marks, opens_paragraph(marks, text, paragraph.start))


def _opening_dash(
    text: str, paragraph: Paragraph, pairing: Pairing, style: QuoteStyle
) -> int | None:
    """Return the offset of the dash that opens a speech; None where quotation marks do."""
    if not style.dashes:
        return None
    dash = dash_dialogue.find_opening_dash(text, paragraph.start, paragraph.end)
    if dash is not None and dash > paragraph.start and pairing.opens:
        return None
    return dash


def _dash_pieces(text: str, paragraph: Paragraph, dash: int, style: QuoteStyle) -> Iterator[Piece]:
    if dash > paragraph.start:
        yield Piece(paragraph.start, dash, False)
    yield from dash_dialogue.split_from_dash(
        text, dash, paragraph.end, dash_asides=style.dash_asides
    )


def _quoted_pieces(text: str, paragraph: Paragraph, pairing: Pairing) -> Iterator[Piece]:
    """Yield the pieces of a paragraph in order, without gaps except for quotation marks."""
    position = paragraph.start
    for start, end, resume in _speeches(text, paragraph, pairing):
        if start - 1 > position:
            yield Piece(position, start - 1, False)
        yield Piece(start, end, True)
        position = resume
    if position < paragraph.end:
        yield Piece(position, paragraph.end, False)


def _speeches(text: str, paragraph: Paragraph, pairing: Pairing) -> Iterator[tuple[int, int, int]]:
    """Yield start and end of each speech, marks excluded, and where the text after it starts."""
    missing_mark = (paragraph.start - 1,) if pairing.starts_inside else ()
    reopened = set(pairing.opens)
    previous_end = None
    for mark, close in zip_longest((*missing_mark, *pairing.opens), pairing.closes):
        start, end = mark + 1, paragraph.end if close is None else close
        if close is None:
            find = missing_marks.find_certain_tag if pairing.continued else missing_marks.find_tag
            yield (start, *(find(text, start, end) or (end, end)))
        elif close in reopened:
            yield (start, *(missing_marks.find_tag(text, start, end) or (end, end)))
        elif start == paragraph.start or _is_spoken(text, paragraph, (start, end), previous_end):
            yield start, end, close + 1
        else:
            continue  # part of the narrator's sentence
        previous_end = end


def _is_spoken(
    text: str, paragraph: Paragraph, inner: tuple[int, int], previous_end: int | None
) -> bool:
    bounds = (paragraph.start, paragraph.end)
    return scare_quotes.is_speech(scare_quotes.quoted_phrase(text, bounds, inner, previous_end))


def clean(text: str, pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Trim the pieces and drop those with nothing to read aloud.

    A speech without words, as `“…”`, is a turn all the same, unless it follows another such speech.
    Narration after a speech also loses the comma or full stop that the closing mark left behind,
    and the emphasis that encloses the mark, as in `*"Yes,"* he said.`
    """
    after_speech = after_silence = False
    for piece in pieces:
        start, end = piece.start, piece.end
        if not piece.speech:
            start, end = _narration_bounds(text, start, end, after_speech=after_speech)
        start, end = _trim(text, start, end)
        after_speech = piece.speech
        has_words = start < end and _WORD.search(text, start, end) is not None
        if has_words or (start < end and piece.speech and not after_silence):
            yield Piece(start, end, piece.speech)
            after_silence = not has_words


def _narration_bounds(text: str, start: int, end: int, *, after_speech: bool) -> tuple[int, int]:
    rest = _AFTER_SPEECH.match(text, start, end) if after_speech else None
    emphasis = _BEFORE_SPEECH.search(text, max(start, end - 4), end)
    return rest.end() if rest else start, emphasis.start() if emphasis else end


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds without white space at either end."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _join_narration(spans: Iterable[Span]) -> Iterator[Span]:
    """Join neighbouring spans of narration in a paragraph."""
    pending: Span | None = None
    for span in spans:
        if pending is None:
            pending = span
        elif pending.speech or span.speech or pending.place != span.place:
            yield pending
            pending = span
        else:
            pending = replace(pending, end=span.end)
    if pending is not None:
        yield pending
