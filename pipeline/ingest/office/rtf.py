"""Read RTF, which word processors exchange documents in."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.core.data import word_set
from pipeline.ingest import files
from pipeline.ingest.html import read_page
from pipeline.ingest.office import pandoc
from pipeline.ingest.office.rtf_cleaning import clean
from pipeline.model.book import Book


def read(path: Path, given: Mapping[str, str] = {}) -> Book:
    """Read the document at `path`; `given` metadata take precedence over its own.

    Raise SourceError if it cannot be read.
    """
    document = clean(files.load_bytes(path))
    own = {
        name: words
        for name, words in document.properties.items()
        if words.lower() not in word_set("placeholder_properties")
    }
    page = pandoc.to_page(document.content.encode(), "rtf", path, len(document.content))
    return read_page(page, path, given, own)
