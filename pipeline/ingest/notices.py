"""What a producer should know of how a book was read."""

from collections.abc import Iterator

from pipeline.core.errors import Problem
from pipeline.ingest.missing_headings import missing
from pipeline.model.book import Book


def notices(book: Book) -> Iterator[Problem]:
    """Yield a notice of each thing that was guessed, or could not be."""
    yield from missing(book)
    yield from book.remarks
