"""Where a book's chapters lie in its audio."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChapterMark:
    """A chapter mark: the chapter fills `[start, end)`, counted in frames at the book's rate."""

    title: str
    start: int
    end: int


def concatenated(files: Iterable[Sequence[ChapterMark]]) -> Iterator[ChapterMark]:
    """Give the marks of several files as if these stood one after another in one."""
    start = 0
    for marks in files:
        yield from (ChapterMark(mark.title, start + mark.start, start + mark.end) for mark in marks)
        start += marks[-1].end
