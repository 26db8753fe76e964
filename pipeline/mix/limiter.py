"""What a limiter takes off a stream of PCM, foretold from the peaks of its blocks.

A limiter turns down what would be above its limit, at once, and comes back over its release: so the
louder a stream is played into it, the less louder it comes out. How much that is decides by how
much a file has to be raised to be as loud as it should.
"""

from collections.abc import Sequence
from math import inf, log10

import numpy as np
from numpy.typing import NDArray

from pipeline.audio.blocks import Blocks

ATTACK, RELEASE = 0.002, 0.050
"""Seconds in which a limiter turns down before a peak, and comes back after it."""
_BLOCK = 0.005
"""Seconds that are turned down as one; the attack is shorter."""
_STEPS = round(RELEASE / _BLOCK)
"""Blocks over which the limiter comes back."""


class LimiterPrediction:
    """Foretells the limiter of `pipeline.encode.formats` on PCM at `rate` Hz, one channel.

    `limits` are those to foretell, in dBFS of the stream as it is heard: one that is played `gain`
    dB louder into a limiter at -4 meets it at -4 - `gain`. What it keeps does not grow.
    """

    def __init__(self, rate: int, limits: Sequence[float]):
        self._blocks = Blocks(round(rate * _BLOCK), np.int16)
        self._limits = np.array([10 ** (limit / 20) for limit in limits])[:, None]
        self._before = np.ones((len(limits), _STEPS))
        self._left = np.zeros(len(limits))
        self._whole = 0.0

    def add(self, pcm: bytes) -> None:
        """Take the next piece, signed 16-bit."""
        blocks = self._blocks.of(np.frombuffer(pcm, dtype="<i2")).astype(np.float32) / 32_768
        if not len(blocks):
            return
        powers = np.einsum("ij,ij->i", blocks, blocks).astype(float)
        self._whole += float(powers.sum())
        self._left += (self._gains(np.abs(blocks).max(axis=1)) ** 2) @ powers

    def taken(self) -> list[float]:
        """Give the dB by which each limit lowers the RMS of the stream so far."""
        if not self._whole:
            return [0.0] * len(self._left)
        return [10 * log10(self._whole / left) if left else inf for left in self._left]

    def _gains(self, peaks: NDArray[np.float32]) -> NDArray[np.float64]:
        """Give the factors by which blocks are turned down, shape (limits, blocks).

        Those after a peak less and less, also after one in the piece before.
        """
        own = np.minimum(1.0, self._limits / np.maximum(peaks, 1e-9))
        all_own = np.concatenate([self._before, own], axis=1)
        gains = own.copy()
        for later in range(1, _STEPS):
            peak = all_own[:, _STEPS - later : -later]
            np.minimum(gains, peak + (1 - peak) * (later / _STEPS), out=gains)
        self._before = all_own[:, -_STEPS:].copy()
        return gains


def limiter_filter(dbfs: float) -> str:
    """Give the filter that keeps sample peaks under so many dBFS."""
    times = f"attack={1000 * ATTACK:g}:release={1000 * RELEASE:g}"
    return f"alimiter=limit={10 ** (dbfs / 20):.4f}:level=0:latency=1:{times}"
