"""What is in a book: its sections, how long each is, and whether it is read."""

from dataclasses import dataclass

from pipeline.ingest.selection import sections_of
from pipeline.model.book import Block, Book, Paragraph, SourceSection

WORDS_PER_MINUTE = 155
"""What narrators read on average; voices differ, so a dry run is closer."""


@dataclass(frozen=True, slots=True)
class SectionEntry:
    """A section of a book: `chapter` is its number among those that are read.

    `reason` says why it is not read; `omitted_words` are words in it that are not, such as notes.
    """

    number: int
    title: str
    words: int
    minutes: float
    read: bool
    reason: str | None
    chapter: int | None
    omitted_words: int


def list_sections(book: Book) -> list[SectionEntry]:
    """Return the sections of a book in reading order."""
    entries: list[SectionEntry] = []
    chapter = 0
    for section in sections_of(book):
        chapter += section.reason is None
        entries.append(_entry(book, section, chapter))
    return entries


def _entry(book: Book, section: SourceSection, chapter: int) -> SectionEntry:
    words = _words(book, section.paragraphs)
    if book.script is not None:
        lines = (line for line in book.script if line.chapter == section.number)
        words = sum(len(line.text.split()) for line in lines)
    read = section.reason is None
    return SectionEntry(
        number=section.number,
        title=section.title,
        words=words,
        minutes=round(words / WORDS_PER_MINUTE, 2),
        read=read,
        reason=section.reason,
        chapter=chapter if read else None,
        omitted_words=_words(book, section.omitted),
    )


def _words(book: Book, paragraphs: tuple[Paragraph, ...]) -> int:
    return sum(
        len(book.text[paragraph.start : paragraph.end].split())
        for paragraph in paragraphs
        if paragraph.block is not Block.BREAK
    )
