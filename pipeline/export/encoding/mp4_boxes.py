"""MP4 boxes (ISO/IEC 14496-12), written as a stream and read.

A box is a length, a kind of four letters, and its content. Large content, such as a table or the
audio itself, is a `ByteStream`: its length is known before its bytes are produced.
"""

import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

UINT32_MAX = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class ByteStream:
    """`length` bytes that are produced in blocks when they are written."""

    length: int
    blocks: Callable[[], Iterable[bytes]]


class Box:
    """A box to be written: its kind, and boxes, bytes and streams one after another."""

    def __init__(self, kind: bytes, *content: "Box | ByteStream | bytes"):
        self._kind = kind
        self._content = content
        content_length = sum(map(_length, content))
        self._header_length = 8 if content_length + 8 <= UINT32_MAX else 16
        self.length = self._header_length + content_length

    def blocks(self) -> Iterator[bytes]:
        """Yield the bytes of the box, its header as the first block."""
        if self._header_length == 8:
            yield struct.pack(">I4s", self.length, self._kind)
        else:
            yield struct.pack(">I4sQ", 1, self._kind, self.length)
        for item in self._content:
            if isinstance(item, bytes):
                yield item
            else:
                yield from item.blocks()


def full_box(
    kind: bytes, *content: Box | ByteStream | bytes, version: int = 0, flags: int = 0
) -> Box:
    """Return a box whose content begins with a version and flags (the standard's FullBox)."""
    return Box(kind, struct.pack(">I", version << 24 | flags), *content)


def _length(content: Box | ByteStream | bytes) -> int:
    return len(content) if isinstance(content, bytes) else content.length


@dataclass(frozen=True, slots=True)
class BoxLocation:
    """A box in a file: its kind, and where in the data its content lies."""

    kind: bytes
    start: int
    end: int


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[BoxLocation]:
    """Yield the boxes side by side in `[start, end)`; raise ValueError if they do not fit."""
    end = len(data) if end is None else end
    while start < end:
        header_length = 8
        try:
            length, kind = struct.unpack_from(">I4s", data, start)
            if length == 1:
                header_length = 16
                (length,) = struct.unpack_from(">Q", data, start + 8)
        except struct.error as error:
            raise ValueError("a box is cut off") from error
        if length < header_length or start + length > end:
            raise ValueError(f"box {kind!r} of {length} bytes does not fit")
        yield BoxLocation(kind, start + header_length, start + length)
        start += length


def find_box(data: bytes, *path: bytes) -> BoxLocation:
    """Return the first box on a path such as `moov`, `trak`, `mdia`.

    Raises ValueError if there is none.
    """
    box = BoxLocation(b"", 0, len(data))
    for kind in path:
        children = boxes(data, box.start, box.end)
        child = next((child for child in children if child.kind == kind), None)
        if child is None:
            raise ValueError(f"there is no box {kind!r}")
        box = child
    return box
