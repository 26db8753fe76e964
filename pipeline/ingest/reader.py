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
from pipeline.ingest import plain_text, recognition, unsupported
from pipeline.ingest.resectioning import begin_chapters
from pipeline.ingest.selection import SectionChoice, select
from pipeline.model.book import Book

Reader = Callable[[Path, Mapping[str, str]], Book]


@dataclass(frozen=True, slots=True)
class BookFormat:
    """A format of books: its lower-case suffixes, and the signature of an unmistakable file.

    The signature matches what `recognition` finds in a file: its first bytes, and after them the
    names of what is packed in it, each on its own line. `module` has the function `read`; it is
    imported when a book needs it.
    """

    module: str
    suffixes: tuple[str, ...]
    signature: re.Pattern[bytes] | None = None

    def read(self, path: Path, metadata: Mapping[str, str], heading: str | None = None) -> Book:
        """Read a book in this format; chapters begin at lines that match `heading` as well."""
        if heading is not None and self.module == plain_text.__name__:
            return plain_text.read(path, metadata, heading)
        book = cast("Reader", import_module(self.module).read)(path, metadata)
        return book if heading is None else begin_chapters(book, heading)


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
    BookFormat(
        "pipeline.ingest.office.docx",
        (".docx", ".docm", ".dotx"),
        re.compile(rb"PK\x03\x04.*\nword/document\d*\.xml\n", re.DOTALL),
    ),
    BookFormat(
        "pipeline.ingest.office.odt",
        (".odt", ".ott"),
        re.compile(
            rb"PK\x03\x04.{0,80}?mimetypeapplication/vnd\.oasis\.opendocument\.text", re.DOTALL
        ),
    ),
    BookFormat("pipeline.ingest.office.rtf", (".rtf",), re.compile(rb"\s*\{\\rtf")),
    BookFormat(
        "pipeline.ingest.fb2",
        (".fb2", ".fbz"),
        re.compile(
            rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^>]*>|<!--.{0,300}?-->|\s)*<FictionBook[\s>]"
            rb"|PK\x03\x04.*\n[^\n]*\.fb2\n",
            re.DOTALL,
        ),
    ),
    BookFormat("pipeline.ingest.markdown", (".md", ".markdown")),
    BookFormat("pipeline.ingest.fountain", (".fountain",)),
    BookFormat("pipeline.ingest.plain_text", ("", ".txt", ".text")),
)


def read_chosen(path: Path, choice: SectionChoice, metadata: Mapping[str, str] = {}) -> Book:
    """Read the book at `path` with the sections and chapters that the producer wants."""
    return select(read(path, metadata, choice.heading), choice)


def read(path: Path, metadata: Mapping[str, str] = {}, heading: str | None = None) -> Book:
    """Read the book at `path`; fields of `metadata` take precedence over what the file says.

    A chapter begins at each line that matches `heading`, a regular expression, too.
    Raise SourceError, with a remedy, if the file is missing, unreadable or in no known format.
    """
    content = recognition.evidence(path)
    suffix = path.suffix.lower()
    for form in FORMATS:
        if form.signature is not None and form.signature.match(content):
            return form.read(path, metadata, heading)
    named = next((form for form in FORMATS if suffix in form.suffixes), None)
    refused = unsupported.by_content(content)
    if refused and not (refused.general and named and named.signature):
        raise refused.error(path)
    if named is not None:
        return named.read(path, metadata, heading)
    refused = unsupported.by_suffix(suffix)
    raise refused.error(path) if refused else _unknown(path)


def _unknown(path: Path) -> SourceError:
    known = ", ".join(suffix for form in FORMATS for suffix in form.suffixes if suffix)
    what = f"unsupported file format ({path.suffix})"
    remedy = (
        f"supported are {known} and files without a suffix; save it as EPUB or plain text (UTF-8)"
    )
    return SourceError.of(what, file=path, remedy=remedy)
