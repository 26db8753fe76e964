"""The result of splitting: runs of narration and of speech."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple


class Piece(NamedTuple):
    """A part of one paragraph, `[start, end)` in characters, that is narration or speech."""

    start: int
    end: int
    speech: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A run of narration or speech, `[start, end)` in characters of the book's text.

    Quotation marks and surrounding white space are excluded. `chapter` is the chapter's number,
    `paragraph` the index of the paragraph in its chapter. `continues` marks a speech that continues
    the one that ended the previous paragraph.
    """

    start: int
    end: int
    speech: bool
    chapter: int
    paragraph: int
    continues: bool = False

    @property
    def place(self) -> tuple[int, int]:
        """Return chapter number and paragraph index, which together identify the paragraph."""
        return self.chapter, self.paragraph


def by_chapter(spans: Sequence[Span]) -> dict[int, list[tuple[int, Span]]]:
    """Return the spans of a book by the number of their chapter, each with its index."""
    return {
        number: list(group)
        for number, group in groupby(enumerate(spans), key=lambda pair: pair[1].chapter)
    }
