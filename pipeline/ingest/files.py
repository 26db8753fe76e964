"""Load a source file as text, with a clear error if it is missing, unreadable or empty."""

import stat
import sys
from itertools import islice
from pathlib import Path

from pipeline.core import paths
from pipeline.core.errors import SourceError
from pipeline.core.messages import printable
from pipeline.core.suggestions import did_you_mean, nearest
from pipeline.ingest import decoding
from pipeline.ingest.paragraphs import INVISIBLE

_WRITE = "write the text of the book into it"
MAX_BYTES = 100_000_000
"""The longest novels have a tenth of this."""
MAX_ARCHIVE_BYTES = 5 * MAX_BYTES
"""Of a file that contains pictures as well."""


def load(path: Path) -> str:
    """Return the text of the file at `path`, its line ends unchanged.

    A byte order mark is not part of the text: offsets begin after it. Raise SourceError if the
    file is missing, unreadable, empty or not text.
    """
    text = decoding.decode(_read(path), path)
    if not text.strip(INVISIBLE):
        what = "is blank" if text else "is empty"
        raise SourceError.of(what, file=path, remedy=_WRITE)
    return text


def load_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """Return the content of the file at `path`; SourceError if it is unreadable or too large."""
    return _read(path, limit)


def head(path: Path) -> bytes:
    """Return the first bytes of the file at `path`, by which its format is recognised."""
    content = _read(path, sys.maxsize, most=1000)
    if not content:
        raise SourceError.of("is empty", file=path, remedy=_WRITE)
    return content


def require(path: Path) -> None:
    """Raise SourceError, suggesting files with a similar name, unless `path` is a file."""
    paths.refuse_special(path, SourceError)
    found = paths.status(path, SourceError)
    if found is None:
        raise SourceError.of("no such file", file=printable(path), remedy=_similar(path))
    if stat.S_ISDIR(found.st_mode):
        raise SourceError.of("is a folder", file=printable(path), remedy="name a file in it")


def _read(path: Path, limit: int = MAX_BYTES, most: int | None = None) -> bytes:
    require(path)
    try:
        return paths.read_bytes(path, limit, SourceError, most, "split it into volumes")
    except OSError as error:
        raise paths.unusable(path, error, SourceError) from error


def _similar(path: Path) -> str | None:
    """Return the remedy for a missing file: similar names beside it, if there are any."""
    try:
        names = [entry.name for entry in islice(path.parent.iterdir(), 5000)]
    except OSError:
        return f"the folder {printable(path.parent)} does not exist either"
    return did_you_mean(nearest(path.name, sorted(names), limit=3, min_score=70)) or None
