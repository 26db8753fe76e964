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
    """The words of a paragraph, where it begins, and whether it separates scenes.

    `title` is its first line, as far as it may be a title.
    """

    text: str
    start: int
    title: str
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


def passages(text: str, paragraphs: Sequence[Paragraph]) -> list[Passage]:
    """Return the paragraphs of a text as passages."""
    words = (text[p.start : p.end] for p in paragraphs)
    return [
        Passage(own, p.start, _title(own), p.block is Block.BREAK)
        for own, p in zip(words, paragraphs, strict=True)
    ]


def _title(text: str) -> str:
    end = _LINE_ENDS.search(text, 0, _LONGEST_FIRST)
    if end is None and len(text) > _LONGEST_FIRST:
        return ""
    first = headings.collapse(text[: end.start()] if end else text).strip("*_=~#-–— ")
    return first if len(first) <= _LONGEST_LINE else ""
