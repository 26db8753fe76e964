"""What was encoded, by what is in it: what was encoded once is not encoded again.

A part's file is an M4A that any player opens. A `free` box at its end, which players skip, holds
notes of whoever encoded it, and the SHA-256 of all before, so that a damaged file is noticed. The
file of a whole book or chapter ends in its notes, their length and such a SHA-256.
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
from pipeline.export.encoding.packets import Packets, packets

_SEAL = 32  # bytes of a SHA-256
_LENGTH = struct.Struct("<Q")
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class CachedPart:
    """An encoded part: its packets, and the notes that were kept with it."""

    packets: Packets
    notes: bytes


class PartCache(CacheFolder):
    """Encoded parts under `root/parts`, by key."""

    def __init__(self, root: Path):
        super().__init__(root / "parts", ".m4a")

    def read(self, key: str) -> CachedPart | None:
        """Read a part; None when it is not there or damaged, and then it is removed."""
        data = self.read_bytes(key)
        if data is None:
            return None
        try:
            return _kept(self.path(key), data)
        except ValueError:
            self.remove(key)
            return None

    def keep(self, key: str, write: Callable[[Path], bytes]) -> CachedPart:
        """Have `write` write a part's M4A to a path and give its notes; keep both."""
        with self.writing(key) as (path, file):
            notes = write(path)
            data = path.read_bytes()
            head = next(Box(b"free", notes, bytes(_SEAL)).pieces())
            file.seek(len(data))
            file.write(head + notes + hashlib.sha256(data + head + notes).digest())
        return CachedPart(packets(self.path(key), data), notes)


def _kept(path: Path, data: bytes) -> CachedPart:
    body, seal = memoryview(data)[:-_SEAL], data[-_SEAL:]
    if seal != hashlib.sha256(body).digest():
        raise ValueError("the seal does not fit")
    *_, notes = boxes(data)
    return CachedPart(packets(path, data), data[notes.start : -_SEAL])


class FileCache(CacheFolder):
    """Encoded files under `root/files`, by key."""

    def __init__(self, root: Path):
        super().__init__(root / "files", ".sound")

    def keep(self, key: str, made: Path, notes: bytes) -> None:
        """Keep a copy of a file, and notes; StoreError when the cache has no room or forbids it."""
        seal = hashlib.sha256()
        with self.writing(key) as (_, file), made.open("rb") as source:
            while block := source.read(_BLOCK):
                seal.update(block)
                file.write(block)
            tail = notes + _LENGTH.pack(len(notes))
            seal.update(tail)
            file.write(tail + seal.digest())

    def give(self, key: str, out: Path) -> bytes | None:
        """Copy a file to `out` and give its notes; None when there is none, or it is damaged.

        A damaged one is removed. Raises StoreError when the cache, OSError when `out` fails.
        """
        file = self.open(key)
        if file is None:
            return None
        try:
            with file:
                found = _checked(file)
        except OSError as error:
            raise cache_error("read", self.path(key), error) from error
        if found is None:
            self.remove(key)
            return None
        size, notes = found
        shutil.copyfile(self.path(key), out)
        os.truncate(out, size)
        return notes


def _checked(file: IO[bytes]) -> tuple[int, bytes] | None:
    """Give the bytes of the audio in a kept file, and its notes; None when it is damaged."""
    end = file.seek(0, os.SEEK_END) - _SEAL - _LENGTH.size
    if end < 0:
        return None
    file.seek(0)
    found, left = hashlib.sha256(), end + _LENGTH.size
    while left and (block := file.read(min(_BLOCK, left))):
        found.update(block)
        left -= len(block)
    if file.read() != found.digest():
        return None
    file.seek(end)
    (length,) = _LENGTH.unpack(file.read(_LENGTH.size))
    file.seek(end - length)
    return end - length, file.read(length)
