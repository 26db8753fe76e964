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
from pipeline.ingest import files, folder, standard_input
from pipeline.ingest.joining import join
from pipeline.ingest.reporting import reported_as
from pipeline.ingest.source import STDIN, Source, is_folder, paths_of
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


_FOUNTAIN = "pipeline.ingest.fountain"

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
        "pipeline.ingest.kindle",
        (".mobi", ".azw", ".azw3", ".prc", ".kfx"),
        re.compile(rb".{60}(?:BOOKMOBI|TEXtREAd)|TPZ|\xeaDRMION\xee|CONT\x02\0", re.DOTALL),
    ),
    BookFormat("pipeline.ingest.pdf.reading", (".pdf",), re.compile(rb"\s*%PDF-")),
    BookFormat("pipeline.ingest.markdown", (".md", ".markdown")),
    BookFormat(
        _FOUNTAIN,
        (".fountain",),
        re.compile(rb".{0,1000}?^Format: fullcast script\r?$", re.MULTILINE | re.DOTALL),
    ),
    BookFormat("pipeline.ingest.plain_text", ("", ".txt", ".text")),
)


def read(source: Source, metadata: Mapping[str, str] = {}) -> Book:
    """Read a book; fields of `metadata` take precedence over what it says of itself.

    Several files, or a folder of them, are one book. Raise SourceError, with a remedy, if a file is
    missing, unreadable or in no known format.
    """
    paths = paths_of(source)
    if len(paths) == 1 and not is_folder(paths[0]):
        return _read_one(paths[0], metadata)
    chapters: list[Path] = []
    notices: list[Problem] = []
    for path in paths:
        if is_folder(path):
            inside, left_out = folder.chapter_files(path, _is_prose)
            chapters += inside
            notices += left_out
        else:
            chapters.append(path)
    return join([_read_one(path) for path in chapters], paths, metadata, notices)


def _read_one(path: Path, metadata: Mapping[str, str] = {}) -> Book:
    """Read a single file, or standard input."""
    if path != STDIN:
        return _read_file(path, metadata)
    with standard_input.spooled() as copy, reported_as(standard_input.NAME, copy):
        return replace(_read_file(copy, metadata), path=STDIN)


def _read_file(path: Path, metadata: Mapping[str, str]) -> Book:
    form = _format_of(path)
    if form is not None:
        return form.read(path, metadata)
    known = ", ".join(suffix for form in FORMATS for suffix in form.suffixes if suffix)
    what = f"unsupported file format ({path.suffix})"
    remedy = (
        f"supported are {known} and files without a suffix; save it as EPUB or plain text (UTF-8)"
    )
    raise SourceError.of(what, file=path, remedy=remedy)


def _format_of(path: Path) -> BookFormat | None:
    """Return the format that the content of a file shows, else that of its suffix."""
    head = files.head(path)
    suffix = path.suffix.lower()
    signed = (form for form in FORMATS if form.signature and form.signature.match(head))
    named = (form for form in FORMATS if suffix in form.suffixes)
    return next(signed, None) or next(named, None)


def _is_prose(path: Path) -> bool:
    """Whether a file of a folder is a chapter: a script that was made of them is not."""
    form = _format_of(path)
    return form is not None and form.module != _FOUNTAIN
