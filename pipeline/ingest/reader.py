"""Read a book in any format; the file's content picks the format, else its suffix.

A format has a function from a path and the producer's metadata, which takes precedence over the
file's own, to a `Book`. It raises SourceError only. To add one, add a line to `FORMATS`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

from pipeline.core.errors import SourceError
from pipeline.ingest import files
from pipeline.model.book import Book

Reader = Callable[[Path, Mapping[str, str]], Book]


@dataclass(frozen=True, slots=True)
class BookFormat:
    """A format of books: its lower-case suffixes, and what an unmistakable file begins with.

    `module` has the function `read`; it is imported when a book needs it.
    """

    module: str
    suffixes: tuple[str, ...]
    signature: re.Pattern[bytes] | None = None

    def read(self, path: Path, metadata: Mapping[str, str]) -> Book:
        """Read a book in this format."""
        return cast("Reader", import_module(self.module).read)(path, metadata)


FORMATS = (
    BookFormat(
        "pipeline.ingest.epub.reading",
        (".epub", ".kepub"),
        re.compile(rb"PK\x03\x04.{0,80}?mimetypeapplication/epub", re.DOTALL),
    ),
    BookFormat(
        "pipeline.ingest.html",
        (".html", ".htm", ".xhtml"),
        re.compile(
            rb"\s*(?:\xef\xbb\xbf)?(?:<\?xml[^>]*>)?(?:\s|<!--.{0,300}?-->)*<(?:!doctype\s+html|html[\s>])",
            re.DOTALL | re.IGNORECASE,
        ),
    ),
    BookFormat("pipeline.ingest.markdown", (".md", ".markdown")),
    BookFormat("pipeline.ingest.fountain", (".fountain",)),
    BookFormat("pipeline.ingest.plain_text", ("", ".txt", ".text")),
)


def read(path: Path, metadata: Mapping[str, str] = {}) -> Book:
    """Read the book at `path`; fields of `metadata` take precedence over what the file says.

    Raise SourceError, with a remedy, if the file is missing, unreadable or in no known format.
    """
    head = files.head(path)
    suffix = path.suffix.lower()
    for form in FORMATS:
        if form.signature is not None and form.signature.match(head):
            return form.read(path, metadata)
    for form in FORMATS:
        if suffix in form.suffixes:
            return form.read(path, metadata)
    known = ", ".join(suffix for form in FORMATS for suffix in form.suffixes if suffix)
    what = f"unsupported file format ({path.suffix})"
    remedy = (
        f"supported are {known} and files without a suffix; save it as EPUB or plain text (UTF-8)"
    )
    raise SourceError.of(what, file=path, remedy=remedy)
