"""The encoder of AAC, which encodes parts side by side, caches them, and joins them losslessly.

A packet of AAC holds 2,048 frames, the second half of which is heard only together with the first
half of the next packet (ISO/IEC 14496-3). So where parts are joined, both have to be made of the
same sound. Each part ends with two packets of a room tone that is the same in all (the seam), and
is encoded with that sound before it, after some more in which the transform fills and the bit rate
settles:

    part       ... word |  c   d |
    next part                 b | c   d | word ...
    packets    ... kept ][dropped
                           dropped ][ kept ...

The packet that is kept from each side begins or ends within room tone, whatever its neighbour is,
so that neither is a transient, for which an encoder would shorten its windows. Every frame stays
where the cues say it is. An edit list hides the first packet of the file.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Self

from pipeline.export.encoding.cache import PartCache
from pipeline.export.encoding.ffmpeg_runs import FfmpegRuns
from pipeline.export.encoding.formats import Format
from pipeline.export.encoding.mp4_writer import Mp4File
from pipeline.export.encoding.packets import PacketRun
from pipeline.mix import room_tone
from pipeline.mix.parts import PACKET_FRAMES, SEAM_FRAMES
from pipeline.model.chapter_marks import ChapterMark

_SEAM = SEAM_FRAMES // PACKET_FRAMES
_LEAD = 8
"""Packets of room tone that are encoded before a part. Measured: with the seam and the one for the
transform alone, the first word has up to 8 dB less SNR; with 40, no more than with 8."""


class PartsEncoder:
    """Implements `Encoder`; parts are cached in the folder `cache`."""

    def __init__(self, audio_format: Format, rate: int, out: Path, cache: Path):
        self._ffmpeg = FfmpegRuns(audio_format, rate, ["-threads", "1"])
        self._rate = rate
        self._out = out
        self._cache = PartCache(cache)
        self._packets: dict[int, PacketRun] = {}
        self._lock = threading.Lock()

    @property
    def caches(self) -> bool:
        """Whether parts are cached: always."""
        return True

    def has(self, key: str) -> bool:
        """Return whether a part with this key is cached; it may turn out to be damaged."""
        return self._cache.has(self._ffmpeg.cache_key(key))

    def restore(self, number: int, key: str) -> bytes | None:
        """Use a cached part; None if it is missing or damaged."""
        part = self._cache.read(self._ffmpeg.cache_key(key))
        if part is None:
            return None
        self._add(number, part.packets)
        return part.timings

    def encode(
        self, number: int, key: str, pcm: Iterable[bytes], timings: Callable[[], bytes]
    ) -> None:
        """Encode a part in an ffmpeg process of its own, and cache it."""

        def encode(path: Path) -> bytes:
            lead = _LEAD * PACKET_FRAMES
            led = chain([room_tone.pcm(-lead, lead, self._rate)], pcm)
            self._ffmpeg.encode(led, path, f"encoding part {number + 1}")
            return timings()

        self._add(number, self._cache.write(self._ffmpeg.cache_key(key), encode).packets)

    def finish(self, chapters: Sequence[ChapterMark], padding: int = 0) -> None:
        """Join the parts into the file, with its chapters."""
        runs = list(_kept([self._packets[number] for number in sorted(self._packets)]))
        with self._out.open("wb") as file:
            file.writelines(Mp4File(runs, self._rate, chapters, padding).blocks())

    def _add(self, number: int, packets: PacketRun) -> None:
        with self._lock:
            self._packets[number] = packets

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ffmpeg.kill_all()


def _kept(parts: Sequence[PacketRun]) -> Iterator[PacketRun]:
    """Yield the packets of each part that go into the file.

    The last packet of the lead-in comes before the first frame of a part, and so is the encoder
    delay of the file.
    """
    for number, part in enumerate(parts):
        first = _LEAD - _SEAM + 1 if number else _LEAD
        last = _SEAM if number < len(parts) - 1 else 0
        yield part.without(first, last)
