"""From a delivery spec to how a file is made: its format, and the level of its voices."""

from dataclasses import replace

from pipeline.assemble import Ends
from pipeline.encode import Format
from pipeline.encode.formats import limiter
from pipeline.specs import Aim

HEADROOM = 1.2
"""dB that a lossy codec may add to a peak. Measured: speech pressed 6 dB into the limiter gained
1.0 dB at 192 kbit/s and 1.1 at 128, and none as loud as a spec has it more than 0.1."""


def ends(aim: Aim) -> Ends:
    """Give what a file begins and ends with."""
    return Ends(aim.lead, aim.close)


def form(made: Format, aim: Aim) -> Format:
    """Give the format as it is aimed at: its bit rate, and no peak above the one that is wanted."""
    codec = list(made.codec)
    if aim.bit_rate is not None:
        codec[codec.index("-b:a") + 1] = f"{aim.bit_rate}k"
    return replace(made, codec=tuple(codec), filters=limiter(aim.peak - HEADROOM))
