"""The structure of an ID3 tag: its frames as bytes (id3.org, versions 2.2, 2.3 and 2.4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

HEADER = 10
"""Bytes of the header of a tag, and of a frame since version 2.3."""
_UNSYNCHRONISED, _EXTENDED = 0x80, 0x40


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame as it is in the file, with its header."""

    data: bytes
    version: int

    @property
    def kind(self) -> bytes:
        """Its four letters, or three in version 2.2."""
        return self.data[: 4 if self.version > 2 else 3]

    @property
    def content(self) -> bytes:
        """What follows the header."""
        return self.data[_frame_header(self.version) :]

    @property
    def is_compressed(self) -> bool:
        """Whether the content is packed."""
        flag = {3: 0x80, 4: 0x08}.get(self.version, 0)
        return len(self.data) >= HEADER and bool(self.data[9] & flag)


@dataclass(frozen=True, slots=True)
class Tag:
    """The content of a tag, and where that begins in the file."""

    start: int
    content: bytes
    version: int

    def frames(self) -> Iterator[Frame]:
        """Yield the frames in order."""
        return frames(self.content, self.version)


def read_tag(stream: BinaryIO, start: int) -> Tag | None:
    """Return the tag at byte `start` of a file; None if there is none."""
    stream.seek(start)
    head = stream.read(HEADER)
    if len(head) < HEADER or head[:3] != b"ID3":
        return None
    version, flags = head[3], head[5]
    content = stream.read(_synchsafe(head[6:10]))
    start += HEADER
    if version < 4 and flags & _UNSYNCHRONISED:
        content = content.replace(b"\xff\0", b"\xff")
    if version > 2 and flags & _EXTENDED:
        size = content[:4]
        length = _synchsafe(size) if version == 4 else 4 + int.from_bytes(size)
        start, content = start + length, content[length:]
    return Tag(start, content, version)


def frames(content: bytes, version: int) -> Iterator[Frame]:
    """Yield the frames in the content of a tag or a frame."""
    position, header = 0, _frame_header(version)
    while len(content) - position > header and content[position]:
        length = header + _size(content[position : position + header], version)
        yield Frame(content[position : position + length], version)
        position += length


def _frame_header(version: int) -> int:
    return HEADER if version > 2 else 6


def _size(header: bytes, version: int) -> int:
    if version == 4:
        return _synchsafe(header[4:8])
    return int.from_bytes(header[4:8] if version > 2 else header[3:6])


def _synchsafe(size: bytes) -> int:
    """Return a size of which each byte counts seven bits."""
    return int(sum(byte << 7 * place for place, byte in enumerate(reversed(size))))
