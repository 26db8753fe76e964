"""What a paragraph is made of once its quote marks are understood."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A run of narration or of speech, `[start, end)` in characters of the book's text.

    The quote marks lie outside a speech, and there is no white space at the ends. `chapter` is the
    chapter's number, `paragraph` the index of the paragraph in its chapter. `continues` says that
    the marks make this speech the continuation of the one that ended the previous paragraph.
    """

    start: int
    end: int
    speech: bool
    chapter: int
    paragraph: int
    continues: bool = False

    @property
    def place(self) -> tuple[int, int]:
        """The chapter and the paragraph: a paragraph's index alone is found in every chapter."""
        return self.chapter, self.paragraph
