"""From a delivery spec to how a file is made: its format, and the level of its voices."""

from dataclasses import replace

from pipeline.assemble import Ends
from pipeline.encode import Format
from pipeline.encode.formats import limiter
from pipeline.specs import Spec

HEADROOM = 1.2
"""dB that a lossy codec may add to a peak. Measured: speech pressed 6 dB into the limiter gained
1.0 dB at 192 kbit/s and 1.1 at 128, and none as loud as a spec has it more than 0.1."""


def ends(spec: Spec) -> Ends:
    """Give what a file begins and ends with."""
    return Ends(spec.lead, spec.close)


def form(spec: Spec, made: Format) -> Format:
    """Give the format as the spec wants it: its rate, its bit rate, and no peak above its own.

    The sound is brought to the final rate before it is limited, so that what is limited is what
    is encoded: new peaks rise between the frames when it is resampled afterwards.
    """
    codec = list(made.codec)
    if spec.bit_rate is not None:
        codec[codec.index("-b:a") + 1] = f"{spec.bit_rate}k"
    resampled = [] if spec.rate is None else [f"aresample={spec.rate}"]
    filters = ",".join([*resampled, limiter(spec.true_peak - HEADROOM)])
    return replace(made, codec=tuple(codec), filters=filters)
