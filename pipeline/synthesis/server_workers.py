"""Workers that leave to a speech server what its engine is to speak, and all else to others.

A request to a server takes no CPU here, so threads of this process make them, as many at a time as
voices.yaml allows: workers on a cluster need neither the server nor its key, and a server that asks
for a pause is obeyed by all requests at once.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from pipeline.core.errors import EngineFaultError
from pipeline.core.workers import POLL_INTERVAL, Task, Workers, cancel_pending
from pipeline.model.server import ENGINE, Server
from pipeline.tts.engines import registry

if TYPE_CHECKING:
    from pipeline.tts.engines.server.engine import Http

_P = ParamSpec("_P")
_T = TypeVar("_T")

_ATTEMPTS = 2  # as in a worker process, for an engine that returned nonsense


class ServerWorkers(Workers):
    """Threads that ask a server, and `others`, which do the rest and are shut down with them.

    `server_of` returns the settings of the server, None if there is none. It is called when the
    engine is first used; an error that it raises is that of the task.
    """

    def __init__(self, others: Workers, server_of: Callable[[], Server | None]):
        self._others = others
        self._server_of = server_of
        self._lock = threading.Lock()
        self._engine: Http | None = None
        self._tasks: SimpleQueue[Task[Callable[[], Any]] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._closed = False

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Have a thread ask the server, if `fn` asks the engine `http`, or else a worker do it."""
        if fn in registry.QUESTIONS and args and args[0] == ENGINE:
            return self._enqueue(partial(self._ask, fn, args[1:], kwargs))
        return self._others.submit(fn, *args, **kwargs)

    def ask(
        self,
        question: Callable[Concatenate[str, _P], _T],
        engine: str,
        /,
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> dict[str, Future[_T]]:
        """Ask the server, as one machine, or all machines of the others."""
        if engine == ENGINE:
            return {"the server": self.submit(question, engine, *args, **kwargs)}
        return self._others.ask(question, engine, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Accept no more tasks, and end when all are done; an exception while waiting stops all."""
        if cancel_futures:
            cancel_pending(self._tasks)
        self._close()
        try:
            self._others.shutdown(wait, cancel_futures=cancel_futures)
            for thread in self._threads:
                while wait and thread.is_alive():
                    thread.join(POLL_INTERVAL)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Abort the requests, cancel those that wait, and stop the others."""
        self._close()
        cancel_pending(self._tasks)
        if self._engine is not None:
            self._engine.stop()
        self._others.stop()
        self._end_threads()

    def _enqueue(self, call: Callable[[], _T]) -> Future[_T]:
        task = Task(call)
        with self._lock:
            if self._closed:
                raise RuntimeError("these workers have been shut down")
            if not self._threads:
                self._start_thread()
            self._tasks.put(task)
        return task.future

    def _start_thread(self) -> None:
        thread = threading.Thread(target=self._serve, name="server request", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _serve(self) -> None:
        while (task := self._tasks.get()) is not None:
            if task.future.set_running_or_notify_cancel():
                try:
                    value = task.call()
                except BaseException as error:  # whatever it is, it belongs to the task
                    task.future.set_exception(error)
                else:
                    task.future.set_result(value)

    def _ask(
        self, fn: Callable[..., _T], arguments: tuple[Any, ...], options: dict[str, Any]
    ) -> _T:
        engine = self._only_engine()
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return fn(engine, *arguments, **options)
            except EngineFaultError:
                if attempt == _ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    def _only_engine(self) -> "Http":
        """Return the engine, made at its first use; from then there is a thread a request."""
        with self._lock:
            if self._engine is None:
                # The libraries for networks are slow to import, and few books need them.
                from pipeline.tts.engines.server.engine import Http  # noqa: PLC0415

                server = self._server_of()
                self._engine = Http(server)
                while server and not self._closed and len(self._threads) < server.parallel:
                    self._start_thread()
            return self._engine

    def _close(self) -> None:
        with self._lock:
            if not self._closed:
                self._closed = True
                self._end_threads()

    def _end_threads(self) -> None:
        for _ in self._threads:
            self._tasks.put(None)
