"""Cache the characters identified in a book, by the path of its file."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.core.cache import JsonCache
from pipeline.core.fingerprint import cache_key, code_fingerprint
from pipeline.core.paths import resolved
from pipeline.dialogue.book_version import BookVersion
from pipeline.dialogue.characters.identification import (
    Identification,
    IdentifiedCharacter,
    identify_characters,
)
from pipeline.model.book import Book
from pipeline.model.characters import Character, Gender

_SHORT = 100_000
"""Characters of a book that is always read again when it changes, which takes under a second."""


class IdentificationCache:
    """Identified characters, also cached in this object. Without `write`, the cache is only read.

    `identify` is what computes them.
    """

    def __init__(
        self,
        root: Path,
        write: bool,
        identify: Callable[[Book], Identification] = identify_characters,
    ):
        self._cache = JsonCache(root, write)
        self._write = write
        self._identify = identify
        self._latest: tuple[str, Identification] | None = None

    def exact(self, book: Book) -> Identification:
        """Return the characters of a book as it is."""
        digest = _digest(book)
        if self._latest is None or self._latest[0] != digest:
            entry = self._cache.read(_key(book))
            if entry is not None and entry["digest"] == digest:
                self._latest = digest, _from_json(entry["identification"])
            else:
                self._latest = digest, self._identify(book)
                self._save(book, *self._latest)
        return self._latest[1]

    def approximate(self, book: Book) -> Identification:
        """Return the characters of a book, or of an earlier version if the book is long.

        To identify them takes seconds in a novel: far longer than all else after a small edit.
        """
        if len(book.text) > _SHORT and self._latest is None:
            entry = self._cache.read(_key(book))
            if entry and BookVersion(book, self._cache).is_same_book(entry["version"]):
                return _from_json(entry["identification"])
        return self.exact(book)

    def _save(self, book: Book, digest: str, identification: Identification) -> None:
        if not self._write:
            return
        entry = {
            "digest": digest,
            "version": BookVersion(book, self._cache).save(),
            "identification": asdict(identification),
        }
        self._cache.write(_key(book), entry)


def _key(book: Book) -> str:
    return cache_key([code_fingerprint("attribution"), "characters", str(resolved(book.path))])


def _digest(book: Book) -> str:
    """Return the key of everything that the identification depends on."""
    chapters = [(chapter.number, chapter.paragraphs) for chapter in book.chapters]
    return cache_key([repr(chapters), book.text])


def _from_json(fields: dict[str, Any]) -> Identification:
    characters = tuple(_character(item) for item in fields["characters"])
    return Identification(characters, fields["first_person"])


def _character(fields: dict[str, Any]) -> IdentifiedCharacter:
    name, aliases, gender = (fields["character"][key] for key in ("name", "aliases", "gender"))
    character = Character(name, tuple(aliases), Gender(gender) if gender else None)
    return IdentifiedCharacter(**{**fields, "character": character})
