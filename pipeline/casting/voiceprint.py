"""Measure the voiceprint of a voice from its clips of the passage.

All clips are resampled to one rate, so that engines can be compared.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from pipeline.audio import editing
from pipeline.casting.similarity import BANDS, Voiceprint, filter_points
from pipeline.model.clip import Clip

SAMPLE_RATE = 16_000
"""Hz at which all voices are measured, whatever their engine's rate."""
PITCH_RANGE = (60.0, 600.0)
"""Hz within which the fundamental frequency is searched for."""

_Samples = npt.NDArray[np.float32]
_Frames = npt.NDArray[np.float64]

_VOICED = 0.15  # YIN's threshold: the greatest aperiodicity of a voiced frame
_SILENCE = 1e-3  # of the loudest frame's power: -30 dB
_CEPSTRUM = 12  # cepstral coefficients below this are kept: the envelope without its harmonics
_FRAME, _HOP = 512, 256  # samples: 32 and 16 ms
_PITCH_FRAME, _PITCH_HOP = 1_024, 320  # samples, for the pitch: 64 and 20 ms


def measure(clips: Sequence[Clip]) -> Voiceprint:
    """Measure a voice by its clips of the passage, one per sentence, without silent ends."""
    clips = [editing.resample(editing.trim(clip), SAMPLE_RATE) for clip in clips]
    pcm = b"".join(clip.pcm for clip in clips)
    samples = np.frombuffer(pcm, "<i2").astype(np.float32)
    samples /= 32_768
    return Voiceprint(round(_pitch(samples), 1), _envelope(samples))


def _frames(samples: _Samples, length: int, hop: int) -> _Frames:
    """Return overlapping frames, (count, length), without those that are silent."""
    if len(samples) < length:
        return np.zeros((0, length))
    frames = np.lib.stride_tricks.sliding_window_view(samples, length)[::hop].astype(np.float64)
    power = np.mean(frames**2, axis=1)
    audible: _Frames = frames[power > _SILENCE * power.max(initial=0.0)]
    return audible


def _envelope(samples: _Samples) -> tuple[float, ...]:
    """Return the long-term average spectrum in mel bands, smoothed, in dB relative to its mean."""
    frames = _frames(samples, _FRAME, _HOP) * np.hanning(_FRAME)
    if not len(frames):
        return (0.0,) * BANDS
    power = np.mean(np.abs(np.fft.rfft(frames)) ** 2, axis=0)
    bands = 10 * np.log10(mel_filters(_FRAME) @ power + 1e-12)
    rows = cosines(_CEPSTRUM)[1:]
    return tuple(round(float(level), 2) for level in rows.T @ (rows @ bands))


@cache
def cosines(count: int) -> _Frames:
    """Return the first rows of the DCT-II of bands, (count, BANDS), orthonormal but for row 0."""
    steps = np.pi / BANDS * np.outer(np.arange(count), np.arange(BANDS) + 0.5)
    return np.asarray(np.cos(steps) * np.sqrt(2 / BANDS))


@cache
def mel_filters(length: int) -> _Frames:
    """Return triangular mel filters for frames of a length, (BANDS, bins), each of unit sum."""
    points = np.array(filter_points())
    bins = np.fft.rfftfreq(length, 1 / SAMPLE_RATE)
    low, centre, high = (points[i : i + BANDS, None] for i in range(3))
    rising, falling = (bins - low) / (centre - low), (high - bins) / (high - centre)
    filters = np.maximum(0, np.minimum(rising, falling))
    return np.asarray(filters / filters.sum(axis=1, keepdims=True))


def _pitch(samples: _Samples) -> float:
    """Return the median fundamental frequency in Hz, by YIN; 0 if nothing is voiced.

    A. de Cheveigné and H. Kawahara, "YIN, a fundamental frequency estimator for speech and music",
    JASA 111 (2002): steps 1 to 5.
    """
    frames = _frames(samples, _PITCH_FRAME, _PITCH_HOP)
    longest, shortest = (int(SAMPLE_RATE / hertz) for hertz in PITCH_RANGE)
    half = _PITCH_FRAME - longest - 1
    pitches = [
        SAMPLE_RATE / period
        for differences in _differences(frames, half, longest + 1)
        if (period := _period(differences, shortest))
    ]
    return float(np.median(pitches)) if pitches else 0.0


def _differences(frames: _Frames, half: int, lags: int) -> _Frames:
    """Return YIN's cumulative mean normalised difference function, (frames, lags)."""
    size = 2 * _PITCH_FRAME
    heads = np.fft.rfft(frames[:, :half], size)
    products = np.fft.irfft(np.conj(heads) * np.fft.rfft(frames, size), size)[:, :lags]
    sums = np.cumsum(np.pad(frames**2, ((0, 0), (1, 0))), axis=1)
    energies = sums[:, half : half + lags] - sums[:, :lags]
    differences = energies[:, :1] + energies - 2 * products
    means = np.cumsum(differences[:, 1:], axis=1) / np.arange(1, lags)
    normalised = differences[:, 1:] / np.maximum(means, 1e-12)
    return np.asarray(np.pad(normalised, ((0, 0), (1, 0)), constant_values=1.0))


def _period(differences: npt.NDArray[np.float64], shortest: int) -> float:
    """Return the period in samples at the first dip below the threshold, or 0.

    The minimum is interpolated between lags by a parabola.
    """
    below = np.flatnonzero(differences[shortest:-1] < _VOICED)
    if not len(below):
        return 0.0
    lag = shortest + int(below[0])
    while lag + 2 < len(differences) and differences[lag + 1] < differences[lag]:
        lag += 1
    before, here, after = differences[lag - 1 : lag + 2]
    curvature = before - 2 * here + after
    return lag + (0.5 * (before - after) / curvature if curvature > 0 else 0.0)
