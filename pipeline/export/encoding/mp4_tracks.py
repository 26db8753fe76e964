"""What the sound track and the chapter track of an MP4 file share (ISO/IEC 14496-12)."""

import struct

from pipeline.export.encoding.mp4_boxes import UINT32_MAX, Box, full_box

SOUND_TRACK, TEXT_TRACK = 1, 2
"""The numbers of the tracks."""
IDENTITY_MATRIX = struct.pack(">9I", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)


def movie_header(rate: int, duration: int) -> Box:
    """Return the `mvhd` box; `duration` is in frames at `rate` Hz."""
    next_track = struct.pack(">I", TEXT_TRACK + 1)
    rest = struct.pack(">IH10x", 1 << 16, 0x100) + IDENTITY_MATRIX + bytes(24) + next_track
    return _timed_header(b"mvhd", struct.pack(">I", rate), duration, rest)


def track_header(number: int, duration: int, flags: int, volume: int) -> Box:
    """Return a `tkhd` box; flags 3 stand for enabled and in the movie, 2 for in the movie only."""
    rest = struct.pack(">12xHH", volume, 0) + IDENTITY_MATRIX + bytes(8)
    return _timed_header(b"tkhd", struct.pack(">I4x", number), duration, rest, flags)


def media(
    timescale: int, duration: int, handler: bytes, name: bytes, header: Box, sample_table: Box
) -> Box:
    """Return the `mdia` box of a track whose data lie in this file."""
    undetermined_language = struct.pack(">HH", 0x55C4, 0)  # tags fill it in
    this_file = full_box(b"url ", flags=1)
    data = Box(b"dinf", full_box(b"dref", struct.pack(">I", 1), this_file))
    return Box(
        b"mdia",
        _timed_header(b"mdhd", struct.pack(">I", timescale), duration, undetermined_language),
        full_box(b"hdlr", bytes(4), handler, bytes(12), name),
        Box(b"minf", header, data, sample_table),
    )


def _timed_header(kind: bytes, before: bytes, duration: int, after: bytes, flags: int = 0) -> Box:
    """Return a header box with times of creation and change, and a duration after `before`.

    A duration past 32 bits takes the wide form of the box.
    """
    wide = duration > UINT32_MAX
    times = bytes(16 if wide else 8)
    packed_duration = struct.pack(">Q" if wide else ">I", duration)
    return full_box(kind, times, before, packed_duration, after, version=int(wide), flags=flags)
