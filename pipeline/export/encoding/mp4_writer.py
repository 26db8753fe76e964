"""An M4B file around packets that were encoded before (ISO/IEC 14496-12 and -14).

ffmpeg's own muxer keeps 70 bytes a packet in memory (600 MB for 100 hours), moves all audio once
more to put the index first, and needs packets as a stream. Here the index is made from the tables
of the parts, goes before the audio, and nothing is held but where each chunk begins.

Chapters are written in both of their forms: as a text track that the sound refers to (QuickTime),
and as a list (`chpl`, by Nero), which can count 255.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.export.encoding.mp4_boxes import Box, Stream, full
from pipeline.export.encoding.packets import Packets
from pipeline.model.chapter_marks import ChapterMark

FRAMES = 1024
"""Frames of PCM in a packet of AAC."""
CHUNK = 64
"""Packets in a chunk, to each of which the index has an offset: about three seconds."""
LISTED = 255
"""Chapters that `chpl` can count."""

_MATRIX = struct.pack(">9I", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
_ENCODING = struct.pack(">I4sI", 12, b"encd", 0x100)  # a title is UTF-8
_SOUND, _TEXT = 1, 2  # the numbers of the tracks
_LONGEST = 0xFFFF_FFFF
"""What a field of 32 bits can count."""


@dataclass(frozen=True, slots=True)
class Mp4Writer:
    """What goes into a file: packets of sound by runs, their rate in Hz, chapters in order.

    The first packet of the first run is the encoder's delay, and is hidden. `room` bytes are kept
    free for tags, so that writing them moves nothing.
    """

    runs: Sequence[Packets]
    rate: int
    chapters: Sequence[ChapterMark]
    room: int


def pieces(movie: Mp4Writer) -> Iterator[bytes]:
    """Give the bytes of the file."""
    titles = b"".join(map(_sample, movie.chapters))
    length = sum(run.length for run in movie.runs)
    sound = Stream(length, lambda: (piece for run in movie.runs for piece in run.pieces()))
    media = Box(b"mdat", titles, sound)
    brands = Box(b"ftyp", b"M4B ", struct.pack(">I", 0x200), b"M4B M4A isomiso2")
    # Where the audio begins depends on how long the index is, and that on how wide its offsets are.
    starts = np.concatenate(list(_chunks(movie.runs)))
    wide = length > 0xF000_0000
    blank = _index(movie, starts, 0, wide)
    start = brands.length + blank.length + media.length - length - len(titles)
    for each in (brands, _index(movie, starts, start, wide), media):
        yield from each.pieces()


def _index(movie: Mp4Writer, starts: NDArray[np.uint64], base: int, wide: bool) -> Box:
    """Give the `moov` box of a file whose `mdat` has its content at byte `base`."""
    titles = sum(len(_sample(chapter)) for chapter in movie.chapters)
    duration = (sum(run.count for run in movie.runs) - 1) * FRAMES
    tracks = [_sound(movie, starts + np.uint64(base + titles), duration, wide)]
    if movie.chapters:
        tracks.append(_text(movie, base, duration))
    return Box(b"moov", _movie_head(movie.rate, duration), *tracks, _extras(movie))


def _movie_head(rate: int, duration: int) -> Box:
    rest = struct.pack(">IH10x", 1 << 16, 0x100) + _MATRIX + bytes(24) + struct.pack(">I", 3)
    return _timed(b"mvhd", struct.pack(">I", rate), duration, rest)


def _timed(kind: bytes, between: bytes, duration: int, rest: bytes, flags: int = 0) -> Box:
    """Give a head box: times of creation and change, a field, a duration; wide where it must be."""
    wide = duration > _LONGEST
    times = bytes(16 if wide else 8)
    lasting = struct.pack(">Q" if wide else ">I", duration)
    return full(kind, times, between, lasting, rest, version=int(wide), flags=flags)


def _track_head(number: int, duration: int, flags: int, volume: int) -> Box:
    """Give a `tkhd`; flags 3 are enabled and shown, 2 is shown only: a track of chapters."""
    rest = struct.pack(">12xHH", volume, 0) + _MATRIX + bytes(8)
    return _timed(b"tkhd", struct.pack(">I4x", number), duration, rest, flags)


def _media(scale: int, duration: int, kind: bytes, name: bytes, *inside: Box) -> Box:
    undetermined = struct.pack(">HH", 0x55C4, 0)  # the language
    return Box(
        b"mdia",
        _timed(b"mdhd", struct.pack(">I", scale), duration, undetermined),
        full(b"hdlr", bytes(4), kind, bytes(12), name),
        Box(b"minf", *inside),
    )


def _sound(movie: Mp4Writer, starts: NDArray[np.uint64], duration: int, wide: bool) -> Box:
    wider = duration > _LONGEST
    edit = struct.pack(">IQqI" if wider else ">IIiI", 1, duration, FRAMES, 1 << 16)
    refers = [Box(b"tref", Box(b"chap", struct.pack(">I", _TEXT)))] if movie.chapters else []
    return Box(
        b"trak",
        _track_head(_SOUND, duration, flags=3, volume=0x100),
        Box(b"edts", full(b"elst", edit, version=int(wider))),
        *refers,
        _media(
            movie.rate,
            duration + FRAMES,
            b"soun",
            b"SoundHandler\0",
            full(b"smhd", bytes(4)),
            _own_file(),
            _sound_table(movie.runs, starts, wide),
        ),
    )


def _sound_table(runs: Sequence[Packets], starts: NDArray[np.uint64], wide: bool) -> Box:
    count = sum(run.count for run in runs)
    whole, rest = divmod(count, CHUNK)
    chunks = [(1, CHUNK, 1)] * bool(whole) + [(whole + 1, rest, 1)] * bool(rest)
    offsets = starts.astype(">u8" if wide else ">u4").tobytes()
    sizes = Stream(4 * count, lambda: (run.table().astype(">u4").tobytes() for run in runs))
    return Box(
        b"stbl",
        Box(b"stsd", runs[0].description),
        full(b"stts", struct.pack(">III", 1, count, FRAMES)),
        full(b"stsc", struct.pack(">I", len(chunks)), *(struct.pack(">III", *c) for c in chunks)),
        full(b"stsz", struct.pack(">II", 0, count), sizes),
        full(b"co64" if wide else b"stco", struct.pack(">I", len(starts)), offsets),
        # A player that jumps must decode the packet before: AAC's overlap.
        full(b"sgpd", b"roll", struct.pack(">IIh", 2, 1, -1), version=1),
        full(b"sbgp", b"roll", struct.pack(">III", 1, count, 1)),
    )


def _chunks(runs: Iterable[Packets]) -> Iterator[NDArray[np.uint64]]:
    """Give where every `CHUNK`th packet begins, counted from the first."""
    position = count = 0
    for run in runs:
        sizes = run.table()
        ends = np.cumsum(sizes, dtype=np.uint64) + np.uint64(position)
        begins = ends - sizes
        yield begins[-count % CHUNK :: CHUNK].copy()  # else all of them would be held
        position += run.length
        count += run.count


def _own_file() -> Box:
    """Say that the media lie in this file."""
    return Box(b"dinf", full(b"dref", struct.pack(">I", 1), full(b"url ", flags=1)))


def _sample(chapter: ChapterMark) -> bytes:
    """Give a chapter's title as a sample of the text track."""
    title = chapter.title.encode()
    return struct.pack(">H", len(title)) + title + _ENCODING


def _text(movie: Mp4Writer, start: int, duration: int) -> Box:
    """Give the track of the titles, which lie one after another from the byte `start`."""
    chapters = movie.chapters
    count = len(chapters)
    # Frames, so that marks are exact; but a chapter of 27 hours has more than can be counted.
    lasting = [chapter.end - chapter.start for chapter in chapters]
    scale = movie.rate if max(lasting) <= _LONGEST else 1
    lasting = [frames * scale // movie.rate for frames in lasting]
    # The look of a text that is never shown; players want it all the same.
    look = struct.pack(">6xHI18xH6x", 1, 1, 1)
    fonts = Box(b"ftab", struct.pack(">HHB", 1, 1, 0))
    return Box(
        b"trak",
        _track_head(_TEXT, duration, flags=2, volume=0),
        _media(
            scale,
            sum(lasting),
            b"text",
            b"ChapterHandler\0",
            Box(
                b"gmhd",
                full(b"gmin", struct.pack(">HHHHHH", 0x40, 0x8000, 0x8000, 0x8000, 0, 0)),
                Box(b"text", _MATRIX),
            ),
            _own_file(),
            Box(
                b"stbl",
                full(b"stsd", struct.pack(">I", 1), Box(b"text", look, fonts)),
                full(
                    b"stts",
                    struct.pack(">I", count),
                    *(struct.pack(">II", 1, each) for each in lasting),
                ),
                full(b"stsc", struct.pack(">IIII", 1, 1, count, 1)),
                full(
                    b"stsz",
                    struct.pack(">II", 0, count),
                    *(struct.pack(">I", len(_sample(chapter))) for chapter in chapters),
                ),
                full(b"stco", struct.pack(">II", 1, start)),
            ),
        ),
    )


def _extras(movie: Mp4Writer) -> Box:
    """Give the list of the chapters, and a place for tags."""
    handler = full(b"hdlr", bytes(4), b"mdirappl", bytes(9))
    tags = full(b"meta", handler, Box(b"ilst"), Box(b"free", bytes(movie.room)))
    listed = movie.chapters[:LISTED]
    entries = (
        struct.pack(">QB", chapter.start * 10_000_000 // movie.rate, len(chapter.title.encode()))
        + chapter.title.encode()
        for chapter in listed
    )
    names = full(b"chpl", struct.pack(">IB", 0, len(listed)), *entries, version=1)
    return Box(b"udta", tags, *([names] if listed else []))
