"""The work of a computation, counted: unlike seconds, it does not depend on the machine's load."""

import sys
from collections.abc import Callable
from types import FrameType

SOON = 30.0
"""Seconds in which what must end at once has ended, even on a machine that is busy otherwise."""


def count_calls(compute: Callable[[], object]) -> int:
    """Return the number of function calls that `compute` makes, C functions included."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        compute()
    finally:
        sys.setprofile(None)
    return calls
