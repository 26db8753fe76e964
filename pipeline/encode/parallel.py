"""An encoder of AAC that takes parts side by side and joins them without encoding again.

An AAC encoder's first packet is its delay: 1,024 frames of PCM in which the transform fills (the
"priming" of ISO/IEC 14496-3). Every part is a whole number of packets long and ends in a pause, so
the parts of a book are joined by dropping that packet from all of them but the first, and every
frame stays where the cues say it is. The first packet of the file is hidden by an edit list, which
ffmpeg writes for the negative time stamp that we give it.
"""

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

from pipeline.encode.base import SAMPLES
from pipeline.encode.formats import LIMIT, Format
from pipeline.ffmpeg import Ffmpeg

_CHUNK = 1 << 20


class PartsEncoder:
    """See `pipeline.encode.base.Encoder`; the parts lie as ADTS files beside `out` meanwhile."""

    def __init__(self, form: Format, rate: int, out: Path):
        self._format = form
        self._rate = rate
        self._out = out
        self._parts: set[int] = set()
        self._running: set[Ffmpeg] = set()
        self._lock = threading.Lock()

    def encode(self, number: int, pcm: Iterable[bytes]) -> None:
        """Encode the part with an ffmpeg of its own."""
        arguments = [*SAMPLES, "-ar", str(self._rate), "-i", "pipe:0", "-af", LIMIT]
        arguments += [*self._format.codec, "-threads", "1", "-f", "adts", str(self._path(number))]
        with Ffmpeg(arguments, f"encoding part {number + 1}") as run:
            with self._lock:
                self._running.add(run)
            for piece in pcm:
                run.write(piece)
        with self._lock:
            self._running.discard(run)
            self._parts.add(number)

    def finish(self, chapters: str) -> None:
        """Join the parts into the file, with its chapter marks in both of MP4's forms."""
        marks = self._out.parent / "chapters.txt"
        marks.write_text(chapters, encoding="utf-8")
        grain = self._format.grain or 0
        arguments = ["-itsoffset", f"{-grain / self._rate:.9f}", "-f", "aac", "-i", "pipe:0"]
        arguments += ["-f", "ffmetadata", "-i", str(marks), "-map", "0:a", "-map_metadata", "1"]
        arguments += [
            "-map_chapters",
            "1",
            "-c",
            "copy",
            "-brand",
            "M4B ",
            "-bsf:a",
            "aac_adtstoasc",
        ]
        arguments += ["-avoid_negative_ts", "disabled", "-movflags", "+faststart"]
        with Ffmpeg(
            [*arguments, "-f", self._format.muxer, str(self._out)], f"writing {self._out.name}"
        ) as run:
            for number in sorted(self._parts):
                for chunk in _packets(self._path(number), skip=number > 0):
                    run.write(chunk)

    def _path(self, number: int) -> Path:
        return self._out.parent / f"{number:06d}.aac"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            for run in self._running:
                run.kill()


def _packets(path: Path, skip: bool) -> Iterator[bytes]:
    """Give an ADTS file's bytes, without its first packet if `skip`, and remove the file."""
    with path.open("rb") as file:
        if skip:
            file.seek(_packet_length(file.read(7)))
        while chunk := file.read(_CHUNK):
            yield chunk
    path.unlink()


def _packet_length(header: bytes) -> int:
    """Length of an ADTS packet in bytes, header included (ISO/IEC 13818-7, 6.2)."""
    return (header[3] & 0x03) << 11 | header[4] << 3 | header[5] >> 5
