"""The most that a book may have: more would take minutes to read, and is no book."""

from pathlib import Path

from pipeline.core.errors import SourceError

MAX_CHARACTERS = 20_000_000
"""Of plain text; the longest novels have half of this."""
MAX_LINES = 300_000
"""Of plain text, blank ones included; a text of ten megabytes has two thirds of this."""
MAX_SCRIPT_LINES = 100_000
"""In a script, without blank ones; one of a hundred hours has three quarters of this."""
MAX_PARAGRAPHS = 80_000
"""In all pages of a book; the longest novels have two thirds of this."""
MAX_OFFICE_PARAGRAPHS = 40_000
"""In an office document, which pandoc converts as a whole."""
MAX_PICTURES = 50_000
"""In a page, small ones such as ornaments included."""
MAX_RUNS = 50_000
"""In a paragraph; in one of an office document, pandoc takes time by the square of them."""
MAX_STYLES = 30_000
"""In an OpenDocument text; programs write one for each different paragraph."""
MAX_SECTIONS = 10_000
MAX_BRACKETS = 50_000
"""In Markdown, whose links and pictures may be within one another."""
MAX_DELIMITERS = 250_000
"""Asterisks, underscores, backquotes, bars and the like in Markdown."""
MAX_MARKDOWN_BLOCKS = 50_000
"""Headings, list items, quotations and fences in Markdown."""
MAX_TAGS = 400_000
"""In all pages of a book; ten megabytes have three quarters of this."""
MAX_XML_TAGS = 1_000_000
"""In one file: Word writes a dozen tags for a few words."""


def check_lines(text: str, path: Path) -> None:
    """Raise SourceError if the text of the book at `path` is too long, or has too many lines."""
    check(len(text), MAX_CHARACTERS, "characters", path)
    ends = sum(map(text.count, "\n\r\v\f\x85\u2028\u2029")) - text.count("\r\n")
    check(ends, MAX_LINES, "lines", path)


def check(number: int, most: int, what: str, path: Path) -> None:
    """Raise SourceError if the book at `path` has more than the `most` of `what`."""
    if number > most:
        error = f"has over {most:,} {what}, too many for a book"
        raise SourceError.of(error, file=path, remedy="split it into volumes")
