# mypy: allow-untyped-calls
# (mutagen is only partly annotated)
"""ID3 tags: of an MP3 file, and in a chunk of a WAV file."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from mutagen import id3
from mutagen.mp3 import MP3
from mutagen.wave import WAVE

from pipeline.core.errors import EncodeError
from pipeline.export.cover.image import embedded_cover
from pipeline.export.tags.chapters import ContainerChapter
from pipeline.export.tags.id3_frames import FRONT_COVER, TEXT_FIELDS, frame_keys, frames
from pipeline.export.tags.id3_limits import refuse_excess
from pipeline.export.tags.id3_saving import order_chapters, save
from pipeline.export.tags.values import ID3_VERSION, TagValues

MAX_INFO_BYTES = 2**20
"""More than any list of RIFF tags takes; a larger size is damaged."""


class Mp3Tags:
    """Implements `TagContainer` for MP3 files."""

    def read(self, path: Path) -> TagValues:
        """Read the ID3 tag."""
        _refuse_excess(path)
        return _read(MP3(path))

    def write(self, path: Path, values: TagValues, fields: Collection[str] | None = None) -> None:
        """Replace all frames or those of some fields; a tag of ID3 version 1 is removed."""
        _refuse_excess(path)
        file: Any = MP3(path)
        _replace(file, values, fields)
        save(file, values.id3_version, v1=0)
        with path.open("rb+") as stream:
            order_chapters(stream, 0)


class WavTags:
    """Implements `TagContainer` for WAV files: an ID3 chunk, which editors and a few players read.

    RF64, which a WAV past 4 GB is, stays without tags: its sizes are stored elsewhere, and no
    reader looks for ID3 in it.
    """

    def read(self, path: Path) -> TagValues:
        """Read the ID3 chunk."""
        _refuse_excess(path)
        return _read(WAVE(path))

    def write(self, path: Path, values: TagValues, fields: Collection[str] | None = None) -> None:
        """Replace all frames or those of some fields; EncodeError for the fields of an RF64."""
        with path.open("rb+") as stream:
            if stream.read(4) == b"RF64":
                if fields is None:
                    return
                raise EncodeError.of("a WAV past 4 GB (RF64) cannot hold tags", file=path)
            _blank_info(stream)
        _refuse_excess(path)
        file: Any = WAVE(path)
        _replace(file, values, fields)
        save(file, values.id3_version)
        with path.open("rb+") as stream:
            for start in _tags_of_wav(stream):
                order_chapters(stream, start)


def _refuse_excess(path: Path) -> None:
    """Raise EncodeError if a tag would take too long, or too much memory, to parse."""
    with path.open("rb") as stream:
        is_wav = stream.read(4) in (b"RIFF", b"RF64")
        for start in list(_tags_of_wav(stream)) if is_wav else (0,):
            refuse_excess(stream, start, path)


def _tags_of_wav(stream: BinaryIO) -> Iterator[int]:
    """Yield where the ID3 tags of a WAV begin."""
    for kind, start, _ in _chunks(stream):
        if kind.lower() == b"id3 ":
            yield start


def _read(file: Any) -> TagValues:
    tags = file.tags if file.tags is not None else id3.ID3()
    pictures = sorted(tags.getall("APIC"), key=lambda picture: picture.type != FRONT_COVER)
    cover = embedded_cover(pictures[0].data) if pictures else None
    version = 3 if tags.version[1] == 3 else ID3_VERSION
    chapters = tuple(_read_chapters(tags))
    return TagValues(dict(_read_texts(tags)), chapters, cover=cover, id3_version=version)


def _read_texts(tags: Any) -> Iterator[tuple[str, str]]:
    for field in TEXT_FIELDS:
        main_frames = tags.getall(frame_keys(field)[0])
        if main_frames and main_frames[0].text:
            yield field, str(main_frames[0].text[0])


def _read_chapters(tags: Any) -> Iterator[ContainerChapter]:
    for mark in sorted(tags.getall("CHAP"), key=lambda mark: mark.start_time):
        titles = [str(frame.text[0]) for frame in mark.sub_frames.getall("TIT2") if frame.text]
        yield ContainerChapter(titles[0] if titles else "", mark.start_time, mark.end_time)


def _replace(file: Any, values: TagValues, fields: Collection[str] | None) -> None:
    """Replace all frames, or those of some fields."""
    if fields is None or file.tags is None:
        file.tags = None
        file.add_tags()
        for frame in frames(values):
            file.tags.add(frame)
        return
    new = id3.ID3()
    for frame in frames(values):
        new.add(frame)
    for key in (key for field in fields for key in frame_keys(field)):
        file.tags.delall(key)
        for frame in new.getall(key):
            file.tags.add(frame)


def _blank_info(stream: BinaryIO) -> None:
    """Turn the RIFF tags that ffmpeg leaves, which would contradict ours, into padding ("JUNK").

    Removing them would move all of the audio behind them.
    """
    for kind, start, size in _chunks(stream):
        if kind == b"LIST" and size <= MAX_INFO_BYTES and stream.read(4) == b"INFO":
            stream.seek(start - 8)
            stream.write(b"JUNK" + size.to_bytes(4, "little") + bytes(size))


def _chunks(stream: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Yield the chunks of a RIFF file: kind, start and size of the content, where it then reads."""
    stream.seek(12)
    while len(head := stream.read(8)) == 8:
        start, size = stream.tell(), int.from_bytes(head[4:], "little")
        yield head[:4], start, size
        stream.seek(start + size + size % 2)  # chunks begin at even offsets
