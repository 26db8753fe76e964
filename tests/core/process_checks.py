"""Which processes still run."""

import time
from collections.abc import Collection

import psutil


def alive(pids: Collection[int]) -> set[int]:
    """Return which of the processes still run after two seconds at most."""
    end = time.monotonic() + 2
    while (running := set(filter(_runs, pids))) and time.monotonic() < end:
        time.sleep(0.02)
    return running


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
