"""What a limiter takes off a stream of PCM, foretold from the peaks of its blocks.

A limiter turns down what would be above its limit, at once, and comes back over its release: so the
louder a stream is played into it, the less louder it comes out. How much that is decides by how
much a file has to be raised to be as loud as it should.
"""

from math import inf, log10

import numpy as np
from numpy.typing import NDArray

from pipeline.blocks import Blocks
from pipeline.encode.formats import RELEASE

_BLOCK = 0.005
"""Seconds that are turned down as one; the attack is shorter."""


class Limiting:
    """Foretells the limiter of `pipeline.encode.formats` on PCM at `rate` Hz, one channel.

    Of each hour it keeps 6 MB, so it is for one file at a time.
    """

    def __init__(self, rate: int):
        self._blocks = Blocks(round(rate * _BLOCK), np.int16)
        self._peaks: list[NDArray[np.float32]] = []
        self._powers: list[NDArray[np.float32]] = []

    def add(self, pcm: bytes) -> None:
        """Take the next piece, signed 16-bit."""
        blocks = self._blocks.of(np.frombuffer(pcm, dtype="<i2")).astype(np.float32) / 32_768
        if len(blocks):
            self._peaks.append(np.abs(blocks).max(axis=1))
            self._powers.append(np.einsum("ij,ij->i", blocks, blocks))

    def taken(self, gain: float, limit: float) -> float:
        """Give the dB by which a limiter at `limit` dBFS lowers the RMS of the stream.

        The stream is played into it `gain` dB louder than it was heard.
        """
        powers = np.concatenate([*self._powers, np.zeros(0, np.float32)])
        whole = float(powers.sum())
        if not whole:
            return 0.0
        left = float((powers * self._gains(limit - gain) ** 2).sum())
        return 10 * log10(whole / left) if left else inf

    def _gains(self, limit: float) -> NDArray[np.float32]:
        """Give the factor by which each block is turned down, those after a peak less and less."""
        peaks = np.concatenate(self._peaks)
        own = np.minimum(1.0, 10 ** (limit / 20) / np.maximum(peaks, 1e-9)).astype(np.float32)
        gains = own.copy()
        steps = round(RELEASE / _BLOCK)
        for later in range(1, min(steps, len(own))):
            recovered = own[:-later] + (1 - own[:-later]) * (later / steps)
            np.minimum(gains[later:], recovered, out=gains[later:])
        return gains
