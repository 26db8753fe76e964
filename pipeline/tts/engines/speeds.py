"""Rates in words per minute as multiples of the native pace of a voice."""

from collections.abc import Sequence

import numpy as np

Curve = Sequence[tuple[float, float]]
"""Settings of an engine's speed, rising, each with the multiple of the pace that it gives.

`python -m benchmarks.rates` measures them again. A curve ends where speech stops being clear.
"""


def rate_limits(pace: float, speeds: tuple[float, float]) -> tuple[int, int]:
    """Return the lowest and highest rate of a voice with that pace, in words per minute."""
    low, high = (round(pace * speed) for speed in speeds)
    return low, high


def speed_for(rate: float, pace: float, speeds: tuple[float, float]) -> float:
    """Return the multiple of its pace at which a voice reaches `rate`, within `speeds`.

    Rates are rounded, so the lowest and highest rate may lie a little outside.
    """
    return min(max(rate / pace, speeds[0]), speeds[1])


def speeds_of(curve: Curve) -> tuple[float, float]:
    """Return the lowest and the highest multiple of the pace that an engine gives."""
    return curve[0][1], curve[-1][1]


def setting_for(rate: float, pace: float, curve: Curve) -> float:
    """Return the setting of an engine's speed at which a voice reaches `rate`."""
    settings, given = zip(*curve, strict=True)
    return float(np.interp(rate / pace, given, settings))


def adapted(curve: Curve, slower: float) -> Curve:
    """Return the curve of a voice that is so many times slower than the one that was measured.

    How much of its speed a voice loses depends on how long its sounds are: one that is sped up
    loses as much as the measured one where that is as fast.
    """
    settings, given = np.array(curve).T
    kept = given / settings
    usable = np.unique(np.minimum(settings, settings[-1] * min(1.0, slower)))
    usual, own = np.interp([1.0, 1.0 / slower], settings, kept)
    result = usable * np.interp(usable / slower, settings, kept) * usual / own
    return tuple(zip(usable.tolist(), result.tolist(), strict=True))
