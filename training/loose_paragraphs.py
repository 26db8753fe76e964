"""Copies of novels whose beats stand in paragraphs of their own, as in much fiction on the web."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, groupby

from pipeline.dialogue.attribution import narration
from pipeline.dialogue.attribution.aliases import CastNames
from pipeline.dialogue.quotations.spans import Span
from pipeline.dialogue.quotations.splitting import split
from pipeline.model.book import Chapter, Paragraph
from training.corpus import Novel

_Gap = tuple[int, int]
"""Where a paragraph is parted: the stretch of text `[start, end)` that is left out."""

_APART = 4  # of so many beats after a speech one is a paragraph
_SENTENCE_ENDS = ".?!…"


def with_loose_paragraphs(novel: Novel) -> Novel:
    """Return a copy in which each beat is a paragraph: `"No." Ann sat down.` has two.

    A dialogue tag stays with its speech, and so do a beat beside a tag and three in four of the
    beats after a speech: who sets beats apart tells there mostly what the hearer does, before the
    hearer's answer. The text and its offsets are those of the novel.
    """
    gaps: defaultdict[tuple[int, int], list[_Gap]] = defaultdict(list)
    names, after_speech = CastNames(novel.cast), count()
    for place, spans in groupby(split(novel.book), key=lambda span: span.place):
        gaps[place] += _gaps(novel.book.text, [*spans], names, after_speech)
    chapters = tuple(_parted(chapter, gaps) for chapter in novel.book.chapters)
    return replace(novel, book=replace(novel.book, chapters=chapters))


def _gaps(
    text: str, spans: Sequence[Span], names: CastNames, after_speech: Iterator[int]
) -> Iterator[_Gap]:
    """Yield the gaps around the beats of a paragraph; `after_speech` counts the beats after one."""
    padded = [None, *spans, None]
    for before, beat, after in zip(padded, padded[1:], padded[2:], strict=False):
        if beat is None or beat.speech or _has_tag(text, beat, names):
            continue
        if before and next(after_speech) % _APART:
            continue
        gaps = [
            *([_gap_after_speech(text, before, beat)] if before else []),
            *([_gap_before_speech(text, beat, after)] if after else []),
        ]
        if None not in gaps:
            yield from filter(None, gaps)


def _has_tag(text: str, span: Span, names: CastNames) -> bool:
    return any(verb.explicit for verb in narration.analyse(text, span, names).verbs)


def _gap_after_speech(text: str, speech: Span, beat: Span) -> _Gap | None:
    """Return the gap between a speech and a beat, None if one sentence has both."""
    mark = text[speech.end : beat.start].rstrip()
    whole = text[speech.end - 1] in _SENTENCE_ENDS and text[beat.start].isupper()
    return (speech.end + len(mark), beat.start) if mark and whole else None


def _gap_before_speech(text: str, beat: Span, speech: Span) -> _Gap | None:
    """Return the gap between a beat and a speech, None if one sentence has both."""
    between = text[beat.end : speech.start]
    mark = between.lstrip()
    whole = text[beat.end - 1] in _SENTENCE_ENDS
    return (beat.end, beat.end + len(between) - len(mark)) if mark.strip() and whole else None


def _parted(chapter: Chapter, gaps: dict[tuple[int, int], list[_Gap]]) -> Chapter:
    paragraphs: list[Paragraph] = []
    for number, paragraph in enumerate(chapter.paragraphs):
        start = paragraph.start
        for gap_start, gap_end in gaps.get((chapter.number, number), ()):
            paragraphs.append(replace(paragraph, start=start, end=gap_start))
            start = gap_end
        paragraphs.append(replace(paragraph, start=start))
    return replace(chapter, paragraphs=tuple(paragraphs))
