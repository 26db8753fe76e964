"""What was encoded, by what is in it: what was encoded once is not encoded again.

A part's file is an M4A that any player opens. A `free` box at its end, which players skip, holds
notes of whoever encoded it, and the SHA-256 of all before, so that a damaged file is noticed. The
file of a whole book or chapter ends in its notes, their length and such a SHA-256.
"""

import hashlib
import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pipeline.encode.boxes import Box, boxes
from pipeline.encode.packets import Packets, packets
from pipeline.store import Shelf

_SEAL = 32  # bytes of a SHA-256
_LENGTH = struct.Struct("<Q")
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """An encoded part: its packets, and the notes that were kept with it."""

    packets: Packets
    notes: bytes


class Parts(Shelf):
    """Encoded parts under `root/parts`, by key."""

    def __init__(self, root: Path):
        super().__init__(root / "parts", ".m4a")

    def read(self, key: str) -> Kept | None:
        """Read a part; None when it is not there or damaged, and then it is removed."""
        data = self.content(key)
        if data is None:
            return None
        try:
            return _kept(self.path(key), data)
        except ValueError:
            self.remove(key)
            return None

    def keep(self, key: str, write: Callable[[Path], bytes]) -> Kept:
        """Have `write` write a part's M4A to a path and give its notes; keep both."""
        with self.writing(key) as (path, file):
            notes = write(path)
            data = path.read_bytes()
            head = next(Box(b"free", notes, bytes(_SEAL)).pieces())
            file.seek(len(data))
            file.write(head + notes + hashlib.sha256(data + head + notes).digest())
        return Kept(packets(self.path(key), data), notes)


def _kept(path: Path, data: bytes) -> Kept:
    body, seal = memoryview(data)[:-_SEAL], data[-_SEAL:]
    if seal != hashlib.sha256(body).digest():
        raise ValueError("the seal does not fit")
    *_, notes = boxes(data)
    return Kept(packets(path, data), data[notes.start : -_SEAL])


class Files(Shelf):
    """Encoded files under `root/files`, by key."""

    def __init__(self, root: Path):
        super().__init__(root / "files", ".sound")

    def keep(self, key: str, write: Callable[[Path], bytes]) -> None:
        """Have `write` write a file to a path and give its notes; keep both."""
        with self.writing(key) as (path, file):
            notes = write(path)
            tail = notes + _LENGTH.pack(len(notes))
            with path.open("rb") as made:
                seal = hashlib.file_digest(made, "sha256")
            seal.update(tail)
            file.seek(0, os.SEEK_END)
            file.write(tail + seal.digest())

    def give(self, key: str, out: Path) -> bytes | None:
        """Copy a file to `out` and give its notes; None when there is none, or it is damaged.

        A damaged one is removed, and what `out` then holds is of no use. Raises OSError when `out`
        cannot be written.
        """
        file = self.opened(key)
        if file is None:
            return None
        with file, out.open("wb") as copy:
            notes = _copied(file, copy)
        if notes is None:
            self.remove(key)
        return notes


def _copied(kept: IO[bytes], copy: IO[bytes]) -> bytes | None:
    """Copy the file that is kept; give its notes, None when they or the file are damaged."""
    end = kept.seek(0, os.SEEK_END) - _SEAL - _LENGTH.size
    kept.seek(max(end, 0))
    length, seal = kept.read(_LENGTH.size), kept.read()
    size = end - _LENGTH.unpack(length)[0] if len(length) == _LENGTH.size else -1
    if size < 0:
        return None
    kept.seek(0)
    found = hashlib.sha256()
    for start in range(0, size, _BLOCK):
        block = kept.read(min(_BLOCK, size - start))
        found.update(block)
        copy.write(block)
    notes = kept.read(end - size)
    found.update(notes + length)
    return notes if found.digest() == seal else None
