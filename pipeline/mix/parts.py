"""A book cut into parts, each encoded by itself and joined again without a second encoding."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from zlib import crc32

from pipeline.model.script import Line, Pause

SHORTEST, LONGEST = 1_500, 6_000
"""Characters after which a part may end with its paragraph, and after which it does."""


FURTHER = 1_500
"""Characters beyond the shortest that a part has on the average."""


@dataclass(frozen=True, slots=True)
class Part:
    """A run of lines of one chapter that is encoded at once.

    `number` counts from 0; `last` tells that the file ends with it.
    """

    number: int
    lines: tuple[Line, ...]
    last: bool = False


def parts(lines: Iterable[Line]) -> Iterator[Part]:
    """Cut lines into parts that end where a paragraph ends, two to six minutes of speech long.

    A chapter ends a part. Elsewhere the words themselves say where: the longer a paragraph, the
    likelier a part ends with it, by a checksum of its last line. Counting from the start of the
    book instead would move every later cut with the first edit, and with them all parts.
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
    """Whether a part of `size` characters ends with this line, the last of its paragraph."""
    if not SHORTEST <= size < LONGEST:
        return size >= LONGEST
    return crc32(line.text.encode()) * FURTHER < paragraph << 32
