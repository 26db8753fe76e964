"""Passages of narration that a character may read: thoughts and messages."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.dialogue.quotations.spans import Span


class PassageKind(StrEnum):
    """What a passage is; the value is the delivery of its lines."""

    THOUGHT = "thinking"
    MESSAGE = "in writing"


@dataclass(frozen=True, slots=True)
class Unspoken:
    """A thought or a message, `[start, end)` in characters of the book's text.

    `writer` is the character, an index in the cast, whose name stands before or under it; None
    where the narration beside it has to tell. `why` is how that name is given, in words.
    """

    start: int
    end: int
    kind: PassageKind
    writer: int | None = None
    why: str = ""


def without_overlaps(passages: Iterable[Unspoken]) -> list[Unspoken]:
    """Return the passages in the order of the text; of two that overlap, the first one given."""
    chosen: list[Unspoken] = []
    for passage in passages:
        if all(passage.end <= other.start or other.end <= passage.start for other in chosen):
            chosen.append(passage)
    return sorted(chosen, key=lambda passage: passage.start)


def narration_in(spans: Sequence[Span], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of `[start, end)` that are narration."""
    for span in spans:
        if not span.speech and span.start < end and start < span.end:
            yield max(start, span.start), min(end, span.end)
