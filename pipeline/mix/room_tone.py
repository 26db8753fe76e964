"""Room tone: faint noise instead of the digital silence that no room has.

It runs under the whole book, words and pauses alike, so that the background does not drop out in
the pauses. It is the same in every book and on every machine, and far too soft to be heard.
"""

import hashlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

LEVEL = -72.0
"""dBFS RMS: 12 dB below the noise floor that ACX allows, and far enough above the last bit of 16
for a codec to preserve it."""
_LOOP = 4  # seconds after which it repeats, without a seam
_LOW, _KNEE, _HIGH = 40.0, 250.0, 6_000.0
"""Hz: its band, and the knee above which it falls by 6 dB an octave as in rooms."""


def samples(start: int, frames: int, rate: int) -> NDArray[np.float32]:
    """Return `frames` samples of room tone from frame `start` on, scaled to 16 bits, unrounded."""
    period = _period(rate)
    start %= len(period)
    if start + frames <= len(period):
        return period[start : start + frames]
    return np.resize(np.roll(period, -start), frames)


def pcm(start: int, frames: int, rate: int) -> bytes:
    """Return `frames` frames of room tone from frame `start` on as PCM."""
    return samples(start, frames, rate).round().astype("<i2").tobytes()


@lru_cache(maxsize=4)
def _period(rate: int) -> NDArray[np.float32]:
    """Synthesise one period from its spectrum, with pseudo-random phases, so that it loops."""
    frames = _LOOP * rate
    hertz = np.fft.rfftfreq(frames, 1 / rate)
    magnitude = np.where((hertz >= _LOW) & (hertz <= _HIGH), _KNEE / np.maximum(hertz, _KNEE), 0.0)
    random = hashlib.shake_128(b"room tone").digest(2 * len(hertz))
    phases = np.frombuffer(random, dtype="<u2") * (2 * np.pi / 65_536)
    noise = np.fft.irfft(magnitude * np.exp(1j * phases), frames)
    noise *= 32_768 * 10 ** (LEVEL / 20) / np.sqrt(np.mean(noise**2))
    return noise.astype(np.float32)
