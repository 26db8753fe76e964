"""Loudness and level of PCM, measured in this process: thousands of clips need a fast meter."""

from functools import lru_cache
from math import inf, log10

import numpy as np
from numpy.typing import NDArray

from pipeline.audio.blocks import Blocks
from pipeline.model.clip import Clip

SHORTEST = 0.4
"""Seconds of the block that BS.1770 measures; what is shorter has no loudness."""
SILENT = -70.0
"""LUFS under which a block counts as silence (the absolute gate of BS.1770)."""
_GATE = -10.0  # dB under the mean at which the relative gate lies
_OFFSET = -0.691  # dB, so that 997 Hz at 0 dBFS in one channel reads -3.01
_STEPS = 4  # in a block: blocks overlap by three quarters
_AT_ONCE = 30
"""Steps that are weighed at once: spectra take eight times the room of the samples."""
_FULL = 32_768.0

# ITU-R BS.1770-4, tables 1 and 2: the shelf and the high pass of K-weighting at 48 kHz.
_SHELF = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (1.0, -1.69065929318241, 0.73248077421585),
)
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))


class LoudnessMeter:
    """Measures a stream of PCM at `rate` Hz, one channel, piece by piece.

    The weighting is done on the spectrum of each tenth of a second and not by filters: the same
    within a twentieth of a dB on speech, and it needs no more than numpy.
    """

    def __init__(self, rate: int):
        self._rate = rate
        self._step = rate // 10
        self._steps = Blocks(self._step, np.int16)
        self._weighted: list[NDArray[np.float32]] = []
        self._power = 0.0
        self._frames = 0

    def add(self, pcm: bytes) -> None:
        """Take the next piece, signed 16-bit."""
        steps = self._steps.of(np.frombuffer(pcm, dtype="<i2"))
        for first in range(0, len(steps), _AT_ONCE):
            self._weigh(steps[first : first + _AT_ONCE].astype(np.float32))

    def _weigh(self, steps: NDArray[np.float32]) -> None:
        spectra = np.fft.rfft(steps)
        weighted = (spectra.real**2 + spectra.imag**2) @ _weights(self._step, self._rate)
        self._weighted.append(weighted.astype(np.float32))
        self._power += float(np.vdot(steps, steps))
        self._frames += steps.size

    def loudness(self) -> float:
        """Integrated loudness in LUFS by ITU-R BS.1770-4; -inf for silence or under `SHORTEST`."""
        energy = np.concatenate(self._weighted) if self._weighted else np.zeros(0)
        if len(energy) < _STEPS:
            return -inf
        blocks = np.convolve(energy, np.full(_STEPS, 1 / _STEPS), "valid")
        return _gated(blocks[blocks > _power(SILENT)])

    def rms(self) -> float:
        """Level in dBFS, in whole tenths of a second; a full square wave has 0, silence -inf."""
        return _decibels(self._power / self._frames / _FULL**2) if self._frames else -inf


def loudness(clip: Clip) -> float:
    """Integrated loudness in LUFS by ITU-R BS.1770-4; -inf for silence or under `SHORTEST`."""
    meter = LoudnessMeter(clip.rate)
    meter.add(clip.pcm)
    return meter.loudness()


def _gated(blocks: NDArray[np.float64]) -> float:
    if not blocks.size:
        return -inf
    kept = blocks[blocks > np.mean(blocks) * 10 ** (_GATE / 10)]
    return _decibels(float(np.mean(kept))) + _OFFSET


@lru_cache(maxsize=16)
def _weights(step: int, rate: int) -> NDArray[np.float32]:
    """What each bin of a spectrum of `step` samples adds to the weighted mean square."""
    hertz = np.minimum(np.fft.rfftfreq(step, 1 / rate), 24_000)
    z = np.exp(-2j * np.pi * hertz / 48_000)
    gain = np.ones(len(z))
    for above, below in (_SHELF, _HIGH_PASS):
        gain *= np.abs(np.polyval(above[::-1], z) / np.polyval(below[::-1], z)) ** 2
    gain[1 : (step + 1) // 2] *= 2  # the other half of the spectrum, by Parseval's theorem
    return (gain / (step * _FULL) ** 2).astype(np.float32)


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET) / 10))


def _decibels(power: float) -> float:
    return 10 * log10(power) if power > 0 else -inf
