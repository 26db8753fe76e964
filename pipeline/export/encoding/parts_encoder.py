"""The encoder of AAC, which encodes parts side by side, caches them, and joins them losslessly.

The first packet of an AAC encoder is its delay: 1,024 frames of PCM in which the transform fills
(the "priming" of ISO/IEC 14496-3). Every part is a whole number of packets long and ends in a
pause. So parts are joined by dropping that packet from all of them but the first, and every frame
stays where the cues say it is. An edit list hides the first packet of the file.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Self

from pipeline.export.encoding.cache import PartCache
from pipeline.export.encoding.ffmpeg_runs import FfmpegRuns
from pipeline.export.encoding.formats import Format
from pipeline.export.encoding.mp4_writer import Mp4File
from pipeline.export.encoding.packets import PacketRun
from pipeline.model.chapter_marks import ChapterMark


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
            self._ffmpeg.encode(pcm, path, f"encoding part {number + 1}")
            return timings()

        self._add(number, self._cache.write(self._ffmpeg.cache_key(key), encode).packets)

    def finish(self, chapters: Sequence[ChapterMark], padding: int = 0) -> None:
        """Join the parts into the file, with its chapters."""
        first, *others = (self._packets[number] for number in sorted(self._packets))
        runs = [first, *(run.without_first() for run in others)]
        with self._out.open("wb") as file:
            file.writelines(Mp4File(runs, self._rate, chapters, padding).blocks())

    def _add(self, number: int, packets: PacketRun) -> None:
        with self._lock:
            self._packets[number] = packets

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ffmpeg.kill_all()
