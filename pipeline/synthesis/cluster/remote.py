"""What a worker of a dask cluster does: it speaks in processes of its own."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from pipeline.core.errors import EngineError
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.workers import result_of
from pipeline.tts.engines import registry

_T = TypeVar("_T")

_IDLE = 60.0  # seconds; after that an engine's memory is worth more than its start


def perform(call: Callable[[], _T]) -> _T:
    """Call it in a process of this worker's; an EngineError tells which worker it was."""
    from distributed import get_worker  # noqa: PLC0415 - an extra

    worker = get_worker()
    try:
        return _crew.call(call, worker.state.nthreads)
    except EngineError as error:
        where = f"worker {worker.address}"
        told = (replace(each, what=f"{where}: {each.what}") for each in error.problems)
        raise EngineError(*told) from None


def if_there(call: Callable[[], _T], engine: str, install: str) -> _T:
    """Ask about an engine; say how to install one that the asker has, and this machine has not."""
    if engine not in registry.names():
        raise EngineError.of(f"there is no engine {engine!r}", remedy=f"install it with: {install}")
    return call()


class _Crew:
    """The processes of one worker, one a thread; they go when there was nothing to do for long.

    A worker serves several renders, one after another or at once, so none of them may end them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._workers: LocalWorkers | None = None
        self._busy = 0
        self._last = 0.0

    def call(self, call: Callable[[], _T], jobs: int) -> _T:
        """Call it in one of at most `jobs` processes."""
        with self._lock:
            self._busy += 1
            if self._workers is None:
                self._workers = LocalWorkers(jobs)
                threading.Thread(target=self._rest, args=(self._workers,), daemon=True).start()
            future = self._workers.submit(call)
        try:
            return result_of(future)
        finally:
            with self._lock:
                self._busy -= 1
                self._last = time.monotonic()

    def _rest(self, workers: LocalWorkers) -> None:
        """Wait until nobody has needed them for long, and end them."""
        while self._workers is workers:
            time.sleep(_IDLE / 4)
            with self._lock:
                if not self._busy and time.monotonic() - self._last > _IDLE:
                    self._workers = None
        workers.shutdown()


_crew = _Crew()
