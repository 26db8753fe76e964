"""Standard input as a file, so that every format reads it as any other."""

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pipeline.core.errors import SourceError
from pipeline.ingest import files

NAME = "standard input"
_UNNAMED = "Untitled"  # the file's name is the title of a book that states none
_REMEDY = "pipe a book into it: fullcast render - < book.txt"
_BLOCK = 1 << 20
_MARKDOWN = re.compile(
    rb"^ {0,3}#{1,6} +\w|\]\((?:https?:|\w[\w/.-]*\.\w+\))|!\[[^\]\n]*\]\(", re.MULTILINE
)


@contextmanager
def spooled() -> Iterator[Path]:
    """Yield a temporary file with what was piped in; SourceError if that is nothing or too much."""
    with tempfile.TemporaryDirectory(prefix="fullcast-") as folder:
        path = Path(folder) / _UNNAMED
        with path.open("wb") as file:
            start = _copy(_input(), file)
        yield path.rename(path.with_suffix(".md")) if _MARKDOWN.search(start) else path


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
