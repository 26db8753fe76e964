"""What renders of many tests have in common, done once: workers start, voices are measured.

A render starts a process for each job and measures each voice on the same passage, which takes
longer than to render a small book. Neither depends on anything that an earlier test may have left:
a worker is only reused where the environment and the import path are those it was started with.
"""

import os
import sys
from collections.abc import Callable, Iterator
from functools import cache

import pytest

_MOST_IDLE = 3
_OTHER_ENGINES = (b"pyttsx3", b"hibari", b"kokoro", b"piper")
"""Engines with a state of their own; a process that any of them was named to is not reused.

After `fullcast lexicon`, which asks eSpeak NG for phonemes, pyttsx3 cannot speak in that process.
"""


@pytest.fixture
def reuse(monkeypatch: pytest.MonkeyPatch, idle_workers: "IdleWorkers") -> None:
    """Let the renders of this test use idle workers and measurements of earlier tests."""
    from pipeline.core import process_pool
    from pipeline.synthesis import voice_measurements

    class Slot(process_pool._Slot):
        def __init__(self, tasks: object, timeout: float):
            self._reusable = True
            super().__init__(tasks, timeout)  # type: ignore[arg-type]
            self._key = _surroundings()
            self._worker = idle_workers.take(self._key)

        def _call(self, call: bytes) -> tuple[bool, object]:
            self._reusable &= not any(name in call for name in _OTHER_ENGINES)
            return super()._call(call)

        def _end(self) -> None:
            usable = self._reusable and not self._stopping
            if usable and self._worker is not None and self._worker.is_alive():
                idle_workers.keep(self._key, self._worker)
                self._worker = None
            super()._end()

    monkeypatch.setattr(process_pool, "_Slot", Slot)
    monkeypatch.setattr(voice_measurements, "measure", _measure_once())


class IdleWorkers:
    """Processes that wait for the next test, with the surroundings in which they were started."""

    def __init__(self) -> None:
        self._idle: list[tuple[object, object]] = []

    def take(self, key: object):
        for entry in self._idle:
            if entry[0] == key:
                self._idle.remove(entry)
                return entry[1]
        return None

    def keep(self, key: object, worker: object) -> None:
        self._idle.append((key, worker))
        self.end(len(self._idle) - _MOST_IDLE)

    def end(self, count: int) -> None:
        for _ in range(count):
            self._idle.pop(0)[1].end()


@pytest.fixture(scope="session")
def idle_workers() -> Iterator[IdleWorkers]:
    """Workers that earlier tests have started."""
    workers = IdleWorkers()
    yield workers
    workers.end(len(workers._idle))


def _surroundings() -> object:
    """Return what a worker takes from its parent, but for what pytest and the cache change."""
    changing = {"PYTEST_CURRENT_TEST", "FULLCAST_CACHE"}
    return {name: value for name, value in os.environ.items() if name not in changing}, [*sys.path]


@cache
def _measure_once() -> Callable[..., object]:
    from pipeline.casting.voiceprint import measure

    measured = cache(measure)
    return lambda clips: measured(tuple(clips))
