"""How loud a file is, measured on what a player would decode, in blocks: memory stays flat.

Loudness and true peak are ffmpeg's ebur128 (ITU-R BS.1770-4, EBU R 128); the rest is counted here
on the same samples, in steps of 10 ms.
"""

import re
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.audio.blocks import BlockBuffer
from pipeline.check.file_facts import FileFacts
from pipeline.core.errors import EncodeError
from pipeline.core.ffmpeg import Ffmpeg

STEP = 0.01
"""Seconds of a step: what levels are measured in."""
WINDOW = 50
"""Steps in half a second, whose quietest is the noise floor, as in Audacity's ACX Check."""
EDGE = 6_000
"""Steps at either end in which the first and the last sound are looked for: a minute."""
UNDER_SPEECH = 30.0
"""dB under the RMS of the file at which sound begins. It goes by the file's own level, so that a
file that is only too quiet is told to be too quiet and nothing else."""
OVER_NOISE = 6.0
"""dB over the noise floor at which sound begins at least."""
ZERO = 2.0**-16
"""A sample that is 0 in 16 bits: half of their last bit."""

_CHUNK = 2**18
_INTEGRATED = re.compile(r"I:\s+(-?[\d.]+|-inf|nan) LUFS")
_TRUE_PEAK = re.compile(r"Peak:\s+(-?[\d.]+|-inf|nan) dBFS")
_BROKEN = re.compile(r"^(?:\[[^]]* @ 0x\w+\] )?\[(?:error|fatal)\] (.*)$", re.MULTILINE)

Samples = NDArray[np.float32]
Powers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MeasuredLevels:
    """What was measured, in dB of full scale but where it says otherwise; -inf for silence.

    `lufs` is integrated loudness in LUFS; `true_peak` and it come in tenths. `floor` is the RMS of
    the quietest half second that holds no digital silence, None where that takes the place of all
    room tone; `dead` is the longest run of digital silence, `head` and `tail` what comes before the
    first and after the last sound, in seconds, the latter two up to a minute. `broken` is the
    decoder's first complaint.
    """

    rms: float
    lufs: float
    peak: float
    true_peak: float
    floor: float | None
    dead: float
    head: float
    tail: float
    broken: str | None


def measure(path: Path, facts: FileFacts) -> MeasuredLevels:
    """Decode a file and measure it; EncodeError when ffmpeg fails."""
    meter = FileMeter(facts.rate, max(1, facts.channels))
    arguments = ["-v", "level+info", "-nostats", "-i", str(path), "-map", "0:a:0"]
    arguments += ["-af", "ebur128=peak=true:framelog=quiet", "-f", "f32le", "pipe:1"]
    with Ffmpeg(arguments, f"decoding {path.name}", heard=True) as run:
        while chunk := run.read(_CHUNK):
            meter.add(np.frombuffer(chunk, dtype="<f4"))
        said = run.finish()
    loudness, peak = _INTEGRATED.findall(said), _TRUE_PEAK.findall(said)
    if not loudness or not peak:
        raise EncodeError.of("ffmpeg gave no loudness", remedy="use the ffmpeg that came along")
    broken = _BROKEN.search(said)
    return meter.levels(float(loudness[-1]), float(peak[-1]), broken[1] if broken else None)


class FileMeter:
    """Counts samples block by block; channels are interleaved and count alike."""

    def __init__(self, rate: int, channels: int):
        self._blocks = BlockBuffer(round(rate * STEP) * channels, np.float32)
        self._second = rate * channels
        self._energy = 0.0
        self._count = 0
        self._peak = 0.0
        self._head: list[Powers] = []
        self._headed = 0
        self._tail: deque[float] = deque(maxlen=EDGE)
        self._last: Powers = np.zeros(0)
        self._floor = np.inf
        self._dead = self._longest = 0

    def add(self, samples: Samples) -> None:
        """Count some samples; full scale is 1."""
        self._count += len(samples)
        self._energy += float(np.square(samples, dtype=np.float64).sum())
        steps = self._blocks.push(samples)
        if len(steps):
            self._steps(steps)

    def _steps(self, blocks: Any) -> None:
        peaks = np.abs(blocks).max(axis=1)
        self._peak = max(self._peak, float(peaks.max()))
        powers = np.square(blocks, dtype=np.float64).mean(axis=1)
        dead = peaks < ZERO
        self._count_dead(dead)
        if self._headed < EDGE:
            self._head.append(powers[: EDGE - self._headed])
            self._headed += len(self._head[-1])
        self._tail.extend(powers[-EDGE:].tolist())
        self._windows(np.where(dead, np.inf, powers))

    def _count_dead(self, dead: NDArray[np.bool_]) -> None:
        """Follow runs of digital silence, also from one block of samples to the next."""
        edges = np.flatnonzero(np.diff(np.concatenate([[0], dead, [0]])))
        runs = edges[1::2] - edges[::2]
        if dead[0] and len(runs):
            runs[0] += self._dead
        self._longest = max(self._longest, self._dead, int(runs.max(initial=0)))
        self._dead = int(runs[-1]) if dead[-1] else 0

    def _windows(self, powers: Powers) -> None:
        """Find the quietest window; a step of digital silence is infinite, and so are its."""
        joined = np.concatenate([self._last, powers])
        self._last = joined[-(WINDOW - 1) :]
        if len(joined) >= WINDOW:
            windows = np.lib.stride_tricks.sliding_window_view(joined, WINDOW)
            self._floor = min(self._floor, float(windows.mean(axis=1).min()))

    def levels(self, lufs: float, true_peak: float, broken: str | None = None) -> MeasuredLevels:
        """Give what was counted, with what ffmpeg has measured."""
        if len(self._blocks.pending):
            self._peak = max(self._peak, float(np.abs(self._blocks.pending).max()))
        mean = self._energy / self._count if self._count else 0.0
        rms = _decibels(mean)
        floor = self._room(rms)
        sound = max(rms - UNDER_SPEECH, min(floor + OVER_NOISE, rms - OVER_NOISE))
        head = np.concatenate([*self._head, np.zeros(0)])
        return MeasuredLevels(
            rms=rms,
            lufs=lufs,
            peak=2 * _decibels(self._peak),
            true_peak=true_peak,
            floor=None if floor == -np.inf else floor,
            dead=self._longest * self._step,
            head=_until(head, sound) * self._step,
            tail=_until(np.array(self._tail)[::-1], sound) * self._step,
            broken=broken,
        )

    def _room(self, rms: float) -> float:
        """Give the noise floor; -inf where the pauses are digital silence, so that there is none.

        Then the quietest half second that holds none of it lies in the middle of speech.
        """
        floor = _decibels(self._floor) if np.isfinite(self._floor) else -np.inf
        silent = self._longest >= WINDOW and floor > rms - UNDER_SPEECH
        return -np.inf if silent else floor

    @property
    def _step(self) -> float:
        return self._blocks.size / self._second


def _until(powers: Powers, decibels: float) -> int:
    """Count the steps before the first that is as loud; all of them where none is."""
    loud = np.flatnonzero(powers > 10 ** (decibels / 10))
    return int(loud[0]) if len(loud) else len(powers)


def _decibels(power: float) -> float:
    return 10 * float(np.log10(power)) if power > 0 else -np.inf
