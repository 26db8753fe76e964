"""What a file is, by its packets: codec, rate, channels, bit rate and whether that is constant."""

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import EncodeError, SourceError
from pipeline.core.ffmpeg import Ffmpeg

_HEAD = re.compile(r"#(\w+) 0: (.*)")
_LAYOUTS = {"mono": 1, "stereo": 2, "downmix": 2}
_SLACK = 1
"""Bytes by which packets of a constant bit rate differ: an MP3 is padded now and then."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file is: `rate` in Hz, `bit_rate` in kbit/s of the audio alone, `seconds` long.

    `channels` is 1 or 2, and 0 for any other layout. `constant` tells whether all packets are of
    one size, as they are at a constant bit rate.
    """

    codec: str
    rate: int
    channels: int
    bit_rate: float
    constant: bool
    seconds: float


def facts(path: Path) -> FileFacts:
    """Read the packets of a file, without decoding any; SourceError when there is no audio."""
    arguments = ["-i", str(path), "-map", "0:a:0", "-c", "copy", "-f", "framecrc", "pipe:1"]
    packets = _Packets()
    try:
        with Ffmpeg(arguments, f"reading {path.name}", capture_output=True) as run:
            for line in run.lines():
                packets.add(line)
    except EncodeError as error:
        raise _no_audio(path) from error
    if not packets.duration:
        raise _no_audio(path)
    return packets.facts()


class _Packets:
    """Sums up what the muxer `framecrc` of ffmpeg tells: a head, then a line a packet."""

    def __init__(self) -> None:
        self.duration = 0
        self._head: dict[str, str] = {}
        self._size = 0
        self._least, self._most = 2**62, 0

    def add(self, line: str) -> None:
        if line.startswith("#"):
            if found := _HEAD.match(line):
                self._head[found[1]] = found[2].strip()
            return
        _, _, _, duration, size, *_ = line.split(",")
        self.duration += int(duration)
        self._size += int(size)
        self._least = min(self._least, int(size))
        self._most = max(self._most, int(size))

    def facts(self) -> FileFacts:
        over, under = map(int, self._head["tb"].split("/"))
        seconds = self.duration * over / under
        codec = self._head["codec_id"]
        # The last packet of PCM is shorter, and so are all its samples alike.
        constant = codec.startswith("pcm_") or self._most - self._least <= _SLACK
        return FileFacts(
            codec=codec,
            rate=int(self._head["sample_rate"]),
            channels=_LAYOUTS.get(self._head.get("channel_layout_name", ""), 0),
            bit_rate=self._size * 8 / seconds / 1000,
            constant=constant,
            seconds=seconds,
        )


def _no_audio(path: Path) -> SourceError:
    return SourceError.of(
        "is no audio file that can be read", file=path, remedy="name a finished audio file"
    )
