"""Calls in a process of their own."""

import os
import signal
import time
from itertools import count

import pytest

from pipeline.core.isolation import IsolationError, call_isolated

MEGABYTE = 1_000_000


def test_a_result_or_an_exception_comes_back() -> None:
    assert call_isolated(60, 2000 * MEGABYTE, divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        call_isolated(60, 2000 * MEGABYTE, divmod, 7, 0)


def test_a_process_that_hangs_is_ended() -> None:
    with pytest.raises(IsolationError, match="hung"):
        call_isolated(0.1, 2000 * MEGABYTE, time.sleep, 600)


def test_a_process_that_crashes_is_reported() -> None:
    with pytest.raises(IsolationError, match="crashed"):
        call_isolated(60, 2000 * MEGABYTE, os._exit, 3)
    with pytest.raises(IsolationError, match="SIGSEGV"):
        call_isolated(60, 2000 * MEGABYTE, signal.raise_signal, signal.SIGSEGV)


@pytest.mark.skipif(os.name == "nt", reason="no limit to computing there")
def test_a_process_that_computes_without_end_is_ended() -> None:
    with pytest.raises(IsolationError, match="took over 1 seconds"):
        call_isolated(1, 2000 * MEGABYTE, max, count())


@pytest.mark.skipif(os.name == "nt", reason="no limit to memory there")
def test_a_process_that_swells_is_stopped() -> None:
    with pytest.raises(MemoryError):
        call_isolated(60, 500 * MEGABYTE, bytearray, 900 * MEGABYTE)
