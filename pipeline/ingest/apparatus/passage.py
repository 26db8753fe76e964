"""A paragraph as the search for contents and notes sees it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.ingest import headings
from pipeline.model.book import Block, Paragraph

_LONGEST_LINE = 120


@dataclass(frozen=True)
class Passage:
    """The words of a paragraph, where it begins, and whether it separates scenes."""

    text: str
    start: int
    is_break: bool = False

    @cached_property
    def lines(self) -> Sequence[str]:
        """Its lines, white space in each as one space."""
        return [headings.collapse(line) for line in re.split(r"[\r\n]+", self.text)]

    @property
    def is_short(self) -> bool:
        """Whether it is made of short lines, as a list is."""
        return all(len(line) <= _LONGEST_LINE for line in self.lines)

    @property
    def title(self) -> str:
        """Its first line, as far as it may be a title."""
        first = self.lines[0].strip("*_=~#-–— ")
        return first if len(first) <= _LONGEST_LINE else ""


def passages(text: str, paragraphs: Sequence[Paragraph]) -> list[Passage]:
    """Return the paragraphs of a text as passages."""
    return [Passage(text[p.start : p.end], p.start, p.block is Block.BREAK) for p in paragraphs]
