"""Begin chapters where a producer's rule for headings matches, in books that have sections."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from pipeline.ingest import headings
from pipeline.ingest.heading_rule import matching_lines
from pipeline.ingest.selection import read_sections, sections_of
from pipeline.model.book import Block, Book, Paragraph, SourceSection


def begin_chapters(book: Book, heading: str) -> Book:
    """Return the book with another chapter at each paragraph that matches `heading`.

    Raise SourceError if none does.
    """
    sections = sections_of(book)
    shown = {
        headings.collapse(book.text[p.start : p.end])
        for section in sections
        for p in section.paragraphs
        if p.end - p.start <= headings.MAX_LENGTH
    }
    matches = matching_lines(heading, shown, book.path)
    pieces = [piece for section in sections for piece in _divided(book.text, section, matches)]
    numbered = (replace(piece, number=number) for number, piece in enumerate(pieces, 1))
    return read_sections(replace(book, sections=tuple(numbered)))


def _divided(text: str, section: SourceSection, matches: Set[str]) -> Iterator[SourceSection]:
    words = [headings.collapse(text[p.start : p.end]) for p in section.paragraphs]
    starts = [index for index, line in enumerate(words) if line in matches]
    if section.reason is not None or not starts:
        yield section
        return
    marked = [
        replace(p, block=Block.HEADING) if line in matches else p
        for p, line in zip(section.paragraphs, words, strict=True)
    ]
    titles = {start: words[start] for start in starts}
    if any(p.block is Block.PROSE for p in marked[: starts[0]]):
        titles[0] = section.title
    else:
        titles = {0: titles.pop(starts[0])} | titles
    order = sorted(titles)
    for start, end in zip(order, [*order[1:], len(marked)], strict=True):
        piece = marked[start:end]
        yield replace(
            section,
            title=titles[start],
            paragraphs=tuple(piece),
            omitted=tuple(_within(section.omitted, marked, start, end)),
        )


def _within(
    omitted: Sequence[Paragraph], paragraphs: Sequence[Paragraph], start: int, end: int
) -> Iterator[Paragraph]:
    """Yield what is left out between the paragraphs from `start` to `end` of a section."""
    first = paragraphs[start].start if start else 0
    last = paragraphs[end].start if end < len(paragraphs) else None
    return (p for p in omitted if p.start >= first and (last is None or p.start < last))
