"""Which sections of a book are read: those of the source's own choice, or of the producer's."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.core.errors import Problem, SourceError
from pipeline.core.messages import listed
from pipeline.core.suggestions import suggestion
from pipeline.ingest import headings
from pipeline.model.book import Book, Chapter, SourceSection


@dataclass(frozen=True, slots=True)
class SectionChoice:
    """The sections that a producer wants read or left out: numbers, ranges, lists of both, titles.

    Numbers are those of `fullcast chapters`. `heading` is a regular expression that lines match
    which begin a chapter. It overrides the choice `over`. `file` is where it is written, and
    `lines` the line of each entry there, if it is not that of a command.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    heading: str | None = None
    over: "SectionChoice | None" = None
    file: Path | None = None
    lines: Mapping[str, int] = field(default_factory=dict)


OWN_CHOICE = SectionChoice()
"""What the book itself suggests."""
EXCLUDED = "excluded"
_MOST_NAMED = 6
_NUMBERS = re.compile(r"\d{1,9}(?:\s*-\s*\d{1,9})?(?:\s*,\s*\d{1,9}(?:\s*-\s*\d{1,9})?)*")


def read_sections(book: Book) -> Book:
    """Return the book with a chapter for each section that is read.

    Raise SourceError if none is.
    """
    read = [section for section in book.sections if section.reason is None]
    if not read:
        what = "has only sections that are not read aloud"
        raise SourceError.of(what, file=book.path, remedy="see `fullcast chapters`, use --include")
    chapters = (
        Chapter(number, section.title, section.paragraphs) for number, section in enumerate(read, 1)
    )
    return replace(book, chapters=tuple(chapters))


def sections_of(book: Book) -> tuple[SourceSection, ...]:
    """Return the sections of a book; in a format without any, these are its chapters."""
    return book.sections or tuple(
        SourceSection(chapter.number, chapter.title, chapter.paragraphs)
        for chapter in book.chapters
    )


def select(book: Book, choice: SectionChoice) -> Book:
    """Return the book with the sections that the producer wants read.

    Raise SourceError for an entry that no section matches, and when none is left.
    """
    wanted, unwanted = _chosen_numbers(book, choice)
    if not wanted and not unwanted:
        return book
    sections = tuple(_chosen(section, wanted, unwanted) for section in sections_of(book))
    if book.script is None:
        return read_sections(replace(book, sections=sections))
    kept = [section.number for section in sections if section.reason is None]
    chapters = tuple(chapter for chapter in book.chapters if chapter.number in kept)
    return replace(book, sections=sections, chapters=chapters, script=book.script.only(kept))


def _chosen_numbers(book: Book, choice: SectionChoice) -> tuple[set[int], set[int]]:
    """Return the numbers of the sections that are wanted, and of those that are not."""
    wanted, unwanted = _chosen_numbers(book, choice.over) if choice.over else (set(), set())
    include = {n for entry in choice.include for n in _numbers(book, entry, choice)}
    exclude = {n for entry in choice.exclude for n in _numbers(book, entry, choice)}
    return (wanted - exclude) | include, (unwanted - include) | exclude


def left_out(book: Book) -> Iterator[Problem]:
    """Yield what is not read of a book, in a line; nothing if everything is."""
    unread = [f"{s.title!r} ({s.reason})" for s in book.sections if s.reason is not None]
    if unread:
        remedy = f"see `fullcast chapters {book.arguments}`"
        yield Problem(f"not read: {listed(unread, _MOST_NAMED)}", book.path, remedy=remedy)


def _chosen(section: SourceSection, wanted: set[int], unwanted: set[int]) -> SourceSection:
    if section.number in unwanted:
        return replace(section, reason=section.reason or EXCLUDED)
    return replace(section, reason=None) if section.number in wanted else section


def _numbers(book: Book, entry: str, choice: SectionChoice) -> Iterator[int]:
    """Yield the numbers of the sections that an entry means."""
    sections = sections_of(book)
    words = headings.collapse(entry).casefold()
    titled = [s.number for s in sections if headings.collapse(s.title).casefold() == words]
    if titled:
        yield from titled
    elif _NUMBERS.fullmatch(words):
        for item in words.split(","):
            first, _, last = item.partition("-")
            first_number, last_number = int(first), int(last or first)
            if not 1 <= first_number <= last_number <= len(sections):
                raise _no_such_section(book, entry, choice, first_number, last_number)
            yield from range(first_number, last_number + 1)
    else:
        remedy = suggestion(entry, [section.title for section in sections])
        what = f"no section is named {entry!r}"
        file, line = _place(book, entry, choice)
        raise SourceError.of(what, file=file, line=line, remedy=remedy)


def _no_such_section(
    book: Book, entry: str, choice: SectionChoice, first: int, last: int
) -> SourceError:
    count = len(sections_of(book))
    what = f"no section {last if first <= last else first}: the book has {count}"
    remedy = f"list them with `fullcast chapters {book.arguments}`"
    file, line = _place(book, entry, choice)
    return SourceError.of(what, file=file, line=line, remedy=remedy)


def _place(book: Book, entry: str, choice: SectionChoice) -> tuple[Path, int | None]:
    """Return the file and the line to name in a message about an entry."""
    return choice.file or book.path, choice.lines.get(entry)
