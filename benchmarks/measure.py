"""Wall time and peak memory of a command with all its children."""

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import psutil

CHARACTERS_AN_HOUR = 60_600
"""English prose as eSpeak NG speaks it at 165 words a minute with the default pauses."""
INTERVAL = 0.05
"""Seconds between two looks at the memory at least; what comes and goes in between is missed."""
SHARE = 0.02
"""Of the time that looking may take: it takes it from what is measured."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: seconds of wall time and of CPU, and memory in MB (10^6 bytes).

    Memory is the peak of the sum over the process tree of the proportional set size, which counts
    a page that several processes share once.
    """

    wall: float
    cpu: float
    memory: float

    def print(self, name: str) -> None:
        """Print a row."""
        told = f"{self.wall:8.1f} s wall {self.cpu:8.1f} s CPU {self.memory:8.1f} MB"
        print(f"{name:28} {told}", flush=True)


def measure(command: Sequence[str], **options: object) -> Cost:
    """Run a command to its end; raises CalledProcessError if it fails."""
    began = time.monotonic()
    process = subprocess.Popen(command, **options)  # type: ignore[call-overload]
    watch = _Watch(psutil.Process(process.pid))
    watch.start()
    # What a process took and what its children took that it has waited for, to the end of each.
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    return Cost(wall, usage.ru_utime + usage.ru_stime, watch.peak / 1e6)


class _Watch(threading.Thread):
    def __init__(self, root: psutil.Process):
        super().__init__(daemon=True)
        self.peak = 0
        self._root = root

    def run(self) -> None:
        """Look until the process is gone."""
        with suppress(psutil.NoSuchProcess):
            while self._root.is_running() and self._root.status() != psutil.STATUS_ZOMBIE:
                began = time.thread_time()
                with suppress(psutil.Error):
                    self._look([self._root, *self._root.children(recursive=True)])
                time.sleep(max(INTERVAL, (time.thread_time() - began) / SHARE))

    def _look(self, tree: Sequence[psutil.Process]) -> None:
        total = 0
        for process in tree:
            with suppress(psutil.Error):
                if _is_starting(process):
                    continue
                total += process.memory_full_info().pss
        self.peak = max(self.peak, total)


def _is_starting(process: psutil.Process) -> bool:
    """Whether a process has just been forked and is about to become another program.

    Until then it shares all of its parent's memory (vfork), which would be counted twice.
    """
    parent = process.parent()
    return parent is not None and process.cmdline() == parent.cmdline()
