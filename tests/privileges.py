"""Taking away, for a while, what lets root enter and read everything."""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

_VERSION = 0x20080522  # _LINUX_CAPABILITY_VERSION_3 of linux/capability.h
_OVERRIDES = 0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


@contextmanager
def without_overrides() -> Iterator[None]:
    """Have permissions count for this thread, even if it is root's; skip where that cannot be."""
    if os.geteuid() != 0:
        yield
        return
    if sys.platform != "linux":
        pytest.skip("root, whom no permission stops")
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_VERSION, 0)
    before, limited = (ctypes.c_uint32 * 6)(), (ctypes.c_uint32 * 6)()
    if libc.capget(header, before):
        pytest.skip("capabilities cannot be read")
    limited[:] = before[:]
    limited[0] &= ~_OVERRIDES  # the effective ones; the permitted ones let them come back
    if libc.capset(header, limited):
        pytest.skip("capabilities cannot be changed")
    try:
        yield
    finally:
        libc.capset(header, before)
