"""Chapters of an MP4 file, in both of their forms.

QuickTime has a text track, to which the sound track refers; Nero has a list, `chpl`, which can
count 255 chapters.
"""

import struct
from collections.abc import Sequence

from pipeline.export.encoding.mp4_boxes import UINT32_MAX, Box, full_box
from pipeline.export.encoding.mp4_tracks import IDENTITY_MATRIX, TEXT_TRACK, media, track_header
from pipeline.model.chapter_marks import ChapterMark

NERO_CHAPTERS = 255
"""Chapters that `chpl` can count."""

_TITLE_IS_UTF8 = struct.pack(">I4sI", 12, b"encd", 0x100)
_NERO_TICKS = 10_000_000  # per second


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


def nero_chapters(chapters: Sequence[ChapterMark], rate: int) -> Box:
    """Return the `chpl` box: as many of the chapters as it can count."""
    listed = chapters[:NERO_CHAPTERS]
    entries = (
        struct.pack(">QB", chapter.start * _NERO_TICKS // rate, len(chapter.title.encode()))
        + chapter.title.encode()
        for chapter in listed
    )
    return full_box(b"chpl", struct.pack(">IB", 0, len(listed)), *entries, version=1)


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
    sizes = (struct.pack(">I", len(title_sample(chapter.title))) for chapter in chapters)
    return Box(
        b"stbl",
        full_box(b"stsd", struct.pack(">I", 1), Box(b"text", style, fonts)),
        full_box(b"stts", struct.pack(">I", count), *times),
        full_box(b"stsc", struct.pack(">IIII", 1, 1, count, 1)),
        full_box(b"stsz", struct.pack(">II", 0, count), *sizes),
        full_box(b"stco", struct.pack(">II", 1, start)),
    )
