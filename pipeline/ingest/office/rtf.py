"""Read RTF, which word processors exchange documents in."""

import re
from collections.abc import Mapping
from pathlib import Path

from pipeline.core.data import word_set
from pipeline.core.errors import SourceError
from pipeline.ingest import files, limits
from pipeline.ingest.html import read_page
from pipeline.ingest.markup import unread
from pipeline.ingest.office import pandoc
from pipeline.ingest.office.rtf_cleaning import clean
from pipeline.model.book import Book

MAX_WORDS = 700_000
"""Control words of one document besides letters; Word writes a dozen for each run of text."""
MAX_LETTERS = 1_500_000
"""Letters written as control words; a novel in Cyrillic letters has nearly as many."""
MAX_WORDS_APIECE = 200_000
"""Control words and groups of a paragraph or cell besides letters."""

_PARAGRAPH = re.compile(rb"\\(?:par|footnote)(?![a-z])")
_PIECE_END = re.compile(rb"\\(?:par|footnote|cell|row|line|page|sect)(?![a-z])")


def read(path: Path, given: Mapping[str, str] = {}) -> Book:
    """Read the document at `path`; `given` metadata take precedence over its own.

    Raise SourceError if it cannot be read.
    """
    data = files.load_bytes(path)
    letters, words = _letters(data), data.count(b"\\")
    apiece = max(p.count(b"\\") + p.count(b"{") - _letters(p) for p in _PIECE_END.split(data))
    for number, most, name in (
        (words - letters, MAX_WORDS, "control words"),
        (letters, MAX_LETTERS, "control words for letters"),
        (apiece, MAX_WORDS_APIECE, "control words in a paragraph"),
    ):
        if number > most:
            what = f"has over {most:,} {name}, too many for a book"
            raise SourceError.of(what, file=path, remedy="save it as DOCX or plain text")
    paragraphs = sum(1 for _ in _PARAGRAPH.finditer(data))
    limits.check(paragraphs, limits.MAX_OFFICE_PARAGRAPHS, "paragraphs and notes", path)
    document = clean(data)
    own = {
        name: words
        for name, words in document.properties.items()
        if words.lower() not in word_set("placeholder_properties")
    }
    page = pandoc.to_page(document.content.encode(), "rtf", path, document.length)
    pandoc.add_unread(page, document.notes, unread.NOTES)
    return read_page(page, path, given, own)


def _letters(data: bytes) -> int:
    """Return the number of letters written as control words, roughly."""
    return data.count(b"\\u") + data.count(b"\\'")
