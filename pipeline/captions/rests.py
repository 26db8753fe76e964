"""Where a voice rests: the short silences in a span of a finished audio file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.ffmpeg import Ffmpeg

LEVEL = 200
"""Of 32,768 (-44 dBFS): over the room and what a codec makes of it, under any word."""
SOFT = 1 / 16
"""Of the loudest in a span (-24 dB): under the words of a voice that is turned down."""
SHORTEST = 0.03
"""Seconds of a rest; in a voiced sound no silence is as long."""
_BLOCK = 0.002  # seconds of which the loudest sample counts
_CHUNK = 10  # seconds that are looked at in one go: a line may last for hours


@dataclass(frozen=True, slots=True)
class Rest:
    """A silence, `[start, end)` in seconds from where its span starts."""

    start: float
    end: float


def rests(path: Path, spans: Iterable[tuple[int, int]], rate: int) -> Iterator[list[Rest]]:
    """Give the rests inside of each span, in frames at `rate` (Hz), as they sound in the file.

    The spans are in order and do not overlap; rests that touch the ends of one are left out. The
    file is decoded once, a little at a time. Raises EncodeError when it cannot be.
    """
    arguments = ["-i", str(path), "-map", "0:a:0", "-ac", "1", "-ar", str(rate)]
    arguments += ["-f", "s16le", "pipe:1"]
    with Ffmpeg(arguments, f"listening to {path.name}", heard=True) as run:
        position = 0
        for start, end in spans:
            _skip(run, start - position)
            yield _silences(_peaks(run, end - start, rate), round(_BLOCK * rate) / rate)
            position = end
        while run.read(1 << 20):
            pass  # it ends by itself


def _skip(run: Ffmpeg, frames: int) -> None:
    while frames and (skipped := run.read(2 * min(frames, 1 << 19))):
        frames -= len(skipped) // 2


def _peaks(run: Ffmpeg, frames: int, rate: int) -> NDArray[np.int16]:
    """Read a span; give the loudest sample of each block of it."""
    block = round(_BLOCK * rate)
    found = []
    while frames:
        pcm = run.read(2 * min(frames, block * round(_CHUNK / _BLOCK)))
        if not pcm:
            break
        frames -= len(pcm) // 2
        whole = np.frombuffer(pcm, dtype="<i2", count=len(pcm) // 2 // block * block)
        peaks = whole.reshape(-1, block)
        found.append(np.maximum(peaks.max(axis=1), -(peaks.min(axis=1) + 1)))
    return np.concatenate(found) if found else np.zeros(0, np.int16)


def _silences(peaks: NDArray[np.int16], block: float) -> list[Rest]:
    """Find the runs of soft blocks, of `block` seconds each, that sound encloses."""
    if not peaks.size:
        return []
    loud = np.flatnonzero(peaks > min(LEVEL, SOFT * float(peaks.max())))
    long = np.flatnonzero(np.diff(loud) - 1 >= round(SHORTEST / block))
    starts, ends = (loud[long] + 1) * block, loud[long + 1] * block
    return [Rest(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
