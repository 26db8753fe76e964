"""Where a voice rests: the short silences in the sound of a line."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.audio.blocks import Blocks

LEVEL = 200
"""Of 32,768 (-44 dBFS): over the room and what a codec makes of it, under any word."""
SOFT = 1 / 16
"""Of the loudest in a line (-24 dB): under the words of a voice that is turned down."""
SHORTEST = 0.03
"""Seconds of a rest; in a voiced sound no silence is as long."""
_BLOCK = 0.002  # seconds of which the loudest sample counts


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence, `[start, end)` in seconds from where its line starts."""

    start: float
    end: float


class SilenceDetector:
    """Looks for the rests in a line while it passes, mono 16-bit PCM at `rate` (Hz)."""

    def __init__(self, rate: int):
        self._block = round(_BLOCK * rate)
        self._blocks = Blocks(self._block, np.int16)
        self._shortest = round(SHORTEST * rate / self._block)
        self._peaks: list[npt.NDArray[np.int16]] = []

    def add(self, pcm: bytes) -> None:
        """Hear some more; all but the loudest sample of each block is forgotten."""
        blocks = self._blocks.of(np.frombuffer(pcm, dtype="<i2"))
        self._peaks.append(np.maximum(blocks.max(axis=1), -(blocks.min(axis=1) + 1)))

    def found(self) -> Sequence[int]:
        """Give where each rest starts and ends, one after another, in frames of the line.

        Those that touch an end of the line are left out.
        """
        peaks = np.concatenate(self._peaks) if self._peaks else np.zeros(0, np.int16)
        if not peaks.size:
            return array("I")
        loud = np.flatnonzero(peaks > min(LEVEL, SOFT * float(peaks.max())))
        long = np.flatnonzero(np.diff(loud) - 1 >= self._shortest)
        bounds = np.stack([loud[long] + 1, loud[long + 1]], axis=1) * self._block
        return array("I", bounds.ravel().tolist())
