"""A file of text on the disk, or a clear word on why it is not one."""

from itertools import islice
from pathlib import Path

from pipeline.core.errors import SourceError
from pipeline.core.suggestions import did_you_mean, nearest
from pipeline.ingest import decoding
from pipeline.ingest.paragraphs import INVISIBLE

LARGEST = 100_000_000
"""Bytes; the longest novels are a tenth of it."""


def load(path: Path) -> str:
    """The text of the file at `path`, without a byte order mark, its line ends as they stand.

    The mark is no character of the text: offsets begin behind it. Raises SourceError when there
    is no such file, it cannot be read, holds nothing to read, or is not text.
    """
    text = decoding.decode(_read(path), path)
    if not text.strip(INVISIBLE):
        what = "is blank" if text else "is empty"
        raise SourceError.of(what, file=path, remedy="write the text of the book into it")
    return text


def require(path: Path) -> None:
    """Raise SourceError, naming files with a similar name, unless `path` is a file."""
    try:
        if path.is_file():
            return
        folder, exists = path.is_dir(), path.exists()
    except (OSError, ValueError) as error:  # ValueError: NUL in the name
        raise SourceError.of(f"cannot be read: {_reason(error)}", file=_shown(path)) from error
    if folder:
        raise SourceError.of("is a folder", file=_shown(path), remedy="name one file in it")
    if exists:
        remedy = "copy it to one first"
        raise SourceError.of("is not a regular file", file=_shown(path), remedy=remedy)
    raise SourceError.of("no such file", file=_shown(path), remedy=_near(path))


def _read(path: Path) -> bytes:
    require(path)
    try:
        size = path.stat().st_size
        if size > LARGEST:
            what = f"is too large for a book ({size / 1e6:.0f} MB)"
            raise SourceError.of(what, file=path, remedy="split it into volumes")
        return path.read_bytes()
    except OSError as error:
        raise SourceError.of(f"cannot be read: {_reason(error)}", file=path) from error


def _reason(error: OSError | ValueError) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


def _shown(path: Path) -> str:
    """The path as it may be printed: a name on the disk need not be valid text."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\0")


def _near(path: Path) -> str | None:
    """What the producer may have meant, for the error to say."""
    try:
        names = [entry.name for entry in islice(path.parent.iterdir(), 5000)]
    except OSError:
        return f"there is no folder {_shown(path.parent)} either"
    return did_you_mean(nearest(path.name, sorted(names), limit=3, min_score=70)) or None
