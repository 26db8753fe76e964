"""From a delivery spec to how a file is made: its format, and the level of its voices."""

from dataclasses import replace
from math import ceil, floor, isfinite

from pipeline.assemble import Ends
from pipeline.encode import Format
from pipeline.encode.formats import limiter
from pipeline.meter import Meter
from pipeline.specs import Aim

HEADROOM = 1.2
"""dB that a lossy codec may add to a peak. Measured: speech pressed 6 dB into the limiter gained
1.0 dB at 192 kbit/s and 1.1 at 128, and none as loud as a spec has it more than 0.1."""

STEP = 0.25
"""dB in which a whole file is raised."""
FURTHEST = 4.0
"""dB by which a file is raised or lowered at most, beside what its voices are."""


def ends(aim: Aim) -> Ends:
    """Give what a file begins and ends with."""
    return Ends(aim.lead, aim.close)


def form(made: Format, aim: Aim) -> Format:
    """Give the format as it is aimed at: its bit rate, and no peak above the one that is wanted."""
    codec = list(made.codec)
    if aim.bit_rate is not None:
        codec[codec.index("-b:a") + 1] = f"{aim.bit_rate}k"
    return replace(made, codec=tuple(codec), filters=limiter(aim.peak - HEADROOM))


def landing(heard: Meter, aim: Aim) -> float:
    """Give the dB by which a whole file is raised to lie where it is aimed; 0 where it does.

    It is moved no further than it must, in steps of a quarter of a dB: files of one book stay
    together, and an edit seldom moves one. The limiter that comes after takes off some tenths.
    """
    if aim.between is None:
        return 0.0
    found = heard.rms() if aim.plain else heard.loudness()
    if not isfinite(found):
        return 0.0
    low, high = aim.between
    need = min(max(found, low), high) - found
    steps = ceil(need / STEP) if need > 0 else floor(need / STEP)
    return max(-FURTHEST, min(FURTHEST, steps * STEP))
