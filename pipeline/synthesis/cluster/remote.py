"""What runs on a worker of the dask cluster: tasks in subprocesses of its own."""

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

_IDLE_LIMIT = 60.0  # seconds, after which an engine's memory is worth more than its start-up time


def run_task(task: Callable[[], _T]) -> _T:
    """Run a task in a subprocess of this worker; an EngineError names the worker."""
    from distributed import get_worker  # noqa: PLC0415 - an extra

    worker = get_worker()
    try:
        return _subprocesses.run(task, worker.state.nthreads)
    except EngineError as error:
        problems = (
            replace(problem, what=f"worker {worker.address}: {problem.what}")
            for problem in error.problems
        )
        raise EngineError(*problems) from None


def require_engine(question: Callable[[], _T], engine: str, how_to_install: str) -> _T:
    """Answer a question about an engine; raise EngineError if it is not installed here.

    `how_to_install` comes from the machine that asks, since this one does not know the engine.
    """
    if engine not in registry.names():
        raise EngineError.of(
            f"there is no engine {engine!r}", remedy=f"install it with: {how_to_install}"
        )
    return question()


class _Subprocesses:
    """The subprocesses of a worker, one per thread, ended after a time without tasks.

    A worker serves several renders, in turn or at once, so none of them may end its subprocesses.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: LocalWorkers | None = None
        self._running = 0
        self._last_end = 0.0

    def run(self, task: Callable[[], _T], jobs: int) -> _T:
        """Run a task in one of at most `jobs` subprocesses."""
        with self._lock:
            self._running += 1
            if self._pool is None:
                self._pool = LocalWorkers(jobs)
                threading.Thread(target=self._end_idle, args=(self._pool,), daemon=True).start()
            future = self._pool.submit(task)
        try:
            return result_of(future)
        finally:
            with self._lock:
                self._running -= 1
                self._last_end = time.monotonic()

    def _end_idle(self, pool: LocalWorkers) -> None:
        """Wait until the pool has been idle for long, then end it."""
        while self._pool is pool:
            time.sleep(_IDLE_LIMIT / 4)
            with self._lock:
                if not self._running and time.monotonic() - self._last_end > _IDLE_LIMIT:
                    self._pool = None
        pool.shutdown()


_subprocesses = _Subprocesses()
