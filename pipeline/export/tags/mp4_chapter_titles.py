"""Renames the chapters of an M4B in place.

Titles are stored twice (see `pipeline.export.encoding.mp4_chapters`): as samples of a text track
among the audio, and in a list (`chpl`). New samples are appended to the file, and the track's
tables, whose size does not change, are pointed to them. The list grows into the padding that is
kept for tags.
"""

import os
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from pipeline.core.text import truncate
from pipeline.export.encoding.mp4_boxes import Box, BoxLocation, boxes, find_box
from pipeline.export.encoding.mp4_chapters import title_sample
from pipeline.export.tags.chapters import TITLE_BYTES

_SAMPLE_TABLE = (b"mdia", b"minf", b"stbl")
_CHPL_HEADER = 9  # bytes before its first entry
_CHPL_TIME = 8  # bytes before the length of each title


def rename_chapters(path: Path, titles: Sequence[str]) -> None:
    """Rename all chapters of a file, to titles that are cut at 255 bytes.

    Raises ValueError, in a producer's words, if the layout of the file does not allow it; the file
    is then unchanged.
    """
    titles = [truncate(title, TITLE_BYTES) for title in titles]
    samples = list(map(title_sample, titles))
    with path.open("r+b") as file:
        index_start, index = _read_index(file)
        end = file.seek(0, os.SEEK_END)
        for track in _text_tracks(index):
            _point_track(index, track, samples, end + 8)
        _rename_listed(index, titles)
        file.write(_packed_box(b"mdat", b"".join(samples)))
        file.seek(index_start)
        file.write(index)


def _read_index(file: BinaryIO) -> tuple[int, bytearray]:
    """Return where the content of the `moov` box begins, and that content."""
    position = 0
    while len(head := file.read(16)) >= 8:
        length, kind = struct.unpack_from(">I4s", head)
        wide = length == 1 and len(head) == 16
        header_length = 16 if wide else 8
        length = struct.unpack_from(">Q", head, 8)[0] if wide else length
        if length < header_length:
            raise ValueError("a box has no length")
        if kind == b"moov":
            file.seek(position + header_length)
            return position + header_length, bytearray(file.read(length - header_length))
        position = file.seek(position + length)
    raise ValueError("there is no index")


def _text_tracks(index: bytearray) -> Iterator[BoxLocation]:
    for track in boxes(bytes(index)):
        if track.kind == b"trak":
            handler = _find_within(index, track, b"mdia", b"hdlr")
            if index[handler.start + 8 : handler.start + 12] == b"text":
                yield track


def _find_within(index: bytearray, parent: BoxLocation, *path: bytes) -> BoxLocation:
    box = find_box(bytes(index[parent.start : parent.end]), *path)
    return BoxLocation(box.kind, parent.start + box.start, parent.start + box.end)


def _point_track(
    index: bytearray, track: BoxLocation, samples: Sequence[bytes], start: int
) -> None:
    """Point a text track to samples that lie one after another from byte `start` of the file."""
    lengths = [len(sample) for sample in samples]
    _write_sizes(index, _find_within(index, track, *_SAMPLE_TABLE, b"stsz"), lengths)
    starts = [start + sum(lengths[:number]) for number in range(len(lengths))]
    _write_offsets(index, _find_within(index, track, *_SAMPLE_TABLE), starts)


def _write_sizes(index: bytearray, table: BoxLocation, lengths: Sequence[int]) -> None:
    position = table.start + 4
    common_size, count = struct.unpack_from(">II", index, position)
    if count != len(lengths):
        raise ValueError(f"its track has {count} chapters and its list {len(lengths)}")
    if not common_size:
        struct.pack_into(f">{count}I", index, position + 8, *lengths)
    elif len(set(lengths)) == 1:
        struct.pack_into(">I", index, position, lengths[0])
    else:
        raise ValueError("its titles must all have the same length")


def _write_offsets(index: bytearray, sample_table: BoxLocation, starts: Sequence[int]) -> None:
    table = next(
        box
        for box in boxes(bytes(index), sample_table.start, sample_table.end)
        if box.kind in (b"stco", b"co64")
    )
    (chunks,) = struct.unpack_from(">I", index, table.start + 4)
    if chunks not in (1, len(starts)):
        raise ValueError("its titles lie in several places")
    kind = "I" if table.kind == b"stco" else "Q"
    if kind == "I" and starts[-1] >= 1 << 32:
        raise ValueError("it is over 4 GB")
    struct.pack_into(f">{chunks}{kind}", index, table.start + 8, *starts[:chunks])


def _rename_listed(index: bytearray, titles: Sequence[str]) -> None:
    """Rename the chapters in the list; what it grows by is taken from the padding for tags."""
    data = bytes(index)
    user_data, old = find_box(data, b"udta"), find_box(data, b"udta", b"chpl")
    new = data[old.start : old.start + _CHPL_HEADER]
    position = old.start + _CHPL_HEADER
    for title in titles:
        text = title.encode()
        new += data[position : position + _CHPL_TIME] + bytes([len(text)]) + text
        position += _CHPL_TIME + 1 + data[position + _CHPL_TIME]
    growth = len(new) - (old.end - old.start)
    content = b"".join(
        _packed_box(box.kind, new if box.kind == b"chpl" else _shrunk(data, box, growth))
        for box in boxes(data, user_data.start, user_data.end)
    )
    if len(content) != user_data.end - user_data.start:
        raise ValueError("there is no space for the titles")
    index[user_data.start : user_data.end] = content


def _shrunk(data: bytes, box: BoxLocation, growth: int) -> bytes:
    """Return the content of a box; that of the tags (`meta`) with `growth` bytes less padding."""
    if box.kind != b"meta":
        return data[box.start : box.end]
    content = data[box.start : box.start + 4]
    for child in boxes(data, box.start + 4, box.end):
        child_content = data[child.start : child.end]
        if child.kind == b"free" and len(child_content) >= growth:
            child_content, growth = bytes(len(child_content) - growth), 0
        content += _packed_box(child.kind, child_content)
    return content


def _packed_box(kind: bytes, content: bytes) -> bytes:
    return b"".join(Box(kind, content).blocks())
