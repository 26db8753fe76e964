"""Standard input as a file, so that every format reads it as any other."""

import re
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pipeline.core.errors import SourceError
from pipeline.ingest import files

NAME = "standard input"
_UNNAMED = "Untitled"  # the file's name is the title of a book that states none
_REMEDY = "pipe a book into it: fullcast render - < book.txt"
_BLOCK = 1 << 20
_ARCHIVES = (
    ("META-INF/container.xml", ".epub"),
    ("word/document.xml", ".docx"),
    ("content.xml", ".odt"),
)
_PATTERNS = tuple(
    (re.compile(pattern, re.MULTILINE), suffix)
    for pattern, suffix in (
        (rb"\A\{\\rtf", ".rtf"),
        (rb"\A[^<]*(?:<\?xml[^>]*>)?\s*<FictionBook\b", ".fb2"),
        (rb"^ {0,3}#{1,6} +\w|\]\((?:https?:|\w[\w/.-]*\.\w+\))|!\[[^\]\n]*\]\(", ".md"),
    )
)


@contextmanager
def spooled() -> Iterator[Path]:
    """Yield a temporary file with what was piped in; SourceError if that is nothing or too much."""
    with tempfile.TemporaryDirectory(prefix="fullcast-") as folder:
        path = Path(folder) / _UNNAMED
        with path.open("wb") as file:
            start = _copy(_input(), file)
        yield path.rename(path.with_suffix(_suffix(path, start)))


def _suffix(path: Path, start: bytes) -> str:
    """Return the suffix of the format that shows only within a file; none for plain text."""
    if start.startswith(b"PK"):
        with suppress(zipfile.BadZipFile, OSError, ValueError), zipfile.ZipFile(path) as archive:
            entries = set(archive.namelist())
            return next((suffix for entry, suffix in _ARCHIVES if entry in entries), "")
    return next((suffix for pattern, suffix in _PATTERNS if pattern.search(start)), "")


def _input() -> BinaryIO:
    """Return standard input; SourceError if it is a terminal, at which nobody types a book."""
    if sys.stdin is None or sys.stdin.closed:
        raise SourceError.of("is closed", file=NAME, remedy=_REMEDY)
    if sys.stdin.isatty():
        raise SourceError.of("is a terminal, not a book", file=NAME, remedy=_REMEDY)
    return sys.stdin.buffer


def _copy(source: BinaryIO, file: BinaryIO) -> bytes:
    """Copy everything and return its beginning."""
    start = block = source.read(_BLOCK)
    if not start:
        raise SourceError.of("is empty", file=NAME, remedy=_REMEDY)
    size = 0
    while block:
        size += len(block)
        if size > files.MAX_ARCHIVE_BYTES:
            what = f"is too large for a book (over {files.MAX_ARCHIVE_BYTES / 1e6:.0f} MB)"
            raise SourceError.of(what, file=NAME, remedy="split it into volumes")
        file.write(block)
        block = source.read(_BLOCK)
    return start
