"""Wall time, CPU time and peak memory of a command with all its child processes."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

MIN_INTERVAL = 0.05
"""Seconds between two readings of the memory at least; shorter peaks are missed."""
MAX_SHARE = 0.02
"""Share of one core that the readings may take, as it is taken from what is measured."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of a command: wall time and CPU time in seconds, memory in MB (10^6 bytes).

    Memory is the peak of the sum over the process tree of the proportional set size, which counts
    a page shared by several processes once.
    """

    wall: float
    cpu: float
    memory: float

    def print(self, name: str) -> None:
        """Print a row."""
        row = f"{self.wall:8.1f} s wall {self.cpu:8.1f} s CPU {self.memory:8.1f} MB"
        print(f"{name:28} {row}", flush=True)


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout of fullcast and the Python interpreter that runs it."""

    root: Path
    python: str = sys.executable

    @classmethod
    def at(cls, root: Path) -> Self:
        """Return the checkout in a folder, with the interpreter of its own `.venv`."""
        python = root.resolve() / ".venv/bin/python"
        if not python.exists():
            raise SystemExit(
                f"{root}: no .venv/bin/python; create it with: make -C {root} .venv/.installed"
            )
        return cls(root.resolve(), str(python))

    def measure(self, arguments: Sequence[str], folder: Path) -> Cost:
        """Run `fullcast` with these arguments in a folder."""
        command = [self.python, "-m", "pipeline", *arguments]
        environment = os.environ | {"PYTHONPATH": str(self.root)}
        return measure(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)


THIS_CHECKOUT = Checkout(Path(__file__).resolve().parents[1])


def machine() -> str:
    """Return the number of cores and the current load."""
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


def measure(command: Sequence[str], **options: object) -> Cost:
    """Run a command to its end; raise CalledProcessError if it fails."""
    start = time.monotonic()
    process = subprocess.Popen(command, **options)  # type: ignore[call-overload]
    watch = _MemoryWatch(psutil.Process(process.pid))
    watch.start()
    # The usage of the process and of all children that it waited for, to the end of each.
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    return Cost(wall, usage.ru_utime + usage.ru_stime, watch.peak / 1e6)


class _MemoryWatch(threading.Thread):
    """Read the memory of a process tree until its root has ended."""

    def __init__(self, root: psutil.Process):
        super().__init__(daemon=True)
        self.peak = 0
        self._root = root

    def run(self) -> None:
        with suppress(psutil.NoSuchProcess):
            while self._root.is_running() and self._root.status() != psutil.STATUS_ZOMBIE:
                start = time.thread_time()
                with suppress(psutil.Error):
                    self._read([self._root, *self._root.children(recursive=True)])
                time.sleep(max(MIN_INTERVAL, (time.thread_time() - start) / MAX_SHARE))

    def _read(self, tree: Sequence[psutil.Process]) -> None:
        total = 0
        for process in tree:
            with suppress(psutil.Error):
                if _is_starting(process):
                    continue
                total += process.memory_full_info().pss
        self.peak = max(self.peak, total)


def _is_starting(process: psutil.Process) -> bool:
    """Check whether a process has just been forked and has not executed its program yet.

    Until then it shares all memory with its parent (vfork), which would be counted twice.
    """
    parent = process.parent()
    return parent is not None and process.cmdline() == parent.cmdline()
