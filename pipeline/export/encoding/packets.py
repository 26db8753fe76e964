"""The packets of one encoded part, as its M4A file tells where they lie."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.export.encoding.mp4_boxes import find

_CHUNK = 1 << 20
_TABLE = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


Sizes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Packets:
    """A run of packets that lies in one piece in a file.

    `start` is the byte at which the first of them begins, `count` how many there are, `length` the
    bytes of all, `table` gives the length of each, and `description` is the content of the file's
    `stsd` box, which tells what they are. The table stays in its file: 100 hours have nine million
    packets.
    """

    path: Path
    start: int
    count: int
    length: int
    table: Callable[[], Sizes]
    description: bytes

    def without_first(self) -> "Packets":
        """Give the same run without its first packet."""
        first = int(self.table()[0])
        start, length = self.start + first, self.length - first
        rest = partial(_rest, self.table)
        return Packets(self.path, start, self.count - 1, length, rest, self.description)

    def pieces(self) -> Iterator[bytes]:
        """Give the bytes of the packets; OSError when the file is not what it was."""
        left = self.length
        with self.path.open("rb") as file:
            file.seek(self.start)
            while left:
                piece = file.read(min(_CHUNK, left))
                if not piece:
                    raise OSError(f"{self.path} has become shorter")
                left -= len(piece)
                yield piece


def packets(path: Path, data: bytes) -> Packets:
    """Find the packets of an M4A file with the content `data`; ValueError when it is none.

    ffmpeg writes one track, its packets in one piece.
    """
    at = find(data, *_TABLE, b"stsz").start + 4
    same, count = np.frombuffer(data, ">u4", 2, at).tolist()
    sizes = np.full(count, same) if same else np.frombuffer(data, ">u4", count, at + 8)
    description = find(data, *_TABLE, b"stsd")
    return Packets(
        path,
        find(data, b"mdat").start,
        count,
        int(sizes.sum(dtype=np.int64)),
        partial(_table, path, same, count, at + 8),
        data[description.start : description.end],
    )


def _table(path: Path, same: int, count: int, at: int) -> Sizes:
    """Read the lengths of the packets; OSError when the file is not what it was."""
    if same:
        return np.full(count, same, np.uint32)
    sizes = np.fromfile(path, ">u4", count, offset=at)
    if len(sizes) < count:
        raise OSError(f"{path} has become shorter")
    return sizes.astype(np.uint32)


def _rest(table: Callable[[], Sizes]) -> Sizes:
    return table()[1:]
