"""Worker processes on this machine, as an executor.

Each worker has a thread of its own in the parent, and a pair of pipes to it. Workers share nothing
(no lock, queue or pipe), so one that crashes, hangs or is killed at any moment costs one attempt of
one task.

`tests/core/test_worker_chaos.py` kills them at the worst moments, and decided against pebble 5.2.3.
The workers of its pool share a pipe and two locks: one that was killed while it sent a large result
took the tasks of all with it, a few random kills lost 135 tasks of 150 (ours lost 7 at most, whose
workers were killed twice), and `stop()` hung. A pebble pool of one for each of our threads survives
that, but not every kill of an idle worker, and saves no code. Either way each worker imports the
main module again.
"""

import math
import pickle
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, Concatenate, ParamSpec, TypeVar

from pipeline.core.errors import EngineError, EngineFaultError
from pipeline.core.worker_process import WorkerLostError, WorkerProcess
from pipeline.core.workers import POLL_INTERVAL, Task, Workers, cancel_pending

_P = ParamSpec("_P")
_T = TypeVar("_T")
_Task = Task[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]]
"""A function with its arguments and keyword arguments, for a worker to call."""

_START_TIMEOUT = 60.0  # seconds; a laptop that swaps may need many to start an interpreter
_STOP_TIMEOUT = 0.5  # seconds
_ATTEMPTS = 2
_WARM_CALLS = 20
MAX_GROWTH = 500_000_000
"""Bytes that a worker may grow by after its first calls before it is replaced."""


class LocalWorkers(Workers):
    """Up to `jobs` worker processes, each started when there is work for it.

    A task that takes longer than `timeout` seconds, or whose worker dies, is tried once more in a
    new worker; then its future raises EngineError. An exception of the task itself is raised as it
    is, but for EngineFaultError, which is worth another try in the same way. A worker whose memory
    keeps growing is replaced. Workers ignore ^C, write nothing to stdout, and end with their parent
    however it ends. Tasks are functions of importable modules.
    """

    def __init__(self, jobs: int, timeout: float = 120.0):
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._slots = [_Slot(self._tasks, timeout) for _ in range(max(1, jobs))]
        threading.Thread(target=self._watch, name="worker watch", daemon=True).start()

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Have a worker call `fn`; arguments and result must pickle.

        The future can be cancelled until the task begins. Raises RuntimeError after `shutdown`.
        """
        task = _Task((fn, args, kwargs))
        with self._lock:
            if self._closed:
                raise RuntimeError("these workers have been shut down")
            self._tasks.put(task)
        return task.future

    def ask(
        self,
        question: Callable[Concatenate[str, _P], _T],
        engine: str,
        /,
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> dict[str, Future[_T]]:
        """Have one worker answer for this machine."""
        return {"this machine": self.submit(question, engine, *args, **kwargs)}

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Accept no more tasks, and end the workers when all tasks are done.

        `cancel_futures` cancels pending tasks. An exception while waiting (^C) stops everything.
        """
        if cancel_futures:
            cancel_pending(self._tasks)
        self._close()
        if wait:
            try:
                self._join()
            except BaseException:
                self.stop()
                raise

    def stop(self) -> None:
        """Kill the workers, and cancel pending tasks."""
        self._close()
        for slot in self._slots:
            slot.stop()
        cancel_pending(self._tasks)
        self._end_slots()
        # A ^C inside `concurrent.futures.wait` may leave futures locked for good, and slots that
        # wait for them. These are daemon threads, and their processes are gone already.
        self._join(_STOP_TIMEOUT)

    def _close(self) -> None:
        with self._lock:
            if not self._closed:
                self._closed = True
                self._end_slots()

    def _end_slots(self) -> None:
        for _ in self._slots:
            self._tasks.put(None)

    def _join(self, timeout: float = math.inf) -> None:
        """Wait for the slots to end, `timeout` seconds at most."""
        end = time.monotonic() + timeout
        for slot in self._slots:
            while slot.thread.is_alive() and time.monotonic() < end:
                slot.thread.join(POLL_INTERVAL)

    def _watch(self) -> None:
        """Kill workers that hang, until all slots have ended."""
        while any(slot.thread.is_alive() for slot in self._slots):
            time.sleep(POLL_INTERVAL)
            for slot in self._slots:
                slot.kill_if_hung()


class _MemoryWatch:
    """Notices that a worker leaks: its memory has grown since it had everything loaded."""

    def __init__(self) -> None:
        self._calls = 0
        self._usual = 0

    def has_grown(self, peak: int) -> bool:
        """Handle the most memory, in bytes, that the worker had up to now."""
        self._calls += 1
        if self._calls <= _WARM_CALLS:
            self._usual = peak
        return peak > self._usual + MAX_GROWTH


class _Slot:
    """A thread that takes tasks from the queue, and its current worker process."""

    def __init__(self, tasks: "SimpleQueue[_Task | None]", timeout: float):
        self._tasks = tasks
        self._timeout = timeout
        self._worker: WorkerProcess | None = None
        self._start_error: EngineError | None = None
        self._memory = _MemoryWatch()
        self._stopping = False
        self._lock = threading.Lock()
        self.thread = threading.Thread(target=self._serve, name="worker slot", daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Kill the worker and start no other; the thread then notices the end of its pipe."""
        with self._lock:
            self._stopping = True
            if self._worker is not None:
                self._worker.kill()

    def kill_if_hung(self) -> None:
        """Kill the worker if it has not answered in time."""
        worker = self._worker
        if worker is not None:
            worker.kill_if_hung()

    def _serve(self) -> None:
        while (task := self._tasks.get()) is not None:
            if task.future.set_running_or_notify_cancel():
                self._do(task)
        self._end()

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.end()

    def _do(self, task: _Task) -> None:
        try:
            succeeded, value = self._call(pickle.dumps(task.call))
        except Exception as error:  # whatever it is, it belongs to the task
            succeeded, value = False, error
        if succeeded:
            task.future.set_result(value)
        else:
            task.future.set_exception(value)

    def _call(self, call: bytes) -> tuple[bool, Any]:
        """Do the call in a live worker, and once more in a new one if that is lost."""
        attempt = 1
        while True:
            try:
                answer = self._live_worker().call(call, self._timeout)
            except WorkerLostError as lost:
                if self._stopping:
                    raise EngineError.of(f"the engine {lost}") from None
                if attempt == _ATTEMPTS:
                    raise EngineError.of(f"the engine {lost}, {attempt} times in a row") from None
                attempt += 1
            else:
                succeeded, value, peak = pickle.loads(answer)  # noqa: S301 - from our own worker
                if (
                    isinstance(value, EngineFaultError)
                    and attempt < _ATTEMPTS
                    and not self._stopping
                ):
                    self._recycle()
                    attempt += 1
                    continue
                if self._memory.has_grown(peak):
                    self._recycle()
                return succeeded, value

    def _recycle(self) -> None:
        """End the worker; the next call starts a fresh one."""
        with self._lock:
            if self._worker is not None:
                self._worker.end()

    def _live_worker(self) -> WorkerProcess:
        """Return the worker, or start another if it is not alive.

        Raises EngineError if that cannot start. Then no other is started, for each would fail.
        """
        with self._lock:
            if self._stopping:
                raise EngineError.of("the workers were stopped")
            if self._start_error is not None:
                raise self._start_error
            if self._worker is not None:
                if self._worker.is_alive():
                    return self._worker
                self._worker.end()
            try:
                worker = self._worker = WorkerProcess()
                self._memory = _MemoryWatch()
            except OSError as error:
                raise self._cannot_start(error) from error
        try:
            worker.wait_until_ready(_START_TIMEOUT)
        except WorkerLostError as lost:
            if lost.killed:
                raise
            raise self._cannot_start(lost) from None
        return worker

    def _cannot_start(self, reason: Exception) -> EngineError:
        self._start_error = EngineError.of(
            f"a worker process cannot start: {reason}", remedy="run `fullcast doctor`"
        )
        return self._start_error
