"""Loudness, levels and silences of a file, measured on the decoded audio in bounded memory.

Integrated loudness and true peak come from ffmpeg's ebur128 (ITU-R BS.1770-4, EBU R 128); the rest
is computed here from the same samples, in steps of 10 ms.
"""

import re
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.audio.blocks import BlockBuffer
from pipeline.check.stream_info import StreamInfo
from pipeline.core.errors import EncodeError
from pipeline.core.ffmpeg import Ffmpeg

STEP = 0.01
"""Seconds of a step: the resolution of all levels."""
WINDOW = 50
"""Steps in half a second, the quietest of which is the noise floor, as in Audacity's ACX Check."""
EDGE = 6_000
"""Steps at either end searched for the first and the last sound: a minute."""
SOUND_BELOW_RMS = 30.0
"""dB below the RMS of the file at which sound begins. It is relative to the file, so that a file
that is merely too quiet fails for its level and nothing else."""
SOUND_ABOVE_NOISE = 6.0
"""dB above the noise floor at which sound begins at the earliest."""
ZERO = 2.0**-16
"""Below it a sample is 0 in 16 bits: half of their last bit."""

_CHUNK = 2**18
_INTEGRATED = re.compile(r"I:\s+(-?[\d.]+|-inf|nan) LUFS")
_TRUE_PEAK = re.compile(r"Peak:\s+(-?[\d.]+|-inf|nan) dBFS")
_DECODER_ERROR = re.compile(r"^(?:\[[^]]* @ 0x\w+\] )?\[(?:error|fatal)\] (.*)$", re.MULTILINE)

Samples = NDArray[np.float32]
Powers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MeasuredLevels:
    """Levels in dBFS unless noted; -inf for silence.

    `lufs` is the integrated loudness in LUFS, `true_peak` in dBTP; both are in tenths. `floor` is
    the RMS of the quietest half second without digital silence, None if digital silence takes the
    place of all room tone. In seconds: `dead` is the longest run of digital silence, `head` and
    `tail` what precedes the first and follows the last sound, up to a minute. `broken` is the first
    error of the decoder.
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


def measure_levels(path: Path, stream: StreamInfo) -> MeasuredLevels:
    """Decode a file and measure it; raise EncodeError if ffmpeg fails."""
    meter = FileMeter(stream.rate, max(1, stream.channels))
    arguments = ["-v", "level+info", "-nostats", "-i", str(path), "-map", "0:a:0"]
    arguments += ["-af", "ebur128=peak=true:framelog=quiet", "-f", "f32le", "pipe:1"]
    with Ffmpeg(arguments, f"decoding {path.name}", capture_output=True) as run:
        while chunk := run.read(_CHUNK):
            meter.add(np.frombuffer(chunk, dtype="<f4"))
        log = run.finish()
    loudness, peak = _INTEGRATED.findall(log), _TRUE_PEAK.findall(log)
    if not loudness or not peak:
        raise EncodeError.of(
            "ffmpeg reported no loudness", file=path, remedy="use the bundled ffmpeg"
        )
    error = _DECODER_ERROR.search(log)
    return meter.levels(float(loudness[-1]), float(peak[-1]), error[1] if error else None)


class FileMeter:
    """Measure interleaved samples, added piece by piece; all channels count alike."""

    def __init__(self, rate: int, channels: int):
        self._blocks = BlockBuffer(round(rate * STEP) * channels, np.float32)
        self._samples_per_second = rate * channels
        self._energy = 0.0
        self._count = 0
        self._peak = 0.0
        self._head: list[Powers] = []
        self._head_steps = 0
        self._tail: deque[float] = deque(maxlen=EDGE)
        self._previous: Powers = np.zeros(0)
        self._floor = np.inf
        self._dead_run = self._longest_dead_run = 0

    def add(self, samples: Samples) -> None:
        """Add samples; full scale is 1."""
        self._count += len(samples)
        self._energy += float(np.square(samples, dtype=np.float64).sum())
        steps = self._blocks.push(samples)
        if len(steps):
            self._add_steps(steps)

    def _add_steps(self, steps: Any) -> None:
        peaks = np.abs(steps).max(axis=1)
        self._peak = max(self._peak, float(peaks.max()))
        powers = np.square(steps, dtype=np.float64).mean(axis=1)
        dead = peaks < ZERO
        self._add_dead_runs(dead)
        if self._head_steps < EDGE:
            self._head.append(powers[: EDGE - self._head_steps])
            self._head_steps += len(self._head[-1])
        self._tail.extend(powers[-EDGE:].tolist())
        self._add_windows(np.where(dead, np.inf, powers))

    def _add_dead_runs(self, dead: NDArray[np.bool_]) -> None:
        """Count runs of digital silence, also across pieces."""
        edges = np.flatnonzero(np.diff(np.concatenate([[0], dead, [0]])))
        runs = edges[1::2] - edges[::2]
        if dead[0] and len(runs):
            runs[0] += self._dead_run
        self._longest_dead_run = max(
            self._longest_dead_run, self._dead_run, int(runs.max(initial=0))
        )
        self._dead_run = int(runs[-1]) if dead[-1] else 0

    def _add_windows(self, powers: Powers) -> None:
        """Update the quietest window; a step of digital silence is infinite, and so its windows."""
        joined = np.concatenate([self._previous, powers])
        self._previous = joined[-(WINDOW - 1) :]
        if len(joined) >= WINDOW:
            windows = np.lib.stride_tricks.sliding_window_view(joined, WINDOW)
            self._floor = min(self._floor, float(windows.mean(axis=1).min()))

    def levels(self, lufs: float, true_peak: float, broken: str | None = None) -> MeasuredLevels:
        """Return all levels; the arguments are what ffmpeg measured."""
        if len(self._blocks.pending):
            self._peak = max(self._peak, float(np.abs(self._blocks.pending).max()))
        mean = self._energy / self._count if self._count else 0.0
        rms = _decibels(mean)
        floor = self._noise_floor(rms)
        sound = max(rms - SOUND_BELOW_RMS, min(floor + SOUND_ABOVE_NOISE, rms - SOUND_ABOVE_NOISE))
        head = np.concatenate([*self._head, np.zeros(0)])
        return MeasuredLevels(
            rms=rms,
            lufs=lufs,
            peak=2 * _decibels(self._peak),
            true_peak=true_peak,
            floor=None if floor == -np.inf else floor,
            dead=self._longest_dead_run * self._step,
            head=_steps_before(sound, head) * self._step,
            tail=_steps_before(sound, np.array(self._tail)[::-1]) * self._step,
            broken=broken,
        )

    def _noise_floor(self, rms: float) -> float:
        """Return the noise floor in dBFS; -inf if the pauses are digital silence.

        In that case the quietest half second without digital silence is in the middle of speech.
        """
        floor = _decibels(self._floor) if np.isfinite(self._floor) else -np.inf
        silent = self._longest_dead_run >= WINDOW and floor > rms - SOUND_BELOW_RMS
        return -np.inf if silent else floor

    @property
    def _step(self) -> float:
        """Seconds of a step, which is a whole number of samples."""
        return self._blocks.size / self._samples_per_second


def _steps_before(decibels: float, powers: Powers) -> int:
    """Return the number of steps before the first one above a level, or of all if there is none."""
    loud = np.flatnonzero(powers > 10 ** (decibels / 10))
    return int(loud[0]) if len(loud) else len(powers)


def _decibels(power: float) -> float:
    return 10 * float(np.log10(power)) if power > 0 else -np.inf
