"""Boxes, of which MP4 files are made (ISO/IEC 14496-12): read, and written without holding them.

A box is a length, a kind of four letters, and what it holds. What is large, a table or the audio
itself, is a `Stream`: its length is known beforehand and its bytes come when it is written.
"""

import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

_LONGEST = 0xFFFF_FFFF
"""Bytes of a box, its head included, whose length still has 32 bits."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Bytes that are made when they are written: `length` of them, in pieces."""

    length: int
    pieces: Callable[[], Iterable[bytes]]


class Box:
    """A box to be written: its kind, and boxes, bytes and streams one after another."""

    def __init__(self, kind: bytes, *content: "Box | Stream | bytes"):
        self._kind = kind
        self._content = content
        held = sum(_length(each) for each in content)
        self._head = 8 if held + 8 <= _LONGEST else 16
        self.length = self._head + held

    def pieces(self) -> Iterator[bytes]:
        """Give its bytes."""
        if self._head == 8:
            yield struct.pack(">I4s", self.length, self._kind)
        else:
            yield struct.pack(">I4sQ", 1, self._kind, self.length)
        for each in self._content:
            if isinstance(each, bytes):
                yield each
            else:
                yield from each.pieces()


def full(kind: bytes, *content: Box | Stream | bytes, version: int = 0, flags: int = 0) -> Box:
    """Give a box whose content begins with a version and flags."""
    return Box(kind, struct.pack(">I", version << 24 | flags), *content)


def _length(content: Box | Stream | bytes) -> int:
    return len(content) if isinstance(content, bytes) else content.length


@dataclass(frozen=True, slots=True)
class BoxLocation:
    """A box that was read: its kind, and where in the data its content lies."""

    kind: bytes
    start: int
    end: int


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[BoxLocation]:
    """Give the boxes that lie side by side in `[start, end)`; ValueError when they do not fit."""
    end = len(data) if end is None else end
    while start < end:
        head = 8
        try:
            length, kind = struct.unpack_from(">I4s", data, start)
            if length == 1:
                head = 16
                (length,) = struct.unpack_from(">Q", data, start + 8)
        except struct.error as error:
            raise ValueError("a box is cut off") from error
        if length < head or start + length > end:
            raise ValueError(f"a box {kind!r} of {length} bytes does not fit")
        yield BoxLocation(kind, start + head, start + length)
        start += length


def find(data: bytes, *path: bytes) -> BoxLocation:
    """Give the first box on a path such as `moov`, `trak`, `mdia`; ValueError if there is none."""
    found = BoxLocation(b"", 0, len(data))
    for kind in path:
        inside = boxes(data, found.start, found.end)
        step = next((each for each in inside if each.kind == kind), None)
        if step is None:
            raise ValueError(f"there is no box {kind!r}")
        found = step
    return found
