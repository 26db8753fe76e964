"""Chapter positions in a book's audio."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChapterMark:
    """A chapter's title and its extent `[start, end)` in frames at the book's sample rate."""

    title: str
    start: int
    end: int


def concatenated(files: Iterable[Sequence[ChapterMark]]) -> Iterator[ChapterMark]:
    """Yield the marks of several files, shifted as if the files were joined into one."""
    start = 0
    for marks in files:
        yield from (ChapterMark(mark.title, start + mark.start, start + mark.end) for mark in marks)
        start += marks[-1].end
