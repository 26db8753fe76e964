"""No word of a book is lost and none added on its way from a file to the lines that are spoken."""

from collections.abc import Callable
from pathlib import Path

import pytest
import small_books
from documents import needs_pandoc, write_by_pandoc
from epubs import Epub, page
from hypothesis import HealthCheck, example, given, settings
from small_books import SmallBook, books, words

from pipeline.dialogue.attribution.attribute import attribute
from pipeline.ingest.reader import read
from pipeline.ingest.selection import sections_of
from pipeline.model.book import Book, Paragraph

Write = Callable[[Path, SmallBook], Path]


def text(name: str, form: Callable[[SmallBook], str]) -> Write:
    """Return a writer of a format that is text."""

    def write(folder: Path, book: SmallBook) -> Path:
        path = folder / name
        path.write_text(form(book), encoding="utf-8")
        return path

    return write


def epub(folder: Path, book: SmallBook) -> Path:
    """Write an EPUB with a page for each chapter, and its notes on it."""
    pages = {
        f"{n}.xhtml": page(small_books.html_body(SmallBook((chapter,), n)))
        for n, chapter in enumerate(book.chapters, 1)
    }
    contents = [(f"Chapter {n}: {t}", f"{n}.xhtml") for n, (t, _) in enumerate(book.chapters, 1)]
    return Epub(pages, contents=contents).write(folder / "book.epub")


def document(suffix: str) -> Write:
    """Return a writer of an office document."""

    def write(folder: Path, book: SmallBook) -> Path:
        return write_by_pandoc(folder / f"book.{suffix}", small_books.markdown(book))

    return write


def spoken(book: Book) -> list[str]:
    """Return the words of the lines of a book, in order."""
    lines = book.script or attribute(book, ())
    return [word for line in lines for word in words(line.text)]


def left_out(book: Book) -> list[str]:
    """Return the words that the plan says are not read, in order."""

    def of(paragraphs: tuple[Paragraph, ...]) -> list[str]:
        return [word for p in paragraphs for word in words(book.text[p.start : p.end])]

    sections = sections_of(book)
    return [
        word for s in sections for word in (of(s.paragraphs) if s.reason else []) + of(s.omitted)
    ]


def without_numbers(found: list[str]) -> list[str]:
    """Return the words without the numbers of notes."""
    return [word for word in found if len(word) > 1]


def check(path: Path, book: SmallBook) -> None:
    """Check that the words of a book are spoken, except those of its notes, which are left out."""
    found = read(path)
    assert spoken(found) == book.spoken
    names = {str(n) for n in range(9)}  # the numbers of notes
    assert [w for w in left_out(found) if w not in names] == [
        w for w in book.notes if w not in names
    ]


PROPERTY = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30
)


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(text("book.html", small_books.html_page), id="html"),
        pytest.param(epub, id="epub"),
        pytest.param(text("book.md", small_books.markdown), id="markdown"),
        pytest.param(text("book.fb2", small_books.fb2), id="fb2"),
        pytest.param(text("book.txt", small_books.plain_text), id="text"),
    ],
)
@PROPERTY
@example(book=small_books.example())
@given(book=books())
def test_the_words_of_a_book_are_spoken(tmp_path: Path, write: Write, book: SmallBook) -> None:
    check(write(tmp_path, book), book)


@PROPERTY
@given(book=books(("paragraph", "speech", "verse", "list", "break")))
def test_the_words_of_a_script_are_spoken(tmp_path: Path, book: SmallBook) -> None:
    check(text("book.fountain", small_books.fountain)(tmp_path, book), book)


@needs_pandoc
@pytest.mark.parametrize("suffix", ["docx", "odt", "rtf"])
def test_the_words_of_an_office_document_are_spoken(tmp_path: Path, suffix: str) -> None:
    book = small_books.example()
    check(document(suffix)(tmp_path, book), book)
