"""Codec, sample rate, channels and bit rate of a file, read from its packets."""

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.core import ffmpeg
from pipeline.core.errors import EncodeError, SourceError
from pipeline.core.ffmpeg import Ffmpeg

_HEADER = re.compile(r"#(\w+) 0: (.*)")
_LAYOUTS = {"mono": 1, "stereo": 2, "downmix": 2}
_PADDING = 1
"""Bytes by which packets of a constant bit rate differ: an MP3 frame may be padded."""


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """Properties of an audio stream: `rate` in Hz, `bit_rate` of the audio alone in kbit/s.

    `channels` is 1 or 2, and 0 for any other layout. `constant` is whether all packets have the
    same size, as they have at a constant bit rate.
    """

    codec: str
    rate: int
    channels: int
    bit_rate: float
    constant: bool
    seconds: float


def read_stream_info(path: Path) -> StreamInfo:
    """Read the packets of a file without decoding them; raise SourceError if there is no audio."""
    arguments = ["-i", str(path), "-map", "0:a:0", "-c", "copy", "-f", "framecrc", "pipe:1"]
    totals = _PacketTotals()
    ffmpeg.version()  # a program that is no ffmpeg says nothing about the file
    try:
        with Ffmpeg(arguments, f"reading {path.name}", capture_output=True) as run:
            for line in run.lines():
                totals.add(line)
    except EncodeError as error:
        raise _no_audio(path) from error
    if not totals.duration:
        raise _no_audio(path)
    return totals.stream_info()


class _PacketTotals:
    """Totals over the output of ffmpeg's `framecrc` muxer: header lines, then a line per packet."""

    def __init__(self) -> None:
        self.duration = 0
        self._header: dict[str, str] = {}
        self._size = 0
        self._smallest, self._largest = 2**62, 0

    def add(self, line: str) -> None:
        if line.startswith("#"):
            if match := _HEADER.match(line):
                self._header[match[1]] = match[2].strip()
            return
        _, _, _, duration, size, *_ = line.split(",")
        self.duration += int(duration)
        self._size += int(size)
        self._smallest = min(self._smallest, int(size))
        self._largest = max(self._largest, int(size))

    def stream_info(self) -> StreamInfo:
        numerator, denominator = map(int, self._header["tb"].split("/"))
        seconds = self.duration * numerator / denominator
        codec = self._header["codec_id"]
        # The last packet of PCM is shorter, although its bit rate is constant.
        constant = codec.startswith("pcm_") or self._largest - self._smallest <= _PADDING
        return StreamInfo(
            codec=codec,
            rate=int(self._header["sample_rate"]),
            channels=_LAYOUTS.get(self._header.get("channel_layout_name", ""), 0),
            bit_rate=self._size * 8 / seconds / 1000,
            constant=constant,
            seconds=seconds,
        )


def _no_audio(path: Path) -> SourceError:
    return SourceError.of(
        "not a readable audio file", file=path, remedy="name a finished audio file"
    )
