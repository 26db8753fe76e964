"""An M4B file written around packets that are already encoded (ISO/IEC 14496-12 and -14).

ffmpeg's own muxer keeps 70 bytes per packet in memory (600 MB for 100 hours), moves all audio
once more to put the index first, and needs packets as a stream. Here the index is made from the
size tables of the parts and goes before the audio, and all that is kept in memory is where each
chunk begins.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.export.encoding.mp4_boxes import UINT32_MAX, Box, ByteStream, full_box
from pipeline.export.encoding.mp4_chapters import (
    NERO_TICKS,
    nero_chapters,
    text_track,
    title_sample,
)
from pipeline.export.encoding.mp4_tracks import (
    SOUND_TRACK,
    TEXT_TRACK,
    media,
    movie_header,
    track_header,
)
from pipeline.export.encoding.packets import PacketRun
from pipeline.mix.parts import PACKET_FRAMES
from pipeline.model.chapter_marks import ChapterMark

CHUNK = 64
"""Packets per chunk; the index has the offset of each chunk, about every three seconds."""

_WIDE_OFFSETS = 0xF000_0000
"""Bytes of audio from which offsets take 64 bits; what precedes the audio fits in the rest."""


@dataclass(frozen=True, slots=True)
class Mp4File:
    """A file to be written: runs of sound packets, their rate in Hz, and chapters in order.

    The first packet of the first run is the encoder delay, which an edit list hides. `padding`
    bytes stay free for tags, so that writing those moves no audio.
    """

    runs: Sequence[PacketRun]
    rate: int
    chapters: Sequence[ChapterMark]
    padding: int

    @property
    def packets(self) -> int:
        """Number of packets, the encoder delay included."""
        return sum(run.count for run in self.runs)

    @property
    def duration(self) -> int:
        """Length in frames, without the encoder delay."""
        return (self.packets - 1) * PACKET_FRAMES

    def blocks(self) -> Iterator[bytes]:
        """Yield the bytes of the file."""
        titles = b"".join(title_sample(chapter.title) for chapter in self.chapters)
        length = sum(run.length for run in self.runs)
        sound = ByteStream(length, lambda: (block for run in self.runs for block in run.blocks()))
        data = Box(b"mdat", titles, sound)
        brands = Box(b"ftyp", b"M4B ", struct.pack(">I", 0x200), b"M4B M4A isomiso2")
        index = _Index(self, len(titles), wide=length > _WIDE_OFFSETS)
        # The offset of the audio depends on the length of the index, which the offset's value
        # does not change.
        data_start = brands.length + index.box(0).length + data.length - length - len(titles)
        for box in (brands, index.box(data_start), data):
            yield from box.blocks()


class _Index:
    """The index of a file (`moov`), with chunk offsets of 64 bits if they are `wide`.

    `titles_length` is the size in bytes of the chapter titles, which precede the audio.
    """

    def __init__(self, file: Mp4File, titles_length: int, *, wide: bool):
        self._file = file
        self._titles_length = titles_length
        self._wide = wide
        self._chunks = np.concatenate(list(_chunk_starts(file.runs)))

    def box(self, data_start: int) -> Box:
        """Return the `moov` box of a file whose titles and audio begin at byte `data_start`."""
        file = self._file
        tracks = [self._sound_track(data_start + self._titles_length)]
        if file.chapters:
            tracks.append(text_track(file.chapters, file.rate, data_start, file.duration))
        return Box(b"moov", movie_header(file.rate, file.duration), *tracks, self._user_data())

    def _sound_track(self, start: int) -> Box:
        file = self._file
        wide = file.duration > UINT32_MAX
        edit = struct.pack(">IQqI" if wide else ">IIiI", 1, file.duration, PACKET_FRAMES, 1 << 16)
        chapter_track = Box(b"tref", Box(b"chap", struct.pack(">I", TEXT_TRACK)))
        return Box(
            b"trak",
            track_header(SOUND_TRACK, file.duration, flags=3, volume=0x100),
            Box(b"edts", full_box(b"elst", edit, version=int(wide))),
            *([chapter_track] if file.chapters else []),
            media(
                file.rate,
                file.duration + PACKET_FRAMES,
                b"soun",
                b"SoundHandler\0",
                full_box(b"smhd", bytes(4)),
                self._sample_table(start),
            ),
        )

    def _sample_table(self, start: int) -> Box:
        runs, count = self._file.runs, self._file.packets
        full_chunks, rest = divmod(count, CHUNK)
        chunks = [(1, CHUNK, 1)] * bool(full_chunks) + [(full_chunks + 1, rest, 1)] * bool(rest)
        packed_chunks = (struct.pack(">III", *chunk) for chunk in chunks)
        offsets = (self._chunks + np.uint64(start)).astype(">u8" if self._wide else ">u4")
        sizes = ByteStream(4 * count, lambda: (run.sizes().astype(">u4").tobytes() for run in runs))
        return Box(
            b"stbl",
            Box(b"stsd", runs[0].description),
            full_box(b"stts", struct.pack(">III", 1, count, PACKET_FRAMES)),
            full_box(b"stsc", struct.pack(">I", len(chunks)), *packed_chunks),
            full_box(b"stsz", struct.pack(">II", 0, count), sizes),
            full_box(
                b"co64" if self._wide else b"stco",
                struct.pack(">I", len(offsets)),
                offsets.tobytes(),
            ),
            # AAC packets overlap: a player that seeks has to decode the packet before as well.
            full_box(b"sgpd", b"roll", struct.pack(">IIh", 2, 1, -1), version=1),
            full_box(b"sbgp", b"roll", struct.pack(">III", 1, count, 1)),
        )

    def _user_data(self) -> Box:
        """Return the `udta` box: free space for tags, and the list of chapters."""
        file = self._file
        handler = full_box(b"hdlr", bytes(4), b"mdirappl", bytes(9))
        tags = full_box(b"meta", handler, Box(b"ilst"), Box(b"free", bytes(file.padding)))
        titles = [chapter.title for chapter in file.chapters]
        starts = [chapter.start * NERO_TICKS // file.rate for chapter in file.chapters]
        return Box(b"udta", tags, *nero_chapters(titles, starts))


def _chunk_starts(runs: Iterable[PacketRun]) -> Iterator[NDArray[np.uint64]]:
    """Yield where every `CHUNK`th packet begins, counted in bytes from the first packet."""
    position = count = 0
    for run in runs:
        sizes = run.sizes()
        ends = np.cumsum(sizes, dtype=np.uint64) + np.uint64(position)
        starts = ends - sizes
        yield starts[-count % CHUNK :: CHUNK].copy()  # a view would keep the whole array alive
        position += run.length
        count += run.count
