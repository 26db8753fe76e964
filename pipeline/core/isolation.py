"""Call a function in a process of its own, which may crash, hang or swell without harm."""

import math
import os
import pickle
import sys
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from pipeline.core.worker_process import WorkerLostError, WorkerProcess

_P = ParamSpec("_P")
_T = TypeVar("_T")

_START_TIMEOUT = 60.0  # seconds; a laptop that swaps may need many to start an interpreter
_GRACE = 0.1  # seconds
_PATIENCE = 20.0
"""Seconds by the clock for each one of computing."""


class IsolationError(Exception):
    """The process died or took too long; as text, what happened to it."""


def call_isolated(
    seconds: float, memory: int, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs
) -> _T:
    """Call a function of an importable module and return its result; both must pickle.

    It may take so many seconds of computing (several times that by the clock) and `memory` bytes,
    where the system can limit these. What it prints is dropped. Raise IsolationError if the process
    dies, else what the function raises.
    """
    try:
        worker = WorkerProcess()
    except OSError as error:
        raise IsolationError(f"cannot start: {error}") from error
    timeout = _PATIENCE * seconds
    watch = threading.Timer(timeout + _GRACE, worker.kill_if_hung)
    watch.daemon = True
    try:
        worker.wait_until_ready(_START_TIMEOUT)
        watch.start()
        call = pickle.dumps((_limited, (seconds, memory, function, args, kwargs), {}))
        answer = worker.call(call, timeout)
        succeeded, value, _ = pickle.loads(answer)  # noqa: S301 - from our own process
    except WorkerLostError as lost:
        what = f"took over {seconds:g} seconds" if "SIGXCPU" in str(lost) else str(lost)
        raise IsolationError(what) from None
    finally:
        watch.cancel()
        worker.end()
    if not succeeded:
        raise value
    result: _T = value
    return result


def _limited(
    seconds: float,
    memory: int,
    function: Callable[..., _T],
    args: tuple[object, ...],
    kwargs: dict[str, object],
) -> _T:
    """Call the function with a limit to the time and memory of this process, and without stderr."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return function(*args, **kwargs)
    for kind, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, math.ceil(seconds))):
        _, hard = resource.getrlimit(kind)
        soft = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (soft, hard))
    return function(*args, **kwargs)
