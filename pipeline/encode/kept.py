"""Encoded parts by what is in them: what was encoded once is not encoded again.

A part's file is an M4A that any player opens. A `free` box at its end, which players skip, holds
notes of whoever encoded it, and the SHA-256 of all before, so that a damaged file is noticed.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.encode.boxes import Box, boxes
from pipeline.encode.packets import Packets, packets
from pipeline.store import Shelf

_SEAL = 32  # bytes of a SHA-256


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
