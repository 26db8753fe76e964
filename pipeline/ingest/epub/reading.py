"""Read an EPUB as a book."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from pipeline.core.errors import SourceError
from pipeline.ingest import limits, title_case
from pipeline.ingest.archive import BookArchive
from pipeline.ingest.epub.navigation import read_navigation
from pipeline.ingest.epub.package import Package, read_package
from pipeline.ingest.epub.splitting import split
from pipeline.ingest.markup.assembly import assemble
from pipeline.ingest.markup.blocks import MarkupPage
from pipeline.ingest.markup.extraction import extract
from pipeline.ingest.markup.parsing import parse_page
from pipeline.ingest.markup.sectioning import SectionDraft
from pipeline.model.book import Book, Metadata

MAX_COVER = 15_000_000  # bytes


def read(path: Path, given: Mapping[str, str] = {}) -> Book:
    """Read the EPUB at `path`; `given` metadata take precedence over its own.

    `Book.text` has all sections, also those that are not read aloud; pages that the archive lacks
    are listed as sections without text. Raise SourceError if the book cannot be read.
    """
    with BookArchive(path) as archive:
        package = read_package(archive)
        own = {"title": title_case.from_stem(path.stem)} | dict(package.metadata)
        metadata = Metadata(**{**own, **given})
        pages = _pages(archive, package)
        navigation = read_navigation(archive, package)
        cover = read_cover(archive, package)
        drafts = split(pages, navigation, package.guide, metadata)
        return assemble(path, [*drafts, *_missing(archive, package)], metadata, cover)


def _pages(archive: BookArchive, package: Package) -> dict[str, MarkupPage]:
    """Return the pages in reading order by their entries."""
    path = archive.path
    limits.check(len(package.spine), limits.MAX_SECTIONS, "pages", path)
    pages: dict[str, MarkupPage] = {}
    blocks = tags = 0
    for item in package.spine:
        entry = archive.find(item.name) if item.is_page else None
        if entry is not None:
            data = archive.read(entry)
            tags += data.count(b"<")
            limits.check(tags, limits.MAX_TAGS, "tags", path)
            pages[item.name] = extract(parse_page(data, path, entry), path)
            blocks += len(pages[item.name].blocks)
            limits.check(blocks, limits.MAX_PARAGRAPHS, "paragraphs", path)
    return pages


def read_cover(archive: BookArchive, package: Package) -> bytes | None:
    """Return the cover picture; a book is read without one that is damaged or too large."""
    with suppress(SourceError):
        return archive.read(package.cover, MAX_COVER) if package.cover else None
    return None


def _missing(archive: BookArchive, package: Package) -> list[SectionDraft]:
    """Return a section without text for each page that the archive lacks."""
    return [
        SectionDraft(item.name, (), "missing from the file")
        for item in package.spine
        if item.is_page and archive.find(item.name) is None
    ]
