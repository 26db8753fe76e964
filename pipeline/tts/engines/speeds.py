"""Rates in words per minute as multiples of the native pace of a voice."""


def rate_limits(pace: float, speeds: tuple[float, float]) -> tuple[int, int]:
    """Return the lowest and highest rate of a voice with that pace, in words per minute."""
    low, high = (round(pace * speed) for speed in speeds)
    return low, high


def speed_for(rate: float, pace: float, speeds: tuple[float, float]) -> float:
    """Return the multiple of its pace at which a voice reaches `rate`, within `speeds`.

    Rates are rounded, so the lowest and highest rate may lie a little outside.
    """
    return min(max(rate / pace, speeds[0]), speeds[1])
