"""Read HTMLZ, Calibre's archive of one page with the metadata of an EPUB beside it."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.core.errors import SourceError
from pipeline.ingest.archive import MAX_TOTAL, BookArchive
from pipeline.ingest.epub.package import read_document
from pipeline.ingest.epub.reading import read_cover
from pipeline.ingest.html import read_page
from pipeline.ingest.markup.parsing import parse_page
from pipeline.model.book import Book

_METADATA = "metadata.opf"


def read(path: Path, given: Mapping[str, str] = {}) -> Book:
    """Read the page in the archive at `path`; `given` metadata take precedence over its own.

    Raise SourceError if it cannot be read.
    """
    with BookArchive(path) as archive:
        name = archive.find("index.html") or archive.first_with_suffix(".html")
        if name is None:
            remedy = "convert it to EPUB or HTML again"
            raise SourceError.of("contains no page of HTML", file=path, remedy=remedy)
        page = parse_page(archive.read(name, MAX_TOTAL), path, name)
        entry = archive.find(_METADATA)
        package = read_document(archive, entry) if entry else None
        own = package.metadata if package else {}
        cover = read_cover(archive, package) if package else None
    return read_page(page, path, given, own, cover)
