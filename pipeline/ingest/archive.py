"""The files in a ZIP archive such as an EPUB, read one by one into memory, none unpacked to disk.

What a file says of its size is not believed: reading stops at a limit.
"""

import lzma
import posixpath
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from pipeline.core.errors import SourceError
from pipeline.ingest import files

MAX_ENTRIES = 50_000
MAX_PAGE = 20_000_000
"""Bytes of one page; the longest novels have a third of this in all."""
MAX_TOTAL = 60_000_000
"""Bytes of everything that is read from one book."""
_CONVERT = "open it in the program that it is for and save it again"
_COPIED = 1 << 20  # bytes at once
_LONGEST_END = 22 + 65_535  # bytes: the record at the end, and a comment
MAX_DIRECTORY = 8_000_000
"""Bytes of the list of entries."""
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError,
    NotImplementedError, RuntimeError,
)  # fmt: skip


class BookArchive:
    """The ZIP file at `path`, of at most so many bytes, for reading by the names of its entries."""

    def __init__(self, path: Path, most: int = files.MAX_ARCHIVE_BYTES):
        self.path = path
        self._total = 0
        if path.stat().st_size > most:
            raise SourceError.of("is too large for a book", file=path, remedy="split it in volumes")
        _check_directory(path)
        try:
            self._zip = zipfile.ZipFile(path)
        except _DAMAGE as error:
            what = "is damaged: its ZIP archive cannot be read"
            raise SourceError.of(what, file=path, remedy="download or export it again") from error
        names = self._zip.namelist()
        if len(names) > MAX_ENTRIES:
            self._zip.close()
            what = f"contains {len(names):,} files, too many for a book"
            raise SourceError.of(what, file=path, remedy=_CONVERT)
        self._names = {name.casefold(): name for name in reversed(names)}
        self._exact = frozenset(names)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._zip.close()

    def find(self, name: str) -> str | None:
        """Return the entry of this name, in other letter case if need be; None if there is none."""
        if name in self._exact:
            return name
        return self._names.get(name.casefold())

    @property
    def names(self) -> Iterable[str]:
        """The names of the entries, each once."""
        return self._exact

    def first_with_suffix(self, suffix: str) -> str | None:
        """Return the first entry whose name ends like this."""
        return next((n for key, n in sorted(self._names.items()) if key.endswith(suffix)), None)

    def read(self, name: str, limit: int = MAX_PAGE) -> bytes:
        """Return the content of an entry; SourceError if it is damaged or beyond the limit."""
        try:
            with self._zip.open(name) as entry:
                data = entry.read(limit + 1)
        except _DAMAGE as error:
            protected = isinstance(error, RuntimeError) and "password" in str(error)
            what = f"{_shown(name)} {'has a password' if protected else 'is damaged'}"
            raise SourceError.of(what, file=self.path, remedy=_CONVERT) from error
        self._total += len(data)
        if len(data) > limit or self._total > MAX_TOTAL:
            whole = f"{_shown(name)} is" if len(data) > limit else "its pages are"
            what = f"{whole} larger than a book can be once unpacked"
            raise SourceError.of(what, file=self.path, remedy=_CONVERT)
        return data

    def extract(self, name: str, path: Path) -> None:
        """Write an entry to a file; SourceError if it is damaged or larger than its archive."""
        left = self.path.stat().st_size
        try:
            with self._zip.open(name) as entry, path.open("wb") as file:
                while data := entry.read(_COPIED):
                    left -= len(data)
                    if left < 0:
                        raise ValueError(name)
                    file.write(data)
        except _DAMAGE as error:
            what = f"{_shown(name)} is damaged"
            raise SourceError.of(what, file=self.path, remedy="make the file again") from error


def entry_names(path: Path) -> Sequence[str]:
    """Return the names of the entries of a ZIP archive in order; none if it cannot be read."""
    try:
        with BookArchive(path) as archive:
            return sorted(archive.names)
    except SourceError:
        return ()


def _check_directory(path: Path) -> None:
    """Raise SourceError for a list of entries that would take long to read.

    `zipfile` reads the whole list at once; the record at the end of the archive has its size.
    """
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LONGEST_END))
        end = file.read()
    record = end[end.rfind(b"PK\x05\x06") :] if b"PK\x05\x06" in end else b""
    if int.from_bytes(record[12:16], "little") > MAX_DIRECTORY:
        what = "contains more files than a book can have"
        raise SourceError.of(what, file=path, remedy=_CONVERT)


def resolve(base: str, href: str) -> tuple[str, str]:
    """Return the entry and the fragment that a link in the entry `base` leads to.

    The entry is empty for an address elsewhere: on the web, or outside the archive.
    """
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return "", ""
    if parts.scheme or parts.netloc:
        return "", ""
    fragment = unquote(parts.fragment)
    if not parts.path:
        return base, fragment
    joined = posixpath.join(posixpath.dirname(base), unquote(parts.path).replace("\\", "/"))
    name = posixpath.normpath(joined)
    inside = not name.startswith(("/", "../")) and name not in {".", ".."}
    return (name if inside else ""), fragment


def _shown(name: str) -> str:
    """Return the name of an entry for a message."""
    printable = "".join(c if c.isprintable() else "?" for c in name)
    return printable if len(printable) <= 80 else f"…{printable[-79:]}"
