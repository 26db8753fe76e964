"""Chapter marks as containers count them, and the text that hands them to ffmpeg."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.marks import Mark
from pipeline.tags.labels import cut, one_line

TITLE_BYTES = 255
"""What the length byte of a Nero chapter title can say. ffmpeg cuts there, through a letter if it
must, and a file with half a letter is one that mutagen refuses to open."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter in whole milliseconds `[start, end)`, with a title that is never blank."""

    title: str
    start: int
    end: int


def chapters(marks: Sequence[Mark], rate: int) -> list[Chapter]:
    """Return the chapters of `marks`, counted in frames at `rate` (Hz).

    Each time is rounded by itself from its frame, so that no error adds up, and each chapter ends
    where the next begins, whatever its mark says: players leave no gap either. Titles are cut at
    255 bytes of UTF-8.
    """
    starts = [_milliseconds(mark.start, rate) for mark in marks]
    ends = starts[1:] + [_milliseconds(mark.end, rate) for mark in marks[-1:]]
    return [Chapter(*each) for each in zip(_titles(marks), starts, ends, strict=True)]


def ffmetadata(metadata_title: str, marks: Sequence[Mark], rate: int) -> str:
    """Return FFMETADATA1 text with a title and chapters, its time base 1/`rate` of a second.

    Source: ffmpeg's documentation, "Metadata". What is special to it there is escaped; new lines
    become spaces, as in every title.
    """
    bounds = [mark.start for mark in marks] + [mark.end for mark in marks[-1:]]
    sections = [
        f"[CHAPTER]\nTIMEBASE=1/{rate}\nSTART={start}\nEND={end}\ntitle={_escaped(title)}\n"
        for title, (start, end) in zip(_titles(marks), pairwise(bounds), strict=True)
    ]
    return "".join([f";FFMETADATA1\ntitle={_escaped(one_line(metadata_title))}\n", *sections])


def _titles(marks: Sequence[Mark]) -> list[str]:
    """Return the marks' titles on one line, cut at a whole letter; a blank one is a number."""
    return [
        cut(one_line(mark.title), TITLE_BYTES) or f"Chapter {n}" for n, mark in enumerate(marks, 1)
    ]


def _milliseconds(frames: int, rate: int) -> int:
    """Round a count of frames to the nearest millisecond, without a float's error."""
    return (frames * 1000 + rate // 2) // rate


def _escaped(text: str) -> str:
    """Escape a value, with a space after a backslash at its end.

    Without it ffmpeg (9.0 as well) takes the end of the line for escaped, although the backslash
    is, and swallows the next line: the next chapter.
    """
    ended = text + " " if text.endswith("\\") else text
    return re.sub(r"[=;#\\]", r"\\\g<0>", ended)
