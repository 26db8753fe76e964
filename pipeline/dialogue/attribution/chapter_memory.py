"""The attribution of a chapter, and the key by which a memory recognises the chapter.

Sums over the whole book count a little in each turn's attribution. A chapter that stays as it was
keeps its attribution nevertheless while the rest of the book changes: its doubtful lines would
otherwise change back and forth, and be synthesised again, with every edit elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.core.fingerprint import cache_key
from pipeline.dialogue.attribution.conversation import Probabilities
from pipeline.dialogue.quotations.spans import Span
from pipeline.model.book import Book, Chapter


@dataclass(frozen=True, slots=True)
class TurnAttribution:
    """The speaker of a turn, NOBODY or an index in the cast; the confidence, and the reasons."""

    speaker: int
    confidence: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChapterAttribution:
    """The attribution of a chapter's turns.

    `guesses[i]` are the probabilities of each turn after pass i; the last pass decides.
    """

    guesses: Sequence[Sequence[Probabilities]]
    turns: Sequence[TurnAttribution]

    @property
    def probabilities(self) -> Sequence[Probabilities]:
        """The final probabilities of each turn's candidates."""
        return self.guesses[-1]


class AttributionMemory(Protocol):
    """Keeps the attributions of chapters by their keys."""

    def recall(self, keys: Sequence[str]) -> Mapping[str, ChapterAttribution]:
        """Return the attributions that still hold, of those chapters of a book."""

    def keep(self, attributions: Mapping[str, ChapterAttribution]) -> None:
        """Store the attributions of chapters that were computed again."""


def chapter_key(book: Book, chapter: Chapter, spans: Sequence[Span]) -> str:
    """Return the SHA-256 of a chapter's text and spans, wherever in the book it stands."""
    first = chapter.paragraphs[0].start if chapter.paragraphs else 0
    last = chapter.paragraphs[-1].end if chapter.paragraphs else 0
    paragraphs = [(p.start - first, p.end - first, p.block) for p in chapter.paragraphs]
    cuts = [(s.start - first, s.end - first, s.speech, s.continues, s.paragraph) for s in spans]
    return cache_key([book.text[first:last], paragraphs, cuts])
