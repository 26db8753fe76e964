"""From a delivery spec to how a file is made: its format, and the level of its voices."""

from dataclasses import replace
from math import isfinite

from pipeline.assemble import Ends
from pipeline.encode import Format
from pipeline.encode.formats import limiter
from pipeline.limiting import Limiting
from pipeline.meter import Meter
from pipeline.specs import Aim

HEADROOM = 1.2
"""dB that a lossy codec may add to a peak. Measured: speech pressed 6 dB into the limiter gained
1.0 dB at 192 kbit/s and 1.1 at 128, and none as loud as a spec has it more than 0.1."""
PRESSED = 0.25
"""dB more for each that a file is raised by more than 2: what is pressed has many peaks and sharp
ones. Measured on voices with the sharpest that eSpeak NG has, raised 6 to 8 dB: up to 2.0 dB."""

STEP = 0.25
"""dB in which a whole file is raised."""
FURTHEST = 8.0
"""dB by which a file is raised or lowered at most, beside what its voices are."""


def ends(aim: Aim) -> Ends:
    """Give what a file begins and ends with."""
    return Ends(aim.lead, aim.close)


def form(made: Format, aim: Aim, raised: float = 0.0) -> Format:
    """Give the format as it is aimed at: its bit rate, and no peak above the one that is wanted.

    The file is `raised` by so many dB to land where it is aimed.
    """
    codec = list(made.codec)
    if aim.bit_rate is not None:
        codec[codec.index("-b:a") + 1] = f"{aim.bit_rate}k"
    return replace(made, codec=tuple(codec), filters=limiter(_limit(aim, raised)))


def _limit(aim: Aim, raised: float) -> float:
    """Give the dBFS at which the limiter of a file lies."""
    return aim.peak - HEADROOM - PRESSED * max(0.0, raised - 2.0)


class Rehearsal:
    """Hears a file at `rate` Hz before it is made, to tell how it has to be moved to land in `aim`.

    PCM is added piece by piece.
    """

    def __init__(self, rate: int, aim: Aim):
        self._aim = aim
        self._meter = Meter(rate)
        self._limiting = Limiting(rate)

    def add(self, pcm: bytes) -> None:
        """Hear the next piece, signed 16-bit."""
        self._meter.add(pcm)
        self._limiting.add(pcm)

    def landing(self) -> float:
        """Give the dB by which the whole file is raised to lie where it is aimed; 0 where it does.

        It is moved no further than it must, in steps of a quarter of a dB: files of one book stay
        together, and an edit seldom moves one.
        """
        if self._aim.between is None:
            return 0.0
        found = self._meter.rms() if self._aim.plain else self._meter.loudness()
        if not isfinite(found):
            return 0.0
        low, high = self._aim.between

        def comes_to(step: int) -> float:
            gain = step * STEP
            return found + gain - self._limiting.taken(gain, _limit(self._aim, gain))

        most, step = round(FURTHEST / STEP), 0
        while step < most and comes_to(step) < low:
            step += 1
        while step > -most and comes_to(step) > high:
            step -= 1
        return step * STEP
