# mypy: allow-untyped-calls
# (mutagen is only partly annotated)
"""Saves ID3 tags with mutagen: in version 2.4 or 2.3, chapters in reading order."""

import struct
from typing import Any, BinaryIO

from pipeline.export.tags.id3_structure import HEADER, read_tag

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
    tag = read_tag(stream, start)
    if tag is None:
        return
    frames = [frame.data for frame in tag.frames()]
    chapters = sorted((frame for frame in frames if frame[:4] == b"CHAP"), key=_start_time)
    ordered = iter(chapters)
    content = b"".join(next(ordered) if frame[:4] == b"CHAP" else frame for frame in frames)
    stream.seek(tag.start)
    stream.write(content)


def _start_time(frame: bytes) -> int:
    """Return the start of a CHAP frame in milliseconds, which follows its id."""
    (start,) = struct.unpack_from(">I", frame, frame.index(b"\0", HEADER) + 1)
    return int(start)
