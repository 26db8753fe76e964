"""What tests look at in a book that was read."""

from pipeline.model.book import Block, Book


def spoken(book: Book) -> list[str]:
    """Return the paragraphs that are read, each scene break as `***`."""
    return [
        "***" if p.block is Block.BREAK else book.text[p.start : p.end]
        for chapter in book.chapters
        for p in chapter.paragraphs
    ]


def titles(book: Book) -> list[str]:
    """Return the titles of the chapters."""
    return [chapter.title for chapter in book.chapters]


def unread(book: Book) -> dict[str, str]:
    """Return the reasons of the sections that are not read, by title."""
    return {s.title: s.reason for s in book.sections if s.reason is not None}
