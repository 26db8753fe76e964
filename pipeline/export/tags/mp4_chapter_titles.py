"""Renames the chapters of an M4B.

Titles are stored twice (see `pipeline.export.encoding.mp4_chapters`): as samples of a text track
among the audio, and in a list (`chpl`). New titles take the place of the old ones before the audio,
and both forms are written anew. What follows them in the file is moved, and the tables that point
there are changed with it, so no free space is needed.
"""

import os
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from pipeline.core.text import truncate
from pipeline.export.encoding.mp4_boxes import UINT32_MAX, Box, BoxLocation, boxes, find_box
from pipeline.export.encoding.mp4_chapters import (
    NERO_TICKS,
    nero_chapters,
    title_locations,
    title_sample,
)
from pipeline.export.tags.chapters import TITLE_BYTES
from pipeline.export.tags.mp4_index import (
    SAMPLE_TABLE,
    OuterBox,
    chapter_track,
    chunk_offsets,
    chunk_table,
    find_within,
    only_box,
    outer_boxes,
    read_content,
    samples,
    tracks,
)

_CHPL_HEADER = 9  # bytes before its first entry
_BLOCK = 1 << 20  # bytes that are moved at once
_PARENTS = (b"trak", b"mdia", b"minf", b"stbl")
"""The boxes on the way to the tables of a track."""

_Replace = Callable[[BoxLocation], bytes | None]


def rename_chapters(path: Path, titles: Sequence[str]) -> None:
    """Rename all chapters of a file.

    Raises ValueError, in a producer's words, if the layout of the file does not allow it; the file
    is then unchanged.
    """
    with path.open("r+b") as file:
        outer = outer_boxes(file)
        if any(box.kind == b"moof" for box in outer):
            raise ValueError("its audio is in fragments")
        index_box = only_box(outer, b"moov", "index")
        index = read_content(file, index_box)
        titles = [truncate(title, TITLE_BYTES) for title in titles]
        renaming = _Renaming(index, index_box, only_box(outer, b"mdat", "audio"), titles)
        replacements = sorted(renaming.replacements(), key=lambda new: new.start, reverse=True)
        for new in replacements:
            _move(file, new.end, new.growth)
            file.seek(new.start)
            file.write(new.content)


def _move(file: BinaryIO, start: int, distance: int) -> None:
    """Move everything from byte `start` on by a distance, block by block."""
    if not distance:
        return
    end = file.seek(0, os.SEEK_END)
    places = range(start, end, _BLOCK)
    for place in reversed(places) if distance > 0 else places:
        file.seek(place)
        block = file.read(min(_BLOCK, end - place))
        file.seek(place + distance)
        file.write(block)
    file.truncate(end + distance)


@dataclass(frozen=True, slots=True)
class _Replacement:
    """Bytes that take the place of those in `[start, end)` of a file."""

    start: int
    end: int
    content: bytes

    @property
    def growth(self) -> int:
        return len(self.content) - (self.end - self.start)


@dataclass(frozen=True, slots=True)
class _Renaming:
    """What new titles change in a file, whose index and audio lie in two outermost boxes."""

    index: bytes
    index_box: OuterBox
    audio: OuterBox
    titles: Sequence[str]

    def replacements(self) -> Iterator[_Replacement]:
        """Yield the new index, and the new head of the audio, if titles are stored there."""
        track = chapter_track(self.index)
        head = self._head(track) if track else None
        # Offsets depend on the growth of the index, which their values do not change.
        draft = self._new_index(track, head, 0)
        yield self._new_index(track, head, draft.growth)
        if head:
            yield head

    def _head(self, track: BoxLocation) -> _Replacement:
        """Return the header of the audio with the new titles after it."""
        end = _end_of_leading_titles(self.index, track, self.audio.content)
        block = b"".join(map(title_sample, self.titles))
        content_length = self.audio.end - end + len(block)
        return _Replacement(self.audio.start, end, _header(self.audio, content_length) + block)

    def _new_index(
        self, track: BoxLocation | None, head: _Replacement | None, growth: int
    ) -> _Replacement:
        """Return the new index if it grows by `growth` bytes."""

        def moved(offset: int) -> int:
            after_titles = head.growth if head and offset >= head.end else 0
            return offset + after_titles + growth * (offset >= self.index_box.end)

        first = moved(self.audio.start)  # of the titles, once the header is added
        if head:
            first += len(head.content) - sum(len(title_sample(title)) for title in self.titles)
        listed = _listed(self.index, track, self.titles)
        content = b"".join(
            _packed(box.kind, self._content(box, track, first, moved, listed))
            for box in boxes(self.index)
        )
        return _Replacement(self.index_box.start, self.index_box.end, _packed(b"moov", content))

    def _content(
        self,
        box: BoxLocation,
        track: BoxLocation | None,
        first: int,
        moved: Callable[[int], int],
        listed: bytes | None,
    ) -> bytes:
        """Return the new content of a box of the index."""
        if box == track:
            lengths = [len(title_sample(title)) for title in self.titles]
            return _rebuilt(self.index, box, _title_tables(lengths, first))
        if box.kind == b"udta" and listed is not None:
            children = boxes(self.index, box.start, box.end)
            kept = (child for child in children if child.kind != b"chpl")
            copies = (_packed(c.kind, self.index[c.start : c.end]) for c in kept)
            return b"".join([*copies, listed])
        # With room to spare for what the index and the titles may grow by.
        wide = self.audio.end + (1 << 28) > UINT32_MAX
        return _rebuilt(self.index, box, _moved_tables(self.index, moved, wide=wide))


def _header(box: OuterBox, content_length: int) -> bytes:
    """Return the header of a box with content of a new length; it never gets shorter."""
    if box.open_ended:
        return bytes(4) + box.kind
    if box.content - box.start == 16 or content_length + 8 > UINT32_MAX:
        return struct.pack(">I4sQ", 1, box.kind, content_length + 16)
    return struct.pack(">I4s", content_length + 8, box.kind)


def _end_of_leading_titles(index: bytes, track: BoxLocation, start: int) -> int:
    """Return where the titles end that lie one after another from byte `start`.

    It is `start` itself if they lie elsewhere, such as among the audio: they then stay there, and
    nothing points to them any longer.
    """
    ranges = sorted((offset, offset + length) for offset, length in samples(index, track).places)
    if not ranges or ranges[0][0] != start or any(a[1] != b[0] for a, b in pairwise(ranges)):
        return start
    end = ranges[-1][1]
    offsets = (
        offset
        for other in tracks(index)
        if other != track
        for offset in chunk_offsets(
            index, chunk_table(index, find_within(index, other, *SAMPLE_TABLE))
        )
    )
    return end if all(offset >= end for offset in offsets) else start


def _listed(index: bytes, track: BoxLocation | None, titles: Sequence[str]) -> bytes | None:
    """Return the new list of chapters, empty if it cannot hold them; None if the file has none."""
    try:
        old = find_box(index, b"udta", b"chpl")
    except ValueError:
        old = None
    if track is not None:
        starts = [round(NERO_TICKS * start) for start in samples(index, track).starts]
    else:
        starts = list(_listed_starts(index[old.start : old.end])) if old else []
    if len(starts) != len(titles):
        raise ValueError(f"it lists {len(starts)} chapters, not {len(titles)}")
    if old is None:
        return None
    return b"".join(block for box in nero_chapters(titles, starts) for block in box.blocks())


def _listed_starts(content: bytes) -> Iterator[int]:
    position = _CHPL_HEADER
    while position + 9 <= len(content):
        (start,) = struct.unpack_from(">Q", content, position)
        yield start
        position += 9 + content[position + 8]


def _rebuilt(index: bytes, box: BoxLocation, replace: _Replace) -> bytes:
    """Return the content of a box with some of the boxes within it replaced."""
    if box.kind not in _PARENTS:
        return index[box.start : box.end]
    content = []
    for child in boxes(index, box.start, box.end):
        new = replace(child)
        content.append(_packed(child.kind, _rebuilt(index, child, replace)) if new is None else new)
    return b"".join(content)


def _title_tables(lengths: Sequence[int], first: int) -> _Replace:
    """Return what replaces the tables of where titles lie: one after another from `first`."""
    tables = b"".join(block for box in title_locations(lengths, first) for block in box.blocks())
    new = {b"stsc": b"", b"stsz": b"", b"stco": tables, b"co64": tables}
    return lambda box: new.get(box.kind)


def _moved_tables(index: bytes, moved: Callable[[int], int], *, wide: bool) -> _Replace:
    """Return what replaces a table of offsets: that of 64 bits if `wide` or if it is one."""

    def replace(box: BoxLocation) -> bytes | None:
        if box.kind not in (b"stco", b"co64"):
            return None
        offsets = list(map(moved, chunk_offsets(index, box)))
        kind, code = (b"co64", "Q") if wide or box.kind == b"co64" else (b"stco", "I")
        return _packed(kind, struct.pack(f">II{len(offsets)}{code}", 0, len(offsets), *offsets))

    return replace


def _packed(kind: bytes, content: bytes) -> bytes:
    return b"".join(Box(kind, content).blocks())
