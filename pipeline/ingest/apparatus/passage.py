"""A paragraph as the search for contents and notes sees it.

Few paragraphs of a book are divided into their lines: the first line tells enough of most.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from pipeline.ingest import headings
from pipeline.model.book import Block, Paragraph

_LINE_ENDS = re.compile(r"[\r\n]+")
_LONGEST_LINE = 120
_LONGEST_FIRST = 4 * _LONGEST_LINE
"""Characters of a title with the white space in it."""


@dataclass(frozen=True)
class Passage:
    """The words of a paragraph, where it begins, and whether it separates scenes."""

    text: str
    start: int
    is_break: bool = False

    @cached_property
    def lines(self) -> Sequence[str]:
        """Its lines, white space in each as one space."""
        return [headings.collapse(line) for line in _LINE_ENDS.split(self.text)]

    def has_lines(self, most: int) -> bool:
        """Whether it has at most so many lines."""
        return next(islice(_LINE_ENDS.finditer(self.text), most - 1, None), None) is None

    @property
    def is_short(self) -> bool:
        """Whether it is made of short lines, as a list is."""
        return all(len(line) <= _LONGEST_LINE for line in self.lines)

    @cached_property
    def title(self) -> str:
        """Its first line, as far as it may be a title."""
        end = _LINE_ENDS.search(self.text, 0, _LONGEST_FIRST)
        if end is None and len(self.text) > _LONGEST_FIRST:
            return ""
        line = self.text[: end.start()] if end else self.text
        first = headings.collapse(line).strip("*_=~#-–— ")
        return first if len(first) <= _LONGEST_LINE else ""


def passages(text: str, paragraphs: Sequence[Paragraph]) -> list[Passage]:
    """Return the paragraphs of a text as passages."""
    return [Passage(text[p.start : p.end], p.start, p.block is Block.BREAK) for p in paragraphs]
