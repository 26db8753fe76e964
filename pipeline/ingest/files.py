"""Load a source file as text, with a clear error if it is missing, unreadable or empty."""

from itertools import islice
from pathlib import Path

from pipeline.core.errors import SourceError
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
    require(path)
    try:
        with path.open("rb") as file:
            content = file.read(1000)
    except OSError as error:
        raise SourceError.of(f"cannot be read: {reason(error)}", file=path) from error
    if not content:
        raise SourceError.of("is empty", file=path, remedy=_WRITE)
    return content


def require(path: Path) -> None:
    """Raise SourceError, suggesting files with a similar name, unless `path` is a file."""
    try:
        if path.is_file():
            return
        folder, exists = path.is_dir(), path.exists()
    except (OSError, ValueError) as error:  # ValueError: NUL in the name
        raise SourceError.of(f"cannot be read: {reason(error)}", file=_printable(path)) from error
    if folder:
        raise SourceError.of("is a folder", file=_printable(path), remedy="name a file in it")
    if exists:
        remedy = "copy its content to a file first"
        raise SourceError.of("is not a regular file", file=_printable(path), remedy=remedy)
    raise SourceError.of("no such file", file=_printable(path), remedy=_similar(path))


def _read(path: Path, limit: int = MAX_BYTES) -> bytes:
    require(path)
    try:
        size = path.stat().st_size
        if size > limit:
            what = f"is too large for a book ({size / 1e6:.0f} MB)"
            raise SourceError.of(what, file=path, remedy="split it into volumes")
        return path.read_bytes()
    except OSError as error:
        raise SourceError.of(f"cannot be read: {reason(error)}", file=path) from error


def reason(error: OSError | ValueError) -> str:
    """Return why a file cannot be read, in the words of the system."""
    return (getattr(error, "strerror", None) or str(error)).lower()


def _printable(path: Path) -> str:
    """Return the path for display: a file name on disk need not be valid Unicode."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\0")


def _similar(path: Path) -> str | None:
    """Return the remedy for a missing file: similar names beside it, if there are any."""
    try:
        names = [entry.name for entry in islice(path.parent.iterdir(), 5000)]
    except OSError:
        return f"the folder {_printable(path.parent)} does not exist either"
    return did_you_mean(nearest(path.name, sorted(names), limit=3, min_score=70)) or None
