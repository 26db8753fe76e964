"""Limits to ID3 tags: what would take minutes or gigabytes to parse is refused before that.

mutagen compares each frame of a kind with those before, and unpacks compressed frames whatever
their size.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from pipeline.core.errors import EncodeError
from pipeline.export.tags.id3_structure import Frame, frames, read_tag

MAX_FRAMES = 2_000
"""Frames of one kind, but for chapters."""
MAX_CHAPTERS = 20_000
MAX_COMPRESSED = 100_000
"""Bytes of all compressed frames, which may have a thousand times as many unpacked."""
_REMEDY = "remove them with a tag editor"
_TIMES = 16  # bytes of the times of a chapter


def refuse_excess(stream: BinaryIO, start: int, path: Path) -> None:
    """Raise EncodeError if the ID3 tag at byte `start` of a file has more than anybody needs."""
    tag = read_tag(stream, start)
    if tag is None:
        return
    _refuse_many(tag.frames(), path)
    compressed = sum(len(frame.data) for frame in tag.frames() if frame.is_compressed)
    if compressed > MAX_COMPRESSED:
        what = f"its ID3 tag has {compressed:,} bytes of compressed frames, over {MAX_COMPRESSED:,}"
        raise EncodeError.of(what, file=path, remedy=_REMEDY)
    for frame in tag.frames():
        _refuse_many(_nested(frame), path)


def _refuse_many(found: Iterable[Frame], path: Path) -> None:
    for kind, number in Counter(frame.kind for frame in found).items():
        limit = MAX_CHAPTERS if kind == b"CHAP" else MAX_FRAMES
        if number > limit:
            name = kind.decode("ascii", "backslashreplace")
            what = f"its ID3 tag has {number:,} frames of the kind {name}, over {limit:,}"
            raise EncodeError.of(what, file=path, remedy=_REMEDY)


def _nested(frame: Frame) -> Iterator[Frame]:
    """Yield the frames within a chapter or a table of contents."""
    if frame.kind not in (b"CHAP", b"CTOC"):
        return
    _, _, rest = frame.content.partition(b"\0")  # its id
    if frame.kind == b"CHAP":
        rest = rest[_TIMES:]
    else:
        entries = rest[1] if len(rest) > 1 else 0
        *_, rest = rest[2:].split(b"\0", entries)
    yield from frames(rest, frame.version)
