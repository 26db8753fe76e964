"""Wall time and peak memory of a command with all its children."""

import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import psutil

INTERVAL = 0.05
"""Seconds between two looks at the memory; what comes and goes in between is missed."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: seconds of wall time and of CPU, and memory in MB (10^6 bytes).

    Memory is the peak of the sum over the process tree of the proportional set size, which counts
    a page that several processes share once.
    """

    wall: float
    cpu: float
    memory: float


def measure(command: Sequence[str], **options: object) -> Cost:
    """Run a command to its end; raises CalledProcessError if it fails."""
    began = time.monotonic()
    process = subprocess.Popen(command, **options)  # type: ignore[call-overload]
    watch = _Watch(psutil.Process(process.pid))
    watch.start()
    status = process.wait()
    wall = time.monotonic() - began
    watch.join()
    if status:
        raise subprocess.CalledProcessError(status, list(command))
    return Cost(wall, watch.cpu, watch.peak / 1e6)


class _Watch(threading.Thread):
    def __init__(self, root: psutil.Process):
        super().__init__(daemon=True)
        self.peak = 0
        self._root = root
        self._cpu: dict[int, float] = {}

    @property
    def cpu(self) -> float:
        """Seconds of CPU, as last seen of each process."""
        return sum(self._cpu.values())

    def run(self) -> None:
        while self._root.is_running() and self._root.status() != psutil.STATUS_ZOMBIE:
            with suppress(psutil.Error):
                self._look([self._root, *self._root.children(recursive=True)])
            time.sleep(INTERVAL)

    def _look(self, tree: Sequence[psutil.Process]) -> None:
        total = 0
        for process in tree:
            with suppress(psutil.Error):
                if _is_starting(process):
                    continue
                total += process.memory_full_info().pss
                times = process.cpu_times()
                self._cpu[process.pid] = times.user + times.system
        self.peak = max(self.peak, total)


def _is_starting(process: psutil.Process) -> bool:
    """Whether a process has just been forked and is about to become another program.

    Until then it shares all of its parent's memory (vfork), which would be counted twice.
    """
    parent = process.parent()
    return parent is not None and process.cmdline() == parent.cmdline()
