"""Reads the chapters of an M4B from its text track, which holds all of them, with whole titles."""

from pathlib import Path
from typing import BinaryIO

from pipeline.export.tags.chapters import TITLE_BYTES, ContainerChapter
from pipeline.export.tags.mp4_index import (
    chapter_track,
    only_box,
    outer_boxes,
    read_content,
    samples,
)

_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_chapters(path: Path) -> tuple[ContainerChapter, ...]:
    """Return the chapters in the text track of a file; none if it has no such track.

    Raises ValueError if the index of the file is damaged.
    """
    with path.open("rb") as file:
        index = read_content(file, only_box(outer_boxes(file), b"moov", "index"))
        track = chapter_track(index)
        if track is None:
            return ()
        found = samples(index, track)
        titles = [_read_title(file, *place) for place in found.places]
    bounds = [round(1000 * seconds) for seconds in (*found.starts, found.end)]
    return tuple(map(ContainerChapter, titles, bounds, bounds[1:]))


def _read_title(file: BinaryIO, offset: int, length: int) -> str:
    file.seek(offset)
    sample = file.read(min(length, 2 + TITLE_BYTES))
    text = sample[2 : 2 + int.from_bytes(sample[:2])]
    encoding = "utf-16" if text[:2] in _BYTE_ORDER_MARKS else "utf-8"
    return text.decode(encoding, "replace")
