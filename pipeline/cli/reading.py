"""Reading the book of a command."""

from pipeline.app.preparation import read_book
from pipeline.cli.stderr import warn
from pipeline.ingest.notices import notices
from pipeline.ingest.selection import SectionChoice
from pipeline.ingest.source import Source
from pipeline.model.book import Book


def read_with_notices(source: Source, sections: SectionChoice) -> Book:
    """Return a book, and warn of what a producer should know of its text."""
    book = read_book(source, sections=sections)
    for problem in notices(book):
        warn(problem)
    return book
