"""Join several books, such as the files of a folder, into one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from itertools import accumulate
from pathlib import Path

from pipeline.core.errors import Problem, SourceError
from pipeline.ingest import files, headings, title_case
from pipeline.ingest.joined_scripts import join_scripts
from pipeline.ingest.selection import read_sections, sections_of
from pipeline.ingest.source import output_stem
from pipeline.model.book import (
    Block,
    Book,
    Chapter,
    Mark,
    Metadata,
    Paragraph,
    SourceFile,
    SourceSection,
)
from pipeline.model.source_map import SourceText

_GAP = "\n\n"
_OF_TITLE = ("title", "subtitle", "title_sort")


def join(
    books: Sequence[Book],
    sources: tuple[Path, ...],
    given: Mapping[str, str],
    notices: Sequence[Problem],
) -> Book:
    """Return one book with the texts, chapters and sections of `books` in order.

    `sources` are the files and folders that it was named by. Raise SourceError for a script among
    prose, and for more text than a book may have.
    """
    books = [_with_heading(book) for book in books]
    books = [_with_blank_line(book) for book in books]
    text = "".join(book.text for book in books)
    starts = _starts(len(book.text) for book in books)
    source_starts = _starts(len(book.source_text) for book in books)
    if len(text) > files.MAX_BYTES:
        what = f"are too large for a book together ({len(text) / 1e6:.0f} MB)"
        raise SourceError.of(what, file=sources[0], remedy="split it into volumes")
    script = join_scripts(books, starts)
    joined = Book(
        path=sources[0],
        text=text,
        chapters=tuple(_chapters(books, starts)),
        metadata=_metadata(books, sources, given),
        script=script,
        cover=next((book.cover for book in books if book.cover), None),
        files=tuple(
            SourceFile(book.path, start) for book, start in zip(books, source_starts, strict=True)
        ),
        sources=sources,
        source=_source(books),
        marks=tuple(_marks(books, starts)),
        notices=(*notices, *(notice for book in books for notice in book.notices)),
    )
    if script is not None or not any(book.sections for book in books):
        return joined
    return read_sections(replace(joined, sections=tuple(_sections(books, starts))))


def _with_blank_line(book: Book) -> Book:
    """Return the book with a blank line at its end, also in the text of its file."""
    if book.text.endswith(_GAP) and book.source_text.endswith(_GAP):
        return book
    source = book.source and SourceText.joined([book.source, SourceText(_GAP)])
    return replace(book, text=f"{book.text}{_GAP}", source=source)


def _starts(lengths: Iterable[int]) -> list[int]:
    """Return where each of several texts begins, one after the other."""
    return list(accumulate(lengths, initial=0))[:-1]


def _source(books: Sequence[Book]) -> SourceText | None:
    """Return the texts of the files; None if all are read as they are."""
    if all(book.source is None for book in books):
        return None
    return SourceText.joined([book.source or SourceText(book.text) for book in books])


def _with_heading(book: Book) -> Book:
    """Return a book of one chapter with what it begins with as its heading, if it looks like one.

    Within one file a single number or name is no heading; at the head of a chapter's file it is.
    """
    if book.sections or book.script or len(book.chapters) != 1:
        return book
    chapter = book.chapters[0]
    first, *rest = chapter.paragraphs
    words = book.text[first.start : first.end]
    title = _heading(words) if first.block is Block.PROSE and rest else None
    if title is None:
        return book
    heading = replace(first, block=Block.HEADING)
    chapter = replace(chapter, title=title, paragraphs=(heading, *rest))
    return replace(book, chapters=(chapter,))


def _heading(words: str) -> str | None:
    """Return the title that the first words of a chapter's file are, if they are one."""
    form = headings.parse(words)
    if form is not None:
        return form.text
    one_line = len(words.splitlines()) == 1
    is_title = one_line and headings.is_title(words) and headings.is_title_case(words)
    return headings.collapse(words) if is_title else None


def _shifted(paragraphs: Sequence[Paragraph], offset: int) -> tuple[Paragraph, ...]:
    return tuple(_moved(paragraph, offset) for paragraph in paragraphs)


def _moved(paragraph: Paragraph, offset: int) -> Paragraph:
    spans = tuple(
        replace(span, start=span.start + offset, end=span.end + offset) for span in paragraph.spans
    )
    start, end = paragraph.start + offset, paragraph.end + offset
    return replace(paragraph, start=start, end=end, spans=spans)


def _marks(books: Sequence[Book], starts: Sequence[int]) -> Iterator[Mark]:
    for book, start in zip(books, starts, strict=True):
        yield from (replace(mark, start=mark.start + start) for mark in book.marks)


def _chapters(books: Sequence[Book], starts: Sequence[int]) -> Iterator[Chapter]:
    pairs = ((c, s) for book, s in zip(books, starts, strict=True) for c in book.chapters)
    for number, (chapter, start) in enumerate(pairs, 1):
        yield Chapter(number, chapter.title, _shifted(chapter.paragraphs, start))


def _sections(books: Sequence[Book], starts: Sequence[int]) -> Iterator[SourceSection]:
    pairs = ((x, s) for book, s in zip(books, starts, strict=True) for x in sections_of(book))
    for number, (section, start) in enumerate(pairs, 1):
        yield replace(
            section,
            number=number,
            paragraphs=_shifted(section.paragraphs, start),
            omitted=_shifted(section.omitted, start),
        )


def _metadata(books: Sequence[Book], sources: Sequence[Path], given: Mapping[str, str]) -> Metadata:
    """Return the metadata: each field from the first book that states it.

    The title of a file without an author is that of a chapter; if no file has an author, the book
    is named after its folder or first file.
    """
    known: dict[str, str] = {}
    for book in books:
        for field in fields(Metadata):
            value = getattr(book.metadata, field.name)
            if value and (book.metadata.author or field.name not in _OF_TITLE):
                known.setdefault(field.name, value)
    title = {"title": title_case.from_stem(output_stem(sources[0]))}
    return Metadata(**{**title, **known, **given})
