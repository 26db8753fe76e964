"""Mastering: the format of a file, and the gain by which it meets its delivery target."""

from dataclasses import replace
from math import isfinite

import numpy as np

from pipeline.audio.meter import LoudnessMeter
from pipeline.export.encoding.formats import Format
from pipeline.mix.limiter import LimiterPrediction, limiter_filter
from pipeline.mix.mixer import FilePadding
from pipeline.model.delivery_spec import DeliveryTarget

HEADROOM = 1.2
"""dB that a lossy codec may add to a peak. Measured: speech pressed 6 dB into the limiter gained
1.0 dB at 192 kbit/s and 1.1 dB at 128 kbit/s, and speech at the loudness of a spec at most 0.1 dB;
the voice with the sharpest peaks (klatt, of eSpeak NG) gained 1.3 dB in MP3 at 96 kbit/s and 1.6 dB
in AAC at 64 kbit/s."""

GAIN_STEP = 0.25
"""dB in which the gain of a file is chosen."""
MAX_GAIN = 10.0
"""The largest gain of a file in dB, up or down, on top of the levels of its voices."""

_GAINS = np.arange(-MAX_GAIN, MAX_GAIN + GAIN_STEP, GAIN_STEP)
_PREDICTED_GAINS = np.arange(-MAX_GAIN, MAX_GAIN + 1)
"""Gains at which the limiter is predicted; between them the prediction is interpolated."""
_MIN_YIELD = 0.05
"""The least share of a gain step that must remain after the limiter; below it, more gain would only
squash the sound."""


def file_padding(target: DeliveryTarget) -> FilePadding:
    """Return the room tone at both ends of a file."""
    return FilePadding(target.head, target.tail)


def mastered_format(audio_format: Format, target: DeliveryTarget, gain: float = 0.0) -> Format:
    """Return the format with the bit rate and the peak limit of the target, and a `gain` in dB.

    The gain is applied in ffmpeg, since only there can samples exceed 16 bits before the limiter
    reduces them.
    """
    codec = list(audio_format.codec)
    if target.bit_rate is not None:
        codec[codec.index("-b:a") + 1] = f"{target.bit_rate}k"
    filters = limiter_filter(target.peak - HEADROOM)
    if gain:
        filters = f"volume={gain:g}dB:precision=double,{filters}"
    return replace(audio_format, codec=tuple(codec), filters=filters)


class LoudnessPass:
    """A first pass over the PCM of a file at `rate` Hz, to find the gain that meets `target`."""

    def __init__(self, rate: int, target: DeliveryTarget):
        self._target = target
        self._meter = LoudnessMeter(rate)
        limit = target.peak - HEADROOM
        self._limiter = LimiterPrediction(rate, [limit - gain for gain in _PREDICTED_GAINS])

    def add(self, pcm: bytes) -> None:
        """Measure the next block, signed 16-bit."""
        self._meter.add(pcm)
        self._limiter.add(pcm)

    def gain(self) -> float:
        """Return the gain in dB that brings the file into the target's range; 0 if it is in it.

        It is the smallest such gain in steps of a quarter of a dB, so that the files of a book stay
        close to each other and an edit seldom changes one. If the range cannot be reached, the gain
        rises until the limiter would take off nearly all that more would add.
        """
        if self._target.loudness_range is None:
            return 0.0
        level = self._meter.rms() if self._target.rms_based else self._meter.integrated_loudness()
        if not isfinite(level):
            return 0.0
        low, high = self._target.loudness_range
        reduction = np.interp(_GAINS, _PREDICTED_GAINS, self._limiter.gain_reduction())
        levels = level + _GAINS - reduction
        worthwhile = np.diff(levels) >= _MIN_YIELD * GAIN_STEP
        step = len(_GAINS) // 2
        while levels[step] > high and step > 0:
            step -= 1
        while levels[step] < low and step + 1 < len(_GAINS) and worthwhile[step]:
            step += 1
        return float(_GAINS[step])
