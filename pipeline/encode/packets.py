"""The packets of one encoded part, as its M4A file tells where they lie."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.encode.boxes import find

_CHUNK = 1 << 20
_TABLE = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


@dataclass(frozen=True, slots=True)
class Packets:
    """A run of packets that lies in one piece in a file.

    `start` is the byte at which the first of them begins, `sizes` are their lengths in bytes, and
    `description` is the content of the file's `stsd` box, which tells what they are.
    """

    path: Path
    start: int
    sizes: NDArray[np.uint16]
    description: bytes

    @property
    def length(self) -> int:
        """Bytes of all packets."""
        return int(self.sizes.sum(dtype=np.int64))

    def without_first(self) -> "Packets":
        """Give the same run without its first packet."""
        start = self.start + int(self.sizes[0])
        return Packets(self.path, start, self.sizes[1:], self.description)

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
    table = find(data, *_TABLE, b"stsz").start + 4
    same, count = np.frombuffer(data, ">u4", 2, table).tolist()
    sizes = np.full(count, same) if same else np.frombuffer(data, ">u4", count, table + 8)
    description = find(data, *_TABLE, b"stsd")
    # 16 bits are enough for AAC (6,144 bits a packet and channel), and 100 hours have many.
    return Packets(
        path,
        find(data, b"mdat").start,
        sizes.astype(np.uint16),
        data[description.start : description.end],
    )
