"""What a producer should know of how a book was read."""

from collections.abc import Iterator

from pipeline.core.errors import Problem
from pipeline.core.messages import count, listed
from pipeline.ingest.missing_headings import missing
from pipeline.model.book import Book

_PLURALS = {"entity": "entities"}


def notices(book: Book) -> Iterator[Problem]:
    """Yield a notice of each thing that was guessed, or could not be."""
    yield from missing(book)
    yield from book.notices
    if book.source is not None and book.source.repairs:
        repairs = [
            count(times, kind, _PLURALS.get(kind)) for kind, times in book.source.repairs.items()
        ]
        remedy = "`fullcast script` shows what is read"
        yield Problem(f"repaired: {listed(repairs, len(repairs))}", book.path, remedy=remedy)
