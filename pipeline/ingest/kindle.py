"""Read a Kindle or Mobipocket book (MOBI, AZW3, PRC, PalmDOC) without DRM.

The `mobi` package unpacks the file to an EPUB, in a process of its own and into a temporary folder.
"""

import re
import shutil
import struct
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.core.errors import SourceError
from pipeline.core.isolation import IsolationError, call_isolated
from pipeline.ingest import files
from pipeline.ingest.epub import reading as epub
from pipeline.ingest.extras import needs_extra
from pipeline.ingest.reporting import reported_as
from pipeline.model.book import Book

MAX_SECONDS = 10.0
"""And one more for each megabyte."""
MAX_MEMORY = 600_000_000
"""Bytes of address space, and twice the size of the file."""
_COPY = "book.mobi"
_NO_DRM = "ask for an edition without DRM, such as an EPUB"
_DAMAGED = "open it in an e-book program and save it as EPUB"
_PALM_DATABASE = re.compile(rb".{60}(?:BOOKMOBI|TEXtREAd)", re.DOTALL)
_REFUSED = (
    (b"TPZ", "is a Kindle book in the Topaz format, which is always protected by DRM"),
    (b"\xeaDRMION\xee", "is protected by DRM"),
    (b"CONT\x02\x00", "is a Kindle book in the KFX format"),
)
_COUNT, _OFFSETS, _CIPHER = 76, 78, 12
"""Where a Palm database has the number and the table of its records, and the first its cipher."""


def read(path: Path, given: Mapping[str, str] = {}) -> Book:
    """Read the book at `path`; `given` metadata take precedence over its own.

    Raise SourceError if it is protected by DRM, damaged, or in a format of Amazon's own.
    """
    _refuse_unreadable(files.load_bytes(path, files.MAX_ARCHIVE_BYTES), path)
    with needs_extra("Kindle books", path):
        import mobi  # noqa: F401, PLC0415 - an extra
    with tempfile.TemporaryDirectory(prefix="fullcast-") as name:
        folder = Path(name)
        _unpack(path, folder)
        book = _unpacked(path, folder)
        with reported_as(path, book):
            return replace(epub.read(book, given), path=path)


def _refuse_unreadable(data: bytes, path: Path) -> None:
    """Raise SourceError for a book with DRM, or in a format that is not that of Mobipocket."""
    for signature, what in _REFUSED:
        if data.startswith(signature):
            raise SourceError.of(what, file=path, remedy=_NO_DRM)
    if not _PALM_DATABASE.match(data):
        raise SourceError.of("is not a Kindle book", file=path, remedy=_DAMAGED)
    try:
        (count,) = struct.unpack_from(">H", data, _COUNT)
        (first,) = struct.unpack_from(">L", data, _OFFSETS)
        (cipher,) = struct.unpack_from(">H", data, first + _CIPHER)
    except struct.error:
        count = cipher = 0
    if not count:
        raise SourceError.of("is damaged: it has no records", file=path, remedy=_DAMAGED)
    if cipher:
        raise SourceError.of("is protected by DRM", file=path, remedy=_NO_DRM)


def _unpack(path: Path, folder: Path) -> None:
    """Unpack a book into `folder`; raise SourceError if it is damaged."""
    copy = folder / _COPY  # the names of what is unpacked come from that of the file
    shutil.copyfile(path, copy)
    size = copy.stat().st_size
    seconds, memory = MAX_SECONDS + size / 1e6, MAX_MEMORY + 2 * size
    try:
        call_isolated(seconds, memory, unpack, str(copy), str(folder))
    except IsolationError as error:
        what = f"is damaged, or too large for a book: its reader {error}"
        raise SourceError.of(what, file=path, remedy=_DAMAGED) from error
    except Exception as error:  # the library does not check what it reads
        if "encrypted" in str(error).lower():
            raise SourceError.of("is protected by DRM", file=path, remedy=_NO_DRM) from error
        raise SourceError.of("is damaged", file=path, remedy=_DAMAGED) from error


def unpack(copy: str, folder: str) -> None:
    """Unpack the book at `copy` into `folder`, without a word."""
    from loguru import logger  # noqa: PLC0415 - an extra
    from mobi.kindleunpack import unpackBook  # noqa: PLC0415

    logger.remove()
    unpackBook(copy, folder, epubver="A")


def _unpacked(path: Path, folder: Path) -> Path:
    """Return the EPUB that a book was unpacked to, the newest format in it first."""
    stem = Path(_COPY).stem
    newest = folder / "mobi8" / f"{stem}.epub"
    if newest.exists():
        return newest
    page = folder / "mobi7" / "book.html"
    if not page.exists():
        raise SourceError.of("is damaged: it has no text", file=path, remedy=_DAMAGED)
    return _as_epub(page.parent, folder / f"{stem}.epub")


def _as_epub(folder: Path, target: Path) -> Path:
    """Pack an unpacked Mobipocket book, which has the package document of an EPUB, as one."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder).as_posix())
    return target
