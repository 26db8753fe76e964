"""Chapters of an MP4 file, in both of their forms.

QuickTime has a text track, to which the sound track refers; it holds all titles, whole. Nero has a
list, `chpl`, for players that know no text tracks. Its titles have at most 127 bytes, since
AntennaPod takes the length for a signed byte, and stops at the first that is longer. It can count
255 chapters; of a book with more there is no list, since players such as VLC would prefer it and
stop there.
"""

import struct
from collections.abc import Iterator, Sequence
from itertools import accumulate

from pipeline.core.text import truncate
from pipeline.export.encoding.mp4_boxes import UINT32_MAX, Box, full_box
from pipeline.export.encoding.mp4_tracks import IDENTITY_MATRIX, TEXT_TRACK, media, track_header
from pipeline.model.chapter_marks import ChapterMark

NERO_CHAPTERS = 255
"""Chapters that `chpl` can count."""
NERO_TITLE_BYTES = 127
"""The longest title in `chpl`."""
NERO_TICKS = 10_000_000
"""Units of time in `chpl`, per second."""

_TITLE_IS_UTF8 = struct.pack(">I4sI", 12, b"encd", 0x100)


def title_sample(title: str) -> bytes:
    """Return a chapter title as a sample of the text track."""
    text = title.encode()
    return struct.pack(">H", len(text)) + text + _TITLE_IS_UTF8


def text_track(chapters: Sequence[ChapterMark], rate: int, start: int, duration: int) -> Box:
    """Return the track of chapter titles, whose samples lie one after another from byte `start`.

    `duration` is that of the movie, in frames at `rate` Hz.
    """
    timescale, durations = _chapter_durations(chapters, rate)
    return Box(
        b"trak",
        track_header(TEXT_TRACK, duration, flags=2, volume=0),
        media(
            timescale,
            sum(durations),
            b"text",
            b"ChapterHandler\0",
            _text_media_header(),
            _sample_table(chapters, durations, start),
        ),
    )


def nero_chapters(titles: Sequence[str], starts: Sequence[int]) -> Iterator[Box]:
    """Yield the `chpl` box of chapters that start at `starts`, in its ticks, if it can hold them.

    It holds at least one chapter, and 255 at most.
    """
    if 0 < len(titles) <= NERO_CHAPTERS:
        texts = [truncate(title, NERO_TITLE_BYTES).encode() for title in titles]
        entries = (
            struct.pack(">QB", start, len(text)) + text
            for start, text in zip(starts, texts, strict=True)
        )
        yield full_box(b"chpl", struct.pack(">IB", 0, len(texts)), *entries, version=1)


def title_locations(lengths: Sequence[int], start: int) -> tuple[Box, Box, Box]:
    """Return the tables of where titles lie: one after another from byte `start` of the file.

    Each is a chunk of its own, since readers count the chunks (music-metadata, Voice).
    """
    offsets = list(accumulate(lengths[:-1], initial=start))
    wide = offsets[-1] > UINT32_MAX
    count = len(lengths)
    return (
        full_box(b"stsc", struct.pack(">IIII", 1, 1, 1, 1)),
        full_box(b"stsz", struct.pack(f">II{count}I", 0, count, *lengths)),
        full_box(
            b"co64" if wide else b"stco",
            struct.pack(f">I{count}{'Q' if wide else 'I'}", count, *offsets),
        ),
    )


def _chapter_durations(chapters: Sequence[ChapterMark], rate: int) -> tuple[int, list[int]]:
    """Return the time scale of the track, in Hz, and the duration of each chapter in it.

    Frames keep the marks exact, but those of a chapter of 27 hours do not fit in 32 bits: such a
    book counts in seconds.
    """
    frames = [chapter.end - chapter.start for chapter in chapters]
    timescale = rate if max(frames) <= UINT32_MAX else 1
    return timescale, [count * timescale // rate for count in frames]


def _text_media_header() -> Box:
    graphics_mode = struct.pack(">HHHHHH", 0x40, 0x8000, 0x8000, 0x8000, 0, 0)
    return Box(b"gmhd", full_box(b"gmin", graphics_mode), Box(b"text", IDENTITY_MATRIX))


def _sample_table(chapters: Sequence[ChapterMark], durations: Sequence[int], start: int) -> Box:
    count = len(chapters)
    # The style of a text that is never displayed; players require it nevertheless.
    style = struct.pack(">6xHI18xH6x", 1, 1, 1)
    fonts = Box(b"ftab", struct.pack(">HHB", 1, 1, 0))
    times = (struct.pack(">II", 1, duration) for duration in durations)
    lengths = [len(title_sample(chapter.title)) for chapter in chapters]
    return Box(
        b"stbl",
        full_box(b"stsd", struct.pack(">I", 1), Box(b"text", style, fonts)),
        full_box(b"stts", struct.pack(">I", count), *times),
        *title_locations(lengths, start),
    )
