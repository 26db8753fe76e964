"""Detection of the short silences within a line, at which captions may change."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.audio.blocks import BlockBuffer

LEVEL = 200
"""Sample value of 32,768 (-44 dBFS): above room tone as a codec renders it, below any word."""
RELATIVE_LEVEL = 1 / 16
"""Share of the loudest sample of the line (-24 dB): below the words of a voice with low volume."""
SHORTEST = 0.03
"""Seconds of a silence; none within a voiced sound is as long."""
_BLOCK = 0.002  # seconds, of which the peak counts


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence, `[start, end)` in seconds from the start of its line."""

    start: float
    end: float


class SilenceDetector:
    """Find the silences in a line while it is mixed: mono 16-bit PCM at `rate` Hz.

    Of each block only the peak is stored.
    """

    def __init__(self, rate: int):
        self._block = round(_BLOCK * rate)
        self._blocks = BlockBuffer(self._block, np.int16)
        self._shortest = round(SHORTEST * rate / self._block)
        self._peaks: list[npt.NDArray[np.int16]] = []

    def add(self, pcm: bytes) -> None:
        """Add the next piece."""
        blocks = self._blocks.push(np.frombuffer(pcm, dtype="<i2"))
        self._peaks.append(np.maximum(blocks.max(axis=1), -(blocks.min(axis=1) + 1)))

    def bounds(self) -> Sequence[int]:
        """Return the start and end of each silence in turn, in frames of the line.

        Silences that touch either end of the line are left out.
        """
        peaks = np.concatenate(self._peaks) if self._peaks else np.zeros(0, np.int16)
        if not peaks.size:
            return array("I")
        loud = np.flatnonzero(peaks > min(LEVEL, RELATIVE_LEVEL * float(peaks.max())))
        gaps = np.flatnonzero(np.diff(loud) - 1 >= self._shortest)
        bounds = np.stack([loud[gaps] + 1, loud[gaps + 1]], axis=1) * self._block
        return array("I", bounds.ravel().tolist())
