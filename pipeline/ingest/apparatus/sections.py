"""The sections of a plain text: its chapters, and what of it is not read."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.ingest import headings
from pipeline.ingest.markup import unread
from pipeline.model.book import Block, Chapter, Paragraph, SourceSection


def sections(
    text: str,
    chapters: Sequence[Chapter],
    paragraphs: Sequence[Paragraph],
    reasons: Mapping[int, str],
) -> tuple[SourceSection, ...]:
    """Return the chapters of a text with what is not read: `reasons` has why, by paragraph.

    What has a title of its own, and is followed by a chapter or nothing, is a section; anything
    else is omitted within a chapter.
    """
    starts = [chapter.paragraphs[0].start for chapter in chapters]
    omitted: dict[int, list[Paragraph]] = {}
    found = [SourceSection(c.number, c.title, c.paragraphs) for c in chapters]
    for run in _runs(reasons):
        chapter = bisect_right(starts, paragraphs[run[0]].start) - 1
        title = _title(text, paragraphs[run[0]])
        end = chapters[chapter].paragraphs[-1].end
        if chapter >= 0 and title and paragraphs[run[0]].start >= end:
            own = tuple(_whole(paragraphs, run, title, text))
            found.append(SourceSection(0, title, own, reasons[run[0]]))
        else:
            omitted.setdefault(max(0, chapter), []).extend(paragraphs[i] for i in run)
    for chapter, left_out in omitted.items():
        found[chapter] = replace(found[chapter], omitted=tuple(left_out))
    found.sort(key=lambda section: section.paragraphs[0].start)
    return tuple(replace(section, number=number) for number, section in enumerate(found, 1))


def _runs(reasons: Mapping[int, str]) -> Iterator[list[int]]:
    """Yield the indices of paragraphs that stand together and are not read for one reason."""
    order = sorted(reasons)
    run = order[:1]
    for before, index in pairwise(order):
        if index > before + 1 or reasons[index] != reasons[before]:
            yield run
            run = []
        run.append(index)
    if run:
        yield run


def _title(text: str, paragraph: Paragraph) -> str:
    """Return the title that a paragraph is, if it says what is below it."""
    words = headings.collapse(text[paragraph.start : paragraph.end].split("\n", 1)[0]).rstrip(":")
    known = len(words) <= headings.MAX_LENGTH and (
        unread.by_title(words) is not None or unread.is_notes_title(words)
    )
    return words if known else ""


def _whole(
    paragraphs: Sequence[Paragraph], run: Sequence[int], title: str, text: str
) -> Iterator[Paragraph]:
    """Yield the paragraphs of a section, the title as a heading if it stands alone."""
    for position, index in enumerate(run):
        paragraph = paragraphs[index]
        words = text[paragraph.start : paragraph.end].rstrip(":")
        alone = position == 0 and headings.collapse(words) == title
        yield replace(paragraph, block=Block.HEADING) if alone else paragraph
