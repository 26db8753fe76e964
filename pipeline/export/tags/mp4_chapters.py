"""New titles for the chapters of an M4B, in place.

The titles stand twice (see `pipeline.encode.movie`): as samples of a text track among the audio,
and in a list (`chpl`). New samples go to the end of the file, and the track's tables, whose size
does not change, are pointed there. The list takes from the room that is kept for tags.
"""

import os
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from pipeline.core.text import truncate
from pipeline.export.encoding.mp4_boxes import Box, BoxLocation, boxes, find
from pipeline.export.tags.chapters import TITLE_BYTES

_ENCODING = struct.pack(">I4sI", 12, b"encd", 0x100)  # a title is UTF-8
_TABLE = (b"mdia", b"minf", b"stbl")


def rename(path: Path, titles: Sequence[str]) -> None:
    """Give all chapters of a file new titles, of at most 255 bytes.

    Raises ValueError, in words, when the file is not laid out so that this can be done, and then
    leaves it alone.
    """
    told = [truncate(title, TITLE_BYTES).encode() for title in titles]
    samples = [struct.pack(">H", len(title)) + title + _ENCODING for title in told]
    with path.open("r+b") as file:
        start, index = _index(file)
        end = file.seek(0, os.SEEK_END)
        for track in _text_tracks(index):
            _point(index, track, samples, end + 8)
        _list(index, told)
        file.write(b"".join(Box(b"mdat", *samples).pieces()))
        file.seek(start)
        file.write(index)


def _index(file: BinaryIO) -> tuple[int, bytearray]:
    """Give the content of the `moov` box, and the byte at which it begins."""
    position = 0
    while len(head := file.read(16)) >= 8:
        length, kind = struct.unpack_from(">I4s", head)
        wide = length == 1 and len(head) == 16
        skipped = 16 if wide else 8
        length = struct.unpack_from(">Q", head, 8)[0] if wide else length
        if length < skipped:
            raise ValueError("a box has no length")
        if kind == b"moov":
            file.seek(position + skipped)
            return position + skipped, bytearray(file.read(length - skipped))
        position = file.seek(position + length)
    raise ValueError("there is no index")


def _text_tracks(index: bytearray) -> Iterator[BoxLocation]:
    for track in boxes(bytes(index)):
        if track.kind == b"trak":
            handler = _within(index, track, b"mdia", b"hdlr")
            if index[handler.start + 8 : handler.start + 12] == b"text":
                yield track


def _within(index: bytearray, box: BoxLocation, *path: bytes) -> BoxLocation:
    """Find a box within another."""
    found = find(bytes(index[box.start : box.end]), *path)
    return BoxLocation(found.kind, box.start + found.start, box.start + found.end)


def _point(index: bytearray, track: BoxLocation, samples: Sequence[bytes], at: int) -> None:
    """Have a track find its samples one after another from the byte `at`."""
    lengths = [len(sample) for sample in samples]
    sizes = _within(index, track, *_TABLE, b"stsz").start + 4
    same, count = struct.unpack_from(">II", index, sizes)
    if count != len(samples):
        raise ValueError(f"its track has {count} chapters and its list {len(samples)}")
    if not same:
        struct.pack_into(f">{count}I", index, sizes + 8, *lengths)
    elif len(set(lengths)) == 1:
        struct.pack_into(">I", index, sizes, lengths[0])
    else:
        raise ValueError("its titles must all be of one length")
    table = next(
        box
        for box in boxes(bytes(index), *_span(_within(index, track, *_TABLE)))
        if box.kind in (b"stco", b"co64")
    )
    starts = [at + sum(lengths[:number]) for number in range(count)]
    (chunks,) = struct.unpack_from(">I", index, table.start + 4)
    if chunks not in (1, count):
        raise ValueError("its titles lie in several places")
    kind = "I" if table.kind == b"stco" else "Q"
    if kind == "I" and starts[-1] >= 1 << 32:
        raise ValueError("it is over 4 GB")
    struct.pack_into(f">{chunks}{kind}", index, table.start + 8, *starts[:chunks])


def _span(box: BoxLocation) -> tuple[int, int]:
    return box.start, box.end


def _list(index: bytearray, titles: Sequence[bytes]) -> None:
    """Put the titles into the list; what it grows by is taken from the room beside the tags."""
    data = bytes(index)
    extras, old = find(data, b"udta"), find(data, b"udta", b"chpl")
    new = data[old.start : old.start + 9]
    position = old.start + 9
    for title in titles:
        new += data[position : position + 8] + bytes([len(title)]) + title
        position += 9 + data[position + 8]
    grown = len(new) - (old.end - old.start)
    parts = [
        _wrapped(box.kind, new if box.kind == b"chpl" else _fitted(data, box, grown))
        for box in boxes(data, *_span(extras))
    ]
    if sum(map(len, parts)) != extras.end - extras.start:
        raise ValueError("there is no room for the titles")
    index[extras.start : extras.end] = b"".join(parts)


def _fitted(data: bytes, box: BoxLocation, grown: int) -> bytes:
    """Give the content of a box; the room in that of the tags is less by `grown` bytes."""
    if box.kind != b"meta":
        return data[box.start : box.end]
    content = data[box.start : box.start + 4]
    for inner in boxes(data, box.start + 4, box.end):
        held = data[inner.start : inner.end]
        if inner.kind == b"free" and len(held) >= grown:
            held, grown = bytes(len(held) - grown), 0
        content += _wrapped(inner.kind, held)
    return content


def _wrapped(kind: bytes, content: bytes) -> bytes:
    return b"".join(Box(kind, content).pieces())
