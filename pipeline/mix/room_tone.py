"""Room tone: the sound of a quiet room, instead of the digital silence that no room has.

It lies under the whole book, words and pauses alike, so that pauses do not fall into a hole. It
is the same in every book and on every machine, and far too soft to be heard.
"""

import hashlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

LEVEL = -72.0
"""dBFS RMS: 12 dB under what ACX allows, and well above the last bit, so that a codec keeps it."""
_SECONDS = 4  # after which it repeats, without a seam
_LOW, _KNEE, _HIGH = 40.0, 250.0, 6_000.0
"""Hz between which it lies, falling by 6 dB an octave above the knee as rooms do."""


def tone(start: int, frames: int, rate: int) -> NDArray[np.float32]:
    """Give `frames` samples of room tone from frame `start` on, as numbers of 16 bits."""
    period = _period(rate)
    start %= len(period)
    if start + frames <= len(period):
        return period[start : start + frames]
    return np.resize(np.roll(period, -start), frames)


def pause(start: int, frames: int, rate: int) -> bytes:
    """PCM of a pause: nothing but the room."""
    return tone(start, frames, rate).round().astype("<i2").tobytes()


@lru_cache(maxsize=4)
def _period(rate: int) -> NDArray[np.float32]:
    """Noise with a given spectrum and phases out of a hash, so that it goes round seamlessly."""
    frames = _SECONDS * rate
    hertz = np.fft.rfftfreq(frames, 1 / rate)
    strength = np.where((hertz >= _LOW) & (hertz <= _HIGH), _KNEE / np.maximum(hertz, _KNEE), 0.0)
    drawn = hashlib.shake_128(b"room tone").digest(2 * len(hertz))
    phases = np.frombuffer(drawn, dtype="<u2") * (2 * np.pi / 65_536)
    noise = np.fft.irfft(strength * np.exp(1j * phases), frames)
    noise *= 32_768 * 10 ** (LEVEL / 20) / np.sqrt(np.mean(noise**2))
    return noise.astype(np.float32)
