"""From a delivery spec to how a file is made: its format, and the level of its voices."""

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
1.0 dB at 192 kbit/s and 1.1 at 128, and none as loud as a spec has it more than 0.1; the voice with
the sharpest peaks (klatt, of eSpeak NG) 1.3 dB by MP3 at 96 kbit/s and 1.6 by AAC at 64."""

STEP = 0.25
"""dB in which a whole file is raised."""
FURTHEST = 10.0
"""dB by which a file is raised or lowered at most, beside what its voices are."""
_GAINS = np.arange(-FURTHEST, FURTHEST + STEP, STEP)
_FORETOLD = np.arange(-FURTHEST, FURTHEST + 1)
"""dB for which the limiter is foretold; in between it is a line."""
_WORTH = 0.05
"""The share of a raise that must be left by the limiter; less presses the sound for nothing."""


def ends(aim: DeliveryTarget) -> FilePadding:
    """Give what a file begins and ends with."""
    return FilePadding(aim.head, aim.tail)


def form(made: Format, aim: DeliveryTarget, raised: float = 0.0) -> Format:
    """Give the format as it is aimed at: its bit rate, and no peak above the one that is wanted.

    The file is `raised` by so many dB to land where it is aimed: only here, where samples may be
    larger than 16 bits hold before the limiter brings them down.
    """
    codec = list(made.codec)
    if aim.bit_rate is not None:
        codec[codec.index("-b:a") + 1] = f"{aim.bit_rate}k"
    filters = limiter_filter(aim.peak - HEADROOM)
    if raised:
        filters = f"volume={raised:g}dB:precision=double,{filters}"
    return replace(made, codec=tuple(codec), filters=filters)


class LoudnessPass:
    """Hears a file at `rate` Hz before it is made, to tell how it has to be moved to land in `aim`.

    PCM is added piece by piece.
    """

    def __init__(self, rate: int, aim: DeliveryTarget):
        self._aim = aim
        self._meter = LoudnessMeter(rate)
        limit = aim.peak - HEADROOM
        self._limiting = LimiterPrediction(rate, [limit - gain for gain in _FORETOLD])

    def add(self, pcm: bytes) -> None:
        """Hear the next piece, signed 16-bit."""
        self._meter.add(pcm)
        self._limiting.add(pcm)

    def landing(self) -> float:
        """Give the dB by which the whole file is raised to lie where it is aimed; 0 where it does.

        It is moved no further than it must, in steps of a quarter of a dB: files of one book stay
        together, and an edit seldom moves one. One that cannot be brought there is raised until
        the limiter takes off all that more would bring.
        """
        if self._aim.loudness_range is None:
            return 0.0
        found = self._meter.rms() if self._aim.rms_based else self._meter.integrated_loudness()
        if not isfinite(found):
            return 0.0
        low, high = self._aim.loudness_range
        comes_to = found + _GAINS - np.interp(_GAINS, _FORETOLD, self._limiting.gain_reduction())
        worth = np.diff(comes_to) >= _WORTH * STEP
        step = len(_GAINS) // 2
        while comes_to[step] > high and step > 0:
            step -= 1
        while comes_to[step] < low and step + 1 < len(_GAINS) and worth[step]:
            step += 1
        return float(_GAINS[step])
