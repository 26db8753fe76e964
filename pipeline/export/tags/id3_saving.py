# mypy: allow-untyped-calls
# (mutagen is only partly annotated)
"""Saves ID3 tags with mutagen: in version 2.4 or 2.3, chapters in reading order."""

import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

_HEADER = 10  # bytes of the header of a tag, and of a frame
_SORT_FRAMES = ("TSOT", "TSOA", "TSOP")
"""Frames of version 2.4 that readers of 2.3 know as well, because iTunes writes them there."""


def save(file: Any, version: int, **options: Any) -> None:
    """Save the tags of a file that mutagen has opened, in version 2.3 or 2.4, without padding."""
    if version == 3:
        sort_frames = [frame for key in _SORT_FRAMES for frame in file.tags.getall(key)]
        file.tags.update_to_v23()
        for frame in sort_frames:
            file.tags.add(frame)
    file.save(v2_version=version, padding=lambda _: 0, **options)


def order_chapters(stream: BinaryIO, start: int) -> None:
    """Put the chapters of the tag at byte `start` of a file in the order of their times.

    mutagen writes the frames of a kind by their size, and players list chapters in the order of the
    file.
    """
    stream.seek(start)
    head = stream.read(_HEADER)
    if head[:3] != b"ID3":
        return
    content = stream.read(_synchsafe(head[6:10]))
    frames = list(_frames(content, head[3]))
    chapters = sorted((frame for frame in frames if frame[:4] == b"CHAP"), key=_start_time)
    ordered = iter(chapters)
    tag = b"".join(next(ordered) if frame[:4] == b"CHAP" else frame for frame in frames)
    stream.seek(start + _HEADER)
    stream.write(tag)


def _frames(content: bytes, version: int) -> Iterator[bytes]:
    """Yield the frames of a tag, each with its header."""
    position = 0
    while len(content) - position > _HEADER and content[position]:
        size = content[position + 4 : position + 8]
        length = _HEADER + (_synchsafe(size) if version == 4 else int.from_bytes(size))
        yield content[position : position + length]
        position += length


def _synchsafe(size: bytes) -> int:
    """Return a size of which each byte counts seven bits."""
    return int(sum(byte << 7 * place for place, byte in enumerate(reversed(size))))


def _start_time(frame: bytes) -> int:
    """Return the start of a CHAP frame in milliseconds, which follows its id."""
    (start,) = struct.unpack_from(">I", frame, frame.index(b"\0", _HEADER) + 1)
    return int(start)
