"""Chapter marks as containers count them."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.core.text import one_line, truncate
from pipeline.model.chapter_marks import ChapterMark

TITLE_BYTES = 255
"""What the length byte of a Nero chapter title can say."""


@dataclass(frozen=True, slots=True)
class ContainerChapter:
    """A chapter in whole milliseconds `[start, end)`, with a title that is never blank."""

    title: str
    start: int
    end: int


def titled(marks: Sequence[ChapterMark]) -> tuple[ChapterMark, ...]:
    """Return the marks with titles as a container can hold them: never blank, on one line, short.

    Titles are cut at 255 bytes of UTF-8.
    """
    return tuple(
        ChapterMark(title, m.start, m.end) for title, m in zip(_titles(marks), marks, strict=True)
    )


def chapters(marks: Sequence[ChapterMark], rate: int) -> list[ContainerChapter]:
    """Return the chapters of `marks`, counted in frames at `rate` (Hz).

    Each time is rounded by itself from its frame, so that no error adds up, and each chapter ends
    where the next begins, whatever its mark says: players leave no gap either.
    """
    titles = _titles(marks)
    starts = [_milliseconds(mark.start, rate) for mark in marks]
    ends = starts[1:] + [_milliseconds(mark.end, rate) for mark in marks[-1:]]
    return [ContainerChapter(*each) for each in zip(titles, starts, ends, strict=True)]


def _titles(marks: Sequence[ChapterMark]) -> list[str]:
    """Return the marks' titles on one line, cut at a whole letter; a blank one is a number."""
    return [
        truncate(one_line(mark.title), TITLE_BYTES) or f"Chapter {n}"
        for n, mark in enumerate(marks, 1)
    ]


def _milliseconds(frames: int, rate: int) -> int:
    """Round a count of frames to the nearest millisecond, without a float's error."""
    return (frames * 1000 + rate // 2) // rate
