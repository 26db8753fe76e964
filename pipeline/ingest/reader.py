"""Read a book in any format; the file's content picks the format, else its suffix.

A format has a function from a path and the producer's metadata, which takes precedence over the
file's own, to a `Book`. It raises SourceError only. To add one, add a line to `FORMATS`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import cast

from pipeline.core.errors import Problem, SourceError
from pipeline.ingest import folder, plain_text, recognition, standard_input, unsupported
from pipeline.ingest.joining import join
from pipeline.ingest.reporting import reported_as, reported_in
from pipeline.ingest.resectioning import begin_chapters
from pipeline.ingest.selection import SectionChoice, select
from pipeline.ingest.source import STDIN, Source, is_folder, paths_of
from pipeline.ingest.unsupported import UnsupportedFormat
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


_FOUNTAIN = "pipeline.ingest.fountain"

FORMATS = (
    BookFormat(
        "pipeline.ingest.epub.reading",
        (".epub", ".kepub"),
        re.compile(
            rb"PK\x03\x04(?:.{0,80}?mimetypeapplication/epub|.*\nMETA-INF/container\.xml\n)",
            re.DOTALL,
        ),
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
    BookFormat(
        "pipeline.ingest.kindle",
        (".mobi", ".azw", ".azw3", ".prc", ".kfx"),
        re.compile(rb".{60}(?:BOOKMOBI|TEXtREAd)|TPZ|\xeaDRMION\xee|CONT\x02\0", re.DOTALL),
    ),
    BookFormat("pipeline.ingest.pdf.reading", (".pdf",), re.compile(rb"\s*%PDF-")),
    BookFormat(
        "pipeline.ingest.htmlz",
        (".htmlz",),
        re.compile(rb"PK\x03\x04.*\nindex\.html\n(?:.*\n)?metadata\.opf\n", re.DOTALL),
    ),
    BookFormat("pipeline.ingest.markdown", (".md", ".markdown")),
    BookFormat(
        _FOUNTAIN,
        (".fountain",),
        re.compile(rb".{0,1000}?^Format: fullcast script\r?$", re.MULTILINE | re.DOTALL),
    ),
    BookFormat("pipeline.ingest.plain_text", ("", ".txt", ".text")),
)


def read_chosen(source: Source, choice: SectionChoice, metadata: Mapping[str, str] = {}) -> Book:
    """Read a book with the sections and chapters that the producer wants.

    A script that fullcast wrote has the sections that were chosen then: what voices.yaml says of
    those of its book does not apply to it again.
    """
    book = read(source, metadata, choice.heading)
    return select(book, replace(choice, over=None) if _is_generated_script(book) else choice)


def _is_generated_script(book: Book) -> bool:
    if book.script is None:
        return False
    reading = import_module("pipeline.ingest.fountain.reading")
    return bool(reading.is_generated(book.text))


def read(source: Source, metadata: Mapping[str, str] = {}, heading: str | None = None) -> Book:
    """Read a book; fields of `metadata` take precedence over what it says of itself.

    Several files, or a folder of them, are one book. A chapter begins at each line that matches
    `heading`, a regular expression, too. Raise SourceError, with a remedy, if a file is missing,
    unreadable or in no known format.
    """
    paths = paths_of(source)
    if len(paths) == 1 and not is_folder(paths[0]):
        return _read_one(paths[0], metadata, heading)
    chapters: list[Path] = []
    notices: list[Problem] = []
    for path in paths:
        if is_folder(path):
            inside, left_out = folder.chapter_files(path, _is_prose)
            chapters += inside
            notices += left_out
        else:
            chapters.append(path)
    book = join([_read_one(path) for path in chapters], paths, metadata, notices)
    return book if heading is None else begin_chapters(book, heading)


def _read_one(path: Path, metadata: Mapping[str, str] = {}, heading: str | None = None) -> Book:
    """Read a single file, or standard input."""
    if path != STDIN:
        return _read_file(path, metadata, heading)
    with standard_input.spooled() as copy, reported_as(standard_input.NAME, copy):
        book = _read_file(copy, metadata, heading)
        notices = reported_in(standard_input.NAME, copy, book.notices)
        return replace(book, path=STDIN, notices=tuple(notices))


def _read_file(path: Path, metadata: Mapping[str, str], heading: str | None) -> Book:
    form = _format_of(path)
    if isinstance(form, BookFormat):
        return form.read(path, metadata, heading)
    raise form.error(path) if form else _unknown(path)


def _format_of(path: Path) -> BookFormat | UnsupportedFormat | None:
    """Return the format that the content of a file shows, else that of its suffix."""
    content = recognition.evidence(path)
    suffix = path.suffix.lower()
    for form in FORMATS:
        if form.signature is not None and form.signature.match(content):
            return form
    named = next((form for form in FORMATS if suffix in form.suffixes), None)
    refused = unsupported.by_content(content)
    if refused and not (refused.general and named and named.signature):
        return refused
    return named or unsupported.by_suffix(suffix)


def _is_prose(path: Path) -> bool:
    """Whether a file of a folder is a chapter: a script that was made of them is not."""
    form = _format_of(path)
    return isinstance(form, BookFormat) and form.module != _FOUNTAIN


def _unknown(path: Path) -> SourceError:
    known = ", ".join(suffix for form in FORMATS for suffix in form.suffixes if suffix)
    what = f"unsupported file format ({path.suffix})"
    remedy = (
        f"supported are {known} and files without a suffix; save it as EPUB or plain text (UTF-8)"
    )
    return SourceError.of(what, file=path, remedy=remedy)
