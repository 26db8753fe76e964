"""The layout of a finished MP4 file: its outermost boxes, its index (`moov`) and the tracks in it.

What cannot be used raises ValueError, in a producer's words.
"""

import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import BinaryIO

from pipeline.export.encoding.mp4_boxes import BoxLocation, boxes, find_box

SAMPLE_TABLE = (b"mdia", b"minf", b"stbl")
"""The path from a track to its tables of samples."""


@dataclass(frozen=True, slots=True)
class OuterBox:
    """An outermost box `[start, end)` of a file, whose content begins at `content`.

    `open_ended` is one whose length is not stated: it reaches to the end of the file.
    """

    kind: bytes
    start: int
    content: int
    end: int
    open_ended: bool = False


def outer_boxes(file: BinaryIO) -> list[OuterBox]:
    """Return the outermost boxes of a file, in order."""
    found = []
    file_end = file.seek(0, os.SEEK_END)
    position = 0
    while position < file_end:
        file.seek(position)
        head = file.read(16).ljust(16, b"\0")
        length, kind = struct.unpack_from(">I4s", head)
        header = 16 if length == 1 else 8
        open_ended = length == 0
        if open_ended:
            length = file_end - position
        elif length == 1:
            (length,) = struct.unpack_from(">Q", head, 8)
        if length < header or position + length > file_end:
            raise ValueError("a box has no length")
        found.append(OuterBox(kind, position, position + header, position + length, open_ended))
        position += length
    return found


def only_box(outer: Sequence[OuterBox], kind: bytes, name: str) -> OuterBox:
    """Return the first outermost box of a kind, which a message calls `name`."""
    box = next((box for box in outer if box.kind == kind), None)
    if box is None:
        raise ValueError(f"there is no {name}")
    return box


def read_content(file: BinaryIO, box: OuterBox) -> bytes:
    """Return the content of an outermost box."""
    file.seek(box.content)
    return file.read(box.end - box.content)


def tracks(index: bytes) -> Iterator[BoxLocation]:
    """Yield the tracks of an index."""
    return (box for box in boxes(index) if box.kind == b"trak")


def find_within(index: bytes, parent: BoxLocation, *path: bytes) -> BoxLocation:
    """Return the first box on a path within a box."""
    box = find_box(index[parent.start : parent.end], *path)
    return BoxLocation(box.kind, parent.start + box.start, parent.start + box.end)


def chapter_track(index: bytes) -> BoxLocation | None:
    """Return the text track that another track refers to for its chapters, or any text track."""
    texts = [track for track in tracks(index) if _handler(index, track) == b"text"]
    chosen = set(_chapter_references(index))
    return next((t for t in texts if _number(index, t) in chosen), texts[0] if texts else None)


def _handler(index: bytes, track: BoxLocation) -> bytes:
    handler = find_within(index, track, b"mdia", b"hdlr")
    return index[handler.start + 8 : handler.start + 12]


def _number(index: bytes, track: BoxLocation) -> int:
    header = find_within(index, track, b"tkhd")
    place = 20 if index[header.start] else 12
    return int(struct.unpack_from(">I", index, header.start + place)[0])


def _chapter_references(index: bytes) -> Iterator[int]:
    for track in tracks(index):
        try:
            box = find_within(index, track, b"tref", b"chap")
        except ValueError:
            continue
        if box.end - box.start >= 4:
            yield int(struct.unpack_from(">I", index, box.start)[0])


@dataclass(frozen=True, slots=True)
class Samples:
    """The samples of a track: where each lies in the file, and when, in seconds."""

    places: Sequence[tuple[int, int]]
    starts: Sequence[float]
    end: float


def samples(index: bytes, track: BoxLocation) -> Samples:
    """Return the samples of a track from its tables."""
    table = find_within(index, track, *SAMPLE_TABLE)
    lengths = _lengths(index, find_within(index, table, b"stsz"))
    places = list(zip(_offsets(index, table, lengths), lengths, strict=False))
    header = find_within(index, track, b"mdia", b"mdhd")
    place = header.start + (20 if index[header.start] else 12)  # version 1 has wide times
    (timescale,) = struct.unpack_from(">I", index, place)
    times = list(accumulate(_durations(index, table), initial=0))
    if len(places) != len(lengths) or len(times) <= len(places) or not timescale:
        raise ValueError("the index of its chapters is damaged")
    seconds = [time / timescale for time in times]
    return Samples(places, seconds[: len(places)], seconds[len(places)])


def _lengths(index: bytes, table: BoxLocation) -> list[int]:
    common, count = struct.unpack_from(">II", index, table.start + 4)
    if common:
        return [common] * min(count, len(index))
    return list(struct.unpack_from(f">{count}I", index, table.start + 12))


def _durations(index: bytes, table: BoxLocation) -> Iterator[int]:
    box = find_within(index, table, b"stts")
    (count,) = struct.unpack_from(">I", index, box.start + 4)
    runs = struct.iter_unpack(">II", index[box.start + 8 : box.start + 8 + 8 * count])
    durations = (duration for run, duration in runs for _ in range(run))
    return islice(durations, len(index))  # a damaged table could claim any number


def chunk_table(index: bytes, table: BoxLocation) -> BoxLocation:
    """Return the table of chunk offsets, of 32 or 64 bits, in a table of samples."""
    found = (box for box in boxes(index, table.start, table.end) if box.kind in (b"stco", b"co64"))
    box = next(found, None)
    if box is None:
        raise ValueError("a track has no chunks")
    return box


def chunk_offsets(index: bytes, box: BoxLocation) -> tuple[int, ...]:
    """Return the offsets in a table of chunk offsets."""
    (count,) = struct.unpack_from(">I", index, box.start + 4)
    code = "Q" if box.kind == b"co64" else "I"
    return struct.unpack_from(f">{count}{code}", index, box.start + 8)


def _offsets(index: bytes, table: BoxLocation, lengths: Sequence[int]) -> Iterator[int]:
    """Yield where each sample lies: one after another in its chunk."""
    chunks = chunk_offsets(index, chunk_table(index, table))
    box = find_within(index, table, b"stsc")
    (count,) = struct.unpack_from(">I", index, box.start + 4)
    runs = list(struct.iter_unpack(">III", index[box.start + 8 : box.start + 8 + 12 * count]))
    number = 0
    for chunk, offset in enumerate(chunks, 1):
        in_chunk = next((run[1] for run in reversed(runs) if run[0] <= chunk), 0)
        inside = lengths[number : number + in_chunk]
        yield from accumulate(inside[:-1], initial=offset) if inside else ()
        number += in_chunk
