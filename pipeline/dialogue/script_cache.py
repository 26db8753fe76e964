"""Cache the script of a book, recomputed only for chapters that changed.

If neither the text nor the characters have changed, the script itself comes from the cache. If the
text has changed, only the chapters in which it did are attributed again.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipeline.core.cache import JsonCache
from pipeline.core.fingerprint import cache_key, code_fingerprint
from pipeline.core.text import collapse
from pipeline.dialogue.attribution.chapter_memory import (
    AttributionMemory,
    ChapterAttribution,
    TurnAttribution,
)
from pipeline.dialogue.book_version import BookVersion
from pipeline.model.book import Book
from pipeline.model.cast import Cast
from pipeline.model.script import Kind, Line, Pause, Script

_MAX_VERSIONS = 4
"""Attributions cached of a chapter, each from another book: a draft, a sample, the whole."""


def cached_script(
    book: Book,
    cast: Cast,
    cache: JsonCache,
    write: bool,
    attribute: Callable[[AttributionMemory], Script],
) -> Script:
    """Return the cached script of a book and cast, else that of `attribute`.

    `attribute` gets the memory of the chapters attributed before. Without `write`, the cache is
    only read.
    """
    key = _script_key(book, cast)
    entry = cache.read(key)
    if entry is None:
        script = attribute(CachedAttributions(book, cast, cache, write))
        if write:
            cache.write(key, [_line_to_json(line) for line in script])
        return script
    lines = (_line_from_json(book.text, fields) for fields in entry)
    return Script(tuple(lines), {chapter.number: chapter.title for chapter in book.chapters})


class CachedAttributions:
    """The cached attributions of chapters.

    An attribution depends a little on the whole book. It is recalled while nine tenths of the book
    it was computed in still exist and make up nine tenths of the current book: a book that has
    grown by half is better attributed again.
    """

    def __init__(self, book: Book, cast: Cast, cache: JsonCache, write: bool):
        self._cache, self._write = cache, write
        self._context = repr((code_fingerprint("attribution"), cast.characters, cast.first_person))
        self._version = BookVersion(book, cache)

    def recall(self, marks: Sequence[str]) -> Mapping[str, ChapterAttribution]:
        """Return the attributions that were computed in this book, as it is or nearly so."""
        recalled = {}
        for mark in marks:
            for version in self._versions(mark):
                if self._version.is_same_book(version["book"]):
                    recalled[mark] = _attribution_from_json(version["turns"])
                    break
        return recalled

    def keep(self, opinions: Mapping[str, ChapterAttribution]) -> None:
        """Write attributions, and the book that they were computed in."""
        attributions = {mark: chapter for mark, chapter in opinions.items() if chapter.turns}
        if not (self._write and attributions):
            return
        book_key = self._version.save()
        for mark, chapter in attributions.items():
            older = [version for version in self._versions(mark) if version["book"] != book_key]
            latest = {"book": book_key, "turns": _attribution_to_json(chapter)}
            self._cache.write(self._chapter_key(mark), [latest, *older][:_MAX_VERSIONS])

    def _versions(self, mark: str) -> Sequence[dict[str, Any]]:
        """Return the cached attributions of a chapter, the latest first."""
        return self._cache.read(self._chapter_key(mark)) or ()

    def _chapter_key(self, mark: str) -> str:
        return cache_key([self._context, mark])


def _attribution_to_json(attribution: ChapterAttribution) -> list[object]:
    """Return, for each turn, the guesses of each pass and the fields of the ruling."""
    guesses_by_turn = zip(*attribution.guesses, strict=True)
    return [
        [
            [list(guess.items()) for guess in guesses],
            ruling.speaker,
            ruling.confidence,
            ruling.why,
        ]
        for guesses, ruling in zip(guesses_by_turn, attribution.turns, strict=True)
    ]


def _attribution_from_json(turns: Sequence[Any]) -> ChapterAttribution:
    rulings = [
        TurnAttribution(speaker, confidence, tuple(why)) for _, speaker, confidence, why in turns
    ]
    passes = zip(*([dict(guess) for guess in guesses] for guesses, *_ in turns), strict=True)
    return ChapterAttribution([list(guesses) for guesses in passes], rulings)


def _script_key(book: Book, cast: Cast) -> str:
    """Return the key of everything that attribution depends on."""
    chapters = [(chapter.number, chapter.paragraphs) for chapter in book.chapters]  # no titles
    return cache_key(
        [
            repr((code_fingerprint("attribution"), chapters, cast.characters, cast.first_person)),
            f"{cast.thoughts} {cast.messages}",
            book.text,
        ]
    )


def _line_to_json(line: Line) -> Sequence[object]:
    """Return the fields of an attributed line except its text, which is the book's."""
    attributed = (line.confidence, line.why, line.candidates, line.pause, line.delivery)
    return (line.start, line.end, line.speaker, line.kind, line.chapter, *attributed)


def _line_from_json(text: str, fields: Sequence[Any]) -> Line:
    start, end, speaker, kind, chapter, confidence, why, candidates, pause, delivery = fields
    return Line(
        text=collapse(text[start:end]),
        speaker=speaker,
        kind=Kind(kind),
        chapter=chapter,
        start=start,
        end=end,
        confidence=confidence,
        why=tuple(why),
        candidates=candidates,
        pause=Pause(pause),
        delivery=delivery,
    )
