"""Who says what, kept: what was judged once is judged anew only when there is reason to.

Where neither the text nor who may speak has changed, the script is read. Where the text has
changed, the chapters in which it has are judged, and the others keep their speakers.
"""

import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipeline.core.cache import JsonCache
from pipeline.core.fingerprint import cache_key, program
from pipeline.dialogue.attribution.chapter_memory import (
    AttributionMemory,
    ChapterAttribution,
    TurnAttribution,
)
from pipeline.model.book import Book
from pipeline.model.cast import Cast
from pipeline.model.script import Kind, Line, Pause, Script

_SAME = 0.9
"""The share of its paragraphs that a book must have in common with what it was, to be the same."""
_MOST = 4
"""Opinions that are kept of a chapter, each formed in another book: a draft, a sample, a whole."""


def kept(
    book: Book,
    cast: Cast,
    notes: JsonCache,
    keep: bool,
    attributed: Callable[[AttributionMemory], Script],
) -> Script:
    """Give the script that was kept for such a book and cast; else ask for it, and `keep` it.

    Who is asked is given a memory of the chapters that were judged before.
    """
    key = _key(book, cast)
    noted = notes.read(key)
    if noted is None:
        script = attributed(_Opinions(book, cast, notes, keep))
        if keep:
            notes.write(key, [_noted(line) for line in script])
        return script
    lines = (_line(book.text, *entry) for entry in noted)
    return Script(tuple(lines), {chapter.number: chapter.title for chapter in book.chapters})


class _Opinions:
    """What is thought of chapters, among the notes.

    An opinion is recalled while nine tenths of the book that it was formed in still stand and make
    up nine tenths of the book as it is: a book that has grown by half is better judged anew.
    """

    def __init__(self, book: Book, cast: Cast, notes: JsonCache, keep: bool):
        self._notes, self._keep = notes, keep
        self._who = repr((program(), cast.characters, cast.first_person))
        prose = (book.text[p.start : p.end] for c in book.chapters for p in c.paragraphs)
        self._sums = sorted(zlib.crc32(each.encode(errors="surrogatepass")) for each in prose)
        self._companies: dict[str, bool] = {}

    def recall(self, marks: Sequence[str]) -> Mapping[str, ChapterAttribution]:
        """Give the opinions that were formed in this book, as it is or nearly so."""
        formed = {
            each: next((one for one in self._noted(each) if self._is_same(one["book"])), None)
            for each in marks
        }
        return {each: _opinion(noted["turns"]) for each, noted in formed.items() if noted}

    def keep(self, opinions: Mapping[str, ChapterAttribution]) -> None:
        """Note opinions, and the book that they were formed in."""
        opinions = {each: opinion for each, opinion in opinions.items() if opinion.turns}
        if self._keep and opinions:
            company = cache_key(self._sums)
            self._notes.write(company, self._sums)
            for each, opinion in opinions.items():
                others = [one for one in self._noted(each) if one["book"] != company]
                told = {"book": company, "turns": _told(opinion)}
                self._notes.write(self._key(each), [told, *others][:_MOST])

    def _noted(self, mark: str) -> Sequence[dict[str, Any]]:
        """Give what was noted of a chapter, the latest first."""
        return self._notes.read(self._key(mark)) or ()

    def _key(self, mark: str) -> str:
        return cache_key([self._who, mark])

    def _is_same(self, company: str) -> bool:
        if company not in self._companies:
            then = Counter[int](self._notes.read(company) or ())
            common = (then & Counter(self._sums)).total()
            longer = max(then.total(), len(self._sums))
            self._companies[company] = common >= _SAME * longer > 0
        return self._companies[company]


def _told(opinion: ChapterAttribution) -> list[object]:
    """Give an opinion as JSON can hold it: each turn's guesses at each reading, and its ruling."""
    by_turn = zip(*opinion.guesses, strict=True)
    return [
        [[list(guess.items()) for guess in guesses], own.speaker, own.confidence, own.why]
        for guesses, own in zip(by_turn, opinion.turns, strict=True)
    ]


def _opinion(turns: Sequence[Any]) -> ChapterAttribution:
    """Give the opinion that was told so."""
    rulings = [TurnAttribution(speaker, sure, tuple(why)) for _, speaker, sure, why in turns]
    guesses = zip(*([dict(guess) for guess in told] for told, *_ in turns), strict=True)
    return ChapterAttribution([list(reading) for reading in guesses], rulings)


def _key(book: Book, cast: Cast) -> str:
    """Give the key of all that attribution goes by."""
    chapters = [(chapter.number, chapter.paragraphs) for chapter in book.chapters]  # no titles
    return cache_key([repr((program(), chapters, cast.characters, cast.first_person)), book.text])


def _noted(line: Line) -> Sequence[object]:
    """Give all of an attributed line but its words, which are the book's."""
    judged = (line.confidence, line.why, line.candidates, line.pause, line.delivery)
    return (line.start, line.end, line.speaker, line.kind, line.chapter, *judged)


def _line(
    text: str,
    start: int,
    end: int,
    speaker: str,
    kind: str,
    chapter: int,
    confidence: float,
    why: Sequence[str],
    candidates: dict[str, Any],
    pause: str,
    delivery: str | None,
) -> Line:
    words = " ".join(text[start:end].split())
    return Line(
        words, speaker, Kind(kind), chapter, start, end, confidence, tuple(why), candidates,
        Pause(pause), delivery,
    )  # fmt: skip
