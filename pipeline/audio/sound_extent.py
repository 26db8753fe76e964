"""Where the sound of a clip begins and ends, down to the softest fricative.

What is far softer than the clip itself may still be the /f/ of "cliff", which lies in a band where
there is nothing else. So a clip is measured in bands, against its own level and its noise.
"""

import numpy as np
from numpy.typing import NDArray

STEP = 0.005
"""Resolution in seconds."""
SOFTEST, NOISIEST = -55.0, -40.0
"""dB relative to the RMS of a clip. What a band has below the one is never sound; what it has above
the other is, since no engine is as noisy. Between them, noise decides."""
ABOVE_NOISE = 10.0
"""dB above the median of a band at the ends of a clip, which noise alone does not reach."""
BANDS = (100.0, 700.0, 1_500.0, 2_500.0, 4_000.0, 6_000.0, 9_000.0)
"""Hz at which bands begin; the last one ends with the spectrum. Below them lies hum."""

Samples = NDArray[np.float32]


def sound_extent(
    samples: Samples, rate: int, loud: tuple[int, int], dbfs: float
) -> tuple[int, int]:
    """Return the frames `[start, stop)` of all sound in a clip with an RMS of `dbfs`.

    `samples` are scaled to 16 bits; `loud` are the frames that are sound in any case.
    """
    size = round(STEP * rate)
    first, last = loud
    head, tail = _steps(samples[:first], size), _steps(samples[last:], size)
    soft = _is_sound(np.concatenate([head, tail]), rate, dbfs)
    before, after = np.flatnonzero(soft[: len(head)]), np.flatnonzero(soft[len(head) :])
    start = min(first, int(before[0]) * size) if len(before) else first
    stop = last + (int(after[-1]) + 1) * size if len(after) else last
    return start, min(stop, len(samples))


def _steps(samples: Samples, size: int) -> Samples:
    """Return steps of `size` samples from -1 to 1; silence fills the last one."""
    steps = np.zeros((-(-len(samples) // size), size), np.float32)
    steps.ravel()[: len(samples)] = samples
    steps /= 32_768
    return steps


def _is_sound(steps: Samples, rate: int, dbfs: float) -> NDArray[np.bool_]:
    """Check which of the soft steps at the ends of a clip have sound in any band."""
    if not len(steps):
        return np.zeros(0, bool)
    spectra = np.abs(np.fft.rfft(steps)) ** 2 * (2 / steps.shape[1] ** 2)
    hertz = np.fft.rfftfreq(steps.shape[1], 1 / rate)
    starts = np.searchsorted(hertz, [low for low in BANDS if low < hertz[-1]])
    bands = np.add.reduceat(spectra, starts, axis=1)
    noise = np.median(bands, axis=0) * _factor(ABOVE_NOISE)
    threshold = np.clip(noise, _factor(dbfs + SOFTEST), _factor(dbfs + NOISIEST))
    return np.asarray((bands > threshold).any(axis=1))


def _factor(decibels: float) -> float:
    return float(10 ** (decibels / 10))
