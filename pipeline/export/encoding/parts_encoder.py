"""An encoder of AAC that takes parts side by side, keeps them, and joins them as they are.

An AAC encoder's first packet is its delay: 1,024 frames of PCM in which the transform fills (the
"priming" of ISO/IEC 14496-3). Every part is a whole number of packets long and ends in a pause, so
the parts of a book are joined by dropping that packet from all of them but the first, and every
frame stays where the cues say it is. The first packet of the file is hidden by an edit list.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Self

from pipeline.export.encoding import mp4_writer
from pipeline.export.encoding.cache import PartCache
from pipeline.export.encoding.ffmpeg_runs import FfmpegRuns
from pipeline.export.encoding.formats import Format
from pipeline.export.encoding.packets import Packets
from pipeline.model.chapter_marks import ChapterMark


class PartsEncoder:
    """See `pipeline.encode.base.Encoder`; the parts are kept in the folder `cache`."""

    def __init__(self, form: Format, rate: int, out: Path, cache: Path):
        self._running = FfmpegRuns(form, rate, ["-threads", "1"])
        self._rate = rate
        self._out = out
        self._kept = PartCache(cache)
        self._encoded: dict[int, Packets] = {}
        self._lock = threading.Lock()

    @property
    def keeps(self) -> bool:
        """All parts are kept."""
        return True

    def has(self, key: str) -> bool:
        """Whether a part of that key is kept, sound or not."""
        return self._kept.has(self._running.key(key))

    def recall(self, number: int, key: str) -> bytes | None:
        """Take a part that is kept; None when there is none, or it is damaged."""
        kept = self._kept.read(self._running.key(key))
        if kept is None:
            return None
        self._take(number, kept.packets)
        return kept.notes

    def encode(
        self, number: int, key: str, pcm: Iterable[bytes], notes: Callable[[], bytes]
    ) -> None:
        """Encode the part with an ffmpeg of its own."""

        def write(path: Path) -> bytes:
            self._running.encode(pcm, path, f"encoding part {number + 1}")
            return notes()

        self._take(number, self._kept.keep(self._running.key(key), write).packets)

    def finish(self, chapters: Sequence[ChapterMark], room: int = 0) -> None:
        """Join the parts into the file, with its chapter marks in both of MP4's forms."""
        first, *others = (self._encoded[number] for number in sorted(self._encoded))
        runs = [first, *(run.without_first() for run in others)]
        with self._out.open("wb") as file:
            for piece in mp4_writer.pieces(mp4_writer.Mp4Writer(runs, self._rate, chapters, room)):
                file.write(piece)

    def _take(self, number: int, packets: Packets) -> None:
        with self._lock:
            self._encoded[number] = packets

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._running.end()
