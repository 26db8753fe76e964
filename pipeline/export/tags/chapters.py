"""Chapter marks as containers hold them: in milliseconds, with titles that are never blank."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.core.text import one_line, truncate
from pipeline.model.chapter_marks import ChapterMark

TITLE_BYTES = 65_535
"""The longest title in bytes: a text track counts it in two bytes. Containers that hold less cut
titles further."""


@dataclass(frozen=True, slots=True)
class ContainerChapter:
    """A chapter in whole milliseconds `[start, end)`, with a title that is never blank."""

    title: str
    start: int
    end: int


def with_container_titles(marks: Sequence[ChapterMark]) -> tuple[ChapterMark, ...]:
    """Return the marks with titles on one line, never blank, as long as a text track can hold."""
    return tuple(
        ChapterMark(title, mark.start, mark.end)
        for title, mark in zip(_container_titles(marks), marks, strict=True)
    )


def container_chapters(marks: Sequence[ChapterMark], rate: int) -> tuple[ContainerChapter, ...]:
    """Return the chapters of marks in frames at `rate` Hz.

    Each time is rounded from its own frame, so that no error accumulates, and each chapter ends
    where the next begins, whatever its mark says: players leave no gap either.
    """
    titles = _container_titles(marks)
    starts = [_milliseconds(mark.start, rate) for mark in marks]
    ends = starts[1:] + [_milliseconds(mark.end, rate) for mark in marks[-1:]]
    return tuple(map(ContainerChapter, titles, starts, ends))


def _container_titles(marks: Sequence[ChapterMark]) -> list[str]:
    return [
        truncate(one_line(mark.title), TITLE_BYTES) or f"Chapter {number}"
        for number, mark in enumerate(marks, 1)
    ]


def _milliseconds(frames: int, rate: int) -> int:
    """Round frames to the nearest millisecond, without the error of a float."""
    return (frames * 1000 + rate // 2) // rate
