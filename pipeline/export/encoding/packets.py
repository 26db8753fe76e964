"""The packets of an encoded part, located in its M4A file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.export.encoding.mp4_boxes import find_box

PacketSizes = NDArray[np.uint32]

_BLOCK = 1 << 20
_SAMPLE_TABLE = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


@dataclass(frozen=True, slots=True)
class PacketRun:
    """Packets that lie one after another in a file.

    `start` is the byte offset of the first packet, `count` their number, `length` their size in
    bytes. `sizes` reads the size of each packet: the table stays in the file, since 100 hours have
    nine million packets. `description` is the content of the file's `stsd` box, which identifies
    the codec.
    """

    path: Path
    start: int
    count: int
    length: int
    sizes: Callable[[], PacketSizes]
    description: bytes

    def without(self, first: int, last: int = 0) -> "PacketRun":
        """Return the same run without its `first` packets and its `last` ones."""
        sizes = self.sizes()
        before, after = (int(cut.sum()) for cut in (sizes[:first], sizes[self.count - last :]))
        return PacketRun(
            self.path,
            self.start + before,
            self.count - first - last,
            self.length - before - after,
            partial(_sizes_between, self.sizes, first, self.count - last),
            self.description,
        )

    def blocks(self) -> Iterator[bytes]:
        """Yield the bytes of the packets; raise OSError if the file has been truncated."""
        left = self.length
        with self.path.open("rb") as file:
            file.seek(self.start)
            while left:
                block = file.read(min(_BLOCK, left))
                if not block:
                    raise _truncated(self.path)
                left -= len(block)
                yield block


def read_packets(path: Path, data: bytes) -> PacketRun:
    """Locate the packets of an M4A file with the content `data`; raise ValueError if it has none.

    ffmpeg writes one track, with its packets in one run.
    """
    table = find_box(data, *_SAMPLE_TABLE, b"stsz").start + 4
    common_size, count = np.frombuffer(data, ">u4", 2, table).tolist()
    if common_size:
        sizes = np.full(count, common_size)
    else:
        sizes = np.frombuffer(data, ">u4", count, table + 8)
    description = find_box(data, *_SAMPLE_TABLE, b"stsd")
    return PacketRun(
        path,
        find_box(data, b"mdat").start,
        count,
        int(sizes.sum(dtype=np.int64)),
        partial(_read_sizes, path, common_size, count, table + 8),
        data[description.start : description.end],
    )


def _read_sizes(path: Path, common_size: int, count: int, offset: int) -> PacketSizes:
    """Read the size of each packet; raise OSError if the file has been truncated."""
    if common_size:
        return np.full(count, common_size, np.uint32)
    sizes = np.fromfile(path, ">u4", count, offset=offset)
    if len(sizes) < count:
        raise _truncated(path)
    return sizes.astype(np.uint32)


def _sizes_between(sizes: Callable[[], PacketSizes], start: int, stop: int) -> PacketSizes:
    return sizes()[start:stop]


def _truncated(path: Path) -> OSError:
    return OSError(f"{path} has become shorter while it was read")
