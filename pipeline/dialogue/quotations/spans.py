"""The result of splitting: runs of narration and of speech."""

from dataclasses import dataclass
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
