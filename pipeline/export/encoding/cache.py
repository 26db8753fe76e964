"""The cache of encoded audio, by the keys of its PCM and its format.

A part is cached as an M4A file that any player opens. A `free` box at its end, which players skip,
holds the timings that were stored with it and the SHA-256 of everything before, so that damage is
noticed. A whole file is cached with its timings, their length and such a SHA-256 appended.
"""

import hashlib
import os
import shutil
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pipeline.core.cache import CacheFolder, cache_error
from pipeline.export.encoding.mp4_boxes import Box, boxes
from pipeline.export.encoding.packets import PacketRun, read_packets

_DIGEST_BYTES = 32  # of SHA-256
_LENGTH = struct.Struct("<Q")
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class CachedPart:
    """An encoded part: its packets, and the timings stored with it."""

    packets: PacketRun
    timings: bytes


class PartCache(CacheFolder):
    """Encoded parts under `root/parts`, by key."""

    def __init__(self, root: Path):
        super().__init__(root / "parts", ".m4a")

    def read(self, key: str) -> CachedPart | None:
        """Read a part; None if it is missing, or damaged and then removed."""
        data = self.read_bytes(key)
        if data is None:
            return None
        try:
            return _verified_part(self.path(key), data)
        except ValueError:
            self.remove(key)
            return None

    def write(self, key: str, encode: Callable[[Path], bytes]) -> CachedPart:
        """Have `encode` write the M4A of a part to a path and return its timings; cache both."""
        with self.writing(key) as (path, file):
            timings = encode(path)
            data = path.read_bytes()
            header = next(Box(b"free", timings, bytes(_DIGEST_BYTES)).blocks())
            file.seek(len(data))
            file.write(header + timings + hashlib.sha256(data + header + timings).digest())
        return CachedPart(read_packets(self.path(key), data), timings)


def _verified_part(path: Path, data: bytes) -> CachedPart:
    """Parse a cached part; raise ValueError if it is damaged."""
    content, digest = memoryview(data)[:-_DIGEST_BYTES], data[-_DIGEST_BYTES:]
    if digest != hashlib.sha256(content).digest():
        raise ValueError("checksum mismatch")
    *_, last = boxes(data)
    return CachedPart(read_packets(path, data), data[last.start : -_DIGEST_BYTES])


class FileCache(CacheFolder):
    """Encoded files under `root/files`, by key."""

    def __init__(self, root: Path):
        super().__init__(root / "files", ".sound")

    def write(self, key: str, encoded: Path, timings: bytes) -> None:
        """Cache a copy of a file with its timings; raise StoreError if that cannot be written."""
        digest = hashlib.sha256()
        with self.writing(key) as (_, file), encoded.open("rb") as source:
            while block := source.read(_BLOCK):
                digest.update(block)
                file.write(block)
            trailer = timings + _LENGTH.pack(len(timings))
            digest.update(trailer)
            file.write(trailer + digest.digest())

    def copy_to(self, key: str, out: Path) -> bytes | None:
        """Copy a file to `out` and return its timings; None if it is missing or damaged.

        A damaged file is removed. Raises StoreError if the cache fails, OSError if `out` does.
        """
        file = self.open(key)
        if file is None:
            return None
        try:
            with file:
                verified = _verify_file(file)
        except OSError as error:
            raise cache_error("read", self.path(key), error) from error
        if verified is None:
            self.remove(key)
            return None
        size, timings = verified
        shutil.copyfile(self.path(key), out)
        os.truncate(out, size)
        return timings


def _verify_file(file: IO[bytes]) -> tuple[int, bytes] | None:
    """Return the size of the audio in a cached file and its timings; None if it is damaged."""
    trailer_end = file.seek(0, os.SEEK_END) - _DIGEST_BYTES
    timings_end = trailer_end - _LENGTH.size
    if timings_end < 0:
        return None
    file.seek(0)
    digest, left = hashlib.sha256(), trailer_end
    while left and (block := file.read(min(_BLOCK, left))):
        digest.update(block)
        left -= len(block)
    if file.read() != digest.digest():
        return None
    file.seek(timings_end)
    (length,) = _LENGTH.unpack(file.read(_LENGTH.size))
    size = timings_end - length
    file.seek(size)
    return size, file.read(length)
