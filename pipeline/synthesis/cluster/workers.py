"""An executor whose workers are those of a dask.distributed cluster.

A worker of the cluster synthesises in subprocesses of its own (`LocalWorkers`), so an engine that
crashes or hangs does not take the worker with it. If a whole worker is lost, the scheduler gives
its tasks to others.
"""

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import wait as wait_for_futures
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from pipeline.core.errors import EngineError, PipelineError
from pipeline.core.workers import Workers
from pipeline.synthesis.cluster.connection import (
    connect,
    dask_silenced,
    no_workers,
    version_mismatches,
)
from pipeline.synthesis.cluster.remote import require_engine, run_task
from pipeline.tts.engines import registry

_P = ParamSpec("_P")
_T = TypeVar("_T")

_WATCH_INTERVAL = 1.0  # seconds between two checks of the cluster
_POLL = 0.2  # seconds; waits are short so that no ^C is missed, see `pipeline.core.workers`


class ClusterWorkers(Workers):
    """The workers of the dask cluster whose scheduler is at `address`, such as `host:8786`.

    Raises EngineError, within seconds, if there is no scheduler or no worker, or if one of them has
    another version of dask.distributed or fullcast, or none.

    A task whose worker is lost is retried on another, until it has lost as many workers as the
    scheduler allows (dask's `allowed-failures`, 3): then its future raises EngineError. So it does
    if the scheduler is lost, or if there has been no worker for `worker_timeout` seconds.
    """

    def __init__(self, address: str, worker_timeout: float = 30.0):
        self._address = address
        self._worker_timeout = worker_timeout
        self._lock = threading.Lock()
        self._pending: dict[Future[Any], _Submission] = {}
        self._closed = False
        self._disconnected = threading.Event()
        self._client = connect(address)
        try:
            EngineError.raise_if(version_mismatches(self._client))
        except BaseException:
            self._disconnect()
            raise
        threading.Thread(target=self._watch, name="cluster watch", daemon=True).start()

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Have a worker call `fn`, a function of a module that it has, too.

        Raises RuntimeError after `shutdown`.
        """
        return self._submit(None, partial(fn, *args, **kwargs))

    def ask(
        self,
        question: Callable[Concatenate[str, _P], _T],
        engine: str,
        /,
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> dict[str, Future[_T]]:
        """Have each worker of the cluster answer; one without the engine raises EngineError."""
        call = partial(question, engine, *args, **kwargs)
        task = partial(require_engine, call, engine, registry.install_command(engine))
        return {worker: self._submit(worker, task) for worker in self._connected()}

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more tasks, and disconnect when those submitted are done.

        `cancel_futures` cancels them instead. An exception while waiting (^C) stops everything.
        """
        self._close()
        if cancel_futures:
            self._cancel()
        ending = threading.Thread(target=self._drain, name="cluster end", daemon=True)
        ending.start()
        try:
            while wait and ending.is_alive():
                ending.join(_POLL)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Cancel all pending tasks and disconnect."""
        self._close()
        self._cancel()
        self._disconnect()

    def _submit(self, worker: str | None, task: Callable[[], Any]) -> "Future[Any]":
        future: Future[Any] = Future()
        where = {} if worker is None else {"workers": [worker], "allow_other_workers": False}
        with self._lock:
            if self._closed:
                raise RuntimeError("these workers have been shut down")
            try:
                dask_future = self._client.submit(run_task, task, pure=False, **where)
            except Exception as error:  # of any type: it belongs to whoever waits for the future
                future.set_exception(self._translated(error))
                return future
            self._pending[future] = _Submission(dask_future, worker)
        dask_future.add_done_callback(partial(self._complete, future))
        return future

    def _complete(self, future: "Future[Any]", dask_future: Any) -> None:
        try:
            value = self._fetch(future, dask_future)
        except BaseException as error:  # the error of a cancelled dask future is no Exception
            self._fail([future], self._translated(error))
            return
        if self._settle(future):
            future.set_result(value)

    def _fetch(self, future: "Future[Any]", dask_future: Any) -> Any:
        """Fetch a result, with a timeout: one requested while we disconnect would never arrive.

        Dask has a single thread for this in the whole process, which must not be blocked for ever.
        """
        while True:
            try:
                return dask_future.result(timeout=_WATCH_INTERVAL)
            except TimeoutError:
                if dask_future.status == "error" or future not in self._snapshot():
                    raise

    def _translated(self, error: BaseException) -> BaseException:
        """Return a task's own error unchanged, and an EngineError in place of one of dask's."""
        from distributed.scheduler import KilledWorker  # noqa: PLC0415 - an extra

        if isinstance(error, PipelineError):
            return error
        if isinstance(error, KilledWorker):
            times, last = error.allowed_failures + 1, error.last_worker.address
            return EngineError.of(f"{times} workers died of it one after another, {last} the last")
        module = type(error).__module__.partition(".")[0]
        ours = isinstance(error, Exception) and module not in ("concurrent", "distributed")
        return error if ours and self._client.status == "running" else self._scheduler_lost()

    def _scheduler_lost(self) -> EngineError:
        return EngineError.of(
            f"the dask scheduler at {self._address} is gone",
            remedy="restart it and render again: finished clips are in the cache",
        )

    def _settle(self, future: "Future[Any]") -> bool:
        """Remove a future from the pending ones; return whether it still awaits a result."""
        with self._lock:
            submission = self._pending.pop(future, None)
        return submission is not None and future.set_running_or_notify_cancel()

    def _fail(self, futures: Sequence["Future[Any]"], error: BaseException) -> None:
        for future in futures:
            if self._settle(future):
                future.set_exception(error)

    def _snapshot(self) -> dict["Future[Any]", "_Submission"]:
        with self._lock:
            return dict(self._pending)

    def _connected(self) -> list[str]:
        """Return the addresses of the workers, sorted; raise EngineError without a scheduler."""
        try:
            return sorted(self._client.nthreads())
        except Exception as error:  # of many types, with one meaning
            raise self._scheduler_lost() from error

    def _watch(self) -> None:
        """Detect what dask does not report: a lost worker that was asked, a cluster without any."""
        last_seen = time.monotonic()
        while not self._disconnected.wait(_WATCH_INTERVAL):
            pending = self._snapshot()
            try:
                if self._client.status != "running":
                    raise self._scheduler_lost()
                connected = self._connected()
            except EngineError as error:
                self._fail([*pending], error)
                continue
            self._cancel_unanswerable(pending, connected)
            if connected or not pending:
                last_seen = time.monotonic()
            elif time.monotonic() - last_seen > self._worker_timeout:
                self._fail([*pending], no_workers(self._address))

    def _cancel_unanswerable(
        self, pending: Mapping["Future[Any]", "_Submission"], connected: Collection[str]
    ) -> None:
        """Cancel the questions to workers that are no longer connected."""
        for future, submission in pending.items():
            if submission.worker is not None and submission.worker not in connected:
                future.cancel()
                self._settle(future)

    def _close(self) -> None:
        with self._lock:
            self._closed = True

    def _cancel(self) -> None:
        for future in self._snapshot():
            future.cancel()
            self._settle(future)

    def _drain(self) -> None:
        while pending := self._snapshot():
            wait_for_futures(pending, timeout=_POLL)
        self._disconnect()

    def _disconnect(self) -> None:
        """Disconnect from the cluster, which then drops our tasks."""
        self._disconnected.set()
        with suppress(Exception), dask_silenced():  # we disconnect, whatever it raises
            self._client.close(timeout=_WATCH_INTERVAL)


@dataclass(frozen=True, slots=True)
class _Submission:
    """A future of dask, and the only worker allowed to run its task, None for any."""

    dask_future: Any
    worker: str | None
