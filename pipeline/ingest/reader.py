"""Read a book in any format; the file's suffix picks the format.

A format is a module with a function from a path and the producer's metadata, which takes
precedence over the file's own, to a `Book`. It raises SourceError only. To add one, add a line to
`READERS`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.core.errors import SourceError
from pipeline.ingest import files, fountain, plain_text
from pipeline.model.book import Book

READERS: Mapping[str, Callable[[Path, Mapping[str, str]], Book]] = {
    "": plain_text.read,
    ".txt": plain_text.read,
    ".text": plain_text.read,
    ".md": plain_text.read,
    ".fountain": fountain.read,
}
"""Lower-case suffix to reader."""


def read(path: Path, metadata: Mapping[str, str] = {}) -> Book:
    """Read the book at `path`; fields of `metadata` take precedence over what the file says.

    Raise SourceError, with a remedy, if the file is missing, unreadable or in no known format.
    """
    files.require(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(suffix for suffix in READERS if suffix)
        what = f"unsupported file format ({path.suffix})"
        remedy = f"supported are {known} and files without a suffix; save it as plain text (UTF-8)"
        raise SourceError.of(what, file=path, remedy=remedy)
    return reader(path, metadata)
