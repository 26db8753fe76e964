"""Read a PDF with a text layer as a book."""

import re
from collections.abc import Mapping, Sequence, Set
from itertools import zip_longest
from pathlib import Path

from pipeline.core.errors import SourceError
from pipeline.core.isolation import IsolationError, call_isolated
from pipeline.ingest import files, title_case
from pipeline.ingest.epub.navigation import ContentsEntry, Navigation
from pipeline.ingest.epub.splitting import split
from pipeline.ingest.extras import needs_extra
from pipeline.ingest.markup.assembly import assemble, letters_of
from pipeline.ingest.markup.blocks import MarkupBlock, MarkupPage
from pipeline.ingest.markup.sectioning import chapter_starts
from pipeline.ingest.pdf.furniture import without_furniture
from pipeline.ingest.pdf.layout import PlacedBlock, blocks_of
from pipeline.ingest.pdf.lines import Bookmark, PdfText
from pipeline.model.book import Book, Metadata

MAX_SECONDS = 5.0
"""And one more for each megabyte."""
MAX_MEMORY = 600_000_000
"""Bytes of address space."""
_MAX_UNMAPPED = 0.2
_BODY = "body"
_CHAPTER = 300  # words
_OCR = "have its text recognised first, e.g. with `ocrmypdf book.pdf book-with-text.pdf`"
_AGAIN = "open it in another program and save it again"
_FILE_NAME = re.compile(r"\.\w{2,5}\Z|^(?:untitled|microsoft word|pdf)\b|^[\w-]*\d[\w-]*\Z", re.I)
_FIELDS = {"Title": "title", "Author": "author"}


def read(path: Path, given: Mapping[str, str] = {}) -> Book:
    """Read the PDF at `path`; `given` metadata take precedence over its own.

    Raise SourceError if it is damaged, needs a password, or has no text.
    """
    document = _extract(path)
    _refuse_textless(document, path)
    placed = blocks_of(without_furniture(document.pages))
    blocks = [item.block for item in placed]
    own = {"title": title_case.from_stem(path.stem), **_information(document)}
    metadata = Metadata(**{**own, **given})
    targets = [(_target(bookmark, placed), bookmark) for bookmark in document.outline]
    listed = [(index, bookmark) for index, bookmark in targets if index is not None]
    known = {index for index, _ in listed}
    starts = known if len(known) > 1 else set(chapter_starts(blocks, metadata.title))
    names = _page_names(placed, _first_chapter(blocks, starts))
    drafts = split(_pages(blocks, names), _navigation(listed, names), {}, metadata)
    return assemble(path, drafts, metadata)


def _extract(path: Path) -> PdfText:
    """Return the text of the document, read by a process of its own."""
    files.require(path)
    size = path.stat().st_size
    if size > files.MAX_ARCHIVE_BYTES:
        what = f"is too large for a book ({size / 1e6:.0f} MB)"
        raise SourceError.of(what, file=path, remedy="split it into volumes")
    with needs_extra("PDF", path):
        from pipeline.ingest.pdf.extraction import LockedError, TooLongError, extract  # noqa: PLC0415
    try:
        return call_isolated(MAX_SECONDS + size / 1e6, MAX_MEMORY, extract, str(path.resolve()))
    except LockedError as error:
        remedy = "open it with the password and save a copy without one"
        raise SourceError.of("is protected by a password", file=path, remedy=remedy) from error
    except TooLongError as error:
        what = "is too long for a book"
        raise SourceError.of(what, file=path, remedy="split it into volumes") from error
    except (IsolationError, MemoryError) as error:
        what = f"cannot be read: its reader {error or 'ran out of memory'}"
        raise SourceError.of(what, file=path, remedy=_AGAIN) from error
    except ValueError as error:
        raise SourceError.of("is no PDF document, or damaged", file=path, remedy=_AGAIN) from error


def _refuse_textless(document: PdfText, path: Path) -> None:
    """Raise SourceError for scanned pages, and for text whose letters are not known."""
    if not any(page.lines for page in document.pages):
        what = "has no text: its pages are pictures"
        raise SourceError.of(what, file=path, remedy=_OCR)
    if document.unmapped > _MAX_UNMAPPED:
        what = "does not say which letters its characters are"
        raise SourceError.of(what, file=path, remedy=_OCR)


def _information(document: PdfText) -> dict[str, str]:
    """Return the metadata of the document; many titles are names of files."""
    values = {field: document.information.get(key, "") for key, field in _FIELDS.items()}
    values = {field: " ".join(value.split()) for field, value in values.items()}
    if _FILE_NAME.search(values["title"]):
        del values["title"]
    return {field: value for field, value in values.items() if value}


def _first_chapter(blocks: Sequence[MarkupBlock], starts: Set[int]) -> int:
    """Return the first block of the first section that is longer than front matter mostly is."""
    order = sorted(starts)
    for start, end in zip_longest(order, order[1:]):
        if sum(block.words for block in blocks[start:end]) >= _CHAPTER:
            return start
    return min(order, default=0)


def _page_names(placed: Sequence[PlacedBlock], first: int) -> list[str]:
    """Return the page of each block as the sections see it: the book is one from `first` on.

    The pages before the first chapter are a section each, of which some are not read.
    """
    return [str(item.page) if index < first else _BODY for index, item in enumerate(placed)]


def _pages(blocks: Sequence[MarkupBlock], names: Sequence[str]) -> dict[str, MarkupPage]:
    """Return the pages by name, with an anchor for each block."""
    pages: dict[str, MarkupPage] = {}
    for name in dict.fromkeys(names):
        indices = [index for index, page in enumerate(names) if page == name]
        anchors = {str(index): (place, place + 1) for place, index in enumerate(indices)}
        pages[name] = MarkupPage([blocks[index] for index in indices], anchors)
    return pages


def _navigation(listed: Sequence[tuple[int, Bookmark]], names: Sequence[str]) -> Navigation:
    """Return the outline as the table of contents of an EPUB with the blocks as anchors."""
    entries = (
        ContentsEntry(bookmark.title, bookmark.level + 1, names[index], str(index))
        for index, bookmark in listed
    )
    return Navigation(tuple(entries), {})


def _target(bookmark: Bookmark, placed: Sequence[PlacedBlock]) -> int | None:
    """Return the index of the block that a bookmark leads to, by its words else by its place."""
    letters = letters_of(bookmark.title)
    after = [i for i, item in enumerate(placed) if item.page >= bookmark.page]
    on_page = [i for i in after if placed[i].page == bookmark.page]
    for index in on_page:
        words = letters_of(placed[index].block.text[:300])
        if words and (words == letters or words in letters) and len(words) * 3 >= len(letters):
            return index
    if bookmark.y is not None:
        below = [i for i in on_page if placed[i].y <= bookmark.y]
        return next(iter(below or after), None)
    return next(iter(after), None)
