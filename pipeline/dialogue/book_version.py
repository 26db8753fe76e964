"""Recognise another version of a book: one with nearly the same paragraphs."""

import zlib
from collections import Counter

from pipeline.core.cache import JsonCache
from pipeline.core.fingerprint import cache_key
from pipeline.model.book import Book

_MIN_OVERLAP = 0.9
"""The share of paragraphs that two versions of a book have in common if they are the same book."""


class BookVersion:
    """The checksums of a book's paragraphs, comparable with those of versions in a cache."""

    def __init__(self, book: Book, cache: JsonCache):
        self._cache = cache
        paragraphs = (book.text[p.start : p.end] for c in book.chapters for p in c.paragraphs)
        self._checksums = sorted(
            zlib.crc32(text.encode(errors="surrogatepass")) for text in paragraphs
        )
        self._same_book: dict[str, bool] = {}

    def save(self) -> str:
        """Cache this version; return its key."""
        key = cache_key(self._checksums)
        self._cache.write(key, self._checksums)
        return key

    def is_same_book(self, key: str) -> bool:
        """Return whether the version cached under `key` is this book, as it is or nearly so."""
        if key not in self._same_book:
            cached = Counter[int](self._cache.read(key) or ())
            common = (cached & Counter(self._checksums)).total()
            longer = max(cached.total(), len(self._checksums))
            self._same_book[key] = common >= _MIN_OVERLAP * longer > 0
        return self._same_book[key]
