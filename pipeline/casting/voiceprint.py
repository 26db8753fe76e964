"""Voices measured: what they sound like when they say the passage.

Everything is measured at one rate, so that engines can be compared.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.audio import editing
from pipeline.casting.similarity import BANDS, Voiceprint, edges
from pipeline.model.clip import Clip

RATE = 16_000
"""Hz at which all voices are measured, whatever their engine's rate."""
LOWEST, HIGHEST = 60.0, 600.0
"""Hz between which the fundamental frequency is looked for."""

_Samples = npt.NDArray[np.float32]
_Frames = npt.NDArray[np.float64]

_HARD = 0.15  # YIN's threshold: how far from periodic a voiced frame may be
_QUIET = 1e-3  # of the loudest frame's power: -30 dB
_SMOOTH = 12  # cosines that are kept of a spectrum: the envelope without its harmonics
_FRAME, _HOP = 512, 256  # samples: 32 and 16 ms
_WINDOW, _STEP = 1_024, 320  # of the search for a pitch: 64 and 20 ms


def measure(clips: Sequence[Clip]) -> Voiceprint:
    """Measure a voice by its clips of the passage, one a sentence; silence at the ends is cut."""
    said = [editing.resample(editing.trim(clip), RATE) for clip in clips]
    pcm = b"".join(clip.pcm for clip in said)
    joined = np.frombuffer(pcm, "<i2").astype(np.float32)
    joined /= 32_768
    return Voiceprint(round(_pitch(joined), 1), _envelope(joined), round(len(joined) / RATE, 2))


def _frames(samples: _Samples, length: int, hop: int) -> _Frames:
    """Give overlapping frames, (count, length); those that are too quiet are left out."""
    if len(samples) < length:
        return np.zeros((0, length))
    frames = np.lib.stride_tricks.sliding_window_view(samples, length)[::hop].astype(np.float64)
    power = np.mean(frames**2, axis=1)
    kept: _Frames = frames[power > _QUIET * power.max(initial=0.0)]
    return kept


def _envelope(samples: _Samples) -> tuple[float, ...]:
    """Give the long-term average spectrum in mel bands, smoothed: dB around their mean."""
    frames = _frames(samples, _FRAME, _HOP) * np.hanning(_FRAME)
    if not len(frames):
        return (0.0,) * BANDS
    power = np.mean(np.abs(np.fft.rfft(frames)) ** 2, axis=0)
    bands = 10 * np.log10(_filters() @ power + 1e-12)
    steps = np.pi / BANDS * np.outer(np.arange(1, _SMOOTH), np.arange(BANDS) + 0.5)
    cosines = np.cos(steps) * np.sqrt(2 / BANDS)  # a part of the orthonormal DCT-II
    return tuple(round(float(decibel), 2) for decibel in cosines.T @ (cosines @ bands))


def _filters() -> _Frames:
    """Give triangular filters, (BANDS, bins): each reaches to the middles of its neighbours."""
    middles = np.array(edges())
    bins = np.fft.rfftfreq(_FRAME, 1 / RATE)
    low, middle, high = (middles[i : i + BANDS, None] for i in range(3))
    rising, falling = (bins - low) / (middle - low), (high - bins) / (high - middle)
    filters = np.maximum(0, np.minimum(rising, falling))
    return np.asarray(filters / filters.sum(axis=1, keepdims=True))


def _pitch(samples: _Samples) -> float:
    """Give the median fundamental frequency in Hz, by YIN; 0 when nothing is voiced.

    A. de Cheveigné and H. Kawahara, "YIN, a fundamental frequency estimator for speech and music",
    JASA 111 (2002): steps 1 to 5.
    """
    frames = _frames(samples, _WINDOW, _STEP)
    shortest, longest = int(RATE / HIGHEST), int(RATE / LOWEST)
    half = _WINDOW - longest - 1
    found = [
        RATE / period
        for frame in _differences(frames, half, longest + 1)
        if (period := _period(frame, shortest))
    ]
    return float(np.median(found)) if found else 0.0


def _differences(frames: _Frames, half: int, lags: int) -> _Frames:
    """Give YIN's cumulative mean normalized difference, (frames, lags)."""
    size = 2 * _WINDOW
    heads = np.fft.rfft(frames[:, :half], size)
    products = np.fft.irfft(np.conj(heads) * np.fft.rfft(frames, size), size)[:, :lags]
    sums = np.cumsum(np.pad(frames**2, ((0, 0), (1, 0))), axis=1)
    energies = sums[:, half : half + lags] - sums[:, :lags]
    differences = energies[:, :1] + energies - 2 * products
    means = np.cumsum(differences[:, 1:], axis=1) / np.arange(1, lags)
    normal = differences[:, 1:] / np.maximum(means, 1e-12)
    return np.asarray(np.pad(normal, ((0, 0), (1, 0)), constant_values=1.0))


def _period(differences: npt.NDArray[np.float64], shortest: int) -> float:
    """Give the first dip under the threshold in samples, between lags by a parabola; else 0."""
    under = np.flatnonzero(differences[shortest:-1] < _HARD)
    if not len(under):
        return 0.0
    lag = shortest + int(under[0])
    while lag + 2 < len(differences) and differences[lag + 1] < differences[lag]:
        lag += 1
    before, here, after = differences[lag - 1 : lag + 2]
    bend = before - 2 * here + after
    return lag + (0.5 * (before - after) / bend if bend > 0 else 0.0)
