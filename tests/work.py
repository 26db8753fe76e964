"""The work of a computation, counted: unlike seconds, it does not depend on the machine's load."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

SOON = 30.0
"""Seconds in which what must end at once has ended, even on a machine that is busy otherwise."""

TraceFunction = Callable[[FrameType, str, Any], Any]


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


def count_lines(compute: Callable[[], object]) -> int:
    """Return the number of lines that `compute` executes, each round of a loop in one line too.

    It takes some ten times as long as `count_calls`, which does not see loops without calls.
    """
    lines = 0

    def count(_frame: FrameType, event: str, _argument: object) -> TraceFunction:
        nonlocal lines
        lines += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        compute()
    finally:
        sys.settrace(before)
    return lines
