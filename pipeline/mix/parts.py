"""Splitting a script into parts, each encoded independently and joined without re-encoding."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from zlib import crc32

from pipeline.model.script import Line, Pause

SHORTEST, LONGEST = 1_500, 6_000
"""Characters from which a part may end with a paragraph, and from which it must."""
MEAN_EXCESS = 1_500
"""Mean number of characters that a part has beyond the shortest."""
PACKET_FRAMES = 1024
"""Frames in a packet of AAC. A part is a whole number of packets long, whatever the format: so a
book has the same timeline in all of them."""
SEAM_FRAMES = 2 * PACKET_FRAMES
"""Frames of room tone with which every part ends, the same in all: those before its frame 0. What
overlaps where parts are joined is therefore known without the neighbour."""


@dataclass(frozen=True, slots=True)
class Part:
    """A run of lines of one chapter that is encoded as a unit.

    `number` counts from 0; `last` marks the part that ends the file.
    """

    number: int
    lines: tuple[Line, ...]
    last: bool = False


def split_into_parts(lines: Iterable[Line]) -> Iterator[Part]:
    """Split lines into parts of two to six minutes of speech that end in a long pause.

    A chapter always ends a part. Within a chapter the cut depends on the words alone: a checksum of
    the last line of a paragraph decides, and the longer the paragraph, the more probable the cut.
    Counting from the start of the book instead would make the first edit shift every later cut and
    so re-encode all parts.
    """
    runs = _runs(lines)
    run = next(runs, None)
    for number in count():
        if run is None:
            return
        following = next(runs, None)
        yield Part(number, run, last=following is None)
        run = following


def _runs(lines: Iterable[Line]) -> Iterator[tuple[Line, ...]]:
    pending: list[Line] = []
    size = paragraph = 0
    for line in lines:
        pending.append(line)
        size += len(line.text)
        paragraph += len(line.text)
        if line.pause in (Pause.SENTENCE, Pause.SPEAKER):
            continue
        if line.pause is Pause.CHAPTER or _ends_part(line, paragraph, size):
            yield tuple(pending)
            pending, size = [], 0
        paragraph = 0
    if pending:
        yield tuple(pending)


def _ends_part(line: Line, paragraph: int, size: int) -> bool:
    """Check whether a part of `size` characters ends with `line`, the last of its paragraph.

    `paragraph` is the length of that paragraph in characters.
    """
    if not SHORTEST <= size < LONGEST:
        return size >= LONGEST
    return crc32(line.text.encode()) * MEAN_EXCESS < paragraph << 32
