"""Workers on other machines: those of a dask.distributed cluster.

No disk is shared: a text and a voice go out, a clip comes back. A worker of the cluster speaks in
processes of its own (`LocalWorkers`), as this machine would, so an engine that crashes or hangs
takes no worker with it. When a whole worker goes, the scheduler has others do what it was given.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import wait as wait_for_futures
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from pipeline.core.errors import EngineError, PipelineError
from pipeline.core.workers import Workers
from pipeline.synthesis.cluster.connection import connect, nobody, silence, unfit
from pipeline.synthesis.cluster.remote import if_there, perform
from pipeline.tts.engines import registry

_P = ParamSpec("_P")
_T = TypeVar("_T")

_LOOK = 1.0  # seconds between two looks at who is there
_NAP = 0.2  # seconds; see `pipeline.workers.outcome`


class ClusterWorkers(Workers):
    """The workers of the dask cluster whose scheduler is at `address`, such as `host:8786`.

    Raises EngineError, within seconds, when there is no scheduler or no worker, or when one of them
    has another version of dask.distributed or fullcast, or none.

    A task whose worker goes away is done by another, until as many have gone as the scheduler
    allows a task (dask's `allowed-failures`, 3): then its future raises EngineError, as it does
    when the scheduler goes, or when there was no worker for `patience` seconds.
    """

    def __init__(self, address: str, patience: float = 30.0):
        self._address = address
        self._patience = patience
        self._lock = threading.Lock()
        self._under_way: dict[Future[Any], _Errand] = {}
        self._closed = False
        self._over = threading.Event()
        self._client = connect(address)
        try:
            EngineError.raise_if(unfit(self._client))
        except BaseException:
            self._leave()
            raise
        threading.Thread(target=self._watch, name="cluster watch", daemon=True).start()

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Have a worker call `fn`, a function of a module that it has, too.

        Raises RuntimeError after `shutdown`.
        """
        return self._send(None, partial(fn, *args, **kwargs))

    def ask(
        self,
        question: Callable[Concatenate[str, _P], _T],
        engine: str,
        /,
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> dict[str, Future[_T]]:
        """Have each worker of the cluster answer; one that has not the engine is told of."""
        call = partial(question, engine, *args, **kwargs)
        asking = partial(if_there, call, engine, registry.install_command(engine))
        return {worker: self._send(worker, asking) for worker in self._there()}

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more tasks and leave the cluster when those submitted are done.

        `cancel_futures` cancels them instead. An exception while waiting (^C) stops everything.
        """
        self._close()
        if cancel_futures:
            self._cancel()
        ending = threading.Thread(target=self._drain, name="cluster end", daemon=True)
        ending.start()
        try:
            while wait and ending.is_alive():
                ending.join(_NAP)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Cancel all that has not come back, and leave the cluster."""
        self._close()
        self._cancel()
        self._leave()

    def _send(self, worker: str | None, call: Callable[[], Any]) -> "Future[Any]":
        future: Future[Any] = Future()
        where = {} if worker is None else {"workers": [worker], "allow_other_workers": False}
        with self._lock:
            if self._closed:
                raise RuntimeError("these workers have been shut down")
            try:
                sent = self._client.submit(perform, call, pure=False, **where)
            except Exception as error:  # whatever it is belongs to whoever waits
                future.set_exception(self._told(error))
                return future
            self._under_way[future] = _Errand(sent, worker)
        sent.add_done_callback(partial(self._returned, future))
        return future

    def _returned(self, future: "Future[Any]", sent: Any) -> None:
        try:
            value = self._fetched(future, sent)
        except BaseException as error:  # a cancelled future of dask raises no Exception
            self._fail([future], self._told(error))
            return
        if self._settles(future):
            future.set_result(value)

    def _fetched(self, future: "Future[Any]", sent: Any) -> Any:
        """Fetch a result, in naps: one that is asked for while we leave would never come.

        Dask has but one thread for this in the whole process, which must not be lost.
        """
        while True:
            try:
                return sent.result(timeout=_LOOK)
            except TimeoutError:
                if sent.status == "error" or future not in self._waited_for():
                    raise

    def _told(self, error: BaseException) -> BaseException:
        """Give an error of the task as it is; of what dask says, what a person can use."""
        from distributed.scheduler import KilledWorker  # noqa: PLC0415 - an extra

        if isinstance(error, PipelineError):
            return error
        if isinstance(error, KilledWorker):
            times, last = error.allowed_failures + 1, error.last_worker.address
            return EngineError.of(f"{times} workers died of it one after another, {last} the last")
        module = type(error).__module__.partition(".")[0]
        ours = isinstance(error, Exception) and module not in ("concurrent", "distributed")
        return error if ours and self._client.status == "running" else self._gone()

    def _gone(self) -> EngineError:
        return EngineError.of(
            f"the dask scheduler at {self._address} is gone",
            remedy="start it and render again: what was spoken is kept",
        )

    def _settles(self, future: "Future[Any]") -> bool:
        """Take a future off the list; say whether it was still waited for."""
        with self._lock:
            known = self._under_way.pop(future, None)
        return known is not None and future.set_running_or_notify_cancel()

    def _fail(self, futures: Sequence["Future[Any]"], error: BaseException) -> None:
        for future in futures:
            if self._settles(future):
                future.set_exception(error)

    def _waited_for(self) -> dict["Future[Any]", "_Errand"]:
        with self._lock:
            return dict(self._under_way)

    def _there(self) -> list[str]:
        """Give the addresses of the workers, by name; raises EngineError without a scheduler."""
        try:
            return sorted(self._client.nthreads())
        except Exception as error:  # of many kinds, and all say the same
            raise self._gone() from error

    def _watch(self) -> None:
        """See what dask does not tell: that nobody is there, or not the one who was asked."""
        seen = time.monotonic()
        while not self._over.wait(_LOOK):
            waiting = self._waited_for()
            try:
                there = self._there() if self._client.status == "running" else None
            except EngineError:
                there = None
            for future, errand in waiting.items():
                if errand.worker is not None and there is not None and errand.worker not in there:
                    future.cancel()
                    self._settles(future)
            if there is None:
                self._fail([*waiting], self._gone())
            elif there or not waiting:
                seen = time.monotonic()
            elif time.monotonic() - seen > self._patience:
                self._fail([*waiting], nobody(self._address))

    def _close(self) -> None:
        with self._lock:
            self._closed = True

    def _cancel(self) -> None:
        for future in self._waited_for():
            future.cancel()
            self._settles(future)

    def _drain(self) -> None:
        while waiting := self._waited_for():
            wait_for_futures(waiting, timeout=_NAP)
        self._leave()

    def _leave(self) -> None:
        """Leave the cluster, which forgets what nobody waits for."""
        self._over.set()
        with suppress(Exception), silence():  # we go, whatever it has to say
            self._client.close(timeout=_LOOK)


@dataclass(frozen=True, slots=True)
class _Errand:
    """A future of dask, and the one worker that may see to it, if it is but one."""

    sent: Any
    worker: str | None
