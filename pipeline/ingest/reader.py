"""Reading books: one module a format, picked by the file's suffix.

A reader is a function from a path to a `Book` that raises nothing but SourceError; a new format is
a module with one and a line in `READERS`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.core.errors import SourceError
from pipeline.ingest import files, plain_text
from pipeline.model.book import Book

READERS: Mapping[str, Callable[[Path], Book]] = {
    "": plain_text.read,
    ".txt": plain_text.read,
    ".text": plain_text.read,
    ".md": plain_text.read,
}
"""Suffix, in small letters, to reader."""


def read(path: Path) -> Book:
    """Read the book at `path`; raise SourceError, with the remedy, where it cannot be read."""
    files.require(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(suffix for suffix in READERS if suffix)
        what = f"is in a format that is not known ({path.suffix})"
        remedy = f"known are {known} and files without a suffix; save it as plain text (UTF-8)"
        raise SourceError.of(what, file=path, remedy=remedy)
    return reader(path)
