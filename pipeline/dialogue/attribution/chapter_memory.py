"""What was judged of a chapter, and how a chapter is known again.

Sums over the whole book count a little in who speaks each turn. A chapter that stays as it was
keeps its opinion nevertheless while the rest of the book changes: its doubtful lines would else go
to and fro, and be spoken anew, with every word that is edited elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.core.fingerprint import cache_key
from pipeline.dialogue.attribution.conversation import Chances
from pipeline.dialogue.quotations.spans import Span
from pipeline.model.book import Book, Chapter


@dataclass(frozen=True, slots=True)
class SpeakerRuling:
    """Who speaks a turn, NOBODY or a place in the cast; how sure that is, and why, in words."""

    speaker: int
    confidence: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChapterAttribution:
    """A chapter's turns judged: `guesses[i]` are their chances at reading i, the last are final."""

    guesses: Sequence[Sequence[Chances]]
    rulings: Sequence[SpeakerRuling]

    @property
    def chances(self) -> Sequence[Chances]:
        """The chances of each turn in the end, the likeliest first."""
        return self.guesses[-1]


class AttributionMemory(Protocol):
    """Keeps opinions by the marks of their chapters."""

    def recall(self, marks: Sequence[str]) -> Mapping[str, ChapterAttribution]:
        """Give the opinions on those of these chapters that are not to be judged anew."""

    def keep(self, opinions: Mapping[str, ChapterAttribution]) -> None:
        """Hear the opinions on the chapters that were judged anew."""


def mark(book: Book, chapter: Chapter, spans: Sequence[Span]) -> str:
    """Give the SHA-256 of a chapter's text and of how it was cut, wherever it stands."""
    first = chapter.paragraphs[0].start if chapter.paragraphs else 0
    last = chapter.paragraphs[-1].end if chapter.paragraphs else 0
    outline = [(p.start - first, p.end - first, p.block) for p in chapter.paragraphs]
    cut = [(s.start - first, s.end - first, s.speech, s.continues, s.paragraph) for s in spans]
    return cache_key([book.text[first:last], outline, cut])
