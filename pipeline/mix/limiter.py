"""The limiter filter, and a prediction of its gain reduction from the peaks of short blocks.

A limiter attenuates what exceeds its limit at once and recovers over its release time, so a file
gains less loudness than it is raised by. Knowing how much less decides by how much a file must be
raised to reach its target.
"""

from collections.abc import Sequence
from math import inf, log10

import numpy as np
from numpy.typing import NDArray

from pipeline.audio.blocks import BlockBuffer

ATTACK, RELEASE = 0.002, 0.050
"""Seconds in which the limiter attenuates before a peak, and recovers after it."""
_BLOCK = 0.005
"""Seconds attenuated as one; the attack is shorter."""
_RELEASE_BLOCKS = round(RELEASE / _BLOCK)


class LimiterPrediction:
    """Predict the gain reduction of `limiter_filter` on mono PCM at `rate` Hz.

    `limits` are the limits to predict for, in dBFS of the stream as it is added: if it is played
    `gain` dB louder into a limiter at -4 dBFS, its limit is -4 - `gain`. Memory does not grow.
    """

    def __init__(self, rate: int, limits: Sequence[float]):
        self._blocks = BlockBuffer(round(rate * _BLOCK), np.int16)
        self._limits = np.array([10 ** (limit / 20) for limit in limits])[:, None]
        self._previous = np.ones((len(limits), _RELEASE_BLOCKS))
        self._limited_energy = np.zeros(len(limits))
        self._energy = 0.0

    def add(self, pcm: bytes) -> None:
        """Add the next piece, signed 16-bit."""
        blocks = self._blocks.push(np.frombuffer(pcm, dtype="<i2")).astype(np.float32) / 32_768
        if not len(blocks):
            return
        energies = np.einsum("ij,ij->i", blocks, blocks).astype(float)
        self._energy += float(energies.sum())
        self._limited_energy += (self._gains(np.abs(blocks).max(axis=1)) ** 2) @ energies

    def gain_reduction(self) -> list[float]:
        """Return the dB by which each limit lowers the RMS of the stream so far."""
        if not self._energy:
            return [0.0] * len(self._limited_energy)
        return [
            10 * log10(self._energy / limited) if limited else inf
            for limited in self._limited_energy
        ]

    def _gains(self, peaks: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the gain factors of the blocks, shape (limits, blocks).

        The factor recovers linearly over the release after a peak, also one in the previous piece.
        """
        required = np.minimum(1.0, self._limits / np.maximum(peaks, 1e-9))
        history = np.concatenate([self._previous, required], axis=1)
        gains = required.copy()
        for age in range(1, _RELEASE_BLOCKS):
            peak = history[:, _RELEASE_BLOCKS - age : -age]
            np.minimum(gains, peak + (1 - peak) * (age / _RELEASE_BLOCKS), out=gains)
        self._previous = history[:, -_RELEASE_BLOCKS:].copy()
        return gains


def limiter_filter(dbfs: float) -> str:
    """Return the ffmpeg filter that keeps sample peaks below `dbfs`."""
    times = f"attack={1000 * ATTACK:g}:release={1000 * RELEASE:g}"
    return f"alimiter=limit={10 ** (dbfs / 20):.4f}:level=0:latency=1:{times}"
